"""The real binary, driven over HTTP; every reply is held against api/openapi.yaml.

`server` starts one on SQLite and, under tools/with_postgres.sh, one on PostgreSQL; `browser()` gives a client with cookies
that sends the CSRF token as the web page does. A status the contract does not name for the operation fails the test."""
import os
import pathlib
import re
import socket
import subprocess
import time
import uuid

import httpx
import jsonschema
import pytest
import yaml

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
BINARY = os.environ.get("HIBIKI_BINARY", str(ROOT / "build/src/app/hibiki"))
POSTGRES = os.environ.get("HIBIKI_TEST_POSTGRES", "")
SPEC = yaml.safe_load((ROOT / "api/openapi.yaml").read_text(encoding="utf-8"))


def operations():
    for path, methods in SPEC["paths"].items():
        pattern = re.compile("^" + re.sub(r"\{\w+\}", "[^/]+", path) + "$")
        for method, operation in methods.items():
            if isinstance(operation, dict) and "operationId" in operation:
                yield method.upper(), pattern, operation


OPERATIONS = list(operations())


def resolve(node):
    while isinstance(node, dict) and "$ref" in node:
        target = SPEC
        for key in node["$ref"][2:].split("/"):
            target = target[key]
        node = target
    return node


def hold_against_contract(reply):
    method, path = reply.request.method, reply.request.url.path
    operation = next((o for m, pattern, o in OPERATIONS if m == method and pattern.match(path)), None)
    assert operation, f"no operation {method} {path}"
    name = operation["operationId"]
    described = resolve(operation["responses"].get(str(reply.status_code)))
    assert described, f"{name} answered {reply.status_code}, which the contract does not name: {reply.text}"
    for content_type, body in (described.get("content") or {}).items():
        assert reply.headers["content-type"].split(";")[0] == content_type
        if content_type.endswith("json"):
            jsonschema.Draft202012Validator({**body["schema"], "components": SPEC["components"]}).validate(reply.json())


class Browser:
    def __init__(self, base, headers=None):
        self.http = httpx.Client(base_url=base + "/api/v1", headers={"Accept-Language": "ja", **(headers or {})}, timeout=30)
        self.csrf = None

    def ask(self, method, path, status, body=None, reason=None, pointer=None):
        headers = {"X-CSRF-Token": self.csrf} if self.csrf and method != "GET" else {}
        reply = self.http.request(method, path, json=body, headers=headers) if body is not None else self.http.request(method, path, headers=headers)
        hold_against_contract(reply)
        json = reply.json() if reply.content else {}
        assert reply.status_code == status, f"{method} {path}: {reply.text}"
        if reason:
            assert json["reason"] == reason
        if pointer:
            assert json["pointer"] == pointer
        self.csrf = json.get("csrf", self.csrf)
        return json


class Server:
    def __init__(self, directory, database):
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        self.base = f"http://127.0.0.1:{port}"
        command = [BINARY, "serve", "--data-dir", str(directory), "--port", str(port)]
        self.log = open(directory / "log", "w", encoding="utf-8")
        self.process = subprocess.Popen(command + (["--database", database] if database else []), stderr=self.log, stdout=self.log)
        for _ in range(400):
            try:
                httpx.get(self.base + "/api/v1/about")
                return
            except httpx.TransportError:
                assert self.process.poll() is None, (directory / "log").read_text()
                time.sleep(0.05)
        raise AssertionError("the server does not answer")

    def browser(self, **headers):
        return Browser(self.base, headers)

    def stop(self):
        self.process.terminate()
        assert self.process.wait(20) == 0
        self.log.close()


def psql(statement):
    subprocess.run(["psql", "-qX", "-v", "ON_ERROR_STOP=1", "-d", POSTGRES, "-c", statement], check=True)


@pytest.fixture(params=["sqlite", "postgres"])
def server(request, tmp_path):
    database = ""
    if request.param == "postgres":
        if not POSTGRES:
            pytest.skip("no HIBIKI_TEST_POSTGRES; run under tools/with_postgres.sh")
        name = "hibiki_api_" + uuid.uuid4().hex[:12]
        psql(f"create database {name}")
        database = re.sub(r"(postgres(?:ql)?://[^/]*/)[^?]*", rf"\g<1>{name}", POSTGRES)
    running = Server(tmp_path, database)
    yield running
    running.stop()
    if database:
        psql(f"drop database {name} with (force)")
