#!/usr/bin/env bash
# Builds OpenTofu from its Go module, for machines that have neither terraform nor tofu.
# usage: build-tofu.sh [DIR]      default: the tool cache, ${XDG_CACHE_HOME:-$HOME/.cache}/narrows/tools
# Result: DIR/tofu-VERSION/tofu. Needs Go 1.26 or later and its module proxy; about 3 minutes on two cores. A second run does nothing.
set -euo pipefail

version=v1.12.6
tools=${1:-${NARROWS_TOOLS:-${XDG_CACHE_HOME:-$HOME/.cache}/narrows/tools}}
target=$tools/tofu-${version#v}

if [ -x "$target/tofu" ]; then
  echo "$target/tofu"
  exit 0
fi
if ! command -v go >/dev/null; then
  echo "build-tofu.sh: no go in PATH: install Go 1.26 or later, or terraform or tofu itself" >&2
  exit 1
fi

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

# Go ignores the `replace` lines of a module that is only depended upon, so this wrapper repeats the one that tofu needs.
cat >go.mod <<EOF
module narrows.test/tofu
go 1.26
replace github.com/hashicorp/hcl/v2 v2.20.1 => github.com/opentofu/hcl/v2 v2.20.2-0.20251021132045-587d123c2828
EOF
go get -tool "github.com/opentofu/opentofu/cmd/tofu@$version"
go build -o tofu github.com/opentofu/opentofu/cmd/tofu

# Moved into place at the end, so that a broken build leaves nothing that looks like an engine.
mkdir -p "$target"
mv tofu "$target/tofu.$$"
mv "$target/tofu.$$" "$target/tofu"
echo "$target/tofu"
