#!/usr/bin/env bash
# Makes assets/fonts/ anew from Noto Sans SC. Only needed when the set of characters changes: its results are committed.
#
#   scripts/font_subset.sh
#
# Needs: npm (to fetch the font), python3 with venv (for fonttools). The same input gives the same bytes.
#
# NotoSansSC-Regular.ttf  every character of GBK (20,902 hanzi), Latin, symbols: names with rare characters
# NotoSansSC-Bold.ttf     every character of GB2312 (6,763 hanzi), Latin, symbols: headings
#
# Hinting is dropped (text is drawn by a GPU at high resolution), vertical metrics too; kerning, ligatures, marks,
# and half-width punctuation stay.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

package='@expo-google-fonts/noto-sans-sc@0.4.3'
package_sha256=0d69d0f4971d2ff574e3d93cbc218dc950bf3f3f8f8e2c008d97687ed53aee59
fonttools='fonttools==4.68.0'

work="$(mktemp -d)"
trap 'rm -rf "$work"' EXIT
out="$PWD/assets/fonts"
mkdir -p "$out"

echo "font_subset: fetching $package (57 MB)" >&2
archive="$(cd "$work" && npm pack --silent "$package")"
echo "$package_sha256  $work/$archive" | sha256sum --check --quiet
tar -xzf "$work/$archive" -C "$work"

python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check "$fonttools"

# One line of hexadecimal code points per file.
"$work/venv/bin/python" - "$work" <<'PYTHON'
import pathlib, sys

# Latin-1, Latin Extended-A, ǎ ǐ ǒ ǔ ǜ of pinyin, spacing accents, Greek and Cyrillic letters, Vietnamese-range ẞ,
# punctuation, superscripts, currency, letterlike, number forms, arrows, mathematics, technical, enclosed,
# boxes, shapes, symbols, dingbats, CJK punctuation, kana, bopomofo, CJK squares, full-width forms.
RANGES = [
    (0x0020, 0x007E), (0x00A0, 0x017F), (0x0192, 0x0192), (0x01CD, 0x01DC), (0x01F8, 0x01F9), (0x0251, 0x0251),
    (0x0261, 0x0261), (0x02C6, 0x02DD), (0x0300, 0x030C), (0x0391, 0x03C9), (0x0401, 0x0451), (0x1E9E, 0x1E9E),
    (0x2000, 0x206F), (0x2070, 0x209C), (0x20A0, 0x20BF), (0x2100, 0x214F), (0x2150, 0x218B), (0x2190, 0x21FF),
    (0x2200, 0x22FF), (0x2300, 0x23FF), (0x2460, 0x24FF), (0x2500, 0x259F), (0x25A0, 0x25FF), (0x2600, 0x26FF),
    (0x2700, 0x27BF), (0x3000, 0x303F), (0x3040, 0x30FF), (0x3105, 0x312F), (0x3200, 0x33FF), (0xFE30, 0xFE6F),
    (0xFF00, 0xFFEF), (0xFFFD, 0xFFFD),
]


def characters(encoding):
    """Every character that two bytes of this encoding stand for."""
    for lead in range(0x81, 0xFF):
        for trail in range(0x40, 0xFF):
            try:
                yield ord(bytes((lead, trail)).decode(encoding))
            except (UnicodeDecodeError, TypeError):
                pass


basic = {point for first, last in RANGES for point in range(first, last + 1)}
for encoding in ("gbk", "gb2312"):
    points = sorted(basic | set(characters(encoding)))
    (pathlib.Path(sys.argv[1]) / encoding).write_text(",".join(f"{point:X}" for point in points))
PYTHON

subset() { # WEIGHT CHARACTERS OUTPUT
    echo "font_subset: $3" >&2
    "$work/venv/bin/pyftsubset" "$work/package/$1" \
        --unicodes-file="$work/$2" \
        --layout-features=ccmp,liga,kern,mark,halt,palt \
        --no-hinting --desubroutinize \
        --drop-tables+=vhea,vmtx,VORG,BASE \
        --name-IDs='*' --name-languages=0x409 --no-recalc-timestamp \
        --notdef-outline \
        --output-file="$out/$3"
}
subset 400Regular/NotoSansSC_400Regular.ttf gbk NotoSansSC-Regular.ttf
subset 700Bold/NotoSansSC_700Bold.ttf gb2312 NotoSansSC-Bold.ttf
cp "$work/package/LICENSE_FONT" "$out/OFL.txt"

(cd "$out" && sha256sum -- *.ttf && ls -l -- *.ttf)
