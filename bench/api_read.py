"""A cached API read with a session cookie against a bare libmicrohttpd server that sends the same bytes: requests a second of both, in turns of one run."""
import re
import statistics
import subprocess

from lib import BUILD, Client, Scratch, Server

ABOUT, GOAL = "cached API read beside a bare libmicrohttpd hello", ">= 50 %"


def wrk(port, path, seconds, *headers):
    command = ["wrk", "-t1", "-c64", f"-d{seconds}s"]
    for header in headers:
        command += ["-H", header]
    text = subprocess.run([*command, f"http://127.0.0.1:{port}{path}"], capture_output=True, text=True, check=True).stdout
    if "Non-2xx" in text:
        raise RuntimeError(text)
    return float(re.search(r"Requests/sec:\s+([\d.]+)", text)[1])


def run(quick):
    with Scratch() as folder, Server(folder) as server:
        client = Client(server.port).set_up()
        path = client.at + "/networks"
        _, body = client.call("GET", path, raw=True)
        (folder / "body").write_bytes(body)
        hello = subprocess.Popen([str(BUILD / "bench/hello"), str(folder / "body")], stdout=subprocess.PIPE, text=True)
        try:
            port, rounds, seconds = int(hello.stdout.readline()), 3 if quick else 5, 2 if quick else 4
            bare, ours = [], []
            for _ in range(rounds):
                bare.append(wrk(port, "/", seconds))
                ours.append(wrk(server.port, path, seconds, f"Cookie: {client.cookie}"))
        finally:
            hello.kill()
        print(f"bare: {' '.join(f'{x:.0f}' for x in bare)} req/s; cached read ({len(body)} B): {' '.join(f'{x:.0f}' for x in ours)} req/s")
        ratio = statistics.median(o / b for o, b in zip(ours, bare))
        return f"{ratio * 100:.0f}", "% of bare libmicrohttpd", ratio >= 0.5
