#!/usr/bin/env python3
"""Computes a draw again, from the protocol Hibiki gives and nothing else (docs/lottery.md). Shares no code with it.

    lottery.py PROTOCOL.json   says for each draw whether seed, entries and winners agree; exit 1 where they do not
    lottery.py --cases         writes tests/data/lottery.json, against which src/features/ugc/lottery_test.c is held"""
import hashlib
import json
import pathlib
import random
import sys
import uuid


def sha256(text):
    return hashlib.sha256(text.encode()).hexdigest()


def entries_hash(ids):
    return sha256("".join(f"{one}\n" for one in sorted(ids)))


def order(seed, outside, ids):
    whole = entries_hash(ids)
    return sorted(ids, key=lambda one: (sha256("\n".join([seed, outside, whole, one])), one))


def verify(protocol):
    """What does not agree, a line each."""
    wrong, ids = [], [one["id"] for one in protocol["entries"] if one["reason"] == "eligible"]
    drawn = [one for one in protocol["draws"] if "seed" in one]
    for one in drawn:
        if sha256(one["seed"]) != one["commitment"]:
            wrong.append(f"draw {one['draw']}: the seed is not the one that was committed to")
        if entries_hash(ids) != one["entries_sha256"]:
            wrong.append(f"draw {one['draw']}: the entries are not those that were closed")
    if drawn:
        expected = order(drawn[-1]["seed"], drawn[-1]["outside"], ids)[:len(protocol["winners"])]
        if expected != [one["id"] for one in protocol["winners"]]:
            wrong.append(f"draw {drawn[-1]['draw']}: others win")
    return wrong


def cases():
    dice, out = random.Random(20261126), []
    for k in range(20):
        ids = sorted(str(uuid.UUID(int=dice.getrandbits(128))) for _ in range([0, 1, 2, 10, 100][k % 5]))
        seed, outside = f"{dice.getrandbits(256):064x}", ["", "38,915.87", "日経平均 51,000.12", "a\tb"][k % 4]
        out.append({"seed": seed, "commitment": sha256(seed), "outside": outside, "entries_sha256": entries_hash(ids), "ids": ids, "order": order(seed, outside, ids)})
    return out


if __name__ == "__main__":
    if sys.argv[1:] == ["--cases"]:
        path = pathlib.Path(__file__).resolve().parent.parent / "data/lottery.json"
        path.write_text("[\n" + ",\n".join(json.dumps(one, ensure_ascii=False) for one in cases()) + "\n]\n")
    else:
        found = verify(json.loads(pathlib.Path(sys.argv[1]).read_text()))
        print("\n".join(found) or "the draw agrees")
        sys.exit(bool(found))
