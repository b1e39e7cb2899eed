"""From starting the program on an empty data directory to the whole first page with its boot reply: median of several starts."""
import statistics
import time

from lib import Client, Scratch, Server

ABOUT, GOAL = "fresh start to first page", "<= 1 s"


def run(quick):
    times = []
    for _ in range(3 if quick else 9):
        with Scratch() as folder:
            server = Server(folder)
            began = time.monotonic()
            server.start()
            reply, page = Client(server.port).call("GET", "/", raw=True)
            times.append(time.monotonic() - began)
            assert reply.status == 200 and b'id="boot"' in page, page[:300]
            server.stop()
    print("starts:", " ".join(f"{t * 1000:.0f}" for t in times), "ms")
    median = statistics.median(times)
    return f"{median * 1000:.0f}", "ms", median <= 1
