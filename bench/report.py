"""A month of 10,000 posts as a report: the PDF, the workbook (every post in it) and the presentation, each made anew from the figures, the whole exchange over HTTP. Before each the workspace is changed, so that nothing kept answers.
Then 100 workspaces of 1,000 posts each, all three files of each, one after the other, with the server's memory looked at after each workspace."""
import datetime
import subprocess
import time

from lib import BUILD, OWNER, Client, Scratch, Server, percentile, resident

ABOUT = "seconds for the PDF, the workbook and the presentation of a month of 10,000 posts; all three for 100 workspaces"
GOAL = "<= 1 s each, <= 60 s for 100 workspaces, flat memory"
FIRST = datetime.datetime(2026, 9, 30, 15, tzinfo=datetime.timezone.utc)  # 1 October in Tokyo
FILES = {"pdf": b"%PDF-", "xlsx": b"PK", "pptx": b"PK"}
FLAT = 8 * 2**20  # what the second half of the workspaces may add to the highest of the first


def make(client, at):
    return client.call("POST", f"{at}/reports", {"kind": "monthly", "name": "十月のご報告", "client": "喫茶ひびき", "from": "2026-10-01", "until": "2026-10-31"})["id"]


def read(client, at, report, name):
    began = time.monotonic()
    reply, data = client.call("GET", f"{at}/reports/{report}/report.{name}", raw=True)
    took = time.monotonic() - began
    if reply.status != 200 or not data.startswith(FILES[name]):
        raise RuntimeError(f"{name}: {reply.status} {data[:300]}")
    return took, len(data)


def fill(folder, posts, workspaces):
    began = time.monotonic()
    subprocess.run([BUILD / "bench/report_fill", folder, str(int(FIRST.timestamp())), str(posts), *workspaces], check=True)
    print(f"{len(workspaces)} x {posts:,} posts filled in within {time.monotonic() - began:.0f} s")


def one_large(client, rounds):
    worst = 0
    for name in FILES:
        found = []
        for _ in range(rounds):
            found.append(read(client, client.at, make(client, client.at), name))  # a new report: the workspace has changed
        times = [took for took, _ in found]
        worst = max(worst, percentile(times, 50))
        print(f"{name:5} median {percentile(times, 50):.2f} s, longest {max(times):.2f} s, {found[0][1] / 1e3:,.0f} kB")
    return worst


def many(client, server, workspaces):
    began, memory = time.monotonic(), []
    for workspace in workspaces:
        at = f"/api/v1/workspaces/{workspace}"
        report = make(client, at)
        for name in FILES:
            read(client, at, report, name)
        memory.append(resident(server.process.pid))
    took, half = time.monotonic() - began, len(memory) // 2
    first, second = max(memory[:half]), max(memory[half:])
    print(f"{len(workspaces)} workspaces: {took:.1f} s, {took / len(workspaces) * 1e3:.0f} ms each; resident memory at most {first / 2**20:.0f} MiB in the first half, {second / 2**20:.0f} MiB in the second")
    return took, second - first


def run(quick):
    n, posts, large, rounds = (10, 200, 1_000, 1) if quick else (100, 1_000, 10_000, 7)
    with Scratch() as folder:
        with Server(folder) as server:
            client = Client(server.port).set_up()
            others = [client.call("POST", "/api/v1/workspaces", {"name": f"顧客 {k + 1}", "zone": OWNER["zone"]})["id"] for k in range(n)]
        fill(folder, large, [client.workspace])
        fill(folder, posts, others)
        with Server(folder, port=server.port) as server:
            client = Client(server.port).sign_in()
            client.at = f"/api/v1/workspaces/{next(w['workspace_id'] for w in client.session['workspaces'] if w['name'] == OWNER['workspace'])}"
            worst = one_large(client, rounds)
            took, grew = many(client, server, others)
    return f"{worst:.2f} s the slowest file, {took:.0f} s for {n} workspaces", "", worst <= 1 and took <= 60 and grew <= FLAT
