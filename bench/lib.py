"""What the figures share: starting the real binary on fresh data, talking to it, the practice network, percentiles."""
import datetime
import http.client
import json
import os
import pathlib
import re
import shutil
import signal
import socket
import subprocess
import tempfile
import time
import urllib.parse

ROOT = pathlib.Path(__file__).resolve().parent.parent
BUILD = pathlib.Path(os.environ.get("HIBIKI_BENCH_BUILD", ROOT / "build/release"))
BINARY = os.environ.get("HIBIKI_BENCH_BINARY", str(BUILD / "src/app/hibiki"))
OWNER = {"name": "計測", "email": "bench@example.com", "password": "a long enough password", "workspace": "計測", "zone": "Asia/Tokyo", "locale": "ja"}


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def percentile(values, p):
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, max(0, int(round(p / 100 * len(ordered) + 0.5)) - 1))]


class Scratch:
    """A folder that goes away at the end; in memory where waiting for the disk is no part of the figure."""

    def __init__(self, in_memory=False):
        self.parent = "/dev/shm" if in_memory and os.access("/dev/shm", os.W_OK) else None

    def __enter__(self):
        self.path = pathlib.Path(tempfile.mkdtemp(prefix="hibiki-bench-", dir=self.parent))
        return self.path

    def __exit__(self, *_):
        shutil.rmtree(self.path, ignore_errors=True)


def resident(pid, highest=False):
    """Resident set in bytes, now or at its highest."""
    return int(re.search(rf"^{'VmHWM' if highest else 'VmRSS'}:\s+(\d+)", pathlib.Path(f"/proc/{pid}/status").read_text(), re.M)[1]) * 1024


class Server:
    """`hibiki serve` on a data directory; the port stays the same over restarts."""

    def __init__(self, data_dir, *options, port=None, command="serve"):
        self.data_dir, self.port, self.options, self.process, self.command = data_dir, port or free_port(), options, None, command

    def start(self, wait=True):
        self.log = open(self.data_dir / "server.log", "ab")
        self.process = subprocess.Popen(
            [BINARY, self.command, "--data-dir", str(self.data_dir), "--port", str(self.port), "--log-level", "warn", *self.options],
            stdin=subprocess.DEVNULL, stdout=self.log, stderr=self.log)
        if wait:
            self.wait_ready()
        return self

    def wait_ready(self, seconds=60):
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if self.process.poll() is not None:
                raise RuntimeError(f"the server ended: {(self.data_dir / 'server.log').read_text()[-2000:]}")
            try:
                socket.create_connection(("127.0.0.1", self.port), 0.2).close()
                return
            except OSError:
                time.sleep(0.002)
        raise RuntimeError(f"the server did not start: {(self.data_dir / 'server.log').read_text()[-2000:]}")

    def kill(self):
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def stop(self):
        if self.process and self.process.poll() is None:
            self.process.terminate()
            self.process.wait(20)

    def memory(self):
        """Resident set and proportional set in bytes."""
        rollup = pathlib.Path(f"/proc/{self.process.pid}/smaps_rollup").read_text()
        return resident(self.process.pid), int(re.search(r"^Pss:\s+(\d+)", rollup, re.M)[1]) * 1024

    def __enter__(self):
        return self.start()

    def __exit__(self, *_):
        self.stop()


def wait_web(port, seconds=60):
    """Until the program answers: the demo writes its history first."""
    end = time.monotonic() + seconds
    while True:
        try:
            if Client(port).call("GET", "/api/v1/about"):
                return
        except (OSError, http.client.HTTPException, RuntimeError):
            if time.monotonic() > end:
                raise
        time.sleep(0.05)


class Client:
    """A signed-in browser session over one kept connection."""

    def __init__(self, port):
        self.port, self.cookie, self.csrf, self.connection = port, None, None, None

    def call(self, method, path, body=None, headers=None, raw=False, data=None):
        heads = dict(headers or {})
        if self.cookie:
            heads["Cookie"] = self.cookie
        if self.csrf and method != "GET":
            heads["X-CSRF-Token"] = self.csrf
        if body is not None:
            data, heads["Content-Type"] = json.dumps(body).encode(), "application/json"
        for attempt in (1, 2):
            try:
                if self.connection is None:
                    self.connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
                self.connection.request(method, path, data, heads)
                reply = self.connection.getresponse()
                text = reply.read()
                break
            except (http.client.HTTPException, OSError):
                self.connection = None
                if attempt == 2:
                    raise
        for cookie in reply.headers.get_all("Set-Cookie") or []:
            self.cookie = cookie.split(";")[0]
        return (reply, text) if raw else self.read(reply, text)

    @staticmethod
    def read(reply, text):
        if reply.status >= 400:
            raise RuntimeError(f"refused: {reply.status} {text[:500].decode(errors='replace')}")
        return json.loads(text) if text else None

    def take_session(self, session):
        self.csrf, self.session = session["csrf"], session
        self.workspace = session["workspaces"][0]["workspace_id"]
        self.at = f"/api/v1/workspaces/{self.workspace}"
        return self

    def set_up(self):
        return self.take_session(self.call("POST", "/api/v1/setup", OWNER))

    def sign_in(self):
        return self.take_session(self.call("POST", "/api/v1/session", {"email": OWNER["email"], "password": OWNER["password"]}))


class Practice:
    """The practice network on loopback: a face of the Bluesky API that counts every effect."""

    def __init__(self, folder):
        self.process = subprocess.Popen([BINARY, "practice", "--data-dir", str(folder), "--port", "0", "--log-level", "warn"], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True)
        self.about = json.loads(self.process.stdout.readline())
        self.url, self.accounts = self.about["url"], self.about["accounts"]

    def get(self, path):
        host = self.url.split("//")[1]
        connection = http.client.HTTPConnection(host, timeout=60)
        connection.request("GET", path)
        return json.loads(connection.getresponse().read())

    def post(self, path, body):
        connection = http.client.HTTPConnection(self.url.split("//")[1], timeout=60)
        connection.request("POST", path, json.dumps(body).encode(), {"Content-Type": "application/json"})
        reply = connection.getresponse()
        text = reply.read()
        if reply.status >= 400:
            raise RuntimeError(f"{path}: {reply.status} {text!r}")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait(10)


def with_practice(practice):
    """Options that point a server at the practice network."""
    return ["--bluesky-service", practice.url, "--allow-private-services", "yes"]


def connect(client, practice):
    """The id of the practice network's first account, connected."""
    who = practice.accounts[0]
    return client.call("POST", client.at + "/accounts", {"network": "bluesky", "handle": who["handle"], "password": who["password"]})["id"]


def seed(folder, client, account, n_later, n_due, first, span_s=30 * 86400, due_span_s=1):
    """Fills the stopped server's database (see seed.c); the seconds it took. `account`: one, or several as ID:FORMAT,ID:FORMAT."""
    began = time.monotonic()
    subprocess.run([str(BUILD / "bench/seed"), str(folder), client.workspace, account, str(n_later), str(n_due), str(first), str(span_s), str(due_span_s)], check=True)
    return time.monotonic() - began


def stamp(seconds, precision="seconds"):
    return datetime.datetime.fromtimestamp(seconds, datetime.timezone.utc).isoformat(timespec=precision).replace("+00:00", "Z")


def parse_time(text):
    return datetime.datetime.fromisoformat(text.replace("Z", "+00:00")).timestamp()


def instant(seconds_ahead):
    at = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(seconds=seconds_ahead)
    return at.strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def read_deliveries(client):
    rows, cursor = [], None
    while True:
        page = client.call("GET", f"{client.at}/deliveries?limit=500" + (f"&cursor={cursor}" if cursor else ""))
        rows += page["deliveries"]
        cursor = page.get("next_cursor")
        if not cursor:
            return rows


def read_due(client, since, until):
    """Deliveries due in [since, until), seconds."""
    rows, cursor = [], None
    while True:
        page = client.call("GET", f"{client.at}/deliveries?from={stamp(since)}&to={stamp(until)}&limit=500" + (f"&cursor={cursor}" if cursor else ""))
        rows += page["deliveries"]
        cursor = page.get("next_cursor")
        if not cursor:
            return rows


def upload(client, path):
    """A file as a media, ready; None: the picture of the tests."""
    if path is None:
        path = ROOT / "tests/data/images/baseline_40x30.jpg"
        reply, text = client.call("POST", client.at + "/media", headers={"Content-Type": "image/jpeg"}, data=path.read_bytes(), raw=True)
        media = Client.read(reply, text)
    else:
        data = path.read_bytes()
        begun = client.call("POST", client.at + "/uploads", {"name": path.name, "bytes": len(data)})
        client.call("PUT", f"{client.at}/uploads/{begun['id']}?from=0", headers={"Content-Type": "application/octet-stream"}, data=data)
        media = client.call("POST", f"{client.at}/uploads/{begun['id']}/finish")
    while media["state"] == "working":
        time.sleep(0.1)
        media = client.call("GET", f"{client.at}/media/{media['id']}/about")
    return media["id"]


def make_video(folder):
    """Four upright seconds that every network of short videos takes."""
    path = folder / "short.mp4"
    subprocess.run([BUILD / "src/features/media/make_media", path, "width=720", "height=1280", "fps=30", "seconds=4"], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return path


class World:
    """`hibiki practice` as a process of its own: every network's face, which outlives any kill of the server."""

    def __init__(self, data_dir, *options):
        self.data_dir, self.options = data_dir, options

    def __enter__(self):
        self.process = subprocess.Popen([BINARY, "practice", "--json", "--data-dir", str(self.data_dir), "--port", "0", *self.options], stdin=subprocess.DEVNULL,
                                        stdout=subprocess.PIPE, stderr=open(self.data_dir / "world.log", "ab"), text=True)
        self.about = json.loads(self.process.stdout.readline())
        self.networks = {n["network"]: n for n in self.about["networks"]}
        self.server_options = ["--practice", ",".join(f"{name}={n['url']}" for name, n in self.networks.items())]
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait(20)

    def ask(self, network, path, body=None):
        """The control door of one face."""
        connection = http.client.HTTPConnection(self.networks[network]["url"].split("//")[1], timeout=30)
        connection.request("GET" if body is None else "POST", path, None if body is None else json.dumps(body), {"Content-Type": "application/json"})
        reply = connection.getresponse()
        text = reply.read()
        if reply.status != 200:
            raise RuntimeError(f"{network} {path}: {reply.status} {text[:300]}")
        return json.loads(text)

    def connect(self, client, network, n=0):
        """Connects account number n as a person would; the account's id."""
        place = self.networks[network]
        who = place["accounts"][n]
        about = next(i for i in client.call("GET", client.at + "/networks")["networks"] if i["name"] == network)
        if about["auth"] != "oauth":
            name = who["handle"] if about["auth"] == "password" else who["id"]
            return client.call("POST", client.at + "/accounts", {"network": network, "practice": True, "handle": name, "password": who["password"]})["id"]
        made = client.call("POST", client.at + "/connections", {"network": network, "practice": True})
        code = self.allow(made["authorize_url"] + "&practice_account=" + urllib.parse.quote(who["handle"]))
        client.call("GET", code.split(f":{client.port}", 1)[1] if f":{client.port}" in code else urllib.parse.urlsplit(code)._replace(scheme="", netloc="").geturl(), raw=True)
        made = client.call("GET", f"{client.at}/connections/{made['id']}")
        if made["state"] == "choose":
            made = client.call("POST", f"{client.at}/connections/{made['id']}/choose", {"remote_ids": [made["choices"][0]["remote_id"]]})
        if not made.get("accounts"):
            raise RuntimeError(f"{network} did not connect: {made}")
        return made["accounts"][0] if isinstance(made["accounts"][0], str) else made["accounts"][0]["id"]

    @staticmethod
    def allow(url):
        """The network's page answered by the practice account: where it sends the browser."""
        at = urllib.parse.urlsplit(url)
        connection = http.client.HTTPConnection(at.netloc, timeout=30)
        connection.request("GET", at._replace(scheme="", netloc="").geturl())
        reply = connection.getresponse()
        text = reply.read()
        if reply.status not in (302, 303):
            raise RuntimeError(f"{url}: {reply.status} {text[:300]}")
        return reply.getheader("Location")
