"""Short links followed over 64 connections, each click in its file (the kernel's) before its reply, on the disk some milliseconds later, beside nginx returning a static 302: requests a second of both in turns of one run, and our p99.

Visitors differ (4,096 addresses, as a proxy tells them). At the end every answer that wrk counted is in the store, once."""
import re
import statistics
import subprocess
import time

from lib import Client, Scratch, Server, free_port

ABOUT, GOAL = "redirects whose clicks survive a kill beside nginx's static 302", ">= 20,000/s, p99 <= 5 ms"
TARGET = "https://example.com/products/spring?utm_source=x"
SCRIPT = """
local made, at = {}, 0
function init(args)
  for i = 0, 4095 do
    made[i] = wrk.format("GET", nil, {["X-Forwarded-For"] = "198.51." .. math.floor(i / 256) .. "." .. i % 256,
      ["User-Agent"] = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 Mobile/15E148 Safari/604.1", ["Referer"] = "https://t.co/"})
  end
end
function request() at = (at + 1) % 4096; return made[at] end
"""
CONFIG = """
daemon off; pid {folder}/nginx.pid; error_log {folder}/nginx.log; worker_processes 1; user root;
events {{ worker_connections 1024; }}
http {{ access_log off; client_body_temp_path {folder}; proxy_temp_path {folder}; fastcgi_temp_path {folder}; uwsgi_temp_path {folder}; scgi_temp_path {folder};
  keepalive_requests 1000000000;
  server {{ listen 127.0.0.1:{port}; location / {{ return 302 {target}; }} }} }}
"""


def wrk(script, port, path, seconds):
    """(requests, requests a second, p99 in ms)"""
    text = subprocess.run(["wrk", "-t1", "-c64", f"-d{seconds}s", "--latency", "-s", str(script), f"http://127.0.0.1:{port}{path}"], capture_output=True, text=True, check=True).stdout
    if "Non-2xx" in text or "Socket errors" in text:
        raise RuntimeError(text)
    p99 = re.search(r"99%\s+([\d.]+)(us|ms|s)", text)
    return int(re.search(r"(\d+) requests in", text)[1]), float(re.search(r"Requests/sec:\s+([\d.]+)", text)[1]), float(p99[1]) * {"us": 0.001, "ms": 1, "s": 1000}[p99[2]]


def stored(client, link):
    count = client.call("GET", f"{client.at}/links/{link['id']}")["count"]
    return count["clicks"] + count["floods"] + count["bots"]


def run(quick):
    rounds, seconds = (2, 3) if quick else (5, 8)
    with Scratch() as folder, Server(folder, "--behind-proxy", "yes") as server:
        client = Client(server.port).set_up()
        link = client.call("POST", client.at + "/links", {"target": TARGET, "variants": []})
        script, port = folder / "visitors.lua", free_port()
        script.write_text(SCRIPT)
        (folder / "nginx.conf").write_text(CONFIG.format(folder=folder, port=port, target=TARGET))
        nginx = subprocess.Popen(["/usr/sbin/nginx", "-c", str(folder / "nginx.conf")], stderr=subprocess.DEVNULL)
        try:
            time.sleep(0.5)
            ours, theirs, answered = [], [], 0
            for _ in range(rounds):
                theirs.append(wrk(script, port, "/l/" + link["code"], seconds))
                ours.append(wrk(script, server.port, "/l/" + link["code"], seconds))
                answered += ours[-1][0]
                time.sleep(1)
        finally:
            nginx.terminate()
            nginx.wait(10)
        end = time.monotonic() + 120
        while stored(client, link) < answered and time.monotonic() < end:
            time.sleep(0.2)
        kept = stored(client, link)
    print(f"nginx: {' '.join(f'{x[1]:.0f}' for x in theirs)} req/s, p99 {' '.join(f'{x[2]:.2f}' for x in theirs)} ms")
    print(f"ours: {' '.join(f'{x[1]:.0f}' for x in ours)} req/s, p99 {' '.join(f'{x[2]:.2f}' for x in ours)} ms; answered {answered}, in the store {kept}")
    rate, p99 = statistics.median(x[1] for x in ours), statistics.median(x[2] for x in ours)
    ratio = statistics.median(o[1] / t[1] for o, t in zip(ours, theirs))
    # wrk drops the answers that were on their way when its time was over: those clicks are stored all the same.
    is_whole = answered <= kept <= answered + 64 * rounds
    return f"{rate:,.0f}/s, p99 {p99:.2f} ms, {ratio * 100:.0f} % of nginx", "redirects whose clicks survive a kill", rate >= 20000 and p99 <= 5 and is_whole
