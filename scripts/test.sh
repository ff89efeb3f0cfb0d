#!/usr/bin/env bash
# Runs the tests; on CI (CI is set) the lints first. Arguments go to the test runner:
#
#   scripts/test.sh                every test
#   scripts/test.sh settings       the tests whose names have `settings` in them
#
# The runner's own closing line is the last line.
set -euo pipefail
scripts="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
# shellcheck source=scripts/environment.sh
source "$scripts/environment.sh"
bash "$scripts/setup.sh"
PATH="${CARGO_HOME:-$HOME/.cargo}/bin:$PATH" # set-up may just have installed Rust

if [[ -n "${CI:-}" ]]; then
    bash "$scripts/lint.sh"
    # Property tests try the same cases every time here; on a developer's machine new ones in each run.
    export PROPTEST_RNG_SEED="${PROPTEST_RNG_SEED:-1}"
fi

if cargo nextest --version >/dev/null 2>&1; then
    exec cargo nextest run --locked "$@"
fi
exec cargo test --locked "$@"
