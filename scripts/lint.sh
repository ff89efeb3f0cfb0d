#!/usr/bin/env bash
# Format, lints, documentation, and the builds with fewer features. Everything that is wrong is an error.
set -euo pipefail
scripts="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
# shellcheck source=scripts/environment.sh
source "$scripts/environment.sh"

step() {
    say "$*"
    "$@"
}

step cargo fmt --all --check
step cargo clippy --locked --all-targets -- -D warnings
# The pure domains alone, and the server without Bevy: a forgotten feature gate shows here.
step cargo check --locked --no-default-features
step cargo check --locked --no-default-features --features desk
RUSTDOCFLAGS='-D warnings' step cargo doc --locked --no-deps --document-private-items
