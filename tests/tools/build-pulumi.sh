#!/usr/bin/env bash
# Builds Pulumi and its host for programs in YAML from their Go modules.
# usage: build-pulumi.sh [DIR]    default: the tool cache, ${XDG_CACHE_HOME:-$HOME/.cache}/narrows/tools
# Result: DIR/pulumi-VERSION/{pulumi,pulumi-language-yaml}. Needs Go 1.26 or later and its module proxy; about 4 minutes on two
# cores. A second run does nothing.
set -euo pipefail

version=v3.259.0
yaml=v1.38.1
tools=${1:-${NARROWS_TOOLS:-${XDG_CACHE_HOME:-$HOME/.cache}/narrows/tools}}
target=$tools/pulumi-${version#v}

if [ -x "$target/pulumi" ] && [ -x "$target/pulumi-language-yaml" ]; then
  echo "$target/pulumi"
  exit 0
fi
if ! command -v go >/dev/null; then
  echo "build-pulumi.sh: no go in PATH: install Go 1.26 or later" >&2
  exit 1
fi

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

# Go ignores the `replace` lines of a module that is only depended upon, so this wrapper repeats the one that pulumi needs.
cat >go.mod <<EOF
module narrows.test/pulumi
go 1.26
replace github.com/atotto/clipboard => github.com/tgummerer/clipboard v0.0.0-20241001131231-d02d263e614e
EOF
go get -tool "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi@$version" "github.com/pulumi/pulumi-yaml/cmd/pulumi-language-yaml@$yaml"
mkdir bin
go build -o bin/ github.com/pulumi/pulumi/pkg/v3/cmd/pulumi github.com/pulumi/pulumi-yaml/cmd/pulumi-language-yaml

# Moved into place at the end, so that a broken build leaves nothing that looks like an engine.
mkdir -p "$target"
for program in pulumi-language-yaml pulumi; do
  mv "bin/$program" "$target/$program.$$"
  mv "$target/$program.$$" "$target/$program"
done
echo "$target/pulumi"
