# Each recipe is one command that works without just as well.

# What there is
default:
    @just --list

# Everything that must hold before a change is merged
ci:
    .ci/run

# Format the code
fmt:
    cargo fmt --all

# Lints, as CI runs them
lint:
    cargo clippy --workspace --all-targets -- -D warnings

# All tests, the end-to-end suites among them
test:
    cargo test --workspace

# The documentation of all crates
doc:
    cargo doc --workspace --no-deps --open

# Look at changed snapshots one by one (needs cargo-insta)
review:
    cargo insta test --workspace --review

# Licences, sources and banned crates (needs cargo-deny)
deny:
    cargo deny check bans licenses sources

# OpenTofu into the tool cache, for machines without terraform or tofu (needs Go)
tofu:
    tests/tools/build-tofu.sh

# Our decisions against those of other evaluators, for some minutes (needs node)
opinions cases="100000":
    cargo run --release -p narrows-opinions -- --cases {{cases}}
