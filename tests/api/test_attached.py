"""What came with something said: fetched once from the network or an address, looked at in the child, kept, and handed out as what its content is."""
import base64
import http.server
import pathlib
import threading
import time
import uuid

import pytest

from contract import ROOT
from test_media import made
from test_talk import Line

PICTURE = (ROOT / "tests/data/images/plain_21x9.png").read_bytes()
ANOTHER = (ROOT / "tests/data/images/baseline_40x30.jpg").read_bytes()
DONE = {"ready", "gone", "too_large", "refused", "unreachable"}


@pytest.fixture(scope="module")
def line(world):
    return Line(world)


def said(world, before):
    """What was sent since."""
    for talk in world.owner.do("listTalk", query={"limit": 100})["talk"]:
        if talk["id"] not in before and talk.get("attachments"):
            return talk
    return None


def attached(world, before, until=DONE, seconds=30):
    """What was sent since, once its fetching has ended."""
    end = time.monotonic() + seconds
    while True:
        talk = said(world, before)
        one = talk["attachments"][0] if talk else None
        if one and ("file" not in one or one["file"]["state"] in until):
            return one
        assert time.monotonic() < end, talk
        time.sleep(0.05)


def content(data):
    return base64.b64encode(data).decode()


class Elsewhere:
    """A server of somebody else's, to which an address leads."""

    def __init__(self, answer):
        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                server.n += 1
                answer(self, server.n)

            def log_message(self, *_):
                pass
        server = self
        self.n = 0
        self.http = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.http.server_port}/a.png"
        threading.Thread(target=self.http.serve_forever, daemon=True).start()

    def stop(self):
        self.http.shutdown()
        self.http.server_close()


def send_picture(handler, _):
    handler.send_response(200)
    handler.send_header("Content-Type", "text/html")  # what it says counts for nothing
    handler.send_header("Content-Length", str(len(PICTURE)))
    handler.end_headers()
    handler.wfile.write(PICTURE)


def blobs(world):
    folder = pathlib.Path(world.database.folder) / "blobs"
    return {p.name for p in folder.rglob("*") if p.is_file() and "draft" not in p.parts}


def test_a_picture_is_fetched_looked_at_and_shown(world, line):
    owner = world.owner
    one = attached(world, line.send("image", content=content(PICTURE)))
    file = one["file"]
    assert one["kind"] == "image" and file["state"] == "ready" and file["shown"] == "picture" and file["mime"] == "image/png", one
    assert (file["width"], file["height"], file["bytes"], file["has_thumbnail"]) == (21, 9, len(PICTURE), True)
    reply = owner.send("getTalkFile", talk_file=file["id"])
    headers = {k.lower(): v for k, v in reply.headers.items()}
    assert reply.bytes == PICTURE and headers["content-type"] == "image/png"
    assert headers["x-content-type-options"] == "nosniff" and "sandbox" in headers["content-security-policy"] and headers["content-disposition"].startswith("inline")
    part = owner.send("getTalkFile", headers={"Range": "bytes=0-7"}, talk_file=file["id"])
    assert (part.status, part.bytes) == (206, PICTURE[:8])
    small = owner.send("getTalkFileThumbnail", talk_file=file["id"])
    assert small.status == 200 and small.bytes[:3] == b"\xff\xd8\xff"
    assert owner.send("getTalkFileThumbnail", headers={"Range": "bytes=0-2"}, talk_file=file["id"]).status == 206


def test_a_video_is_waited_for_and_one_that_cannot_be_made_ready_is_said_so(world, line):
    film = made("a.mp4", "seconds=1", "sound=1")
    file = attached(world, line.send("video", content=content(film), not_ready="1"), seconds=40)["file"]
    assert (file["state"], file["shown"], file["mime"]) == ("ready", "video", "video/mp4") and file["duration_ms"] > 500 and file["has_thumbnail"]
    assert world.owner.send("getTalkFile", talk_file=file["id"]).bytes == film
    assert attached(world, line.send("video", fails="yes"))["file"]["state"] == "refused"


def test_what_a_browser_must_not_show_is_saved_and_what_runs_is_refused(world, line):
    owner = world.owner
    file = attached(world, line.send("file", name="見積 10月.pdf", content=content(b"%PDF-1.7 x")))["file"]
    assert (file["state"], file["shown"], file["mime"], file["name"], file["has_thumbnail"]) == ("ready", "file", "application/pdf", "見積 10月.pdf", False)
    reply = owner.send("getTalkFile", talk_file=file["id"])
    assert reply.headers["Content-Disposition"].startswith("attachment; filename*=UTF-8''%E8%A6%8B") and reply.bytes == b"%PDF-1.7 x"
    owner.refused(409, "media.not_ready", "getTalkFileThumbnail", talk_file=file["id"])
    for name, data in (("a.pdf", b"<html><script>1</script>"), ("a.html", b"x"), ("a.pdf", b"MZ\x90"), ("a.docx.exe", b"PK\x03\x04")):
        bad = attached(world, line.send("file", name=name, content=content(data)))["file"]
        assert bad["state"] == "refused" and "mime" not in bad, (name, bad)
        owner.refused(409, "engage.file_not_here", "getTalkFile", talk_file=bad["id"])
    assert attached(world, line.send("image", content=content(b"<svg xmlns='http://www.w3.org/2000/svg'/>")))["file"]["state"] == "refused"
    sound = attached(world, line.send("audio"))["file"]
    assert (sound["state"], sound["shown"], sound["mime"]) == ("ready", "sound", "audio/wav")


def test_a_sticker_is_its_picture_with_its_words_beside_it(world, line):
    one = attached(world, line.send("sticker", name="おつかれさま"))
    file = one["file"]
    assert one["kind"] == "sticker" and one["title"] == "おつかれさま"
    assert (file["state"], file["shown"], file["mime"]) == ("ready", "picture", "image/png")
    assert attached(world, line.send("sticker"))["title"] == "ありがとう, うれしい"  # its keywords


def test_what_is_gone_before_it_was_fetched_is_said_so(world, line):
    owner = world.owner
    file = attached(world, line.send("image", is_gone="yes"))["file"]
    assert file["state"] == "gone"
    for op in ("getTalkFile", "getTalkFileThumbnail"):
        owner.refused(410, "engage.file_gone", op, talk_file=file["id"])
        owner.refused(404, "engage.file_unknown", op, talk_file=str(uuid.uuid4()))


def test_an_address_is_fetched_and_a_gigabyte_is_not(world, line):
    here = Elsewhere(send_picture)
    file = attached(world, line.send("image", url=here.url))["file"]
    assert (file["state"], file["mime"], here.n) == ("ready", "image/png", 1)
    here.stop()
    sent = []

    def send_gigabyte(handler, n):
        handler.send_response(200)
        if n == 1:  # it says how much; the second time it does not
            handler.send_header("Content-Length", str(1 << 30))
        handler.end_headers()
        try:
            for _ in range(1 << 10):
                handler.wfile.write(bytes(1 << 20))
                sent.append(1 << 20)
        except OSError:
            pass
    large = Elsewhere(send_gigabyte)
    assert attached(world, line.send("image", url=large.url))["file"]["state"] == "too_large"
    assert attached(world, line.send("image", url=large.url))["file"]["state"] == "too_large"
    assert sum(sent) < 100 << 20, "more was taken than a picture may have"
    large.stop()


def test_a_crash_while_fetching_fetches_once_more_and_keeps_it_once(world, line):
    """Killed in the middle of the bytes, and again right behind the last one."""
    killed, runs, before = threading.Event(), threading.Event(), blobs(world)
    runs.set()

    def answer(handler, n):
        handler.send_response(200)
        handler.send_header("Content-Length", str(len(ANOTHER)))
        handler.end_headers()
        handler.wfile.write(ANOTHER[:40] if n == 1 else ANOTHER)
        handler.wfile.flush()
        if n <= 2:
            runs.wait(60)
            runs.clear()
            world.server.process.kill()
            killed.set()
    there = Elsewhere(answer)
    sent = line.send("image", url=there.url)
    for _ in range(2):
        assert killed.wait(60)
        world.server.kill()
        killed.clear()
        world.server.start()
        world.owner.connection = None
        runs.set()
    file = attached(world, sent, seconds=60)["file"]
    assert file["state"] == "ready" and there.n in (2, 3)
    assert world.owner.send("getTalkFile", talk_file=file["id"]).bytes == ANOTHER
    assert len(blobs(world) - before) == 2  # the picture and its small one
    there.stop()
