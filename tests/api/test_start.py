"""Starting: what cannot work is said in a sentence on standard error, with another exit than 0, and what is stored stays as it was."""
import os
import socket
import sqlite3
import subprocess

import pytest

from contract import CONTRACT
from server import BINARY, Client, Database, Server, environment

LANGUAGES = {"ja": "ja_JP.UTF-8", "en": "en_US.UTF-8"}


def start(folder, *options, command="serve", language="en"):
    env = {**environment(), "LANG": LANGUAGES[language], "LC_ALL": LANGUAGES[language]}
    return subprocess.run([BINARY, command, "--data-dir", str(folder), *(options or ("--port", "0"))], stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=30, env=env)


def says(done, reason):
    """Ended with a complaint that holds the sentence of that reason."""
    import re
    text = done.stderr + done.stdout
    assert done.returncode not in (0, None) and done.returncode > 0, (done.returncode, text)
    for language in LANGUAGES:
        pattern = CONTRACT.sentence(language, reason)
        if pattern and re.search(pattern, text):
            return True
    raise AssertionError(f"not the sentence of {reason}: {text[-1500:]}")


@pytest.fixture
def database():
    made = Database("sqlite", is_bare=True)
    yield made
    made.remove()


@pytest.fixture
def founded(database):
    server = Server(database).start()
    Client(server).set_up()
    server.stop()
    return database


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_port_that_is_taken_is_said(database, language):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        assert says(start(database.folder, "--port", str(other.getsockname()[1]), language=language), "http.port_taken")
        assert says(start(database.folder, "--port", str(other.getsockname()[1]), command="practice"), "practice.port_taken")


def test_an_address_that_is_none_is_said(database):
    assert says(start(database.folder, "--port", "0", "--address", "nowhere at all"), "http.bad_address")


def test_a_second_instance_on_the_same_file_is_refused_and_the_first_goes_on(founded):
    server = Server(founded).start()
    assert says(start(founded.folder), "store.in_use")
    Client(server).do("getAbout")
    server.stop()


def test_a_database_of_a_newer_program_is_left_alone(founded):
    path = founded.folder / "hibiki.db"
    with sqlite3.connect(path) as db:
        table, = next(r for r in db.execute("select name from sqlite_master where type = 'table' and name like '%migration%'"))
        columns = [r[1] for r in db.execute(f"pragma table_info({table})")]
        row = dict(zip(columns, db.execute(f"select * from {table} order by 1 desc limit 1").fetchone()))
        key = columns[0] if not isinstance(row[columns[0]], str) else next(c for c in columns if isinstance(row[c], int))
        row[key] += 900
        db.execute(f"insert into {table} ({', '.join(columns)}) values ({', '.join('?' * len(columns))})", [row[c] if c != "name" else "of tomorrow" for c in columns])
    db.close()
    before = path.read_bytes()
    assert says(start(founded.folder), "store.newer")
    assert path.read_bytes() == before


def test_a_bad_database_address_is_said(database):
    assert says(start(database.folder, "--port", "0", "--database", "mysql://x/y"), "store.bad_url")


def key_of(folder):
    return next(p for p in folder.iterdir() if "key" in p.name)


def test_a_key_file_that_others_may_read_or_that_is_damaged_stops_the_start(founded):
    key = key_of(founded.folder)
    good = key.read_bytes()
    os.chmod(key, 0o644)
    assert says(start(founded.folder), "secrets.key_readable")
    os.chmod(key, 0o600)
    key.write_bytes(good[:-3])
    assert says(start(founded.folder), "secrets.key_damaged")
    assert key.read_bytes() == good[:-3]
    key.write_bytes(good)
    Server(founded).start().stop()


def test_a_damaged_journal_of_the_practice_network_is_said_and_kept(database):
    journal = database.folder / "practice.journal"
    journal.write_bytes(b"\xff\x00 nonsense\n" * 50)
    assert says(start(database.folder, "--port", "0", command="practice"), "practice.journal_damaged")
    assert journal.read_bytes() == b"\xff\x00 nonsense\n" * 50


def test_a_database_file_that_is_none_is_said_and_left_alone(database):
    path = database.folder / "hibiki.db"
    path.write_bytes(b"this is no database " * 500)
    assert says(start(database.folder), "store.failed")
    assert path.read_bytes() == b"this is no database " * 500


def test_unknown_settings_and_commands_are_said_with_the_nearest_name(database):
    done = start(database.folder, "--prot", "1")
    assert done.returncode > 0 and "port" in done.stderr + done.stdout
    for command, options in (("queue", ("--sate", "waiting")), ("routes", ("--rôle", "client")), ("config", ("--verbose",))):
        done = start(database.folder, *options, command=command)
        assert done.returncode > 0 and options[0][2:] in done.stderr, done
    done = start(database.folder, command="srve")
    assert done.returncode > 0 and "srve" in done.stderr and "hibiki help" in done.stderr
