"""The deadline of a request, on the real binary: whoever dribbles a request is told 408 and closed. Runs beside no other test: it takes the deadline's time."""
import socket
import time

from contract import SEEN


def test_a_request_that_takes_longer_than_its_deadline_is_closed(world):
    heads = (b"GET /api/v1/about HTTP/1.1\r\nHost: localhost\r\nX-", b"POST /api/v1/session HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n{")
    wires = []
    for head in heads:
        sock = socket.create_connection(("127.0.0.1", world.server.port), 50)
        sock.sendall(head)
        wires.append(sock)
    began, ended = time.monotonic(), {}
    for sock in wires:
        sock.setblocking(False)
    while len(ended) < len(wires) and time.monotonic() - began < 45:
        for n, sock in enumerate(wires):
            if n in ended:
                continue
            try:
                data = sock.recv(4096)
                if not data or b" 408 " in data:
                    ended[n] = (time.monotonic() - began, data)
                    continue
            except BlockingIOError:
                pass
            except ConnectionResetError:
                ended[n] = (time.monotonic() - began, b"")
                continue
            try:
                sock.send(b"a")
            except (BlockingIOError, BrokenPipeError, ConnectionResetError):
                pass
        time.sleep(0.2)
    for sock in wires:
        sock.close()
    assert len(ended) == len(wires), f"still open after {time.monotonic() - began:.0f} s"
    assert all(seconds < 40 for seconds, _ in ended.values()), ended
    for _, data in ended.values():
        if b"http.timeout" in data:
            SEEN.reasons.add("http.timeout")
    world.nobody().do("getAbout")
