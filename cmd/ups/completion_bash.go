package main

import (
	"bytes"
	"fmt"
	"io"

	"github.com/spf13/cobra"
)

// cobra's script takes the words of the line from a function of the package
// bash-completion, which many systems don't have.
const (
	bashPackageWords = "    _get_comp_words_by_ref \"$@\" cur prev words cword\n"
	bashOwnWords     = "    __ups_words_at_cursor\n"
)

// bashWords sets cur, prev, words and cword as _get_comp_words_by_ref -n =:
// does: bash splits at = and :, and what no blank separates is one word again.
const bashWords = `
__ups_words_at_cursor()
{
    local line=${COMP_LINE:0:COMP_POINT} word i
    words=()
    for ((i = 0; i <= COMP_CWORD; i++)); do
        word=${COMP_WORDS[i]}
        if ((i > 0)) && [[ $line != [[:blank:]]* && ($word == [=:]* || ${COMP_WORDS[i-1]} == *[=:]) ]]; then
            word=${words[${#words[@]}-1]}$word
            unset "words[${#words[@]}-1]"
        fi
        words+=("$word")
        line=${line#"${line%%[![:blank:]]*}"}
        line=${line#"${COMP_WORDS[i]}"}
    done
    cword=$((${#words[@]} - 1))
    cur=${words[cword]}
    prev=
    if ((cword > 0)); then
        prev=${words[cword-1]}
    fi
}
`

// bashCompletion writes a script that needs nothing but bash.
func bashCompletion(w io.Writer, root *cobra.Command) error {
	var b bytes.Buffer
	if err := root.GenBashCompletionV2(&b, true); err != nil {
		return err
	}
	if !bytes.Contains(b.Bytes(), []byte(bashPackageWords)) {
		return fmt.Errorf("the script of cobra asks for words in another way than %q", bashPackageWords)
	}
	script := bytes.Replace(b.Bytes(), []byte(bashPackageWords), []byte(bashOwnWords), 1)
	_, err := w.Write(append(script, bashWords...))
	return err
}
