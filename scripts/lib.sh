# Shared by the scripts beside it, which source it: where things are, what to say, what is missing.
# shellcheck shell=bash

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cd "$root"
export CARGO_TARGET_DIR="$root/target"
export NODE_PATH="$root/scripts/node_modules"
# The flags of the house live in .cargo/config.toml; any of these would silently replace them.
unset RUSTFLAGS CARGO_ENCODED_RUSTFLAGS CARGO_BUILD_RUSTFLAGS CARGO_BUILD_TARGET

say() { printf '→ %s\n' "$*" >&2; }
die() { printf '✗ %s\n' "$*" >&2; exit 1; }
have() { command -v "$1" >/dev/null 2>&1; }

# cargo shows its progress on a terminal and only warnings and errors in a log.
cargo_quietly() { if [ -t 2 ]; then cargo "$@"; else cargo "$1" --quiet "${@:2}"; fi; }

# Stops with advice unless Rust is here and new enough; prints its version.
rust_version() {
  have rustc || die "Rust is missing: install it with rustup (https://rustup.rs), then run this again"
  local version wanted
  version=$(rustc --version)
  wanted=$(sed -n 's/^rust-version = "\(.*\)"/\1/p' Cargo.toml | head -n 1)
  printf '%s\n%s\n' "$wanted" "$(cut -d' ' -f2 <<<"$version")" | sort -C -t. -k1,1n -k2,2n -k3,3n ||
    die "Rust $wanted or newer is needed, this is $version: run 'rustup update stable'"
  printf '%s' "$version"
}

# SQLite and the allocator are C, and Rust links with it.
c_compiler() { have cc || apt_packages "a C compiler" gcc libc6-dev; }

wasm_target() {
  local libs
  libs=$(rustc --print target-libdir --target wasm32-unknown-unknown)
  [ ! -d "$libs" ] || return 0
  have rustup || die "Rust's target wasm32-unknown-unknown is missing and there is no rustup to add it"
  say "Adding Rust's target wasm32-unknown-unknown …"
  rustup target add wasm32-unknown-unknown
}

# npm_packages <folder>: installs what its lock file names, unless that is what is there.
npm_packages() {
  have npm || die "Node.js 20 or newer with npm is missing: see https://nodejs.org"
  [ "$(node -p 'process.versions.node.split(".")[0]')" -ge 20 ] || die "Node.js 20 or newer is needed, this is $(node --version)"
  local stamp="$1/node_modules/.coco-stamp" lock
  lock=$(hash_of "$1/package-lock.json")
  [ "$(cat "$stamp" 2>/dev/null)" != "$lock" ] || return 0
  say "Installing the npm packages of $1/ …"
  # None of the packages needs a script at installation.
  (cd "$1" && PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD=1 npm ci --ignore-scripts --no-progress --loglevel=error >&2)
  echo "$lock" >"$stamp"
}

# apt_packages <what for> <packages…>: Debian's packages as root or through sudo, advice elsewhere.
apt_packages() {
  local why=$1 as=env
  shift
  have apt-get || die "$why: missing. Install it with your package manager (on Debian: apt install $*)"
  if [ "$(id -u)" != 0 ]; then
    have sudo || die "$why: missing. As root: apt install $*"
    as=sudo
  fi
  say "Installing $why (apt: $*) …"
  { "$as" apt-get update -qq && "$as" env DEBIAN_FRONTEND=noninteractive \
    apt-get install -qq -y --no-install-recommends "$@"; } >&2 ||
    die "$why: apt could not install $*"
}

# Prints where the browser for tests is: the one that CHROMIUM names, else any that is here. Asks for
# files only (type -P): this function or an alias is no browser.
find_browser() {
  local name
  for name in "${CHROMIUM:-}" chromium chromium-browser google-chrome \
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome" "/Applications/Chromium.app/Contents/MacOS/Chromium"; do
    [ -z "$name" ] || ! type -P "$name" || return 0
  done
  return 1
}

# hash_of <files and folders…>: one line that changes when any of them does.
hash_of() {
  local sum=(sha256sum)
  have sha256sum || sum=(shasum -a 256)
  { find "$@" -type f ! -path '*/node_modules/*' ! -path '*/target/*' -print0 2>/dev/null || true; } |
    LC_ALL=C sort -z | xargs -0 "${sum[@]}" | "${sum[@]}" | cut -c1-64
}

# Stamps remember the inputs a step was last done with: fresh <step> <hash> asks, stamp <step> <hash> notes.
fresh() { [ "$(cat "target/build/$1.stamp" 2>/dev/null)" = "$2" ]; }
stamp() { echo "$2" >"target/build/$1.stamp"; }

# step <name> <command…>: runs one named step; what it took is listed by step_times.
step() {
  local name=$1 start=$SECONDS result
  shift
  say "$name …"
  # Not `("$@") || result=$?`: bash would then ignore `set -e` inside.
  set +e
  (set -e; "$@")
  result=$?
  set -e
  steps+=("$(printf '%5d s  %s%s' $((SECONDS - start)) "$name" "$([ $result = 0 ] || echo '   ✗ failed')")")
  [ $result = 0 ] || exit $result
}
step_times() { [ ${#steps[@]} = 0 ] || printf '%s\n' "" "${steps[@]}" >&2; }
steps=()
