#!/usr/bin/env bash
# Fills corpus/<target>/ with the project's own fixtures, each under a name of its own. corpus/ is not part of the repository.
set -euo pipefail
cd "$(dirname "$0")"

# seed TARGET [PREFIX] FILE…: PREFIX is put before each file's bytes, for targets whose first byte says how to read the rest.
seed() {
  local target=$1 prefix=$2 file
  shift 2
  mkdir -p "corpus/$target"
  for file in "$@"; do
    { printf '%b' "$prefix"; cat "$file"; } >"corpus/$target/$(printf '%s' "$file" | cksum | cut -d' ' -f1)"
  done
}

fixtures=../fixtures
mapfile -t pages < <(find "$fixtures/pages" "$fixtures/open" "$fixtures/site" -name '*.html' | sort)
mapfile -t feeds < <(find "$fixtures/site" -name '*feed*' -type f -o -name '*rss*' -type f -o -name '*atom*' -type f | sort)
mapfile -t sitemaps < <(find "$fixtures/site" -path '*sitemap*' -type f | sort)
mapfile -t robots < <(find "$fixtures/site" -name 'robots.txt' | sort)
seed page '' "${pages[@]}"
seed bytes '\x00' "${pages[@]}"
seed scraped_text '' "$fixtures"/scraped/*/source.txt "$fixtures"/corpus/*.jsonl
seed feed '' "${feeds[@]}"
seed sitemap '' "${sitemaps[@]}"
seed robots '' "${robots[@]}"
seed config '' ../config.toml
mkdir -p corpus/url corpus/date
# The example with its optional keys brought in.
sed 's/^# \(\[\[\|[a-z_]* = \)/\1/' ../config.toml >corpus/config/all-keys
number=0
grep -rhoE 'https?://[^"<> ]{5,200}' "$fixtures/pages" | sort -u | head -300 | while read -r url; do
  printf '%s' "$url" >"corpus/url/$((number += 1))"
done
for date in 2026-03-04T10:15:00+01:00 2026-03-04 'March 4, 2026, 10:15 a.m. ET' '4. März 2026, 10:15 Uhr' '4 mars 2026 à 10h15' \
  '4 марта 2026, 10:15' '2026年3月4日 10時15分' 'Wed, 04 Mar 2026 10:15:00 GMT' '04.03.2026' '3/4/26' '٤ مارس ٢٠٢٦'; do
  printf '\x01%s' "$date" >"corpus/date/$(printf '%s' "$date" | cksum | cut -d' ' -f1)"
done
