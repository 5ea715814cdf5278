#!/usr/bin/env bash
# Makes the four faces beside this script from the Tinos of Debian's fonts-croscore (20201225-1):
# Latin with every Vietnamese letter, Greek, and the signs of office papers; without hinting and
# layout tables, which nothing here reads. Needs python3-fonttools. Run it twice, get the same bytes.
set -euo pipefail
cd "$(dirname "$0")"
from=${1:-/usr/share/fonts/truetype/croscore}
latin=U+0020-007E,U+00A0-017F,U+01A0,U+01A1,U+01AF,U+01B0,U+1EA0-1EF9
marks=U+0300-0304,U+0306,U+0309,U+031B,U+0323
greek=U+0391-03A1,U+03A3-03A9,U+03B1-03C9
signs=U+2010-2027,U+202F-205E,U+2070-209C,U+20AB,U+20AC,U+2103,U+2105,U+2113,U+2116,U+2122,U+2126,U+2150-215F,U+2190-2195,U+2200-22A5,U+25A0-25CF
for style in Regular Bold Italic BoldItalic; do
  /usr/bin/python3 -m fontTools.subset "$from/Tinos-$style.ttf" --output-file="Tinos-$style.ttf" \
    --unicodes="$latin,$marks,$greek,$signs" --no-hinting --layout-features='' \
    --drop-tables+=GDEF,GPOS,GSUB,DSIG,GlyphOrder,kern --name-IDs='*' --notdef-outline --no-recalc-timestamp
done
