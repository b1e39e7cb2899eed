"""Memory while a video of 1 GiB comes in, is looked at, read back and fetched over a signed link: how much the server's resident set grows, at its highest.

The video is a real one (motion JPEG of noise in a QuickTime file, its index at the end), written once by make_media; it is sent in parts of 8 MiB, as the page does. The children that
look at it are not the server: their highest is printed beside."""
import hashlib
import http.client
import pathlib
import subprocess
import threading
import time

from lib import BUILD, Client, Scratch, Server

ABOUT, GOAL = "growth of memory over a 1 GiB video: upload, probe, read", "<= 40 MB"
PART = 8 << 20


def write_video(path, size):
    """Its frames are noise, so that nothing packs them; after a second they come again."""
    subprocess.run([BUILD / "src/features/media/make_media", path, "codec=mjpeg", "width=1920", "height=1080", "fps=30", "noise=1", f"bytes={size}", "seconds=1"], check=True,
                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return path.stat().st_size


class Watch(threading.Thread):
    """The highest resident set of the server, and of its children, looked at every 20 ms."""

    def __init__(self, pid):
        super().__init__(daemon=True)
        self.pid, self.highest, self.child, self.is_over = pid, 0, 0, False
        self.start()

    def run(self):
        while not self.is_over:
            self.highest = max(self.highest, resident(self.pid))
            for child in children(self.pid):
                self.child = max(self.child, resident(child))
            time.sleep(0.02)

    def end(self):
        self.is_over = True
        self.join()


def resident(pid):
    try:
        return int(pathlib.Path(f"/proc/{pid}/statm").read_text().split()[1]) * 4096
    except (OSError, IndexError):
        return 0


def children(pid):
    out = []
    for task in pathlib.Path(f"/proc/{pid}/task").iterdir():
        try:
            out += (task / "children").read_text().split()
        except OSError:
            pass
    return out


def send(client, path, size):
    upload = client.call("POST", client.at + "/uploads", {"name": "large.mov", "bytes": size})
    with open(path, "rb") as file:
        at = 0
        while part := file.read(PART):
            reply, text = put(client, f"{client.at}/uploads/{upload['id']}?from={at}", part)
            at += len(part)
            assert reply.status == 200, text
    return client.call("POST", f"{client.at}/uploads/{upload['id']}/finish")


def put(client, path, data):
    client.connection = client.connection or http.client.HTTPConnection("127.0.0.1", client.port, timeout=60)
    client.connection.request("PUT", path, data, {"Content-Type": "application/octet-stream", "Cookie": client.cookie, "X-CSRF-Token": client.csrf})
    reply = client.connection.getresponse()
    return reply, reply.read()


def read(client, path):
    connection = http.client.HTTPConnection("127.0.0.1", client.port, timeout=60)
    connection.request("GET", path, headers={"Cookie": client.cookie})
    reply, total, sum_ = connection.getresponse(), 0, hashlib.sha256()
    while piece := reply.read(1 << 20):
        total += len(piece)
        sum_.update(piece)
    return total, sum_.hexdigest()


def run(quick):
    with Scratch() as folder:
        size = write_video(folder / "large.mov", (64 if quick else 1024) << 20)
        data = folder / "data"
        data.mkdir()
        with Server(data) as server:
            client = Client(server.port).set_up()
            client.call("GET", client.at + "/today")
            time.sleep(2)
            before, watch, began = resident(server.process.pid), Watch(server.process.pid), time.monotonic()
            media = send(client, folder / "large.mov", size)
            sent = time.monotonic()
            total, digest = read(client, f"{client.at}/media/{media['id']}")
            watch.end()
            assert (total, digest) == (size, media["sha256"]), "what came back is not what was sent"
            assert media["state"] == "ready" and media["kind"] == "video" and media["has_thumbnail"], media
            growth = watch.highest - before
            print(f"{size / 2**20:.0f} MiB, {media['duration_ms'] / 1000:.0f} s of {media['video_codec']}: in {sent - began:.1f} s up and looked at, {time.monotonic() - sent:.1f} s back; "
                  f"server {before / 1e6:.1f} MB → {watch.highest / 1e6:.1f} MB at the highest, child {watch.child / 1e6:.1f} MB")
            return f"{growth / 1e6:.1f}", "MB", growth <= 40e6
