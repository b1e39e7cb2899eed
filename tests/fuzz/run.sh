#!/usr/bin/env bash
# Builds the fuzz targets with clang into build/fuzz and runs each for a while from its seeds, watched by the sanitizers.
# As a test it runs a fixed number of inputs from a fixed seed, so that a result repeats. With HIBIKI_FUZZ_SECONDS it looks for new ones that long:
# what it finds is kept in build/fuzz/corpus and is where the next look begins; an input that fails is kept beside it.
#   HIBIKI_FUZZ_SECONDS=60 tests/fuzz/run.sh [TARGET …]
set -euo pipefail
cd "$(dirname "$(readlink -f "$0")")/../.."
seconds=${HIBIKI_FUZZ_SECONDS:-}
dir=build/fuzz
targets="hook import classify head json text check shape image work table contacts links conversion zone time" # the longest first
[ $# -gt 0 ] && targets=$*

if [ ! -e $dir/build.ninja ]; then
    CC=clang meson setup $dir -Dfuzz=true -Dbuildtype=debugoptimized -Db_lundef=false >/dev/null
fi
# shellcheck disable=SC2086
ninja -C $dir $(printf "tests/fuzz/%s_fuzz " $targets) >$dir/ninja.log 2>&1 || {
    grep -v '^\[' $dir/ninja.log | tail -40
    echo "0 passed, 1 failed"
    exit 1
}

# Seeds that are other tests' data, or this machine's zones.
seeds_of() {
    [ -d "tests/fuzz/seeds/$1" ] && echo "tests/fuzz/seeds/$1"
    [ "$1" = image ] && echo tests/data/images
    if [ "$1" = zone ]; then
        mkdir -p $dir/zones
        for zone in Asia/Tokyo Europe/Dublin America/New_York Pacific/Apia Africa/Casablanca; do
            cp "/usr/share/zoneinfo/$zone" "$dir/zones/${zone//\//_}"
        done
        echo $dir/zones
    fi
    return 0
}

# About five seconds of each.
runs_of() {
    case $1 in
    text | head | table | import | conversion) echo 60000 ;;
    contacts) echo 20000 ;;
    check) echo 20000 ;;
    classify) echo 8000 ;;
    *) echo 400000 ;;
    esac
}

run_one() {
    local target=$1 corpus limit runs
    if [ -n "$seconds" ]; then
        corpus=$dir/corpus/$target limit="-max_total_time=$seconds"
        mkdir -p "$corpus"
    else
        corpus=$(mktemp -d) limit="-runs=$(runs_of "$target") -seed=8470"
    fi
    # shellcheck disable=SC2046,SC2086
    if "$dir/tests/fuzz/${target}_fuzz" $limit -timeout=10 -rss_limit_mb=1024 -print_final_stats=1 \
        -artifact_prefix="$dir/$target-" "$corpus" $(seeds_of "$target") >"$dir/$target.log" 2>&1; then
        runs=$(sed -n 's/^stat::number_of_executed_units: *//p' "$dir/$target.log")
        if [ "${runs:-0}" -gt 100 ]; then
            echo "$target: $runs inputs, no fault"
            return 0
        fi
        echo "$target: only ${runs:-0} inputs were tried"
    else
        grep -v '^#' "$dir/$target.log" | tail -40
        echo "$target: failed"
    fi
    return 1
}

# Two at a time: each keeps one core busy.
passed=0 failed=0 running=0
for target in $targets; do
    [ $running -lt 2 ] || { wait -n && passed=$((passed + 1)) || failed=$((failed + 1)); running=$((running - 1)); }
    run_one "$target" &
    running=$((running + 1))
done
while [ $running -gt 0 ]; do
    wait -n && passed=$((passed + 1)) || failed=$((failed + 1))
    running=$((running - 1))
done
echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
