"""Media over HTTP: the library, large uploads in parts, versions that fit, and links for networks that fetch. Files are made by make_media, beside the binary."""
import hashlib
import hmac
import pathlib
import re
import subprocess
import tempfile
import time

import pytest

from contract import ROOT
from server import BINARY, Client, Server, environment

MAKE = pathlib.Path(BINARY).resolve().parents[1] / "features/media/make_media"
MADE = {}


def made(name, *words):
    """The bytes of a picture or video; each is made once a run."""
    key = (name, *words)
    if key not in MADE:
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder) / name
            subprocess.run([MAKE, path, *words], check=True, env={**environment(), "ASAN_OPTIONS": "detect_leaks=0"}, capture_output=True)
            MADE[key] = path.read_bytes()
    return MADE[key]


def upload(client, data, name="夏.mp4", part=300_000, **more):
    begun = client.do("beginUpload", {"name": name, "bytes": len(data), **more})
    for at in range(0, len(data), part):
        put(client, begun["id"], at, data[at:at + part])
    return begun["id"]


def put(client, upload_id, at, data):
    return client.do("putUploadPart", data=data, query={"from": at}, headers={"Content-Type": "application/octet-stream"}, upload=upload_id)


def picture(client, data=None):
    return client.do("uploadMedia", data=data or made("a.jpg", "width=900", "height=600", "place=1"), headers={"Content-Type": "image/jpeg"})


def fitted(client, media, spec):
    rendition = client.do("fitMedia", spec, media=media["id"])
    end = time.monotonic() + 120
    while rendition["state"] == "working" and time.monotonic() < end:
        time.sleep(0.1)
        rendition = client.do("getRendition", rendition=rendition["id"])
    return rendition


def link_of(world, sha256, seconds=3600, workspace=None):
    """As media/public.c signs it, worked out anew: HMAC-SHA-256 under a key made of the key file (BLAKE2b)."""
    key = bytes.fromhex((world.database.folder / "secret.key").read_text().split()[1])
    what = f"{workspace or world.workspace}.{sha256}.{int(time.time()) + seconds}"
    signing = hashlib.blake2b(b"mac:media.public", key=key, digest_size=32).digest()
    return what + "." + hmac.new(signing, what.encode(), hashlib.sha256).hexdigest()


class TestLibrary:
    def test_media_are_listed_newest_first_with_what_they_are(self, world):
        first = picture(world.owner)
        second = world.owner.do("uploadMedia", data=made("a.mp4", "seconds=1", "sound=1"), headers={"Content-Type": "video/mp4"})
        assert (first["kind"], first["state"], first["has_thumbnail"]) == ("image", "ready", True)
        assert (second["kind"], second["mime"], second["video_codec"], second["audio_codec"]) == ("video", "video/mp4", "h264", "aac")
        assert abs(second["duration_ms"] - 1000) < 60 and second["fps"] == 25 and second["has_audio"]
        listed = world.person("client").do("listMedia")["media"]
        assert [m["id"] for m in listed[:2]] == [second["id"], first["id"]]
        page = world.owner.do("listMedia", query={"limit": 1})
        assert page["media"][0]["id"] == second["id"]
        assert world.owner.do("listMedia", query={"limit": 1, "cursor": page["next_cursor"]})["media"][0]["id"] == first["id"]
        world.owner.refused(422, "media.bad_cursor", "listMedia", query={"cursor": "x"})
        assert world.owner.do("getMediaAbout", media=first["id"]) == first

    def test_thumbnails_and_ranges(self, world):
        data = made("a.jpg", "width=900", "height=600", "place=1")
        media = picture(world.owner)
        thumbnail = world.owner.send("getMediaThumbnail", media=media["id"])
        assert thumbnail.headers["Content-Type"] == "image/jpeg" and len(thumbnail.bytes) < len(data) and b"Secret" not in thumbnail.bytes
        for operation in ("getMedia", "getMediaThumbnail"):
            whole = world.owner.send(operation, media=media["id"]).bytes
            part = world.owner.send(operation, media=media["id"], headers={"Range": "bytes=10-19"})
            assert part.status == 206 and part.bytes == whole[10:20] and part.headers["Content-Range"] == f"bytes 10-19/{len(whole)}"
            stale = world.owner.send(operation, media=media["id"], headers={"Range": "bytes=10-19", "If-Range": '"other"'})
            assert stale.status == 200 and stale.bytes == whole
        head = world.owner.raw("HEAD", f"/api/v1/workspaces/{world.workspace}/media/{media['id']}")
        assert head.status == 200 and int(head.headers["Content-Length"]) == len(data) and not head.bytes

    def test_damaged_and_oversized_files_are_refused_in_words(self, world):
        jpeg = made("a.jpg", "width=900", "height=600", "place=1")
        bomb = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + (30000).to_bytes(4, "big") * 2 + b"\x08\x02\0\0\0____"
        for data, reason in ((jpeg[:len(jpeg) // 2], "media.damaged"), (bomb, "media.too_large_to_decode"), (b"II*\0" + b"\0" * 100, "media.type")):
            world.owner.refused(422, reason, "uploadMedia", data=data, headers={"Content-Type": "image/png"})

    def test_a_media_goes_when_no_waiting_post_needs_it(self, world):
        media = picture(world.owner, made("d.jpg", "width=500"))
        post = world.owner.do("createPost", {"text": "絵", "variants": [], "media": [{"media_id": media["id"], "alt": ""}]})
        world.owner.refused(409, "media.in_use", "deleteMedia", media=media["id"])
        world.owner.do("deletePost", post=post["id"])
        world.owner.do("deleteMedia", media=media["id"])
        world.owner.refused(410, "media.deleted", "getMedia", media=media["id"])
        world.owner.refused(410, "media.deleted", "fitMedia", {"mimes": ["image/png"]}, media=media["id"])
        assert world.owner.send("getMediaThumbnail", media=media["id"]).status == 200
        assert media["id"] not in [m["id"] for m in world.owner.do("listMedia")["media"]]
        again = picture(world.owner, made("d.jpg", "width=500"))  # brought once more, it is there again
        assert again["id"] == media["id"] and again["state"] == "ready"


class TestUploads:
    def test_a_video_comes_in_parts_over_repetition_and_a_killed_server(self, fresh):
        server = Server(fresh).start()
        client = Client(server).set_up()
        data = made("u.mp4", "width=480", "height=360", "seconds=3", "sound=1")
        begun = client.do("beginUpload", {"name": "夏祭り.mp4", "bytes": len(data), "sha256": hashlib.sha256(data).hexdigest()})
        assert put(client, begun["id"], 0, data[:50_000])["received"] == 50_000
        assert put(client, begun["id"], 0, data[:50_000])["received"] == 50_000
        client.refused(409, "media.upload_unfinished", "finishUpload", upload=begun["id"])
        client.refused(409, "media.upload_gap", "putUploadPart", data=b"x", query={"from": 60_000}, headers={"Content-Type": "application/octet-stream"}, upload=begun["id"])
        server.kill()
        server.start()
        client.connection = None
        assert client.do("getUpload", upload=begun["id"])["received"] == 50_000
        put(client, begun["id"], 50_000, data[50_000:])
        media = client.do("finishUpload", upload=begun["id"])
        assert (media["name"], media["kind"], media["state"], media["bytes"]) == ("夏祭り.mp4", "video", "ready", len(data))
        assert client.send("getMedia", media=media["id"]).bytes == data
        client.refused(404, "media.unknown_upload", "getUpload", upload=begun["id"])
        assert not list((fresh.folder / "blobs/draft").iterdir())
        server.stop()

    def test_what_cannot_be_right_is_refused_and_nothing_stays(self, world):
        client = world.owner
        before = len(client.do("listMedia", query={"limit": 200})["media"])
        client.refused(413, "media.too_large", "beginUpload", {"name": "", "bytes": 5 << 30})
        begun = client.do("beginUpload", {"name": "", "bytes": 10})
        for at, data in ((5, b"0123456789"), (0, b""), (20, b"x")):
            reply = client.send("putUploadPart", data=data, query={"from": at}, headers={"Content-Type": "application/octet-stream"}, upload=begun["id"])
            assert reply.status == 422 and reply["reason"] == "media.upload_part", reply
        client.do("cancelUpload", upload=begun["id"])
        video = made("a.mp4", "seconds=1", "sound=1")
        for data, reason in ((b"no video", "media.not_an_image"), (video[:len(video) // 2], "media.damaged")):
            client.refused(422, reason, "finishUpload", upload=upload(client, data))
        client.refused(422, "media.upload_damaged", "finishUpload", upload=upload(client, video, sha256="0" * 64))
        assert len(client.do("listMedia", query={"limit": 200})["media"]) == before
        ids = [client.do("beginUpload", {"name": "", "bytes": 10})["id"] for _ in range(20)]
        client.refused(409, "media.too_many_uploads", "beginUpload", {"name": "", "bytes": 10})
        for one in ids:
            client.do("cancelUpload", upload=one)
        assert not list((world.database.folder / "blobs/draft").iterdir())


class TestFitting:
    def test_a_picture_is_made_to_fit_without_its_metadata(self, world):
        media = picture(world.owner)
        rendition = fitted(world.owner, media, {"mimes": ["image/jpeg"], "min_ratio": 1, "max_ratio": 1, "max_width": 320, "max_bytes": 60_000})
        assert (rendition["state"], rendition["width"], rendition["height"], rendition["mime"]) == ("ready", 320, 320, "image/jpeg"), rendition
        content = world.owner.send("getRenditionContent", rendition=rendition["id"])
        assert len(content.bytes) == rendition["bytes"] <= 60_000 and b"Exif" not in content.bytes and b"Secret" not in content.bytes
        assert world.owner.send("getRenditionContent", rendition=rendition["id"], headers={"Range": "bytes=0-3"}).status == 206
        assert rendition["id"] in [r["id"] for r in world.owner.do("listRenditions", media=media["id"])["renditions"]]
        as_it_is = world.owner.do("fitMedia", {"mimes": ["image/jpeg"]}, media=media["id"])
        assert as_it_is["id"] == media["id"] and as_it_is["state"] == "ready"

    def test_a_video_is_made_to_fit_and_its_progress_is_told(self, world):
        client = world.owner
        video = made("w.webm", "width=640", "height=360", "seconds=4", "sound=1")
        media = client.do("finishUpload", upload=upload(client, video, name="w.webm"))
        rendition = fitted(client, media, {"mimes": ["video/mp4"], "video_codecs": ["h264"], "audio_codecs": ["aac"], "min_ratio": 0.5625, "max_ratio": 0.5625, "max_fps": 24,
                                           "max_bytes": 2_000_000, "max_bitrate": 3_000_000, "wants_faststart": True, "fill": "pad", "max_width": 360})
        assert (rendition["state"], rendition["progress"], rendition["mime"], rendition["width"], rendition["height"]) == ("ready", 1, "video/mp4", 360, 640), rendition
        cover = fitted(client, media, {"mimes": ["image/jpeg"], "cover_at_ms": 2000})
        assert (cover["state"], cover["kind"], cover["width"]) == ("ready", "image", 640)

    def test_what_nothing_can_keep_is_refused_with_its_rule(self, world):
        client, still = world.owner, picture(world.owner)
        video = client.do("uploadMedia", data=made("a.mp4", "seconds=1", "sound=1"), headers={"Content-Type": "video/mp4"})
        for media, spec, reason in ((still, {"min_width": 4000}, "media.fit_width"), (still, {"min_height": 4000}, "media.fit_height"), (still, {"mimes": ["image/bmp"]}, "media.fit_type"),
                                    (video, {"max_duration_ms": 500}, "media.fit_duration"), (video, {"min_duration_ms": 5000}, "media.fit_duration"),
                                    (video, {"mimes": ["video/mp4"], "video_codecs": ["vp9"]}, "media.fit_codec"), (video, {"mimes": ["video/mp4"], "max_bytes": 5000}, "media.fit_bytes")):
            told = client.refused(422, reason, "fitMedia", spec, media=media["id"])
            assert re.search(r"\d|image|video|h264", told["detail"])
        failed = fitted(client, still, {"mimes": ["image/jpeg"], "max_bytes": 500})
        assert (failed["state"], failed["reason"]) == ("failed", "media.fit_bytes")

    def test_a_cancelled_one_stays_cancelled_until_it_is_wished_again(self, world):
        client = world.owner
        media = client.do("finishUpload", upload=upload(client, made("l.mp4", "width=640", "height=360", "seconds=60"), name="l.mp4"))
        spec = {"mimes": ["video/mp4"], "max_width": 480}
        rendition = client.do("fitMedia", spec, media=media["id"])
        assert rendition["state"] == "working"
        client.refused(409, "media.not_ready", "getRenditionContent", rendition=rendition["id"])
        assert client.do("cancelRendition", rendition=rendition["id"])["state"] == "cancelled"
        time.sleep(2.5)
        assert client.do("getRendition", rendition=rendition["id"])["state"] == "cancelled"
        assert client.do("fitMedia", spec, media=media["id"])["state"] == "working"
        client.do("cancelRendition", rendition=rendition["id"])


class TestLinks:
    def test_a_signed_link_opens_for_anybody_until_it_ends(self, world):
        media = picture(world.owner)
        whole = world.owner.send("getMedia", media=media["id"]).bytes
        nobody = world.nobody()
        link = link_of(world, media["sha256"])
        reply = nobody.send("getPublicMedia", link=link)
        assert reply.status == 200 and reply.bytes == whole and reply.headers["Content-Type"] == "image/jpeg" and reply.headers["X-Content-Type-Options"] == "nosniff"
        part = nobody.send("getPublicMedia", link=link, headers={"Range": "bytes=-5"})
        assert part.status == 206 and part.bytes == whole[-5:]
        for width in ("1040", "240"):
            assert nobody.send("getPublicMediaOfWidth", link=link, width=width).bytes == whole
        assert nobody.send("getPublicMediaOfWidth", link=link, width="700", headers={"Range": "bytes=-5"}).status == 206
        nobody.refused(404, "media.unknown", "getPublicMediaOfWidth", link="x" * 60, width="1040")
        other = world.other_workspace()
        for wrong in (link_of(world, media["sha256"], seconds=-1), link_of(world, "0" * 64), link_of(world, media["sha256"], workspace=other.workspace), link[:-1] + ("0" if link[-1] != "0" else "1"), "x" * 60):
            nobody.refused(404, "media.unknown", "getPublicMedia", link=wrong)


def test_the_child_does_not_outlive_a_killed_server(fresh):
    """The server is killed while a video is being made; the next start makes it, and no child is left."""
    server = Server(fresh).start()
    client = Client(server).set_up()
    media = client.do("finishUpload", upload=upload(client, made("l.mp4", "width=640", "height=360", "seconds=60"), name="l.mp4"))
    rendition = client.do("fitMedia", {"mimes": ["video/mp4"], "max_width": 320, "trim_to_ms": 20000}, media=media["id"])
    end = time.monotonic() + 30
    while not children(server.process.pid) and time.monotonic() < end:
        time.sleep(0.02)
    child = children(server.process.pid)
    assert child, "nobody makes it"
    server.kill()
    end = time.monotonic() + 5
    while any(map(runs, child)) and time.monotonic() < end:
        time.sleep(0.05)
    assert not any(map(runs, child))
    server.start()
    client.connection = None
    end = time.monotonic() + 120
    while client.do("getRendition", rendition=rendition["id"])["state"] == "working" and time.monotonic() < end:
        time.sleep(0.2)
    assert client.do("getRendition", rendition=rendition["id"])["state"] == "ready"
    assert not list((fresh.folder / "blobs/draft").iterdir())
    server.stop()


def runs(pid):
    """One that ended may stand there until whoever inherited it has asked how."""
    try:
        return pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] not in "ZX"
    except (FileNotFoundError, ProcessLookupError):
        return False


def children(pid):
    out = []
    for task in pathlib.Path(f"/proc/{pid}/task").iterdir():
        try:
            out += (task / "children").read_text().split()
        except OSError:
            pass
    return out
