#!/usr/bin/env bash
# Installs what building and running needs; says what and why; does nothing and says nothing when all is there.
#
#   scripts/setup.sh             installs what is missing
#   scripts/setup.sh --dry-run   only says what is missing; exit status 1 if anything is
#
# Knows Debian 12 and 13 and Ubuntu 22.04 and later (apt). On other systems it says what is needed and goes on.
set -euo pipefail
# shellcheck source=scripts/environment.sh
source "$(dirname "${BASH_SOURCE[0]}")/environment.sh"

rust_needed=1.95

dry_run=
case "${1:-}" in
    '') ;;
    --dry-run) dry_run=1 ;;
    *)
        echo 'usage: scripts/setup.sh [--dry-run]' >&2
        exit 2
        ;;
esac
missing=

# package: why
needs=(
    'gcc: links the program and compiles SQLite'
    'libc6-dev: headers for the same'
    'make: builds C parts of dependencies'
    'pkg-config: finds the Wayland libraries'
    'libwayland-dev: to build the Wayland window'
    'ca-certificates: to trust https servers'
    'curl: fetches the Rust installer'
    'libvulkan1: the Vulkan loader, through which all is drawn'
    'libxkbcommon0: keyboards'
    'libxkbcommon-x11-0: keyboards under X11'
    'libx11-6: the X11 window'
    'libx11-xcb1: the X11 window'
    'libxcursor1: the X11 pointer'
    'libxi6: X11 mouse and touch'
    'libxrandr2: X11 screens'
    'libwayland-client0: the Wayland window'
)

# True where some Vulkan driver is installed, of a graphics card or of software.
has_vulkan_driver() {
    local folder
    [[ -z "${VK_DRIVER_FILES:-}${VK_ICD_FILENAMES:-}" ]] || return 0
    for folder in /usr/share/vulkan/icd.d /etc/vulkan/icd.d /usr/local/share/vulkan/icd.d /usr/local/etc/vulkan/icd.d; do
        if compgen -G "$folder/*.json" >/dev/null; then return 0; fi
    done
    return 1
}

# as_root COMMAND…: by sudo where needed. Without a terminal, sudo must not ask for a password.
as_root() {
    if [[ "$(id -u)" == 0 ]]; then
        "$@"
    elif ! command -v sudo >/dev/null; then
        say "this needs root, and there is no sudo. As root: $*"
        return 1
    elif [[ -t 0 ]]; then
        sudo "$@"
    else
        sudo -n "$@"
    fi
}

install_packages() {
    local need package packages=()
    has_vulkan_driver || needs+=('mesa-vulkan-drivers: Vulkan drivers, with one that draws without a graphics card')
    for need in "${needs[@]}"; do
        package="${need%%:*}"
        if [[ "$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null)" != installed ]]; then
            packages+=("$package")
            say "needs $need"
        fi
    done
    [[ ${#packages[@]} -gt 0 ]] || return 0
    missing=1
    [[ -z "$dry_run" ]] || return 0
    say "installing by apt: ${packages[*]}"
    if as_root env DEBIAN_FRONTEND=noninteractive apt-get update -qq &&
        as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${packages[@]}" >&2; then
        missing=
        return 0
    fi
    say "apt could not install them. Please do it by hand: apt-get install ${packages[*]}"
    return 1
}

name_packages() {
    say 'this system has no apt, so nothing is installed. What is needed:'
    say '  to build: a C compiler, make, pkg-config; on Linux the Wayland headers'
    say '  to run on Linux: a Vulkan loader and driver, libxkbcommon, libX11, libXcursor, libXi, libXrandr, libwayland'
    say '  Fedora: dnf install gcc make pkgconf wayland-devel vulkan-loader mesa-vulkan-drivers libxkbcommon-x11 libXcursor libXi libXrandr'
    say '  Arch:   pacman -S base-devel wayland vulkan-icd-loader vulkan-swrast libxkbcommon-x11 libxcursor libxi libxrandr'
    say '  macOS:  xcode-select --install'
}

# at_least A B: version A is B or later.
at_least() {
    [[ "$(printf '%s\n%s\n' "$2" "$1" | sort -V | head -n1)" == "$2" ]]
}

# The version of the Rust in use; empty where there is none.
rust_version() {
    command -v cargo >/dev/null || return 0
    rustc --version 2>/dev/null | awk '{print $2}' || true
}

install_rust() {
    local found
    found="$(rust_version)"
    if [[ -n "$found" ]] && at_least "$found" "$rust_needed"; then return 0; fi
    say "needs Rust $rust_needed or later (${found:-none} is here)"
    missing=1
    [[ -z "$dry_run" ]] || return 0
    if command -v rustup >/dev/null; then
        say 'installing the stable toolchain by rustup, and choosing it for this folder alone'
        rustup toolchain install stable --profile minimal --component clippy,rustfmt &&
            rustup override set stable
    else
        say 'installing Rust for this user by rustup, from https://sh.rustup.rs'
        # Fetched whole before it runs: half a script must not.
        local installer
        installer="$(curl --proto '=https' --tlsv1.2 -fsS --retry 2 --connect-timeout 20 https://sh.rustup.rs)" &&
            sh -s -- -y --quiet --profile minimal --component clippy,rustfmt <<<"$installer"
    fi || true
    PATH="${CARGO_HOME:-$HOME/.cargo}/bin:$PATH"
    found="$(rust_version)"
    if [[ -n "$found" ]] && at_least "$found" "$rust_needed"; then
        missing=
        return 0
    fi
    say "Rust $rust_needed could not be installed: is the network there?"
    say 'Please install it as https://rustup.rs says, or from your system where that is new enough, then try again.'
    return 1
}

system_ready=1
if command -v apt-get >/dev/null && command -v dpkg-query >/dev/null; then
    install_packages || system_ready=
elif [[ "$(uname -s)" == Linux ]] && command -v pkg-config >/dev/null && command -v cc >/dev/null &&
    pkg-config --exists wayland-client && has_vulkan_driver; then
    : # Another Linux that has what the build asks for.
elif [[ "$(uname -s)" == Darwin ]] && command -v cc >/dev/null; then
    : # Metal is part of macOS.
else
    name_packages
fi
packages_missing="$missing"
missing=
install_rust || system_ready=

if [[ -z "$system_ready" ]] || [[ -n "$dry_run" && -n "$packages_missing$missing" ]]; then exit 1; fi
