"""Readings of five metrics of 10,000 posts stored with all their roll-ups, in transactions of 100,000 rows, on SQLite and on a PostgreSQL of its own; and every post looked at once more,
five times. What it takes on disk, packed readings and roll-ups apart, beside one row a reading as SQLite keeps it."""
import json
import sqlite3
import subprocess

from lib import BUILD, ROOT, Scratch

ABOUT, GOAL = "readings stored with their roll-ups", "SQLite >= 1,000,000 rows/s, PostgreSQL >= 200,000/s, roll-ups <= 30 % of the rows"
PLAIN = 22  # bytes a row of (post, metric, time, value) in SQLite with numbers for keys: 1,019 MB for 50,000,000 (measured 2026-11-23)


def sizes(path):
    db = sqlite3.connect(path)
    of = dict(db.execute("select name, sum(pgsize) from dbstat where name like '%measure%' group by name"))
    packs = sum(size for name, size in of.items() if "measure_pack" in name)
    days = db.execute("select coalesce(sum(length(days) + length(numbers)), 0) from measure_post").fetchone()[0]
    rolls = sum(size for name, size in of.items() if "measure_roll" in name or "measure_part" in name) + days
    return packs, rolls


def run(quick):
    posts, hours = (1_000, 200) if quick else (10_000, 200)
    ok, said = True, []
    with Scratch() as folder:
        filling = [BUILD / "bench/ingest", str(posts), str(hours)]
        stores = {"SQLite": (["sh", "-c", f'exec "$0" sqlite:{folder}/hibiki.db "$@"', *filling], 1_000_000),
                  "PostgreSQL": ([ROOT / "tools/with_postgres.sh", "sh", "-c", 'exec "$0" "$HIBIKI_TEST_POSTGRES" "$@"', *filling], 200_000)}
        for name, (command, goal) in stores.items():
            out = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True).stdout
            told = json.loads(out.splitlines()[-1])
            speed, looking = told["rows"] / told["seconds"], told["looked"] / told["looking"]
            print(f"{name}: {told['rows']:,} rows in {told['seconds']:.2f} s: {speed:,.0f} rows/s; every post looked at once more: {looking:,.0f} rows/s")
            said.append(f"{name} {speed:,.0f}")
            ok = ok and speed >= goal
        rows = posts * (hours + 5) * 5
        packs, rolls = sizes(f"{folder}/hibiki.db")
        print(f"readings {packs / rows:.2f} bytes each ({packs / 1e6:.1f} MB), roll-ups {rolls / 1e6:.1f} MB: {rolls / packs:.0%} of the packed readings, {rolls / (rows * PLAIN):.1%} of one row a reading")
    return ", ".join(said), "rows/s", ok and rolls <= 0.3 * rows * PLAIN
