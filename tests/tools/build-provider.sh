#!/usr/bin/env bash
# Builds the providers in tests/tools/provider, with which `narrows plan --proxy` is tested, from the Go modules of the SDKs.
# usage: build-provider.sh [DIR]      default: the tool cache, ${XDG_CACHE_HOME:-$HOME/.cache}/narrows/tools
# Result: DIR/provider/classic and DIR/provider/modern. Needs Go 1.25 or later and its module proxy; about a minute on two cores.
# A later run compiles what has changed.
set -euo pipefail

tools=${1:-${NARROWS_TOOLS:-${XDG_CACHE_HOME:-$HOME/.cache}/narrows/tools}}
if ! command -v go >/dev/null; then
  echo "build-provider.sh: no go in PATH: install Go 1.25 or later" >&2
  exit 1
fi

cd "$(dirname "${BASH_SOURCE[0]}")/provider"
mkdir -p "$tools/provider"
for name in classic modern; do
  # Moved into place, so that a broken build leaves nothing that looks like a provider.
  go build -mod=readonly -o "$tools/provider/$name.$$" "./$name"
  mv "$tools/provider/$name.$$" "$tools/provider/$name"
  echo "$tools/provider/$name"
done
