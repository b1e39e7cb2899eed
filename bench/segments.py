"""A segment of six conditions (last seen, tag, city or messages, no complaint, consent that stands) over 1,000,000 people with 1,000 changes not packed yet, on SQLite and, where there is
one, PostgreSQL; the same question as plain SQL in the same run; the longest of five lists and searches by two Japanese characters; and how long it takes to note who may be the same as somebody newly seen."""
import json
import os
import subprocess

from lib import BUILD, Scratch

ABOUT, GOAL = "a segment over 1,000,000 people", "longest <= 1 s, equal to plain SQL"


def run(quick):
    n, longest, ok = (50_000 if quick else 1_000_000), 0, True
    with Scratch() as folder:
        stores = {"SQLite": f"sqlite:{folder}/hibiki.db"}
        if os.environ.get("HIBIKI_TEST_POSTGRES"):
            stores["PostgreSQL"] = os.environ["HIBIKI_TEST_POSTGRES"]
        for name, url in stores.items():
            subprocess.run([BUILD / "bench/segments", url, str(n), "fill"], check=True)
            if name == "PostgreSQL":  # as its autovacuum does within a minute; the tests' own server has it switched off
                subprocess.run(["psql", "-qc", "analyze", url], check=True)
            told = json.loads(subprocess.run([BUILD / "bench/segments", url, str(n)], stdout=subprocess.PIPE, text=True, check=True).stdout.splitlines()[-1])
            print(f"{name}: {n} people, {told['n_packed']} in the segment: best {told['packed'] * 1000:.0f} ms, longest {told['packed_worst'] * 1000:.0f} ms; plain SQL {told['plain'] * 1000:.0f} ms "
                  f"({told['plain'] / told['packed']:.0f} times); list {told['list'] * 1000:.1f} ms, search by two characters {told['search'] * 1000:.0f} ms ({told['n_search']} shown); who may be the same as one newly seen "
                  f"{told['suggest'] * 1000:.1f} ms at the longest of 2,000, the list of {told['n_pairs']} such pairs {told['pairs'] * 1000:.1f} ms")
            longest = max(longest, told["packed_worst"])
            ok = ok and told["n_packed"] == told["n_plain"]
    return f"{longest * 1000:.0f}", f"ms longest, {1 / longest:.1f} times within the limit", ok and longest <= 1
