"""A million messages of 20,000 people lie in the inbox: 50,000 stored as webhooks' are (inbox_fill.c), and each of them 19 times more under other ids and times. Then it is opened (the list of what waits, as the page asks for it), a conversation is opened, and words are searched:
two characters that are rare, two that are in a third of all messages, and longer ones; each time after one more message came in by webhook, which empties the replies that are kept. The limit is 100 ms at the 95th percentile."""
import subprocess
import time

from inbox_burst import A_CALL, PEOPLE, Storm, connect_line, counted, texts
from lib import BUILD, Client, Scratch, Server, World, percentile

ABOUT = "p95 of opening the inbox and of searching it, with 1,000,000 messages"
GOAL = "<= 100 ms each"
LIMIT_MS = 100
ROUNDS = 40
WORDS = ["炎上", "返金", "予約", "です", "ありがとう", "いつ届きますか", "最悪", "クーポン"]


def timed(client, path):
    start = time.monotonic()
    reply, _ = client.call("GET", client.at + path, headers={"Cache-Control": "no-cache"}, raw=True)
    if reply.status != 200:
        raise RuntimeError(f"{path}: {reply.status}")
    return (time.monotonic() - start) * 1e3


def measure(client, storm):
    figures = {"open": [], "thread": [], **{f"search {word}": [] for word in WORDS}}
    for k in range(ROUNDS):
        storm.pour([storm.call()], None)  # something changes: no reply is kept from the round before
        time.sleep(0.1)
        figures["open"].append(timed(client, "/threads?waiting=true&order=urgent&limit=50"))
        page = client.call("GET", client.at + f"/threads?order=newest&limit={k + 1}")["threads"]
        figures["thread"].append(timed(client, f"/threads/{page[-1]['id']}?limit=50"))
        for word in WORDS:
            figures[f"search {word}"].append(timed(client, "/threads?order=newest&limit=50&words=" + "".join(f"%{b:02X}" for b in word.encode())))
    return figures


def fill(folder, client, account, n):
    began, once = time.monotonic(), min(n, 50_000)
    words = "\n".join(text.replace("\n", " ") for text in texts())
    subprocess.run([BUILD / "bench/inbox_fill", f"sqlite:{next(folder.glob('*.db'))}", client.workspace, account, str(once), str(n // once), str(PEOPLE)], input=words.encode(), check=True)
    print(f"{n:,} messages filled in within {time.monotonic() - began:.0f} s")


def run(quick):
    n = 50_000 if quick else 1_000_000
    with Scratch() as folder, World(folder) as world:
        with Server(folder, *world.server_options) as server:
            client = Client(server.port).set_up()
            path, channel = connect_line(client, world)
            account = client.call("GET", client.at + "/accounts")["accounts"][0]["id"]
        fill(folder, client, account, n)
        with Server(folder, *world.server_options, port=server.port) as server:
            figures = measure(client, Storm(channel, path, server.port))
        stored, _, _, (n_threads, _) = counted(folder)
    print(f"{stored:,} messages in {n_threads:,} threads")
    for name, values in figures.items():
        print(f"{name:24} median {percentile(values, 50):7.1f} ms   p95 {percentile(values, 95):7.1f} ms")
    opened = percentile(figures["open"], 95)
    searched = max(percentile(values, 95) for name, values in figures.items() if name.startswith("search"))
    return f"open {opened:.0f} ms, search {searched:.0f} ms", "(p95)", opened <= LIMIT_MS and searched <= LIMIT_MS and stored >= n
