"""Rows of an export checked cell by cell (numbers, times in their zone, repeats, faults), processor time, beside `sqlite3 .import` of the same file into an empty table in turns of the same run. And 2 GB
of such rows as they come: the resident set after the first eighth must not grow."""
import re
import resource
import subprocess
import tempfile
import pathlib

from lib import ROOT

ABOUT = "rows a second of an export read and checked whole; 2 GB in flat memory"
GOAL = ">= 500000 rows/s, flat"
PROGRAM = ROOT / "build/release/bench/csv_import"


def write(path, n):
    with open(path, "w") as out:
        out.write("Post ID,Account username,Description,Publish time,Permalink,Post type,Views,Likes,Comments\n")
        for k in range(n):
            out.write(f'{100000000 + k},user,"Post {k}, with a comma",{1 + k % 12:02}/{1 + k % 28:02}/2025 {k % 24:02}:{k % 60:02},https://www.instagram.com/p/{k}/,IG reel,"{1 + k % 900},{k % 1000:03}",{k % 5000},{k % 300}\n')


def ours(*words):
    text = subprocess.run([PROGRAM, *map(str, words)], capture_output=True, text=True, check=True).stdout
    rows, problems, seconds, megabytes, grown = map(float, re.findall(r"[\d.]+", text))
    if problems:
        raise RuntimeError(text)
    return rows, seconds, megabytes, grown


def sqlite(path, folder):
    """Processor seconds of the whole program; nothing is synced to disk, no index is made."""
    database = folder / "peer.db"
    database.unlink(missing_ok=True)
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(["sqlite3", database, "-cmd", "pragma journal_mode=off; pragma synchronous=off;", f".import --csv {path} t"], capture_output=True, check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime


def run(quick):
    n, rounds, size = (200_000, 3, 256 * 1024 ** 2) if quick else (1_000_000, 7, 2 * 1024 ** 3)
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        path = folder / "export.csv"
        write(path, n)
        pairs = [(ours(path), sqlite(path, folder)) for _ in range(rounds)]
    pairs.sort(key=lambda p: p[0][1])
    (rows, seconds, megabytes, _), peer = pairs[len(pairs) // 2][0], sorted(p[1] for p in pairs)[len(pairs) // 2]
    rate = rows / seconds
    _, long_s, long_mb, grown = ours("--endless", size)
    print(f"{rows:.0f} rows, {megabytes:.0f} MB: {seconds:.2f} s = {rate:,.0f} rows/s, {megabytes / seconds:.0f} MB/s; sqlite3 .import {peer:.2f} s: {peer / seconds:.2f} times ours")
    print(f"{long_mb:.0f} MB as they come: {long_s:.1f} s, resident set grown by {grown:.1f} MB after the first eighth")
    return f"{rate:,.0f}", "rows/s", rate >= 500_000 and grown <= 4
