# shellcheck shell=bash
# Where builds go and how the scripts speak. The other scripts source this; it changes nothing but variables.

# From any folder, scripts work in the repository's root.
cd "$(dirname "${BASH_SOURCE[0]}")/.." || exit

# Rust may have been installed without the shell having been started anew.
if [[ -d "${CARGO_HOME:-$HOME/.cargo}/bin" ]]; then
    PATH="${CARGO_HOME:-$HOME/.cargo}/bin:$PATH"
fi

# On CI, a fresh clone finds what an earlier run built: Bevy takes minutes to compile. VISAVIS_CACHE=1 asks for the
# same anywhere else. A CARGO_TARGET_DIR of your own always counts.
if [[ -z "${CARGO_TARGET_DIR:-}" && ( -n "${CI:-}" || -n "${VISAVIS_CACHE:-}" ) ]]; then
    export CARGO_TARGET_DIR="${XDG_CACHE_HOME:-$HOME/.cache}/visavis/target"
fi
# shellcheck disable=SC2034 # the scripts that source this read it
target_dir="${CARGO_TARGET_DIR:-$PWD/target}"

# say MESSAGE…: what the script does, on standard error; standard output belongs to results.
say() {
    printf '%s: %s\n' "$(basename "$0" .sh)" "$*" >&2
}
