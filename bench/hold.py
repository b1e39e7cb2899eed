"""10,000 posts are due at once, and the switch is thrown. How long until the last post that still goes out is called, counted from the moment the switch's own answer came; nothing
held may be marked sent, and the release lets all of them out in the order they were due."""
import time

from lib import Client, Practice, Scratch, Server, connect, parse_time, read_deliveries, seed, with_practice

ABOUT, GOAL = "hold-everything with 10,000 due: last call after the switch", "<= 100 ms, none held marked sent, released in order"


def run(quick):
    due = 1_000 if quick else 10_000
    with Scratch() as folder, Scratch() as network, Practice(network) as practice:
        server = Server(folder, *with_practice(practice)).start()
        client = Client(server.port).set_up()
        account = connect(client, practice)
        server.stop()
        first = int(time.time()) + (8 if quick else 25)
        seed(folder, client, account, 0, due, first)
        practice.post("/practice/fault", {"fault": "delay", "method": "com.atproto.repo.putRecord", "times": -1, "ms": 20, "share": 1})
        with server:
            client.connection = None
            time.sleep(max(0, first + 0.6 - time.time()))
            asked = time.time()
            client.call("PUT", client.at + "/hold", {"is_held": True, "reason": "計測"})
            held = time.time()
            time.sleep(3)
            posts = practice.get("/practice/posts")["posts"]
            rows = read_deliveries(client)
            sent = {r["text"] for r in rows if r["sent_at"]}
            out = {p["text"]: parse_time(p["arrived_at"]) for p in posts}
            last = max([parse_time(r["sent_at"]) for r in rows if r["sent_at"]], default=asked)
            wrong = len(sent - set(out)) + sum(1 for r in rows if r["state"] == "waiting" and r["sent_at"])
            practice.post("/practice/fault", {"fault": "none"})
            client.call("PUT", client.at + "/hold", {"is_held": False})
            end = time.monotonic() + 180
            while any(r["state"] != "published" for r in read_deliveries(client)) and time.monotonic() < end:
                time.sleep(1)
            rows = read_deliveries(client)
            counts = practice.get("/practice/counts")
            later = sorted((r for r in rows if r["text"] not in out and r["sent_at"]), key=lambda r: (r["due_at"], r["id"]))
            starts = [parse_time(r["sent_at"]) for r in later]
            disorder = sum(1 for a, b in zip(starts, starts[64:]) if b < a) # 16 at once: a neighbour may overtake, no more
    late_ms = max(0, (last - held) * 1000)
    done = sum(r["state"] == "published" for r in rows)
    print(f"{len(out)} of {due} were out when the switch was thrown; its answer took {(held - asked) * 1000:.0f} ms; the last call began {late_ms:.0f} ms after it; marked sent though held {wrong}; "
          f"after the release {done} of {due} published, {disorder} out of order, duplicates {counts['n_twice_text'] + counts['n_twice_key']}")
    ok = late_ms <= 100 and not wrong and done == due and not disorder and not counts["n_twice_text"]
    return f"{late_ms:.0f}", f"ms after the switch's answer, {wrong} wrongly marked, {due} due", ok
