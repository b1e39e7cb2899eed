"""Memory of an idle server: resident set after ten quiet seconds on an empty instance with its owner signed in."""
import time

from lib import Client, Scratch, Server

ABOUT, GOAL = "memory of an idle `hibiki serve`", "<= 30 MB RSS"


def run(quick):
    with Scratch() as folder, Server(folder) as server:
        client = Client(server.port).set_up()
        client.call("GET", client.at + "/today")
        time.sleep(3 if quick else 10)
        rss, pss = server.memory()
        print(f"RSS {rss / 1e6:.1f} MB, PSS {pss / 1e6:.1f} MB (shared libraries counted by share)")
        return f"{rss / 1e6:.1f}", "MB", rss <= 30e6
