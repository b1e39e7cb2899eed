"""The real binary on fresh data: `Server` and `Practice` are processes, `Client` is somebody who talks to one.

Every exchange of a Client goes through the contract's judge at once. What a sanitizer writes to the server's standard error fails the test that stops it."""
import concurrent.futures
import http.client
import json
import os
import pathlib
import re
import secrets
import shutil
import signal
import socket
import subprocess
import tempfile
import time
import urllib.parse
import uuid

from contract import CONTRACT, ROOT, SEEN, SERVER_FAULTS

BINARY = os.environ.get("HIBIKI_BINARY", str(ROOT / "build/asan/src/app/hibiki"))
POSTGRES = os.environ.get("HIBIKI_TEST_POSTGRES")
UNSET = object()
OWNER = {"name": "響 ひびき", "email": "owner@example.com", "password": "correct horse 馬 battery", "workspace": "喫茶ひびき", "zone": "Asia/Tokyo", "locale": "ja"}
COMPLAINTS = re.compile(r"AddressSanitizer|LeakSanitizer|UndefinedBehaviorSanitizer|ThreadSanitizer|runtime error:|GLib-CRITICAL|hibiki-CRITICAL|CRITICAL \*\*|WARNING \*\*|Assertion|assertion")


def free_port():
    """Below the ports the kernel gives away by itself, so that no connection made meanwhile has it; each run of several draws its own."""
    while True:
        with socket.socket() as s:
            port = 15000 + secrets.randbelow(17000)
            try:
                s.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port


def environment():
    env = {k: v for k, v in os.environ.items() if not k.startswith("HIBIKI_")}
    env.setdefault("ASAN_OPTIONS", "detect_leaks=1:abort_on_error=0:strict_string_checks=1")
    env.setdefault("UBSAN_OPTIONS", "print_stacktrace=1:halt_on_error=1")
    return env


class Database:
    """A fresh place to store: an SQLite file in the data directory, or a PostgreSQL database of its own.

    Migrating takes longer than most tests, so it is done once a run and database, by a server that starts and stops; others begin with a copy. `is_bare` has nothing."""
    started = {}

    def __init__(self, kind, is_bare=False):
        self.kind, self.name = kind, None
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="hibiki-api-"))
        self.options = []
        origin = None if is_bare else Database.as_started(kind)
        if origin:
            shutil.copytree(origin.folder, self.folder, dirs_exist_ok=True)
        if kind == "postgresql":
            self.name = "api_" + uuid.uuid4().hex[:12]
            self.sql(f'create database "{self.name}"' + (f' template "{origin.name}"' if origin else ""), database="postgres")
            self.url = re.sub(r"^(postgres(?:ql)?://[^/]*/)[^?]*", lambda m: m[1] + self.name, POSTGRES)
            self.options = ["--database", self.url, "--connections", "6"]

    @classmethod
    def as_started(cls, kind):
        if kind not in cls.started:
            made = cls(kind, is_bare=True)
            Server(made).start().stop()
            (made.folder / "server.log").unlink()
            cls.started[kind] = made
        return cls.started[kind]

    @classmethod
    def forget(cls):
        for made in cls.started.values():
            made.remove()
        cls.started.clear()

    def sql(self, text, database=None):
        url = re.sub(r"^(postgres(?:ql)?://[^/]*/)[^?]*", lambda m: m[1] + (database or self.name), POSTGRES)
        return subprocess.run(["psql", "-qAtX", "-v", "ON_ERROR_STOP=1", url, "-c", text], check=True, capture_output=True, text=True, cwd="/").stdout

    def remove(self):
        if self.name:
            self.sql(f'drop database if exists "{self.name}" with (force)', database="postgres")
        shutil.rmtree(self.folder, ignore_errors=True)


class Server:
    """`hibiki serve`; keeps its port over restarts."""

    def __init__(self, database, *options, before=None, command="serve"):
        self.database, self.options, self.before, self.command = database, list(options), before, command
        self.port, self.process, self.log_path = free_port(), None, database.folder / "server.log"

    def start(self):
        self.log = open(self.log_path, "ab")
        self.process = subprocess.Popen(
            [BINARY, self.command, "--data-dir", str(self.database.folder), "--port", str(self.port), "--log-level", "warn", "--behind-proxy", "yes", *self.database.options, *self.options],
            stdin=subprocess.DEVNULL, stdout=self.log, stderr=self.log, env=environment(), preexec_fn=self.before)
        end = time.monotonic() + 90
        while time.monotonic() < end:
            if self.process.poll() is not None:
                raise AssertionError(f"the server ended with {self.process.returncode}:\n{self.text()[-6000:]}")
            try:
                socket.create_connection(("127.0.0.1", self.port), 1).close()
                return self
            except OSError:
                time.sleep(0.01)
        self.kill()  # or every test that needs it would leave one more behind
        raise AssertionError(f"the server did not start:\n{self.text()[-6000:]}")

    def text(self):
        return self.log_path.read_text(errors="replace") if self.log_path.exists() else ""

    def kill(self):
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()
        self.log.close()

    def stop(self):
        """Ends it in order and looks at what it said."""
        if self.process is None:
            return
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(30)
            except subprocess.TimeoutExpired:
                self.kill()
                raise AssertionError(f"the server did not end within 30 s of being told to:\n{self.text()[-4000:]}") from None
        code, self.process = self.process.returncode, None
        self.log.close()
        text = self.text()
        assert not COMPLAINTS.search(text), f"the server complained:\n{text[-12000:]}"
        assert code == 0, f"the server ended with {code}:\n{text[-6000:]}"


class Practice:
    """The practice network on loopback, with its control door."""

    def __init__(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="hibiki-practice-"))
        self.log = open(self.folder / "practice.log", "ab")
        self.process = subprocess.Popen([BINARY, "practice", "--data-dir", str(self.folder), "--port", "0"], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                        stderr=self.log, text=True, env=environment())
        about = json.loads(self.process.stdout.readline() or "{}")
        assert about, f"the practice network did not start: {(self.folder / 'practice.log').read_text()[-3000:]}"
        self.url, self.accounts, self.networks = about["url"], about["accounts"], about["networks"]
        self.options = ["--bluesky-service", self.url, "--allow-private-services", "yes"]

    def ask(self, method, path, body=None):
        connection = http.client.HTTPConnection(self.url.split("//")[1], timeout=30)
        connection.request(method, path, None if body is None else json.dumps(body), {"Content-Type": "application/json"})
        answer = connection.getresponse()
        text = answer.read()
        assert answer.status == 200, (path, answer.status, text)
        return json.loads(text)

    def fault(self, name, method=None, times=-1, ms=0):
        self.ask("POST", "/practice/fault", {"fault": name, "times": times, "ms": ms, **({"method": method} if method else {})})

    def end_sessions(self):
        self.ask("POST", "/practice/end", {})

    def count(self, text):
        return sum(1 for p in self.ask("GET", "/practice/posts")["posts"] if p["text"] == text)

    def stop(self):
        self.process.terminate()
        self.process.wait(20)
        self.process.stdout.close()
        self.log.close()
        text = (self.folder / "practice.log").read_text(errors="replace")
        shutil.rmtree(self.folder, ignore_errors=True)
        assert not COMPLAINTS.search(text), f"the practice network complained:\n{text[-8000:]}"


class Reply:
    def __init__(self, status, headers, body):
        self.status, self.headers, self.bytes = status, headers, body

    @property
    def json(self):
        return json.loads(self.bytes) if self.bytes else None

    def __getitem__(self, key):
        return self.json[key]

    def __repr__(self):
        return f"<{self.status} {self.bytes[:1500].decode(errors='replace')}>"


class Client:
    """Somebody who talks to a server: a browser session (cookie and CSRF token), an API token, or nobody."""

    def __init__(self, server, token=None, address=None, language=None):
        self.server, self.token, self.address, self.language = server, token, address, language
        self.cookie = self.csrf = self.workspace = self.person = self.connection = None

    # --- exchanges -------------------------------------------------------------------------------------------
    def headers_for(self, method, headers):
        out = {}
        if self.token:
            out["Authorization"] = "Bearer " + self.token
        if self.cookie:
            out["Cookie"] = self.cookie
        if self.csrf and method != "GET":
            out["X-CSRF-Token"] = self.csrf
        if self.address:
            out["X-Forwarded-For"] = self.address
        if self.language:
            out["Accept-Language"] = self.language
        out.update(headers or {})
        return {k: v for k, v in out.items() if v is not None}

    def exchange(self, method, url, data, headers):
        for attempt in (1, 2):
            fresh = self.connection is None
            try:
                if fresh:
                    self.connection = http.client.HTTPConnection("127.0.0.1", self.server.port, timeout=60)
                try:
                    self.connection.request(method, url, data, headers)
                except (BrokenPipeError, ConnectionResetError):
                    if not fresh:
                        raise
                    # Refused while the body was still on its way: the answer must be readable all the same.
                answer = self.connection.getresponse()
                return answer, answer.read()
            except (http.client.HTTPException, OSError):
                self.connection.close()
                self.connection = None
                if fresh or attempt == 2:
                    raise
        raise AssertionError("unreachable")

    def raw(self, method, url, data=None, headers=None, request_body=None):
        """One exchange, judged and written down."""
        answer, body = self.exchange(method, url, data, self.headers_for(method, headers))
        for cookie in answer.headers.get_all("Set-Cookie") or []:
            assert "HttpOnly" in cookie and "SameSite=Lax" in cookie and "Path=/" in cookie, cookie
            self.cookie = cookie.split(";")[0]
        reply = Reply(answer.status, answer.headers, body)
        path = url.split("?")[0]
        operation = CONTRACT.find(method, path)
        kind = answer.headers.get("Content-Type", "")
        if path.startswith(("/api/", "/m/")) or operation is not None:
            SEEN.add(operation, method, path, reply.status, request_body, kind, body)
            wrong = CONTRACT.judge(operation, request_body, reply.status, kind, body)
            if reply.status >= 500 and reply.json.get("reason") not in SERVER_FAULTS:
                wrong.append("a fault of the server")
            assert not wrong, f"{method} {url} → {reply}: " + "; ".join(wrong)
            if reply.status != 304:
                assert answer.headers.get("Cache-Control"), f"{method} {url}: no Cache-Control"
        return reply

    def send(self, operation, body=UNSET, query=None, headers=None, data=None, **path):
        op = CONTRACT.operations[operation]
        if "workspace" in op.path and "workspace" not in path:
            path["workspace"] = self.workspace
        url = op.url(**path) + ("?" + urllib.parse.urlencode(query) if query else "")
        heads = dict(headers or {})
        if body is not UNSET:
            data = json.dumps(body, ensure_ascii=False).encode()
            heads.setdefault("Content-Type", "application/json")
        return self.raw(op.method, url, data, heads, None if body is UNSET else body)

    def do(self, operation, body=UNSET, **more):
        """An exchange that must succeed; gives the answer's JSON."""
        reply = self.send(operation, body, **more)
        assert reply.status < 300, f"{operation}: {reply}"
        return reply.json

    def refused(self, status, reason, operation, body=UNSET, pointer=UNSET, **more):
        reply = self.send(operation, body, **more)
        assert (reply.status, reply.json.get("reason") if reply.bytes else None) == (status, reason), f"{operation}: {reply}"
        if pointer is not UNSET:
            assert reply.json.get("pointer") == pointer, f"{operation}: {reply}"
        return reply.json

    # --- becoming somebody -----------------------------------------------------------------------------------
    def take(self, session):
        self.csrf, self.session, self.person = session["csrf"], session, session["person"]["id"]
        if session["workspaces"]:
            self.workspace = session["workspaces"][0]["workspace_id"]
        return self

    def set_up(self, **other):
        return self.take(self.do("setUp", {**OWNER, **other}))

    def sign_in(self, email, password, **more):
        return self.take(self.do("signIn", {"email": email, "password": password, **more}))

    def at_once(self, *asks):
        """What each of `asks`, called with a connection of its own, gives when all are sent together."""
        with concurrent.futures.ThreadPoolExecutor(len(asks)) as pool:
            return [one.result() for one in [pool.submit(ask, self.fork()) for ask in asks]]

    def fork(self, **changes):
        """The same somebody on another connection."""
        twin = Client(self.server, self.token, self.address, self.language)
        twin.cookie, twin.csrf, twin.workspace, twin.person = self.cookie, self.csrf, self.workspace, self.person
        for name, value in changes.items():
            setattr(twin, name, value)
        return twin
