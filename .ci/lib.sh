# shellcheck shell=bash
# Shared by Services/up, Tests/run and the scripts beside this file; sourced, never run.
# 各脚本共用：缺什么、怎么装、怎么编译、怎么报错。

# Debian packages, by what they are for.
# shellcheck disable=SC2034
BUILD_PACKAGES=(libzmq3-dev libsqlite3-dev libssl-dev libjemalloc-dev)
# shellcheck disable=SC2034
PROTO_PACKAGES=(protobuf-compiler)
# shellcheck disable=SC2034
TEST_PACKAGES=(prometheus python3-venv "${PROTO_PACKAGES[@]}")

# What a deployment runs.
# shellcheck disable=SC2034
EXECUTABLES=(care-archive intake eligibility notifier carectl)

# Tests reach into our modules (@testable), which needs other compiler flags than the services' own build (Package.swift).
# A folder of its own keeps the two from rebuilding everything in turn.
# No debugging information: nothing here reads it, and writing it is a good part of the compiler's work.
# shellcheck disable=SC2034
TEST_BUILD=(-c release --scratch-path .build-tests -debug-info-format none)

# `swift build`. SwiftPM writes the flags of packages with traits in the order of a set, another one in every run: without
# this it compiles SwiftProtobuf, Configuration and Hummingbird, and whatever stands on them, again at random. For the
# compiler alone: a service with predictable hashing could be slowed down by whoever chooses its keys.
# Package.swift is told which build it describes: see what it opens to tests and leaves unoptimized for them.
swift_build() {
    local tests=0
    [[ " $* " == *' .build-tests '* ]] && tests=1
    GUANHUAI_TEST_BUILD=$tests SWIFT_DETERMINISTIC_HASHING=1 swift build "$@"
}

say() { printf '==> %s\n' "$*"; }

warn() { printf '注意 / note: %s\n' "$*" >&2; }

# One clear line, then the end.
fail() {
    printf '失败 / failed: %s\n' "$*" >&2
    exit 1
}

# The comment at the head of a script is its help.
show_help() {
    sed -n '2,/^set /{/^# shellcheck/d;s/^# \{0,1\}//p}' "$0" | sed '/^set /d'
    exit 0
}

# Runs a named phase and prints how long it took.
phase() {
    local name=$1 start=$SECONDS
    shift
    say "$name"
    "$@" || fail "$name"
    say "$name: $((SECONDS - start)) s"
}

# True when a Debian package, or what we need from it, is there.
has_package() {
    case $1 in
    prometheus) command -v promtool >/dev/null ;;
    protobuf-compiler) command -v protoc >/dev/null ;;
    python3-venv) python3 -c 'import ensurepip, venv' 2>/dev/null ;;
    *) [[ $(dpkg-query -W -f='${Status}' "$1" 2>/dev/null) == 'install ok installed' ]] ;;
    esac
}

# ensure_packages MODE PACKAGE...   MODE: auto (install as root), install (also with sudo), check (never install)
ensure_packages() {
    local mode=$1 package missing=()
    shift
    command -v dpkg-query >/dev/null || {
        warn "不是 Debian，请自行安装相当于 $* 的软件包 / not Debian: install the like of these yourself"
        return 0
    }
    for package in "$@"; do
        has_package "$package" || missing+=("$package")
    done
    ((${#missing[@]})) || return 0
    say "缺少 / missing: ${missing[*]}"
    if [[ $mode == check ]] || { ((EUID)) && [[ $mode != install ]]; }; then
        fail "请先执行 / type first: sudo apt-get install -y --no-install-recommends ${missing[*]}"
    fi
    local apt=(env DEBIAN_FRONTEND=noninteractive apt-get -qq)
    if ((EUID)); then
        command -v sudo >/dev/null || fail "没有 sudo，请以 root 身份运行 / no sudo: run as root"
        apt=(sudo "${apt[@]}")
    fi
    local install=("${apt[@]}" install -y --no-install-recommends "${missing[@]}")
    say "安装 / installing: ${missing[*]}"
    # The list of packages is fetched only when the one that is here does not do.
    if ! "${install[@]}" >/dev/null 2>&1; then
        "${apt[@]}" update || fail "取不到软件包列表，请检查网络 / cannot fetch the list of packages"
        "${install[@]}" >/dev/null || fail "装不上 / cannot install: ${missing[*]}"
    fi
    for package in "${missing[@]}"; do
        has_package "$package" || fail "装上后仍然用不了 / installed but not usable: $package"
    done
}

# The compiler cannot be installed from Debian, so all we can do is say what is wrong.
ensure_swift() {
    local version
    command -v swift >/dev/null ||
        fail "找不到 swift，请先按 swift.org/install 安装 Swift 6.3 / swift not found: see swift.org/install"
    version=$(swift --version 2>/dev/null | sed -nE 's/.*Swift version ([0-9]+)\.([0-9]+).*/\1 \2/p' | head -n 1)
    [[ -n $version ]] || fail "看不懂 swift --version 的回答 / cannot read the answer of swift --version"
    local major=${version% *} minor=${version#* }
    ((major > 6 || (major == 6 && minor >= 3))) || fail "需要 Swift 6.3，这里是 $major.$minor / Swift 6.3 is needed"
}

# The executables for tests, with the tests' flags; the bench and the fuzzer only so that they are known to build.
build_executables() {
    local product
    for product in "${EXECUTABLES[@]}" care-bench reader-fuzz; do swift_build "${TEST_BUILD[@]}" --product "$product" || return; done
}

# Python packages for one folder's requirements.txt, in the repository's own virtual environment.
# python_packages FOLDER...
python_packages() {
    local folder wanted stamp=.venv/installed
    [[ -x .venv/bin/python ]] || python3 -m venv .venv || fail "建不了 Python 虚拟环境 / cannot make a virtual environment"
    for folder in "$@"; do
        wanted=$(sha256sum "$folder/requirements.txt")
        grep -qxF "$wanted" "$stamp" 2>/dev/null && continue
        .venv/bin/pip install --quiet --disable-pip-version-check -r "$folder/requirements.txt" ||
            fail "装不上 $folder/requirements.txt / cannot install the Python packages"
        printf '%s\n' "$wanted" >>"$stamp"
    done
}
