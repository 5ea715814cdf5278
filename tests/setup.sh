#!/usr/bin/env bash
# Installs what the tests use on a fresh Debian machine: a browser, a database server, fonts that
# set Vietnamese, nginx and readers to compare with, a word processor and poppler for official
# papers, and the checkers from npm. Does nothing, and touches no network, when everything is there.
set -euo pipefail
cd "$(dirname "$0")/.."

declare -A need=(
  [chromium]=chromium [nginx]=nginx-light [qpdf]=qpdf [java]=default-jre-headless [node]=nodejs [npm]=npm [wrk]=wrk
  [soffice]=libreoffice-writer-nogui [pdftotext]=poppler-utils
)
missing=()
for program in "${!need[@]}"; do
  command -v "$program" >/dev/null || [ -x "/usr/sbin/$program" ] || missing+=("${need[$program]}")
done
compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null || missing+=(postgresql)
[ -d /usr/share/fonts/truetype/noto ] || missing+=(fonts-noto-core)
[ -d /usr/share/fonts/truetype/croscore ] || missing+=(fonts-croscore)

if [ ${#missing[@]} -gt 0 ]; then
  echo "setup: installing ${missing[*]}"
  as_root=(); [ "$(id -u)" = 0 ] || as_root=(sudo)
  "${as_root[@]}" apt-get update -qq
  DEBIAN_FRONTEND=noninteractive "${as_root[@]}" apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
fi

if [ -f tests/browser/package.json ]; then
  stamp=tests/browser/node_modules/.installed
  if [ ! -e "$stamp" ] || [ tests/browser/package-lock.json -nt "$stamp" ]; then
    echo "setup: installing the page checkers from npm"
    (cd tests/browser && PUPPETEER_SKIP_DOWNLOAD=1 PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD=1 npm ci --silent --no-audit --no-fund)
    touch "$stamp"
  fi
fi
