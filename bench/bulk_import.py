"""50,000 rows as a person imports them: a CSV of 140-character posts is sent, read, judged row by row and shown; then confirmed and stored. The time is of both exchanges together,
nothing kept between them but the file. The peer is the limit: 2 s. Drafts with a time are the figure; rows to be scheduled, which pass the rules and get a delivery and a job each, are shown beside it."""
import csv
import datetime
import io
import pathlib
import random
import subprocess
import sys
import time

from lib import ROOT, Client, Practice, Scratch, Server, connect, with_practice

ABOUT = "seconds until 50,000 rows are validated and stored"
GOAL = "<= 2 s"
LIMIT_S = 2


def table(n, handle, seed):
    """Posts put together from the corpus of harmless ones, a minute apart; each seed in a year of its own."""
    words = [line.split("\t")[-1] for line in (ROOT / "tests/data/harmless_posts.tsv").read_text().splitlines() if "\t" in line]
    dice, out = random.Random(seed), io.StringIO()
    rows = csv.writer(out)
    rows.writerow(["日付", "時刻", "アカウント", "本文"])
    start = datetime.datetime(2035 + seed, 1, 1, 9)
    for k in range(n):
        at = start + datetime.timedelta(minutes=k)
        rows.writerow([f"{at:%Y-%m-%d}", f"{at:%H:%M}", handle, f"{k} {dice.choice(words)} {dice.choice(words)}"[:140]])
    return out.getvalue().encode()


def once(client, data, n, schedules):
    head = {"Content-Type": "application/octet-stream"}
    began = time.monotonic()
    reply, text = client.call("POST", f"{client.at}/imports?name=posts.csv" + ("&schedules=true" if schedules else ""), headers=head, data=data, raw=True)
    made = Client.read(reply, text)
    shown = time.monotonic()
    if made["n_posts"] != n or made["n_errors"] or made["n_scheduled"] != (n if schedules else 0):
        raise RuntimeError(f"not what was sent: {str(made)[:2000]}")
    done = client.call("POST", f"{client.at}/imports/{made['id']}/confirm")
    ended = time.monotonic()
    if (done["state"], done["n_posts"]) != ("done", n):
        raise RuntimeError(f"not stored: {done}")
    return shown - began, ended - shown


def measure(n, rounds, *options):
    found = {}
    with Scratch() as folder, Practice(folder) as practice, Server(folder, *with_practice(practice), *options) as server:
        client = Client(server.port).set_up()
        connect(client, practice)
        for schedules in (False, True):
            times = [once(client, table(n, "bluesky:" + practice.accounts[0]["handle"], seed + rounds * schedules), n, schedules) for seed in range(rounds)]
            found[schedules] = sorted(times, key=sum)[len(times) // 2]
    return found


def run(quick):
    n, rounds = (5000, 1) if quick else (50000, 5)
    scale = 50000 / n
    found = measure(n, rounds)
    for schedules, (read, stored) in found.items():
        print(f"{'scheduled' if schedules else 'drafts'} on SQLite: read and judged {read:.2f} s, judged again and stored {stored:.2f} s, together {read + stored:.2f} s = {(read + stored) * scale / LIMIT_S:.2f} of the limit")
    seconds = sum(found[False]) * scale
    if not quick:
        on_postgres = subprocess.run([ROOT / "tools/with_postgres.sh", sys.executable, pathlib.Path(__file__)], capture_output=True, text=True)
        print(on_postgres.stdout.strip() or on_postgres.stderr.strip()[-500:])
    return f"{seconds:.2f}", "s", seconds <= LIMIT_S


if __name__ == "__main__":
    import os
    for schedules, (read, stored) in measure(50000, 1, "--database", os.environ["HIBIKI_TEST_POSTGRES"]).items():
        print(f"{'scheduled' if schedules else 'drafts'} on PostgreSQL: read and judged {read:.2f} s, judged again and stored {stored:.2f} s, together {read + stored:.2f} s")
