#!/bin/sh
# Checks the policies as they are staged, which may be otherwise than in the
# folder. All are checked if one file changed: a header changes what the sources
# mean that include it.
#
# For git alone:                 git config core.hooksPath .githooks
# With pre-commit (pre-commit.com), by .pre-commit-config.yaml: pre-commit install
set -eu

if [ "${1-}" != --all ] && git diff --cached --quiet -- policies .ups.yaml '*.rss' '*.rh' '*.hrh'; then
	exit 0
fi
command -v ups >/dev/null || { echo "pre-commit: ups is not installed, and the policies can't be checked" >&2; exit 1; }

staged=$(mktemp -d)
trap 'rm -rf "$staged"' EXIT
git checkout-index --all --prefix="$staged/"
cd "$staged"
ups compile -q -d "$staged/out" policies
ups fmt --check policies
ups lint policies
ups test policies
