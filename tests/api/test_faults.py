"""Faults under the real binary: no room on the disk, a locked or vanished database, SIGKILL in the middle of writing. A clear answer, and nothing by halves."""
import concurrent.futures
import http.client
import resource
import signal
import sqlite3
import subprocess
import threading
import time

from conftest import need
from server import Client, Database, Server


def rows_of(client, operation, key):
    rows, cursor = [], None
    while True:
        page = client.do(operation, query={"limit": 500, **({"cursor": cursor} if cursor else {})})
        rows += page[key]
        cursor = page["next_cursor"]
        if cursor is None:
            return rows


def test_killed_in_the_middle_of_writing_what_was_answered_is_there_and_whole(fresh):
    server = Server(fresh).start()
    owner = Client(server).set_up()
    answered, lock = set(), threading.Lock()
    for n in range(3):
        stop = threading.Event()

        def write(k, n=n, stop=stop):
            client, i = owner.fork(), 0
            while not stop.is_set():
                i += 1
                text = f"{n}-{k}-{i}"
                try:
                    post = client.do("createPost", {"text": text, "variants": []})
                except (OSError, http.client.HTTPException, ValueError, AttributeError):  # AttributeError: http.client on a connection just cut
                    return
                with lock:
                    answered.add((post["id"], text))

        with concurrent.futures.ThreadPoolExecutor(4) as pool:
            done = [pool.submit(write, k) for k in range(4)]
            time.sleep(0.5)
            server.kill()
            stop.set()
            for one in done:
                one.result()
        server.start()
        owner.connection = None
        posts = {(p["id"], p["text"]) for p in rows_of(owner, "listPosts", "posts")}
        assert answered <= posts, f"{len(answered - posts)} answered posts are gone"
        logged = {e["subject_id"] for e in rows_of(owner, "listAudit", "entries") if e["action"] == "post.create"}
        assert logged == {p for p, _ in posts}, "posts and audit log differ"
    assert len(answered) > 20
    if fresh.kind == "sqlite":
        server.stop()
        with sqlite3.connect(fresh.folder / "hibiki.db") as db:
            assert db.execute("pragma integrity_check").fetchone() == ("ok",)
    else:
        server.stop()


def mount(folder, options):
    """A file system of its own of that size; False where this machine does not let us."""
    return subprocess.run(["mount", "-t", "tmpfs", "-o", options, "none", str(folder)], capture_output=True).returncode == 0


def limit_files():
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (700_000, resource.RLIM_INFINITY))


def test_no_room_on_the_disk_is_said_and_nothing_is_harmed():
    """A small file system that fills up; where mounting is not allowed, a file-size limit, at which writing ends the same way."""
    database = Database("sqlite", is_bare=True)
    is_mounted = mount(database.folder, "size=4m")
    try:
        server = Server(database, before=None if is_mounted else limit_files).start()
        owner = Client(server).set_up()
        kept, refused = [], None
        for n in range(400):
            reply = owner.send("createPost", {"text": f"{n} " + "語" * 3000, "variants": []})
            if reply.status != 201:
                refused = reply
                break
            kept.append(reply["id"])
        assert kept and refused is not None and refused.status == 500, refused
        assert refused["reason"] == "store.disk_full" or not is_mounted and refused["reason"] == "store.failed", refused
        assert {p["id"] for p in rows_of(owner, "listPosts", "posts")} == set(kept)
        owner.do("getSession"), owner.do("getToday")
        if is_mounted:
            subprocess.run(["mount", "-o", "remount,size=32m", str(database.folder)], check=True)
            owner.do("createPost", {"text": "nachher", "variants": []})  # room again: no restart needed
        server.stop()
        again = Server(database)
        again.port = server.port
        again.start()
        owner.server, owner.connection = again, None
        posts = {p["id"] for p in rows_of(owner, "listPosts", "posts")}
        assert posts >= set(kept) and len(posts) == len(kept) + is_mounted
        owner.do("createPost", {"text": "später", "variants": []})
        again.stop()
        with sqlite3.connect(database.folder / "hibiki.db") as db:
            assert db.execute("pragma integrity_check").fetchone() == ("ok",)
    finally:
        if is_mounted:
            subprocess.run(["umount", "-l", str(database.folder)], check=False)
        database.remove()


def test_a_locked_database_file_is_said_and_waited_for():
    database = Database("sqlite")
    try:
        server = Server(database).start()
        owner = Client(server).set_up()
        other = sqlite3.connect(database.folder / "hibiki.db", isolation_level=None, timeout=5)
        other.execute("begin immediate")
        with concurrent.futures.ThreadPoolExecutor(1) as pool:
            writing = pool.submit(owner.fork().send, "createPost", {"text": "wartet", "variants": []})
            time.sleep(0.5)
            owner.do("getSession"), owner.do("listPosts")  # readers are not held up
            other.execute("rollback")
            assert writing.result(30).status == 201
            other.execute("begin immediate")
            began = time.monotonic()
            reply = owner.fork().send("createPost", {"text": "gibt auf", "variants": []})
            assert (reply.status, reply["reason"]) == (503, "store.busy"), reply
            assert time.monotonic() - began < 40
            other.execute("rollback")
        other.close()
        owner.do("createPost", {"text": "geht wieder", "variants": []})
        assert sorted(p["text"] for p in owner.do("listPosts")["posts"]) == ["geht wieder", "wartet"]
        server.stop()
    finally:
        database.remove()


def test_a_vanished_database_server_is_said_and_found_again():
    need("postgresql")
    database = Database("postgresql")
    try:
        server = Server(database).start()
        owner = Client(server).set_up()
        owner.do("createPost", {"text": "vorher", "variants": []})
        database.sql(f"alter database \"{database.name}\" with allow_connections false", database="postgres")
        database.sql(f"select pg_terminate_backend(pid) from pg_stat_activity where datname = '{database.name}'", database="postgres")
        replies = [owner.send("createPost", {"text": "währenddessen", "variants": []}) for _ in range(3)]
        assert all(r.status in (500, 503) and r["reason"] in ("store.busy", "store.failed") for r in replies), replies
        database.sql(f"alter database \"{database.name}\" with allow_connections true", database="postgres")
        end = time.monotonic() + 30
        while owner.send("createPost", {"text": "nachher", "variants": []}).status != 201:
            assert time.monotonic() < end
            time.sleep(0.2)
        texts = [p["text"] for p in owner.do("listPosts")["posts"]]
        assert texts.count("vorher") == 1 and texts.count("nachher") == 1 and "währenddessen" not in texts
        for _ in range(5):  # each statement killed while it may be running
            database.sql(f"select pg_terminate_backend(pid) from pg_stat_activity where datname = '{database.name}'", database="postgres")
            reply = owner.send("getSession")
            assert reply.status in (200, 500, 503), reply
        owner.do("getSession")
        server.stop()
    finally:
        database.remove()
