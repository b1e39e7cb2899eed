"""The command line as a person meets it: a demo that was cut off, a damaged file, a taken port, and every command against a running demo, in both languages."""
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
import urllib.request

import jsonschema
import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
BINARY = os.environ.get("HIBIKI_BINARY", str(ROOT / "build/asan/src/app/hibiki"))
JAPANESE, ENGLISH = "ja_JP.UTF-8", "C"
KANA = re.compile(r"[\u3040-\u30ff]")


def environment(language):
    env = {k: v for k, v in os.environ.items() if not k.startswith(("HIBIKI_", "LC_"))}
    return {**env, "LANG": language}


def run(*words, language=ENGLISH, folder=None, code=None, stdin=None):
    where = ["--data-dir", str(folder)] if folder else []
    done = subprocess.run([BINARY, *words, *where], input=stdin, capture_output=True, text=True, timeout=60, env=environment(language))
    assert "Sanitizer" not in done.stderr, done.stderr
    if code is not None:
        assert done.returncode == code, (done.returncode, done.stdout, done.stderr)
    return done


class Demo:
    def __init__(self, folder, language=ENGLISH, port=0):
        self.folder, began = folder, time.monotonic()
        self.errors = tempfile.TemporaryFile("w+")
        self.process = subprocess.Popen([BINARY, "demo", "--data-dir", str(folder), "--port", str(port)], stdin=subprocess.DEVNULL,
                                        stdout=subprocess.PIPE, stderr=self.errors, text=True, env=environment(language))
        self.said = self.process.stdout.readline()
        assert "http://" in self.said, self.complaints()
        self.url = re.search(r"http://\S+", self.said)[0]
        self.seconds = time.monotonic() - began

    def complaints(self):
        self.errors.seek(0)
        return self.errors.read()

    def answers(self):
        return urllib.request.urlopen(self.url + "api/v1/about", timeout=10).status == 200

    def stop(self, with_signal=signal.SIGTERM):
        self.process.send_signal(with_signal)
        code = self.process.wait(30)
        assert "Sanitizer" not in self.complaints()
        return code


@pytest.fixture
def folder():
    made = pathlib.Path(tempfile.mkdtemp(prefix="hibiki-cli-"))
    yield made
    shutil.rmtree(made, ignore_errors=True)


@pytest.fixture(scope="module")
def demo():
    made = pathlib.Path(tempfile.mkdtemp(prefix="hibiki-cli-"))
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    running = Demo(made, port=port)
    yield running
    assert running.stop() == 0
    shutil.rmtree(made, ignore_errors=True)


# --- the demo's start
def test_a_first_start_killed_at_any_moment_leaves_a_folder_the_next_start_gets_along_with(folder):
    for after in (0.02, 0.1, 0.3, 0.6, 1.0):
        process = subprocess.Popen([BINARY, "demo", "--data-dir", str(folder), "--port", "0"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=environment(ENGLISH))
        time.sleep(after)
        process.kill()
        process.wait()
    demo = Demo(folder)
    assert demo.answers()
    assert demo.complaints() == ""
    assert demo.stop() == 0


def test_the_demo_starts_with_two_sentences_and_no_log_in_the_language_of_the_machine(folder):
    demo = Demo(folder, JAPANESE)
    assert KANA.search(demo.said) and demo.complaints() == ""
    demo.stop(signal.SIGKILL)
    again = Demo(folder, ENGLISH)
    assert not KANA.search(again.said) and again.answers()
    again.stop()


@pytest.mark.parametrize("damage", ["", "{", '{"since":1}', "\x00\x01"])
def test_a_damaged_demo_file_is_named_and_nothing_is_touched(folder, damage):
    (folder / "demo.json").write_text(damage)
    for language in (JAPANESE, ENGLISH):
        done = run("demo", "--port", "0", folder=folder, language=language, code=1)
        assert str(folder / "demo.json") in done.stderr and bool(KANA.search(done.stderr)) == (language == JAPANESE)
    assert sorted(p.name for p in folder.iterdir()) == ["demo.json", "demo.lock"] and (folder / "demo.json").read_text() == damage


def test_a_place_that_cannot_be_written_is_named(folder):
    (folder / "file").write_text("")
    for command in ("demo", "serve"):
        for place in ("/proc/nowhere", folder / "file"):
            done = run(command, "--port", "0", folder=place, code=1)
            assert str(place) in done.stderr and "cli.no_data_dir" in done.stderr


def test_two_demos_share_neither_a_port_nor_a_folder(demo, folder):
    port = demo.url.rsplit(":", 1)[1].strip("/")
    done = run("demo", "--port", port, folder=folder, code=1)
    assert port in done.stderr and "http.port_taken" in done.stderr
    assert "store.in_use" in run("demo", "--port", "0", folder=demo.folder, code=1).stderr
    assert demo.answers()


def test_a_lost_key_is_said_before_anything_is_sealed_with_another(folder):
    Demo(folder).stop()
    key = (folder / "secret.key").read_bytes()
    (folder / "secret.key").unlink()
    for command in ("demo", "serve", "doctor"):
        assert "cli.key_missing" in run(command, *([] if command == "doctor" else ["--port", "0"]), folder=folder, code=1).stderr
        assert not (folder / "secret.key").exists()
    (folder / "secret.key").write_bytes(key)
    (folder / "secret.key").chmod(0o600)
    assert Demo(folder).stop() == 0


def test_two_first_starts_at_once_are_one_demo_and_one_refusal(folder):
    both = [subprocess.Popen([BINARY, "demo", "--data-dir", str(folder), "--port", "0"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment(ENGLISH)) for _ in range(2)]
    first = [process.stdout.readline() for process in both]
    assert sorted("http://" in line for line in first) == [False, True]
    for process, line in zip(both, first):
        if line:
            process.terminate()
        complaint = process.communicate(timeout=30)[1]
        assert (complaint == "" and process.returncode == 0) if line else ("store.in_use" in complaint and process.returncode == 1)
    assert not list(folder.glob("*.unfinished"))


# --- commands against a running demo
def test_a_post_is_made_listed_queued_and_deleted(demo):
    refused = run("post", "new", "--at", "2031-01-01 09:00", "絵のない投稿", folder=demo.folder, code=1)  # goes to all accounts
    assert "post.media_missing" in refused.stderr
    line = run("post", "new", "--at", "2031-01-01 09:00", "--account", "hibiki.test", "あけまして", folder=demo.folder, code=0).stdout
    post = line.split()[0]
    assert line.split()[1:] == ["scheduled", "2031-01-01", "09:00", "あけまして"]
    assert post in run("post", "list", folder=demo.folder, code=0).stdout
    waiting = run("queue", folder=demo.folder, code=0).stdout
    assert "2031-01-01 09:00" in waiting and "あけまして" in waiting
    assert "あけまして" in run("queue", "--state", "waiting", "--json", folder=demo.folder, code=0).stdout
    run("post", "unschedule", post, folder=demo.folder, code=0)
    assert "あけまして" not in run("queue", "--state", "waiting", folder=demo.folder, code=0).stdout
    run("post", "delete", post, folder=demo.folder, code=0)
    assert post not in run("post", "list", folder=demo.folder, code=0).stdout


def test_a_text_comes_from_standard_input(demo):
    line = run("post", "new", "-", folder=demo.folder, code=0, stdin="一行目\n二行目\n").stdout
    assert "一行目 二行目" in line and " draft " in line


def test_a_time_that_is_past_or_none_keeps_the_draft_and_says_so_in_the_language_asked_for(demo):
    for at, reason in (("2020-01-01 09:00", "post.time_past"), ("2031-13-01 09:00", "post.bad_wall")):
        for language in (JAPANESE, ENGLISH):
            done = run("post", "new", "--at", at, "昔", folder=demo.folder, language=language, code=1)
            assert reason in done.stderr and bool(KANA.search(done.stderr)) == (language == JAPANESE), done.stderr
            assert re.search(r"[0-9a-f]{8}-[0-9a-f]{4}-7", done.stdout)


def test_hold_stops_and_releases(demo):
    assert run("hold", "on", "--reason", "地震", folder=demo.folder, code=0).stdout.startswith("Everything is held")
    assert "(held)" in run("queue", "--state", "waiting", folder=demo.folder, code=0).stdout
    assert KANA.search(run("hold", "status", folder=demo.folder, language=JAPANESE, code=0).stdout)
    assert run("hold", "off", folder=demo.folder, code=0).stdout.startswith("Nothing is held")
    assert "(held)" not in run("queue", "--state", "waiting", folder=demo.folder, code=0).stdout
    run("hold", "maybe", folder=demo.folder, code=2)


def test_what_is_not_there_is_said(demo):
    assert "cli.unknown_account" in run("post", "new", "--account", "nobody", "x", folder=demo.folder, code=1).stderr
    assert "404" in run("post", "delete", "xx", folder=demo.folder, code=1).stderr
    assert "422" in run("queue", "--state", "nonsense", folder=demo.folder, code=1).stderr
    assert run("post", "new", folder=demo.folder, code=2).stdout.startswith("Usage")


def test_a_server_that_is_away_and_a_connection_never_made_are_told_apart(folder):
    assert "cli.not_connected" in run("queue", folder=folder, code=1).stderr
    (folder / "cli.json").write_text("{")
    assert str(folder / "cli.json") in run("queue", folder=folder, code=1).stderr
    (folder / "cli.json").write_text('{"url":"http://127.0.0.1:1","token":"x"}')
    assert "cli.no_server" in run("queue", folder=folder, code=1).stderr


# --- commands that need no server
def test_doctor_looks_and_changes_nothing(demo, folder):
    assert "in use" in run("doctor", folder=demo.folder, code=0).stdout.lower()
    run("doctor", folder=folder, code=0)
    assert list(folder.iterdir()) == []


def test_doctor_tells_of_clicks_on_their_way(demo):
    port = demo.url.split(":")[2].strip("/")
    said = run("doctor", "--port", port, folder=demo.folder, code=0).stdout
    assert re.search(r"✓ clicks on their way into the database: \d", said) and "the oldest of them (s): 0" in said and "last not be written: -" in said, said
    assert "データベースに入るのを待っているクリック" in run("doctor", "--port", port, folder=demo.folder, language=JAPANESE, code=0).stdout
    assert "give its --port" in run("doctor", "--port", "1", folder=demo.folder, code=0).stdout


def test_config_says_where_each_value_comes_from(folder):
    (folder / "hibiki.conf").write_text("workers = 7\n")
    text = run("config", "--port", "8999", folder=folder, code=0).stdout
    assert re.search(r"^workers = 7 .*file$", text, re.M) and re.search(r"^port = 8999 .*option$", text, re.M)
    assert KANA.search(run("config", folder=folder, language=JAPANESE, code=0).stdout)


def test_the_model_is_what_the_training_texts_give():
    assert run("train", ROOT / "training", "--check", code=0).stdout


def test_training_repeats_and_says_which_line_is_wrong(tmp_path):
    folder = tmp_path / "training/ja"
    folder.mkdir(parents=True)
    rows = [f"{sentiment}\t{intent}\t{text}{end}" for sentiment, intent, text in
            (("positive", "praise", "最高でした"), ("negative", "complaint", "壊れていました"), ("neutral", "question", "いつ届きますか")) for end in ("", "。", "!", "?")]
    (folder / "small.tsv").write_text("\n".join(["# a comment", *rows]))
    files = [tmp_path / name for name in ("one.model", "two.model")]
    for file in files:
        run("train", folder.parent, "--out", file, code=0)
    assert files[0].read_bytes() == files[1].read_bytes() and len(files[0].read_bytes()) < 2_000_000
    assert "Texts of files it was not trained with" in run("train", folder.parent, "--report", code=0).stdout
    assert run("train", folder.parent, "--check", code=1).stdout
    (folder / "small.tsv").write_text("\n".join([*rows, "happy\tpraise\t最高"]))
    assert "small.tsv" in run("train", folder.parent, code=1).stderr


def test_routes_of_a_client_are_fewer_than_those_of_an_owner():
    client, owner = (set(run("routes", "--role", role, code=0).stdout.splitlines()) for role in ("client", "owner"))
    assert client < owner and any("getAbout" in line for line in client) and not any("createPost" in line for line in client)
    assert "owner" in run("routes", "--role", "nobody", code=1).stderr


def test_check_finds_says_where_and_leaves_by_its_exit_code(tmp_path):
    good, bad = tmp_path / "good.txt", tmp_path / "bad.txt"
    good.write_text("本日もお待ちしています\n")
    bad.write_text("本日\n😀業界 最 安値を宅急便で\n")
    assert "Nothing was found" in run("check", str(good), code=0).stdout
    said = run("check", str(good), str(bad), code=1).stdout
    assert f"{bad}:2:3: warn: KHY-05: 業界 最 安値" in said and "宅配便" in said and "not legal advice" in said
    assert "法的助言ではありません" in run("check", str(bad), code=1, language=JAPANESE).stdout
    assert "YKK-01" in run("check", "--industry", "cosme", "-", stdin="ニキビが治る", code=1).stdout
    assert "YKK-01" not in run("check", "-", stdin="ニキビが治る", code=0).stdout
    assert "STM-01" in run("check", "--relation=gifted", "-", stdin="新作のリップ", code=1).stdout
    for around, level in ((), "warn"), (("--around", "disaster,election"), "block"):
        said = run("check", *around, "-", stdin="震度7の安さ、選挙よりセール", code=1).stdout
        assert f"{level}: SEN-01" in said and f"{level}: SEN-03" in said


def sarif_shape():
    """What SARIF 2.1.0 (OASIS) asks of the objects that are written: which there are, what they need, of which type."""
    def thing(needs, **has):
        return {"type": "object", "additionalProperties": False, "required": needs, "properties": has}
    def many(what, least=0):
        return {"type": "array", "items": what, "minItems": least}
    words, bag, level = {"type": "string"}, {"type": "object"}, {"enum": ["none", "note", "warning", "error"]}
    place = {"type": "integer", "minimum": 1}
    message = thing(["text"], text=words)
    region = thing(["startLine"], startLine=place, startColumn=place, endLine=place, endColumn=place)
    artifact = thing(["uri"], uri={"type": "string", "pattern": r"^[A-Za-z0-9._~%/!$&'()*+,;=:@-]+$"})
    replacement = thing(["deletedRegion"], deletedRegion=region, insertedContent=thing(["text"], text=words))
    change = thing(["artifactLocation", "replacements"], artifactLocation=artifact, replacements=many(replacement, 1))
    fix = thing(["artifactChanges"], description=message, artifactChanges=many(change, 1))
    location = thing([], physicalLocation=thing(["artifactLocation"], artifactLocation=artifact, region=region))
    result = thing(["message"], ruleId=words, ruleIndex={"type": "integer", "minimum": 0}, level=level, message=message, locations=many(location), fixes=many(fix))
    rule = thing(["id"], id=words, shortDescription=message, help=message, defaultConfiguration=thing([], level=level), properties=bag)
    driver = thing(["name"], name=words, version=words, rules=many(rule))
    run_ = thing(["tool"], tool=thing(["driver"], driver=driver), columnKind={"enum": ["utf16CodeUnits", "unicodeCodePoints"]}, results=many(result))
    return {**thing(["version", "runs"], version={"const": "2.1.0"}, runs=many(run_)), "properties": {"$schema": words, "version": {"const": "2.1.0"}, "runs": many(run_)}}


def test_check_writes_json_and_sarif(tmp_path):
    bad = tmp_path / "bad.txt"
    bad.write_text("😀業界最安値\n")
    found = json.loads(run("check", "--json", str(bad), code=1).stdout)
    assert [(f["rule"], f["line"], f["column"], f["found"]) for f in found] == [("KHY-05", 1, 3, "業界最安値")]
    log = json.loads(run("check", "--format", "sarif", str(bad), code=1).stdout)
    assert log["version"] == "2.1.0"
    result, rules = log["runs"][0]["results"][0], log["runs"][0]["tool"]["driver"]["rules"]
    assert result["ruleId"] == rules[0]["id"] == "KHY-05" and result["level"] == "warning" and log["runs"][0]["columnKind"] == "utf16CodeUnits"
    assert result["locations"][0]["physicalLocation"]["region"] == {"startLine": 1, "startColumn": 3, "endLine": 1, "endColumn": 8}
    spaced = tmp_path / "a b 告知.txt"
    spaced.write_text("宅急便で\n最高の宅急便\n業界最安値\n")
    many = json.loads(run("check", "--format", "sarif", str(spaced), "-", stdin="残りわずか", code=1).stdout)
    for one in (log, many):
        jsonschema.validate(one, sarif_shape())
    results, rules = many["runs"][0]["results"], many["runs"][0]["tool"]["driver"]["rules"]
    assert len({rule["id"] for rule in rules}) == len(rules) < len(results)
    assert all(rules[one["ruleIndex"]]["id"] == one["ruleId"] for one in results)
    uris = {one["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] for one in results}
    assert {urllib.parse.unquote(uri) for uri in uris} == {str(spaced), "stdin"}
    change = results[0]["fixes"][0]["artifactChanges"][0]["replacements"][0]
    assert change["insertedContent"]["text"] == "宅配便" and change["deletedRegion"] == {"startLine": 1, "startColumn": 1, "endLine": 1, "endColumn": 4}
    assert json.loads(run("check", "--format", "sarif", "-", stdin="本日も", code=0).stdout)["runs"][0]["results"] == []


def test_check_refuses_what_it_cannot_read(tmp_path):
    binary, rules = tmp_path / "a.bin", tmp_path / "rules.yaml"
    binary.write_bytes(b"\xff\xfe\x00")
    assert str(binary) in run("check", str(binary), code=2).stderr
    assert "gone.txt" in run("check", "gone.txt", code=2).stderr
    run("check", code=2)
    run("check", "--format", "xml", "-", stdin="", code=2)
    rules.write_text("rules:\n  - {id: NG-1, severity: block, message: だめ, match: {any: [ライバル社]}}\n")
    assert "NG-1" in run("check", "--rules", str(rules), "-", stdin="ライバル社", code=1).stdout
    rules.write_text("rules:\n  - {id: NG-1,\n     severity: grave, message: x, match: {any: [x]}}\n")
    assert "Line 3" in run("check", "--rules", str(rules), "-", stdin="x", code=2).stderr
