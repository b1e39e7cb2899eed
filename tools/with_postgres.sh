#!/usr/bin/env bash
# Runs a command with a private, throw-away PostgreSQL: tools/with_postgres.sh CMD…
# The cluster lives in a temporary directory, answers on a Unix socket there only, flushes nothing, and is gone afterwards.
# CMD finds its libpq URL in HIBIKI_TEST_POSTGRES. Needs Debian's package postgresql.
set -euo pipefail
[ $# -gt 0 ] || { sed -n 2,4p "$0" >&2; exit 2; }
bin=$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -1)
[ -n "$bin" ] || { echo "with_postgres: no PostgreSQL here; install the package postgresql" >&2; exit 1; }
dir=$(mktemp -d "${TMPDIR:-/tmp}/hibiki-pg-XXXXXX")
as() { "$@"; }
user=$(id -un)
if [ "$(id -u)" = 0 ]; then
    # PostgreSQL refuses to run as root.
    as() { runuser -u postgres -- "$@"; }
    user=postgres
    chown postgres "$dir"
    chmod 755 "$dir"
fi
stop() {
    as "$bin/pg_ctl" -D "$dir/data" -m immediate -s stop >/dev/null 2>&1 || true
    rm -rf "$dir"
}
trap stop EXIT
trap 'exit 130' INT TERM
cd "$dir"
as "$bin/initdb" -D "$dir/data" -A trust -U "$user" -E UTF8 --locale=C.UTF-8 -N >"$dir/initdb.log" 2>&1 || { cat "$dir/initdb.log" >&2; exit 1; }
as "$bin/pg_ctl" -D "$dir/data" -w -s -l "$dir/data/server.log" \
    -o "-k '$dir' -c listen_addresses='' -c fsync=off -c full_page_writes=off -c max_connections=200 -c autovacuum=off" start || {
    cat "$dir/data/server.log" >&2
    exit 1
}
cd "$OLDPWD"
export HIBIKI_TEST_POSTGRES="postgresql:///postgres?host=$dir&user=$user"
"$@"
