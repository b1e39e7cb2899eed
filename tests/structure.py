#!/usr/bin/env python3
"""Holds the tree to its shape: src/layers.txt, the rooms of a feature, sizes, banned calls, complete messages.

    tests/structure.py [SRC] [--write]   one line a finding: `file:line: rule: what; how to fix`; silent findings none; exit 1 if any

--write brings the map in docs/architecture.md up to date. Exceptions stand in tests/structure.allow, one a line: `file rule reason`; their number is printed."""
import collections
import json
import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
words = [w for w in sys.argv[1:] if not w.startswith("--")]
SRC = pathlib.Path(words[0]).resolve() if words else ROOT / "src"

CORE = {"base", "text", "stats", "store", "http"}
BELOW_FEATURES = CORE | {"api", "networks", "practice", "migrations"}
PURE = {"text"}
LIBRARY_OWNER = {
    "sqlite3.h": {"store"}, "libpq-fe.h": {"store"}, "microhttpd.h": {"http", "practice"}, "curl/": {"http"},
    "cjson/": {"base", "http"}, "sodium.h": {"base", "team"}, "unicode/": {"text"}, "liboath/": {"team"}, "gio/": set(),
    "vips/": {"media"}, "libav": {"media"}, "libsw": {"media"}, "seccomp.h": {"media"}, "yaml.h": {"check"}, "xlsxwriter.h": {"table"}, "zip.h": {"media", "report"}, "qrencode.h": {"links"}, "expat.h": {"media"}, "cairo": {"draw"}, "pango/": {"draw"}, "fontconfig/": {"draw"},
}
ROOM_DENIES = {
    "_api.c": ["store/jobs.h", ".sql.h", "networks/"],
    "_store.c": ["http/server.h", "http/call.h", "api.gen.h", "networks/"],
    "_jobs.c": ["http/call.h", "http/server.h", ".sql.h", "api.gen.h"],
}
BANNED = {
    r"\b(strcpy|strcat|sprintf|vsprintf|gets|strtok|atoi|atol|localtime|gmtime)\s*\(": "an unbounded or locale-bound C function; use GLib's or base/'s",
    r"\b(system|popen|abort)\s*\(": "no shell and no abort on input",
    r"\bg_error\s*\(": "g_error ends the process; return a GError",
    r"\bgoto\b": "early return and g_autoptr instead of goto",
    r"\bG_DEFINE_TYPE": "no GObject",
    r"\bhb_[a-z]": "hb_ is HarfBuzz's prefix, ours is hib_",
}
CLOCK = r"\b(time\s*\(\s*(NULL|0)|g_get_real_time|g_get_monotonic_time|clock_gettime\s*\(|gettimeofday\s*\(|rand\s*\(|random\s*\(|g_random_)"
ENVIRONMENT = r"\b(g_getenv|getenv|g_get_environ)\s*\("
SQL = re.compile(r'"[^"\n]*\b(select\s.+\sfrom|insert\s+into|update\s+\w+\s+set|delete\s+from|create\s+table)\b', re.I)
MAX_LINES = {".c": 800, ".h": 250, ".svelte": 400}
MAX_FUNCTION, MAX_PATHS = 80, 25

found, used = [], collections.defaultdict(set)
allowances = {}
allow_file = ROOT / "tests/structure.allow"
if SRC == ROOT / "src" and allow_file.exists():
    for line in allow_file.read_text().splitlines():
        if line.strip() and not line.startswith("#"):
            name, rule, reason = line.split(None, 2)
            allowances[(name, rule)] = reason
allowed_used = set()


def rel(path):
    try:
        return str(path.relative_to(ROOT))
    except ValueError:
        return str(path)


def say(path, line, rule, what):
    name = rel(path) if isinstance(path, pathlib.Path) else path
    if (name, rule) in allowances:
        allowed_used.add((name, rule))
        return
    found.append(f"{name}:{line}: {rule}: {what}")


def folder_of(path):
    parts = path.relative_to(SRC).parts
    return parts[1] if parts[0] in ("core", "features") else parts[0]


def read_layers():
    layers = {}
    for n, line in enumerate((SRC / "layers.txt").read_text().splitlines(), 1):
        if line.strip() and not line.startswith("#"):
            name, _, rest = line.partition(":")
            layers[name.strip()] = (n, rest.split())
    return layers


def strip_comments(text):
    return re.sub(r"/\*.*?\*/|//[^\n]*", lambda m: re.sub(r"[^\n]", " ", m[0]), text, flags=re.S)


def room_denial(path, folder, include):
    if folder in BELOW_FEATURES | {"app"} or path.name.endswith("_test.c"):
        return None
    for ending, denied in ROOM_DENIES.items():
        if path.name.endswith(ending):
            return next((d for d in denied if include.startswith(d) or include.endswith(d)), None)
    return None


def check_include(path, n, kind, include, folder, layers):
    for library, owners in LIBRARY_OWNER.items():
        if kind == "<" and include.startswith(library) and folder not in owners | {"app"}:
            say(path, n, "library", f"<{include}> belongs to {', '.join(sorted(owners)) or 'nobody'}; go through its header")
    if folder in PURE and re.match(r"(stdio|unistd|fcntl|netdb|sys/(socket|stat)|gio/)", include) and not path.name.endswith("_test.c"):
        say(path, n, "pure", f"{folder}/ does no I/O: take <{include}> out")
    denied = room_denial(path, folder, include)
    if denied:
        say(path, n, "room", f"{path.name} may not include {include}; the flow is parse, model, store, reply")
    target = include.split("/")[0] if kind == '"' and "/" in include else folder
    if include == "api.gen.h":
        target = "api"
    if include == "http/shape.h" and folder == "api":
        target = "http"
    if target == folder or target not in layers:
        return
    if not path.name.endswith("_test.c"):
        used[folder].add(target)
    permitted = layers[folder][1]
    if target not in permitted and "*" not in permitted and not path.name.endswith("_test.c"):
        say(path, n, "direction", f"{folder}/ may not include {target}/; see src/layers.txt, or send an event upwards")
    if target not in BELOW_FEATURES | {"app"} and include != f"{target}/{target}.h":
        say(path, n, "face", f"another feature is used through {target}/{target}.h only")


def check_c(path, layers):
    folder, raw = folder_of(path), path.read_text(errors="replace")
    lines = raw.splitlines()
    if folder not in layers:
        say(path, 1, "layers", f"folder {folder} is not in src/layers.txt; add its row")
        return
    if len(lines) > MAX_LINES[path.suffix]:
        say(path, 1, "size", f"{len(lines)} lines, limit {MAX_LINES[path.suffix]}; move its second subject out")
    if not lines or not lines[0].startswith("/*"):
        say(path, 1, "opening", "does not open with what it is for; add a comment")
    first = next((m[1] for m in map(lambda l: re.match(r'#include ["<]([^">]+)', l), lines) if m), None)
    own = f"{path.stem}.h"
    if path.suffix == ".c" and (path.parent / own).exists() and first and not first.endswith(own):
        say(path, 1, "own-header", f"includes {first} first; its own header comes first")
    code = strip_comments(raw).splitlines()
    for n, line in enumerate(code, 1):
        m = re.match(r'\s*#\s*include\s+([<"])([^">]+)', line)
        if m:
            check_include(path, n, m[1], m[2], folder, layers)
            continue
        for pattern, why in BANNED.items():
            if re.search(pattern, line):
                say(path, n, "banned", why)
        test = path.name.endswith(("_test.c", "test_store.h"))
        if folder != "base" and re.search(CLOCK, line) and not test:
            say(path, n, "clock", "time and randomness come from base/ (hib_db_now, hib_random_bytes)")
        if folder != "app" and re.search(ENVIRONMENT, line) and not test:
            say(path, n, "environment", "only app/ reads the environment; pass it as a setting")
        if folder not in ("store",) and SQL.search(line) and not test:
            say(path, n, "sql", "SQL stands in .sql files, named and typed")


def check_headers(layers):
    features = SRC / "features"
    if not features.is_dir():
        return
    for feature in sorted(p for p in features.iterdir() if p.is_dir()):
        if not (feature / f"{feature.name}.h").exists():
            say(feature, 1, "face", f"has no public header {feature.name}.h")
        if SRC == ROOT / "src" and not (feature / "README.md").exists():
            say(feature, 1, "readme", "has no README.md (ten lines: what it is, tables, events)")


def check_sql(layers):
    names = [p.name for p in (SRC / "features").iterdir() if p.is_dir()] if (SRC / "features").is_dir() else []
    for path in sorted(SRC.rglob("*.sql")):
        folder = folder_of(path)
        if folder == "migrations":
            continue
        text = re.sub(r"--[^\n]*", "", path.read_text())
        for n, line in enumerate(text.splitlines(), 1):
            for table in re.findall(r"\b(?:from|join|into|update)\s+([a-z_]+)", line, re.I):
                owner = next((x for x in names if table.startswith(x + "_")), "store" if table.startswith("store_") else None)
                if owner and owner != folder and not re.match(rf"{owner}_v_", table):
                    say(path, n, "table", f"{table} is {owner}'s; use its header or a view {owner}_v_… it publishes")


def check_layers(layers):
    order = list(layers)
    for folder, (n, targets) in layers.items():
        for t in targets:
            if t == "*":
                continue
            if t not in layers:
                say(SRC / "layers.txt", n, "layers", f"{folder}: {t} does not exist")
            elif order.index(t) > order.index(folder):
                say(SRC / "layers.txt", n, "layers", f"{folder} stands above {t}, which it may include; circles never")
            elif t not in used[folder] and folder != "api":  # api/ is generated: its includes are not in the tree
                say(SRC / "layers.txt", n, "idle", f"{folder} never includes {t}; take the permission away")


def check_map(layers):
    """docs/architecture.md shows the very rows of src/layers.txt between its two marks."""
    path = ROOT / "docs/architecture.md"
    rows = "\n".join(l for l in (SRC / "layers.txt").read_text().splitlines() if l.strip() and not l.startswith("#"))
    wanted = f"<!-- layers -->\n```\n{rows}\n```\n<!-- /layers -->"
    text = path.read_text()
    if "--write" in sys.argv:
        path.write_text(re.sub(r"<!-- layers -->.*?<!-- /layers -->", lambda _: wanted, text, flags=re.S))
    elif wanted not in text:
        say(path, 1, "map", "differs from src/layers.txt; run tests/structure.py --write")
    made = {t for sql in (SRC / "migrations").glob("*.sql") for t in re.findall(r"^create table (\w+)", sql.read_text(), re.M)}
    made -= {t for sql in (SRC / "migrations").glob("*.sql") for t in re.findall(r"^drop table (\w+)", sql.read_text(), re.M)}
    rows = [line.split("|")[1] for line in text.splitlines() if line.startswith("| `")]
    told = {t for row in rows for t in re.findall(r"`(\w+)`", row)}
    for table in sorted(made ^ told):
        say(path, 1, "map", f"{table} is {'not in the list of tables' if table in made else 'no table'}; mend the list under 'The data, first'")


def check_functions():
    sources = [str(p) for p in SRC.rglob("*.c") if not p.name.endswith("_test.c")]
    try:
        out = subprocess.run(["pmccabe", *sources], capture_output=True, text=True).stdout
    except FileNotFoundError:
        say("pmccabe", 0, "tool", "is not installed; run ./hibiki.sh setup")
        return
    for row in (line.split("\t") for line in out.splitlines()):
        if len(row) > 5:
            where = re.match(r"(.*)\((\d+)\): (.*)", row[5])
            if int(row[4]) > MAX_FUNCTION:
                say(pathlib.Path(where[1]), where[2], "function", f"{where[3]} has {row[4]} lines, limit {MAX_FUNCTION}; split it")
            if int(row[1]) > MAX_PATHS:
                say(pathlib.Path(where[1]), where[2], "paths", f"{where[3]} has {row[1]} paths, limit {MAX_PATHS}; split it")


def flatten(tree, prefix=""):
    for key, value in tree.items():
        name = f"{prefix}{key}"
        if isinstance(value, dict):
            yield from flatten(value, name + ".")
        else:
            yield name, value


def check_messages():
    ja = dict(flatten(json.loads((ROOT / "messages/ja.json").read_text())))
    en = dict(flatten(json.loads((ROOT / "messages/en.json").read_text())))
    for key in sorted(ja.keys() ^ en.keys()):
        say("messages", 0, "messages", f"{key} stands in only one of ja.json, en.json")
    for key in sorted(ja.keys() & en.keys()):
        if set(re.findall(r"\{(\w+)", ja[key])) != set(re.findall(r"\{(\w+)", en[key])):
            say("messages", 0, "messages", f"{key}: ja and en have other placeholders")
    c_text = "\n".join(p.read_text(errors="replace") for p in SRC.rglob("*.[ch]") if not p.name.endswith("_test.c"))
    slug = r'"([a-z_]+\.[a-z_]+)"'
    raised = set()
    for call in re.findall(r"hib_error_set(?:_at)?\s*\(([^;]*?)\)\s*;", c_text, re.S):
        raised |= set(re.findall(slug, call))
    for call in re.findall(r"HIB_ERROR_[A-Z_]+\s*,\s*" + slug, c_text):
        raised.add(call)
    contract = (ROOT / "api/openapi.yaml").read_text()
    listed = set(re.findall(r"^\s+- ([a-z_]+\.[a-z_]+)$", contract, re.M))
    texts = {k[len("error."):] for k in ja if k.startswith("error.")}
    for reason in sorted(raised - texts):
        say("messages", 0, "reasons", f"error.{reason} is raised but has no sentence in messages/ja.json and en.json")
    for reason in sorted(r for r in raised - listed if not r.startswith("cli.")):
        say("api/openapi.yaml", 0, "reasons", f"{reason} is raised but not listed in Problem.reason")
    literal = set(re.findall(slug, c_text))
    for reason in sorted((listed | texts) - literal):
        say("messages", 0, "reasons", f"{reason} is never raised; take it out of messages/ and the contract")
    check_message_use(ja, c_text)


def check_message_use(ja, c_text):
    web = ROOT / "web/src"
    web_text = "\n".join(p.read_text(errors="replace") for p in web.rglob("*") if p.suffix in (".ts", ".svelte")) if web.is_dir() else ""
    for path in sorted(web.rglob("*.svelte")) if web.is_dir() else []:
        for n, line in enumerate(path.read_text().splitlines(), 1):
            if re.search(r"[\u3040-\u30ff\u4e00-\u9fff]", re.sub(r"<!--.*?-->|//.*", "", line)):
                say(path, n, "japanese", "a sentence in the page; put it into messages/")
        if len(path.read_text().splitlines()) > MAX_LINES[".svelte"]:
            say(path, 1, "size", f"over {MAX_LINES['.svelte']} lines; split the component")
    for key in sorted(ja):
        area, _, rest = key.partition(".")
        text = web_text if area == "web" else c_text
        if area == "error" or not text:
            continue
        wanted = rest if area == "web" else key
        stem = wanted.rsplit(".", 1)[0] + "."
        tail = wanted.rsplit("_", 1)[0] + "_"
        if wanted not in text and rest not in text and f"{stem}${{" not in text and f"{tail}${{" not in text and f'"{stem}"' not in text and f'"{area}.{stem}"' not in text:
            say("messages", 0, "unused", f"{key} is used nowhere; take it out")


def check_metrics():
    """The numbers a network's data says its connector reads are those the dictionary has of it, and the connector names each."""
    meant = {}
    for metric in json.loads((ROOT / "rules/metrics.json").read_text())["metrics"]:
        for one in metric.get("meanings", []):
            meant.setdefault(one["network"], set()).add(metric["slug"])
    for path in sorted((ROOT / "rules/networks").glob("*.json")):
        network = path.stem
        files = [p for name in (network, "meta") for p in (SRC / "networks").glob(f"{name}*.c") if not p.stem.endswith("_test")]
        code = "".join(p.read_text() for p in files)
        read = set(json.loads(path.read_text()).get("metrics", {}))
        for slug in sorted(meant.get(network, set()) ^ read):
            say(path, 1, "metrics", f"{slug} stands only in {'this file' if slug in read else 'rules/metrics.json'}; both say what the connector reads")
        for slug in sorted(meant.get(network, set())):
            if f'"{slug}"' not in code:
                say("rules/metrics.json", 1, "metrics", f"{slug} of {network} is read by nobody in src/networks")


def check_tests():
    listed = ROOT / "tests/untested.txt"
    reasons = dict(l.split(": ", 1) for l in listed.read_text().splitlines() if l.strip() and not l.startswith("#")) if listed.exists() else {}
    for path in sorted([*SRC.glob("core/*/*.c"), *SRC.glob("features/*/*.c"), *SRC.glob("networks/*.c"), *SRC.glob("practice/*.c")]):
        if path.name.endswith(("_test.c", "_api.c")) or path.name.startswith("test_"):
            continue
        stem = re.sub(r"_(store|jobs)$", "", path.stem)
        if not any((path.parent / f"{s}_test.c").exists() for s in (path.stem, stem)) and rel(path) not in reasons:
            say(path, 1, "test", f"has no {path.stem}_test.c beside it and no reason in tests/untested.txt")
    for name in reasons:
        if not (ROOT / name).exists():
            say("tests/untested.txt", 0, "test", f"{name} is gone; take its line out")


def main():
    layers = read_layers()
    for path in sorted(SRC.rglob("*.[ch]")):
        check_c(path, layers)
    check_layers(layers)
    check_headers(layers)
    check_sql(layers)
    check_functions()
    if SRC == ROOT / "src":
        check_map(layers)
        check_messages()
        check_metrics()
        check_tests()
        for key in sorted(set(allowances) - allowed_used):
            say("tests/structure.allow", 0, "allow", f"{' '.join(key)} is no longer needed; take the line out")
    for line in found:
        print(line)
    print(f"structure: {len(found)} findings, {len(allowances)} exceptions, {sum(map(len, used.values()))} include edges between {len(used)} folders")
    return 1 if found else 0


sys.exit(main())
