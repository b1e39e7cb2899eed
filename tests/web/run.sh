#!/bin/sh
# Drives the web page in a real browser against the real program: once on an empty instance beside the practice network, once on the demo.
# Usage: tests/web/run.sh [BINARY] [FACE_SERVER]   closes with `N passed, N failed, N skipped`.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
binary=${1:-${HIBIKI_BINARY:-}}
for preset in asan debug release; do
    [ -n "$binary" ] || [ ! -x "$root/build/$preset/src/app/hibiki" ] || binary=$root/build/$preset/src/app/hibiki
done
binary=${binary:-$root/build/src/app/hibiki}
face=${2:-$(dirname "$binary")/../../tests/networks/face_server}

skip() {
    echo "SKIP web: $1"
    echo "0 passed, 0 failed, 1 skipped"
    exit 0
}
command -v chromium >/dev/null || skip "needs Debian's chromium"
[ -x "$face" ] || skip "needs tests/networks/face_server of the same build"
[ -d "$root/web/node_modules/playwright-core" ] || (cd "$root/web" && npm ci --silent)

work=$(mktemp -d)
face_pid=""
practice_pid=""
serve_pid=""
demo_pid=""
stop() {
    exec 9>&- || true
    for pid in $serve_pid $demo_pid $practice_pid $face_pid; do kill "$pid" 2>/dev/null || true; done
    wait 2>/dev/null || true
    rm -rf "$work"
}
trap stop EXIT
trap 'exit 1' INT TERM

free_port() { /usr/bin/python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'; }
wait_for() { # command…
    tries=0
    until "$@" 2>/dev/null; do
        tries=$((tries + 1))
        [ $tries -lt 300 ] || { echo "web: gave up waiting for: $*"; tail -n 20 "$work"/*.log; echo "0 passed, 1 failed"; exit 1; }
        sleep 0.1
    done
}
answers() { /usr/bin/python3 -c 'import sys, urllib.request; urllib.request.urlopen(sys.argv[1] + "/api/v1/about", timeout=2)' "$1"; }

mkfifo "$work/leash"
exec 9<>"$work/leash" # the practice network ends when this end closes
"$face" <"$work/leash" >"$work/face.url" 2>"$work/face.log" 9>&- &
face_pid=$!
wait_for test -s "$work/face.url"
HIBIKI_TEST_SERVICE=$(head -n 1 "$work/face.url")
export HIBIKI_TEST_SERVICE

"$binary" practice --json --port 0 --no-journal >"$work/practice.json" 2>"$work/practice.log" 9>&- &
practice_pid=$!
wait_for test -s "$work/practice.json"
HIBIKI_TEST_PRACTICE=$(cat "$work/practice.json")
export HIBIKI_TEST_PRACTICE
places=$(/usr/bin/python3 -c 'import json, sys; print(",".join("%s=%s" % (one["network"], one["url"]) for one in json.load(sys.stdin)["networks"]))' <"$work/practice.json")

port=$(free_port)
"$binary" serve --data-dir "$work/serve" --port "$port" --allow-private-services yes --practice "$places" --log-level warn >"$work/serve.log" 2>&1 9>&- &
serve_pid=$!
demo_port=$(free_port)
"$binary" demo --data-dir "$work/demo" --port "$demo_port" --log-level warn >"$work/demo.log" 2>&1 9>&- &
demo_pid=$!
wait_for answers "http://127.0.0.1:$port"
wait_for answers "http://127.0.0.1:$demo_port"

code=0
node "$here/run.mjs" "http://127.0.0.1:$port" "http://127.0.0.1:$demo_port" || code=$?
[ $code = 0 ] || tail -n 20 "$work/serve.log" "$work/demo.log"
exit $code
