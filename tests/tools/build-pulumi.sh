#!/usr/bin/env bash
# Builds Pulumi and its hosts for programs in YAML and in Go from their Go modules, and has Go compile the program in
# tests/tools/program, so that its modules are there where nothing is downloaded.
# usage: build-pulumi.sh [DIR]    default: the tool cache, ${XDG_CACHE_HOME:-$HOME/.cache}/narrows/tools
# Result: DIR/pulumi-VERSION/{pulumi,pulumi-language-yaml,pulumi-language-go}. Needs Go 1.26 or later and its module proxy; about
# 6 minutes on two cores. A later run compiles what has changed of the program.
set -euo pipefail

version=v3.259.0
yaml=v1.38.1
# Of the versions in which the host is a part of the SDK's module. Later it is a module of its own, which not every proxy has.
go_host=v3.62.0
tools=${1:-${NARROWS_TOOLS:-${XDG_CACHE_HOME:-$HOME/.cache}/narrows/tools}}
target=$tools/pulumi-${version#v}

if ! command -v go >/dev/null; then
  echo "build-pulumi.sh: no go in PATH: install Go 1.26 or later" >&2
  exit 1
fi

(cd "$(dirname "${BASH_SOURCE[0]}")/program" && go build -mod=readonly -o /dev/null .)

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# usage: build WRAPPER PACKAGE@VERSION...
# Builds programs within the module that the file WRAPPER describes.
build() {
  local wrapper=$1 package
  shift
  rm -rf "$work/src" && mkdir -p "$work/src" "$target"
  cp "$wrapper" "$work/src/go.mod"
  (cd "$work/src" && go get -tool "$@" && go build -o bin/ "${@%@*}")
  # Moved into place at the end, so that a broken build leaves nothing that looks like an engine.
  for package in "${@%@*}"; do
    mv "$work/src/bin/${package##*/}" "$target/${package##*/}.$$"
    mv "$target/${package##*/}.$$" "$target/${package##*/}"
  done
}

# Go ignores the `replace` lines of a module that is only depended upon, so this wrapper repeats the one that pulumi needs.
cat >"$work/pulumi.mod" <<EOF
module narrows.test/pulumi
go 1.26
replace github.com/atotto/clipboard => github.com/tgummerer/clipboard v0.0.0-20241001131231-d02d263e614e
EOF
if ! [ -x "$target/pulumi" ] || ! [ -x "$target/pulumi-language-yaml" ]; then
  build "$work/pulumi.mod" "github.com/pulumi/pulumi-yaml/cmd/pulumi-language-yaml@$yaml" "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi@$version"
fi

printf 'module narrows.test/host\ngo 1.26\n' >"$work/host.mod"
if ! [ -x "$target/pulumi-language-go" ]; then
  build "$work/host.mod" "github.com/pulumi/pulumi/sdk/v3/go/pulumi-language-go@$go_host"
fi
echo "$target/pulumi"
