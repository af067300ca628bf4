" How policy sources are edited: comments, and the layout of ups fmt.
if exists('b:did_ftplugin')
	finish
endif
let b:did_ftplugin = 1

setlocal comments=s1:/*,mb:*,ex:*/,://
setlocal commentstring=//\ %s
setlocal formatoptions-=t formatoptions+=croql
setlocal noexpandtab shiftwidth=0 tabstop=4
setlocal include=^\\s*#\\s*include
setlocal define=^\\s*#\\s*define
setlocal suffixesadd=.rh,.hrh

let b:undo_ftplugin = 'setlocal comments< commentstring< formatoptions< expandtab< shiftwidth< tabstop< include< define< suffixesadd<'
