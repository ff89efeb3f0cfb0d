#!/usr/bin/env bash
# Sets up, builds and shows Visavis.
#
#   scripts/run.sh                    the window; without a display, the demo as pictures
#   scripts/run.sh --server URL       the window, with another service desk
#   scripts/run.sh doctor             any other command of visavis, with its arguments
#
# Whatever stands behind goes to visavis. `scripts/run.sh --help` lists its commands.
set -euo pipefail
scripts="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
caller="$PWD"
# shellcheck source=scripts/environment.sh
source "$scripts/environment.sh"
bash "$scripts/setup.sh"
PATH="${CARGO_HOME:-$HOME/.cargo}/bin:$PATH" # set-up may just have installed Rust

say 'building (the first time takes some minutes)'
cargo build --bin visavis
visavis="$target_dir/debug/visavis"

out="$PWD/target/demo"
cd "$caller"

# A word that is no flag is a command of its own; so are the flags that every command line has.
case "${1:-}" in
    '' | -*)
        case "${1:-}" in -h | --help | -V | --version) exec "$visavis" "$@" ;; esac
        ;;
    *) exec "$visavis" "$@" ;;
esac

if [[ -n "${DISPLAY:-}${WAYLAND_DISPLAY:-}" || "$(uname -s)" == Darwin ]]; then
    exec "$visavis" preview "$@"
fi

if [[ $# -gt 0 ]]; then
    say 'there is no display to open a window on; without arguments this script draws the demo instead'
    exit 1
fi
say "there is no display, so the demo is drawn to $out"
"$visavis" demo --headless --out "$out"
say "the pictures are in $out"
