# SPDX-License-Identifier: MIT
# Set-up for cmake/run (sourced): installs what is missing on Debian 12, or says what to install and stops.
# ensure_packages <package>...         root installs; anyone else gets the command to run
# catch2_from_backports <folder>       unpacks Catch2 3.x below <folder>, without touching the system
# The place to download from is read from the machine's own apt sources; nothing here names one.

packages_for_demo='g++ cmake ninja-build catch2 valgrind binutils libtbb-dev libconcurrentqueue-dev nlohmann-json3-dev'
packages_for_test="$packages_for_demo libboost-dev libbenchmark-dev libgtest-dev libglib2.0-dev libabsl-dev pkg-config libdw-dev"
packages_for_all="clang-14 libclang-rt-14-dev llvm-14 clang-19 libclang-rt-19-dev llvm-19 libc++-19-dev libc++abi-19-dev"
# The test of the same name: a cross compiler, and what runs its programs.
packages_for_aarch64='g++-12-aarch64-linux-gnu libc6-dev-arm64-cross qemu-user'

ensure_packages() {
  if ! is_debian_12; then
    echo "This command sets itself up on Debian 12 only. Elsewhere (or in a debian:12 container) it needs what these packages of" >&2
    echo "Debian 12 hold; then use CMake directly, for example: cmake --workflow --preset thread" >&2
    echo "  $*" >&2
    exit 1
  fi
  missing=
  for package in "$@"; do
    dpkg-query -W -f '${db:Status-Status}\n' "$package" 2>/dev/null | grep -qx installed || missing="$missing $package"
  done
  [ -n "$missing" ] || return 0
  if [ "$(id -u)" -ne 0 ]; then
    echo "These packages are missing. Run this, then the same command again:" >&2
    echo "  sudo apt-get update && sudo apt-get install -y --no-install-recommends$missing" >&2
    exit 1
  fi
  echo "== installing:$missing =="
  apt-get update
  # shellcheck disable=SC2086  # a list of words
  DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends $missing
}

is_debian_12() {
  [ -r /etc/os-release ] || return 1
  (. /etc/os-release && [ "${ID:-}" = debian ] && [ "${VERSION_ID:-}" = 12 ])
}

# Debian 12 itself has Catch2 2.13 (catch2); the backports have 3.x (libcatch2-dev), which would replace it. So it is unpacked.
catch2_from_backports() {
  backport=$1
  [ -e "$backport/unpacked" ] && return 0
  echo "== fetching Catch2 3.x from the backports suite =="
  rm -rf "$backport"
  mkdir -p "$backport/apt/sources" "$backport/apt/lists/partial" "$backport/apt/cache/archives/partial"
  backports_entry >"$backport/apt/sources/backports.sources"
  if [ ! -s "$backport/apt/sources/backports.sources" ]; then
    echo "No entry for the suite bookworm with the component main was found in this machine's apt sources, so none for its" >&2
    echo "backports could be derived. Add one under /etc/apt/sources.list.d, or unpack libcatch2-dev 3.x below $backport/usr and" >&2
    echo "create the file $backport/unpacked." >&2
    exit 1
  fi
  # The machine's apt settings and keys, with this one source and folders of our own.
  set -- -o Dir::Etc::SourceList=/dev/null -o "Dir::Etc::SourceParts=$backport/apt/sources" \
    -o "Dir::State::Lists=$backport/apt/lists" -o "Dir::Cache=$backport/apt/cache" \
    -o APT::Sandbox::User= -o Debug::NoLocking=1 -o APT::Get::List-Cleanup=0
  apt-get "$@" update
  (cd "$backport" && apt-get "$@" download libcatch2-dev/bookworm-backports)
  for archive in "$backport"/libcatch2-dev_*.deb; do
    dpkg-deb -x "$archive" "$backport"
  done
  touch "$backport/unpacked"
}

# The machine's entry for bookworm main, as one for bookworm-backports main, in the deb822 format.
# Reads *.sources (deb822) and *.list and sources.list (one line each).
backports_entry() {
  for file in /etc/apt/sources.list.d/*.sources; do
    [ -r "$file" ] || continue
    awk '
      BEGIN { RS = ""; FS = "\n" }
      {
        uris = signed = suites = components = types = ""; is_on = 1
        for (i = 1; i <= NF; i++) {
          if ($i ~ /^#/) continue
          name = tolower($i); sub(/:.*/, "", name)
          value = $i; sub(/^[^:]*:[ \t]*/, "", value)
          if (name == "uris") uris = value
          else if (name == "signed-by") signed = value
          else if (name == "suites") suites = " " value " "
          else if (name == "components") components = " " value " "
          else if (name == "types") types = " " value " "
          else if (name == "enabled" && tolower(value) == "no") is_on = 0
        }
        if (is_on && types ~ / deb / && suites ~ / (bookworm|oldstable|stable) / && components ~ / main / && uris != "") {
          print "Types: deb\nURIs: " uris "\nSuites: bookworm-backports\nComponents: main"
          # A key given inline spans lines; then the key that apt trusts anyway has to do.
          if (signed ~ /^\//) print "Signed-By: " signed
          exit
        }
      }' "$file" >"$backport/apt/entry"
    if [ -s "$backport/apt/entry" ]; then
      cat "$backport/apt/entry"
      return 0
    fi
  done
  for file in /etc/apt/sources.list /etc/apt/sources.list.d/*.list; do
    [ -r "$file" ] || continue
    awk '
      $1 == "deb" {
        line = $0; signed = ""
        if (match(line, /\[[^]]*\]/)) {
          options = substr(line, RSTART + 1, RLENGTH - 2)
          if (match(options, /signed-by=[^ ]+/)) signed = substr(options, RSTART + 10, RLENGTH - 10)
          sub(/\[[^]]*\][ \t]*/, "", line)
        }
        n = split(line, word, /[ \t]+/)
        has_main = 0
        for (i = 4; i <= n; i++) if (word[i] == "main") has_main = 1
        if (has_main && word[3] ~ /^(bookworm|oldstable|stable)$/) {
          print "Types: deb\nURIs: " word[2] "\nSuites: bookworm-backports\nComponents: main"
          if (signed != "") print "Signed-By: " signed
          exit
        }
      }' "$file" >"$backport/apt/entry"
    if [ -s "$backport/apt/entry" ]; then
      cat "$backport/apt/entry"
      return 0
    fi
  done
}
