" Highlighting of UPS policy lists. What ups lsp says in semantic tokens goes
" further: it knows macros.
if exists('b:current_syntax')
	finish
endif
let s:cpo = &cpoptions
set cpoptions&vim

syntax case match
syntax sync fromstart
syntax iskeyword a-z,A-Z,48-57,_

" What is left over when nothing else matches is a name of something that is
" defined elsewhere. In Vim what is defined later goes first.
syntax match upspolicyConstant /\<\h\w*/
syntax match upspolicyMacro /\<\h\w*\ze\s*(/
syntax match upspolicyField /\<\h\w*\ze\_s*==\@!/
syntax match upspolicyStruct /\<\h\w*\ze\_s*{/

syntax match upspolicyOperator /[-+*/|=<>!&^~%?:]/
syntax match upspolicyComma /,/
syntax match upspolicyDelimiter /[{};]/

syntax match upspolicyNumberError /\d[A-Za-z0-9_.]*/
syntax match upspolicyNumber /\d\+[A-Za-z0-9_.]\@!/
syntax match upspolicyNumber /0x\x\+[A-Za-z0-9_.]\@!/

syntax match upspolicyEscapeError contained /\\./
syntax match upspolicyEscape contained /\\["'\\bfnrtv]/
syntax match upspolicyEscape contained /\\$/
syntax match upspolicyWildcard contained /[*?]/
syntax region upspolicyString start=/"/ skip=/\\.\|\\$/ end=/"\|$/ contains=upspolicyEscape,upspolicyEscapeError,upspolicyWildcard
syntax region upspolicyCharacter start=/'/ skip=/\\.\|\\$/ end=/'\|$/ contains=upspolicyEscape,upspolicyEscapeError

syntax keyword upspolicyStatement UID2 UID3 GLOBAL LOCAL
syntax keyword upspolicyStatement RESOURCE nextgroup=upspolicyResourceStruct skipwhite skipempty
syntax keyword upspolicyStatement NAME CHARACTER_SET nextgroup=upspolicyConstantName skipwhite skipempty
syntax match upspolicyResourceStruct contained /\h\w*/ nextgroup=upspolicyResourceName skipwhite skipempty
syntax match upspolicyResourceName contained /\h\w*/
syntax match upspolicyConstantName contained /\h\w*/

" The structs and fields of policies, also where they stand alone on a line.
syntax keyword upspolicyStruct POLICIES POLICY_HEADER POLICY
syntax keyword upspolicyField version reserved header policies majorversion minorversion authorisationpolicy
syntax keyword upspolicyField policyevaluator dialogcreator sid_classes sid_list systemserversecurity destination
syntax keyword upspolicyField options flags reservedWord reservedLink

" What the built-in headers define.
syntax keyword upspolicyBuiltin KUidUpsPolicyResourceFile KUidUpsDialogCreatorInterface KUidUpsPolicyEvaluatorInterface
syntax keyword upspolicyBuiltin KYes KNo KSession KSessionYes KAlways KNever KSessionNo
syntax keyword upspolicyBuiltin KSidClass0 KSidClass1 KSidClass2 KSidClass3 KSidClass4 KSidClass5 KSidClass6 KSidClass7
syntax keyword upspolicyBuiltin KSidClass8 KSidClass9 KSidClassA KSidClassB KSidClassC KSidClassD KSidClassE KSidClassF
syntax keyword upspolicyBuiltin KProtectedSids KUnprotectedSids KAllSids
syntax keyword upspolicyBuiltin EAlwaysCheck ECheckPostManufacture ECheckUnprotectedSids ECheckIfFailed ENeverCheck
syntax keyword upspolicyBuiltin ESystemServerSecurityPassedOrFailed ESystemServerSecurityFailed ESystemServerSecurityPassed

" Declarations: names before a brace are of the struct or enum, those in it of
" members. Nothing in a region may match its end, which would go on then.
syntax cluster upspolicyValue contains=upspolicyComment,upspolicyString,upspolicyCharacter,upspolicyNumber,upspolicyNumberError,upspolicyBuiltin,upspolicyConstant,upspolicyOperator,upspolicyComma
syntax keyword upspolicyStatement enum ENUM nextgroup=upspolicyEnumName,upspolicyEnum skipwhite skipempty
syntax match upspolicyEnumName contained /\h\w*/ nextgroup=upspolicyEnum skipwhite skipempty
syntax region upspolicyEnum contained start=/{/ end=/}/ contains=@upspolicyValue,@upspolicyDirective
syntax keyword upspolicyStatement STRUCT nextgroup=upspolicyStructName skipwhite skipempty
syntax match upspolicyStructName contained /\h\w*/ nextgroup=upspolicyStructLength,upspolicyMembers skipwhite skipempty
syntax keyword upspolicyStructLength contained BYTE WORD nextgroup=upspolicyMembers skipwhite skipempty
syntax region upspolicyMembers contained start=/{/ end=/}/ contains=upspolicyComment,upspolicyType,upspolicyMember,upspolicyDefault,upspolicyLength,upspolicySemicolon,@upspolicyDirective
syntax match upspolicySemicolon contained /;/
syntax match upspolicyMember contained /\<\h\w*/
syntax keyword upspolicyType contained BYTE WORD LONG DOUBLE TEXT LTEXT LTEXT8 LTEXT16 BUF BUF8 BUF16 LINK LLINK SRLINK STRUCT LEN
syntax region upspolicyDefault contained start=/=/ end=/[;}]/me=e-1 contains=@upspolicyValue,upspolicyList
syntax region upspolicyList contained start=/{/ end=/}/ contains=@upspolicyValue
syntax region upspolicyLength contained start=/[(<[]/ end=/[])>]/ contains=upspolicyComment,upspolicyNumber,upspolicyNumberError,upspolicyBuiltin,upspolicyConstant

" What a macro may stand for.
syntax cluster upspolicySource contains=@upspolicyValue,upspolicyDelimiter,upspolicyMacro,upspolicyField,upspolicyStruct,upspolicyStatement

" Directives. A backslash at the end of a line goes on.
syntax match upspolicyContinuation contained /\\$/
syntax cluster upspolicyDirective contains=upspolicyInclude,upspolicyDefine,upspolicyConditional,upspolicyMessage,upspolicyLineMark,upspolicyDirectiveError
syntax match upspolicyHash /^\s*\zs#/
syntax match upspolicyHash contained /#/
syntax match upspolicyDirectiveError /^\s*\zs#\s*\h\w*/ contains=upspolicyHash
syntax region upspolicyLineMark matchgroup=upspolicyPreProc start=/#\ze\s*\d/ skip=/\\$/ end=/$/ keepend contains=upspolicyComment,upspolicyNumber,upspolicyString
syntax region upspolicyInclude matchgroup=upspolicyPreProc start=/#\s*include\>/ skip=/\\$/ end=/$/ keepend contains=upspolicyComment,upspolicyIncluded,upspolicyContinuation,upspolicyConstant
syntax match upspolicyIncluded contained /<[^>]*>\?/
syntax match upspolicyIncluded contained /"[^"]*"\?/
syntax region upspolicyConditional matchgroup=upspolicyPreProc start=/#\s*\%(if\|ifdef\|ifndef\|elif\|else\|endif\|undef\|line\)\>/ skip=/\\$/ end=/$/ keepend contains=@upspolicyValue,upspolicyDefined,upspolicyContinuation
syntax keyword upspolicyDefined contained defined
syntax region upspolicyMessage matchgroup=upspolicyPreProc start=/#\s*\%(error\|warning\|pragma\)\>/ skip=/\\$/ end=/$/ keepend contains=upspolicyComment,upspolicyQuoted,upspolicyContinuation
syntax region upspolicyQuoted contained start=/"/ skip=/\\.\|\\$/ end=/"\|$/
syntax region upspolicyQuoted contained start=/'/ skip=/\\.\|\\$/ end=/'\|$/
syntax region upspolicyDefine matchgroup=upspolicyPreProc start=/#\%(\s*define\>\)\@=/ skip=/\\$/ end=/$/ keepend contains=upspolicyDefineWord,@upspolicySource,upspolicyPaste,upspolicyContinuation
syntax match upspolicyDefineWord contained /\%(#\s*\)\@9<=define\>/ nextgroup=upspolicyDefinition skipwhite
syntax match upspolicyDefinition contained /\h\w*/ nextgroup=upspolicyParameters
syntax region upspolicyParameters contained start=/(/ end=/)/ contains=upspolicyParameter,upspolicyComment,upspolicyComma
syntax match upspolicyParameter contained /\<\h\w*/
syntax match upspolicyPaste contained /##\?/

" Comments, last: they go before operators. Those of many lines keep a directive
" open.
syntax match upspolicyIgnore contained /\<ups:ignore\s\+[a-z0-9,-]\+/
syntax keyword upspolicyTodo contained TODO FIXME XXX
syntax region upspolicyComment start=+//+ skip=/\\$/ end=/$/ keepend extend contains=upspolicyIgnore,upspolicyTodo,@Spell
syntax region upspolicyComment start=+/\*+ end=+\*/+ extend contains=upspolicyIgnore,upspolicyTodo,@Spell

highlight default link upspolicyComment Comment
highlight default link upspolicyIgnore SpecialComment
highlight default link upspolicyTodo Todo
highlight default link upspolicyString String
highlight default link upspolicyQuoted Normal
highlight default link upspolicyIncluded String
highlight default link upspolicyWildcard Special
highlight default link upspolicyEscape SpecialChar
highlight default link upspolicyEscapeError Error
highlight default link upspolicyCharacter Character
highlight default link upspolicyNumber Number
highlight default link upspolicyNumberError Error
highlight default link upspolicyStatement Statement
highlight default link upspolicyStruct Type
highlight default link upspolicyStructName Type
highlight default link upspolicyResourceStruct Type
highlight default link upspolicyEnumName Type
highlight default link upspolicyResourceName Identifier
highlight default link upspolicyType Type
highlight default link upspolicyStructLength Type
highlight default link upspolicyField Identifier
highlight default link upspolicyMember Identifier
highlight default link upspolicyBuiltin Constant
highlight default link upspolicyConstant Constant
highlight default link upspolicyConstantName Constant
highlight default link upspolicyMacro Macro
highlight default link upspolicyDefinition Macro
highlight default link upspolicyParameter Identifier
highlight default link upspolicyPaste Operator
highlight default link upspolicyOperator Operator
highlight default link upspolicyDelimiter Delimiter
highlight default link upspolicyComma Delimiter
highlight default link upspolicySemicolon Delimiter
highlight default link upspolicyPreProc PreProc
highlight default link upspolicyHash PreProc
highlight default link upspolicyDefineWord PreProc
highlight default link upspolicyDefined PreProc
highlight default link upspolicyDirectiveError Error
highlight default link upspolicyContinuation Special

let b:current_syntax = 'upspolicy'
let &cpoptions = s:cpo
unlet s:cpo
