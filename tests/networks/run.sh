#!/bin/sh
# Proves the Bluesky connector against the real servers: installs them (npm ci) when missing, starts a private PostgreSQL, Redis and the
# whole network on loopback. Beside each other run: the connector's live test and the practice faces against the networks' own client libraries
# (*_sdk.mjs); and the whole program's day on that network (whole/). Then takes everything down again. Closes with `N passed, N failed, N skipped`.
# Usage: tests/networks/run.sh [BUILD_DIR]   (default: the first of build/asan, build/debug, build/release, build that has it)
set -eu
here=$(cd "$(dirname "$0")" && pwd)
root=$here/../..
build=${1:-}
for preset in asan debug release; do
    [ -n "$build" ] || [ ! -x "$root/build/$preset/tests/networks/bluesky_live_test" ] || build=$root/build/$preset
done
build=${build:-$root/build}
test_program=$build/tests/networks/bluesky_live_test

skip() {
    echo "SKIP networks: $1"
    echo "0 passed, 0 failed, 1 skipped"
    exit 0
}
installed="$here/node_modules/.hibiki-$(cksum <"$here/package-lock.json" | cut -d' ' -f1)"
if [ ! -e "$installed" ]; then
    (cd "$here" && npm ci >.npm.log 2>&1) || skip "npm could not install the servers and clients (see tests/networks/.npm.log)"
    rm -f "$here/.npm.log"
    touch "$installed"
fi
command -v redis-server >/dev/null || skip "needs Debian's redis-server"
if [ -z "${HIBIKI_TEST_POSTGRES:-}" ]; then
    exec "$root/tools/with_postgres.sh" "$0" "$build"
fi

work=$(mktemp -d)
redis_pid=""
node_pid=""
whole_pid=""
stop() {
    exec 9>&- || true
    [ -z "$redis_pid" ] || kill "$redis_pid" 2>/dev/null || true
    [ -z "$whole_pid" ] || kill "$whole_pid" 2>/dev/null || true
    [ -z "$node_pid" ] || kill "$node_pid" 2>/dev/null || true
    wait 2>/dev/null || true
    rm -rf "$work"
}
trap stop EXIT
trap 'exit 1' INT TERM

redis_port=$(/usr/bin/python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
redis-server --port "$redis_port" --bind 127.0.0.1 --save "" --appendonly no >/dev/null &
redis_pid=$!

mkfifo "$work/leash"
exec 9<>"$work/leash" # the servers end when this end closes
node "$here/stack.mjs" "$HIBIKI_TEST_POSTGRES" "127.0.0.1:$redis_port" "$work" <"$work/leash" >"$work/stack.json" 2>"$work/stack.log" 9>&- &
node_pid=$!
tries=0
while [ ! -s "$work/stack.json" ]; do
    tries=$((tries + 1))
    if [ $tries -gt 900 ] || ! kill -0 $node_pid 2>/dev/null; then
        echo "networks: the servers did not start:"
        tail -20 "$work/stack.log"
        echo "0 passed, 1 failed"
        exit 1
    fi
    sleep 0.1
done
[ -d "$root/web/node_modules/playwright-core" ] || (cd "$root/web" && npm ci --silent) # the whole is driven by hand too
node "$here/whole/main.mjs" "$work/stack.json" "${HIBIKI_BINARY:-$build/src/app/hibiki}" >"$work/whole" 2>&1 9>&- &
whole_pid=$!
code=0
"$test_program" "$work/stack.json" >"$work/out" 2>&1 || code=$?
for sdk in "$here"/*_sdk.mjs; do
    node "$sdk" "$build/tests/networks/face_server" >>"$work/out" 2>&1 || code=$?
done
wait $whole_pid || code=$?
whole_pid=""
cat "$work/whole" >>"$work/out"
cat "$work/out"
passed=$(grep -c '^ok ' "$work/out" || true)
failed=$(grep -c '^not ok ' "$work/out" || true)
skipped=$(grep -c '^ok .*# SKIP' "$work/out" || true)
passed=$((passed - skipped))
[ $code = 0 ] || [ "$failed" != 0 ] || failed=1
echo "$passed passed, $failed failed, $skipped skipped"
exit $code
