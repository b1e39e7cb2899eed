"""How fast messages are read, beside the same kind of model in plain Python in the same run; how well, on the kept-aside texts, after corrections, and on chABSA's sentences where they are at hand."""
import collections
import csv
import hashlib
import json
import math
import os
import pathlib
import re
import subprocess
import time

from lib import BINARY, BUILD, ROOT, Scratch

ABOUT = "messages read for sentiment, intent and urgency"
GOAL = ">= 100,000/s a core, chABSA >= 0.92, kept aside macro-F1 >= 0.85, +5 points after corrections"
TRAINING = ROOT / "training"
CHABSA = pathlib.Path(os.environ.get("HIBIKI_CHABSA", ROOT.parent / "shared/data/chabsa/sentences.csv"))
PEER_TEXTS = 2000


def texts():
    for file in sorted((TRAINING / "ja").glob("*.tsv")):
        for line in file.read_text().splitlines():
            if line and not line.startswith("#"):
                yield line.split("\t")


def peer(rows):
    """Naive Bayes over runs of one to four characters: messages a second of processor time."""
    counts, total = collections.defaultdict(collections.Counter), collections.Counter()
    grams = lambda text: [text[i:i + n] for n in range(1, 5) for i in range(len(text) - n + 1)]
    for sentiment, intent, text in rows:
        for label in (sentiment, intent):
            counts[label].update(grams(text))
            total[label] += 1
    weights = {label: {gram: math.log(n + 1) for gram, n in of.items()} for label, of in counts.items()}
    begin = time.process_time()
    for _, _, text in rows[:PEER_TEXTS]:
        found = grams(text)
        max(weights, key=lambda label: sum(weights[label].get(gram, 0) for gram in found))
    return len(rows[:PEER_TEXTS]) / (time.process_time() - begin)


def report(folder):
    return subprocess.run([BINARY, "train", str(folder), "--report"], capture_output=True, text=True, check=True).stdout


def chabsa():
    """Accuracy of positive or negative on sentences of documents that were not trained with: tenths of the documents, dealt into five folds."""
    rows = collections.defaultdict(list)
    for row in csv.DictReader(CHABSA.open(newline="")):
        if row["label"] in ("positive", "negative"):
            rows[hashlib.sha256(row["document_id"].encode()).digest()[0] % 10].append(f"{row['label']}\tnone\t{' '.join(row['sentence'].split())}")
    with Scratch() as folder:
        (folder / "ja").mkdir()
        for tenth, lines in rows.items():
            (folder / f"ja/{tenth}.tsv").write_text("\n".join(lines) + "\n")
        return float(re.search(r"sentiment: accuracy ([\d.]+)", report(folder))[1])


def run(quick):
    rows = list(texts())
    ours = json.loads(subprocess.run([BUILD / "bench/classify", *sorted((TRAINING / "ja").glob("*.tsv"))], capture_output=True, text=True, check=True).stdout)
    theirs = peer(rows)
    print(f"{ours['texts']} messages of {ours['bytes']:.0f} bytes: {ours['rate']:,.0f}/s a core, with 50 corrections learnt {ours['rate_learnt']:,.0f}/s; naive Bayes over runs of characters in Python {theirs:,.0f}/s ({ours['rate'] / theirs:.0f} times)")
    told = report(TRAINING)
    aside = told[told.index("## Kept-aside"):]
    f1 = {head: float(re.search(rf"{head}: accuracy [\d.]+, macro-F1 ([\d.]+)", aside)[1]) for head in ("sentiment", "intent")}
    learnt = re.search(r"after (\d+) corrections: sentiment accuracy ([\d.]+) -> ([\d.]+), .*; intent accuracy ([\d.]+) -> ([\d.]+)", aside)
    gains = [100 * (float(learnt[k + 1]) - float(learnt[k])) for k in (2, 4)]
    print(f"kept aside: macro-F1 of sentiment {f1['sentiment']:.3f}, of intent {f1['intent']:.3f}; a brand's own words after {learnt[1]} corrections: {gains[0]:+.1f} and {gains[1]:+.1f} points")
    polarity = chabsa() if CHABSA.exists() else None
    print(f"chABSA, documents kept aside: accuracy {polarity:.4f}" if polarity else f"chABSA is not at {CHABSA}: not measured")
    ok = ours["rate_learnt"] >= 100000 and min(f1.values()) >= 0.85 and min(gains) >= 5 and (polarity is None or polarity >= 0.92)
    return f"{ours['rate']:,.0f}/s, kept aside {f1['sentiment']:.3f} and {f1['intent']:.3f}, {gains[0]:+.1f} and {gains[1]:+.1f} points" + (f", chABSA {polarity:.3f}" if polarity else ""), "", ok
