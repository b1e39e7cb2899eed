"""Framing over a raw socket: where two readers could see a request's end in different places it is refused and the connection closed."""
import json
import socket
import time

import pytest

from contract import CONTRACT, SEEN

GET = b"GET /api/v1/about HTTP/1.1\r\nHost: localhost\r\n"


class Wire:
    def __init__(self, world):
        self.sock = socket.create_connection(("127.0.0.1", world.server.port), 20)
        self.sock.settimeout(20)
        self.left = b""

    def send(self, data):
        try:
            self.sock.sendall(data)
        except (BrokenPipeError, ConnectionResetError):
            pass
        return self

    def reply(self):
        """(status, headers, body) of the next answer; None when the connection is closed."""
        while b"\r\n\r\n" not in self.left:
            if not self.more():
                return None
        head, _, self.left = self.left.partition(b"\r\n\r\n")
        lines = head.decode("latin-1").split("\r\n")
        headers = {k.lower(): v.strip() for k, _, v in (line.partition(":") for line in lines[1:])}
        length = int(headers.get("content-length", 0))
        while len(self.left) < length:
            if not self.more():
                break
        body, self.left = self.left[:length], self.left[length:]
        return int(lines[0].split()[1]), headers, body

    def more(self):
        try:
            data = self.sock.recv(65536)
        except ConnectionResetError:
            return False
        self.left += data
        return bool(data)

    def is_closed(self):
        return self.reply() is None

    def close(self):
        self.sock.close()


@pytest.fixture
def wire(world):
    made = Wire(world)
    yield made
    made.close()


def post(world, extra, body):
    return b"POST /api/v1/session HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n" + extra + b"\r\n" + body


SMUGGLED = b"GET /api/v1/about HTTP/1.1\r\nHost: localhost\r\n\r\n"
AMBIGUOUS = {
    "length and chunked": post(None, b"Content-Length: 4\r\nTransfer-Encoding: chunked\r\n", b"0\r\n\r\n" + SMUGGLED),
    "chunked and length": post(None, b"Transfer-Encoding: chunked\r\nContent-Length: 4\r\n", b"0\r\n\r\n" + SMUGGLED),
    "two lengths": post(None, b"Content-Length: 2\r\nContent-Length: 44\r\n", b"{}" + SMUGGLED),
    "two equal lengths": post(None, b"Content-Length: 2\r\nContent-Length: 2\r\n", b"{}" + SMUGGLED),
    "a list of lengths": post(None, b"Content-Length: 2, 2\r\n", b"{}" + SMUGGLED),
    "a negative length": post(None, b"Content-Length: -1\r\n", SMUGGLED),
    "a length with a sign": post(None, b"Content-Length: +2\r\n", b"{}" + SMUGGLED),
    "a length in hex": post(None, b"Content-Length: 0x2\r\n", b"{}" + SMUGGLED),
    "a length beyond all bounds": post(None, b"Content-Length: 99999999999999999999999\r\n", b"{}"),
    "an unknown coding": post(None, b"Transfer-Encoding: gzip, chunked\r\n", b"0\r\n\r\n" + SMUGGLED),
    "chunked in disguise": post(None, b"Transfer-Encoding: xchunked\r\n", b"0\r\n\r\n" + SMUGGLED),
    "chunked twice": post(None, b"Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n", b"0\r\n\r\n" + SMUGGLED),
    "chunked in HTTP/1.0": post(None, b"Transfer-Encoding: chunked\r\n", b"0\r\n\r\n").replace(b"HTTP/1.1", b"HTTP/1.0", 1) + SMUGGLED,
    "a space before the colon": post(None, b"Content-Length : 2\r\n", b"{}" + SMUGGLED),
    "a bare LF after a header": b"GET /api/v1/about HTTP/1.1\nHost: localhost\r\n\r\n" + SMUGGLED,
    "a bare LF between headers": b"GET /api/v1/about HTTP/1.1\r\nHost: localhost\nX: y\r\n\r\n" + SMUGGLED,
    "bare LFs only": b"GET /api/v1/about HTTP/1.1\nHost: localhost\n\n" + SMUGGLED,
    "a bare CR": b"GET /api/v1/about HTTP/1.1\r\nHost: localhost\rX: y\r\n\r\n" + SMUGGLED,
    "a folded header": b"GET /api/v1/about HTTP/1.1\r\nHost: localhost\r\nX-A: 1\r\n 2\r\n\r\n" + SMUGGLED,
    "a header without a name": b"GET /api/v1/about HTTP/1.1\r\nHost: localhost\r\n: y\r\n\r\n" + SMUGGLED,
    "a header without a colon": b"GET /api/v1/about HTTP/1.1\r\nHost: localhost\r\nnonsense\r\n\r\n" + SMUGGLED,
    "a NUL in a header": b"GET /api/v1/about HTTP/1.1\r\nHost: localhost\r\nX-A: a\x00b\r\n\r\n" + SMUGGLED,
    "no host": b"GET /api/v1/about HTTP/1.1\r\n\r\n" + SMUGGLED,
    "two hosts": GET + b"Host: 127.0.0.1\r\n\r\n" + SMUGGLED,
    "two spaces": b"GET  /api/v1/about HTTP/1.1\r\nHost: localhost\r\n\r\n" + SMUGGLED,
    "HTTP/9.9": b"GET /api/v1/about HTTP/9.9\r\nHost: localhost\r\n\r\n" + SMUGGLED,
}


@pytest.mark.parametrize("what", AMBIGUOUS)
def test_an_ambiguous_request_is_refused_and_nothing_after_it_is_read(wire, what):
    answer = wire.send(AMBIGUOUS[what]).reply()
    if answer is not None:
        status, headers, body = answer
        assert 400 <= status <= 505, (status, body)
        if "json" in headers.get("content-type", ""):
            problem = json.loads(body)
            assert not CONTRACT.judge_problem(status, headers["content-type"], problem), problem
            assert problem["reason"] in ("http.framing", "http.too_large"), problem
            SEEN.reasons.add(problem["reason"])
    assert wire.is_closed(), "the connection stayed open: the smuggled request was answered"


def test_what_is_not_ambiguous_is_answered(world, wire):
    status, headers, body = wire.send(GET + b"\r\n").reply()
    assert status == 200 and json.loads(body)["version"]
    status, _, body = wire.send(post(world, b"Transfer-Encoding: chunked\r\n", b"2\r\n{}\r\n0\r\n\r\n")).reply()
    assert status == 422 and json.loads(body)["reason"] == "input.missing"


def test_requests_sent_at_once_are_answered_in_order(wire):
    paths = [b"/api/v1/about", b"/api/v1/session", b"/api/v1/nothing", b"/api/v1/about"] * 10
    wire.send(b"".join(b"GET " + p + b" HTTP/1.1\r\nHost: localhost\r\n\r\n" for p in paths))
    assert [wire.reply()[0] for _ in paths] == [200, 401, 404, 200] * 10


def test_a_request_byte_by_byte_is_read(wire):
    for byte in GET + b"\r\n":
        wire.send(bytes([byte]))
    assert wire.reply()[0] == 200


@pytest.mark.parametrize("what,data,status,reason", [
    ("a long URL", b"GET /" + b"a" * 5000 + b" HTTP/1.1\r\nHost: localhost\r\n\r\n", 414, "http.url_too_long"),
    ("a very long URL", b"GET /" + b"a" * 100000 + b" HTTP/1.1\r\nHost: localhost\r\n\r\n", 414, None),
    ("long headers", GET + b"X-A: " + b"a" * 17000 + b"\r\n\r\n", 431, "http.headers_too_large"),
    ("very long headers", GET + b"X-A: " + b"a" * 200000 + b"\r\n\r\n", 431, None),
    ("many headers", GET + b"".join(b"X-%d: 1\r\n" % n for n in range(70)) + b"\r\n", 431, "http.headers_too_large"),
    ("a large body announced", post(None, b"Content-Length: 2000000\r\n", b""), 413, "http.too_large"),
    ("a large body in chunks", post(None, b"Transfer-Encoding: chunked\r\n", (b"10000\r\n" + b" " * 65536 + b"\r\n") * 20 + b"0\r\n\r\n"), 413, None),
], ids=lambda v: v if isinstance(v, str) else "")
def test_what_is_too_large_is_refused(wire, what, data, status, reason):
    answer = wire.send(data).reply()
    assert answer is not None and answer[0] == status, (what, answer)
    if reason:
        assert json.loads(answer[2])["reason"] == reason
        SEEN.reasons.add(reason)
        assert not CONTRACT.judge_problem(status, answer[1]["content-type"], json.loads(answer[2]))
    assert wire.is_closed()


def test_slow_and_silent_connections_do_not_keep_others_waiting(world):
    slow = [Wire(world).send(b"GET /api/v1/about HTTP/1.1\r\nHost:") for _ in range(200)]
    slow += [Wire(world).send(post(world, b"Content-Length: 100\r\n", b"{")) for _ in range(100)]
    at = time.monotonic()
    for _ in range(20):
        world.nobody().do("getAbout")
    assert time.monotonic() - at < 4
    for wire in slow:
        wire.close()
    world.nobody().do("getAbout")


def test_connections_cut_in_the_middle_do_no_harm(world):
    for data in (b"G", GET, post(world, b"Content-Length: 10\r\n", b"{\"a\""), GET + b"\r\n", post(world, b"Transfer-Encoding: chunked\r\n", b"5\r\nab")):
        for _ in range(5):
            Wire(world).send(data).close()
    for junk in (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", b"\x00" * 4096, b"\xff" * 4096, b"SSH-2.0-x\r\n", b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", b"\r\n\r\n\r\n"):
        Wire(world).send(junk).close()
    world.nobody().do("getAbout")
