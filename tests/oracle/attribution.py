#!/usr/bin/env python3
"""Writes tests/data/channel_paths/exact.json: what every method credits on paths.csv, by an implementation of its own.

    python3 tests/oracle/attribution.py > tests/data/channel_paths/exact.json

Nothing is shared with src/core/stats: fractions and 60-digit decimals instead of doubles, dense elimination with pivoting for each removed channel
where the C iterates over the steps that occur, and Shapley values from their definition, each set's worth counted from scratch, where the C sums subsets.
The chain's states are tuples of the last touches. The half-life of time decay is one step."""
import csv
import itertools
import json
import math
import pathlib
from collections import Counter, defaultdict
from decimal import Decimal, getcontext
from fractions import Fraction

getcontext().prec = 60
FILE = pathlib.Path(__file__).resolve().parents[1] / "data/channel_paths/paths.csv"


def read():
    with open(FILE, newline="") as file:
        for row in csv.DictReader(file):
            yield tuple(row["path"].split(" > ")), int(row["total_conversions"]), Fraction(row["total_conversion_value"]), int(row["total_null"])


def touches(paths):
    out = {name: defaultdict(lambda: [Fraction(0), Fraction(0)]) for name in ("last", "first", "linear", "time_decay", "position")}
    for path, conversions, value, _ in paths:
        n = len(path)
        halves = [Fraction(1, 2 ** (n - 1 - i)) for i in range(n)]
        ends = [Fraction(1, n)] * n if n <= 2 else [Fraction(2, 5)] + [Fraction(1, 5) / (n - 2)] * (n - 2) + [Fraction(2, 5)]
        parts = {"last": [0] * (n - 1) + [1], "first": [1] + [0] * (n - 1), "linear": [Fraction(1, n)] * n, "time_decay": [h / sum(halves) for h in halves], "position": ends}
        for name, part in parts.items():
            for channel, share in zip(path, part):
                out[name][channel][0] += share * conversions
                out[name][channel][1] += share * value
    return out


def solve(matrix, rights):
    """Gauss-Jordan with partial pivoting; several right sides."""
    n = len(matrix)
    rows = [list(row) + [right[i] for right in rights] for i, row in enumerate(matrix)]
    for c in range(n):
        pivot = max(range(c, n), key=lambda r: abs(rows[r][c]))
        rows[c], rows[pivot] = rows[pivot], rows[c]
        for r in range(c + 1, n):
            if rows[r][c]:
                factor = rows[r][c] / rows[c][c]
                rows[r] = rows[r][:c] + [Decimal(0)] + [a - factor * b for a, b in zip(rows[r][c + 1:], rows[c][c + 1:])]
    x = [[Decimal(0)] * n for _ in rights]
    for k in range(len(rights)):
        for r in range(n - 1, -1, -1):
            x[k][r] = (rows[r][n + k] - sum(rows[r][j] * x[k][j] for j in range(r + 1, n) if rows[r][j])) / rows[r][r]
    return x


def markov(paths, channels, order):
    steps, wins, gains, out_of = Counter(), Counter(), defaultdict(Fraction), Counter()
    for path, conversions, value, nulls in paths:
        state = ()
        for channel in path:
            after = (state + (channel,))[-order:]
            steps[state, after] += conversions + nulls
            out_of[state] += conversions + nulls
            state = after
        out_of[state] += conversions + nulls
        wins[state] += conversions
        gains[state] += value

    def start(removed):
        states = [s for s in out_of if not s or s[-1] != removed]
        at = {s: i for i, s in enumerate(states)}
        matrix = [[Decimal(int(i == j)) for j in range(len(states))] for i in range(len(states))]
        for (a, b), n in steps.items():
            if a in at and b in at:
                matrix[at[a]][at[b]] -= Decimal(n) / Decimal(out_of[a])
        right = [[Decimal(w[s].numerator) / Decimal(w[s].denominator) / Decimal(out_of[s]) for s in states] for w in (defaultdict(Fraction, {k: Fraction(v) for k, v in wins.items()}), gains)]
        x = solve(matrix, right)
        return x[0][at[()]], x[1][at[()]]

    whole = start(None)
    effects = {}
    for c in channels:
        without = start(c)
        effects[c] = (1 - without[0] / whole[0], 1 - without[1] / whole[1])
    totals = [sum(p[1] for p in paths), sum((p[2] for p in paths), Fraction(0))]
    sums = [sum(e[k] for e in effects.values()) for k in (0, 1)]
    return {c: [float(e[k] / sums[k] * Decimal(totals[k].numerator) / Decimal(totals[k].denominator)) for k in (0, 1)] + [float(e[0])] for c, e in effects.items()}


def shapley(paths, channels):
    groups = defaultdict(lambda: [0, 0, Fraction(0)])
    for path, conversions, value, nulls in paths:
        group = groups[frozenset(path)]
        group[0] += conversions + nulls
        group[1] += conversions
        group[2] += value
    total = [sum(g[1] for g in groups.values()), sum((g[2] for g in groups.values()), Fraction(0))]

    # The model of sets that few met: fifty rounds of expectation and maximisation.
    chance = {c: Decimal("0.1") for c in channels}
    for _ in range(50):
        fired, met = defaultdict(Decimal), Counter()
        for s, g in groups.items():
            hit = 1 - math.prod(1 - chance[c] for c in s)
            for c in s:
                fired[c] += g[1] * chance[c] / hit if g[1] else 0
                met[c] += g[0]
        chance = {c: fired[c] / met[c] for c in channels}

    def rate(s):
        g = groups.get(s, (0, 0, Fraction(0)))
        model = 20 * Fraction(1 - math.prod(1 - chance[c] for c in s)) if s else Fraction(0)
        return ((g[1] + model) / (g[0] + 20), (g[2] + model * total[1] / total[0]) / (g[0] + 20)) if s else (Fraction(0), Fraction(0))

    rates = {frozenset(s): [float(r) for r in rate(frozenset(s))] for size in range(len(channels) + 1) for s in itertools.combinations(channels, size)}
    # What a set is worth: everybody, at the rate of those who met what they and the set have in common.
    worths = {s: [math.fsum(g[0] * rates[x & s][k] for x, g in groups.items()) for k in (0, 1)] for s in rates}
    n = len(channels)
    out = {}
    for c in channels:
        def weight(s):
            return math.factorial(len(s)) * math.factorial(n - len(s) - 1) / math.factorial(n)

        out[c] = [math.fsum(weight(s) * (worths[s | {c}][k] - before[k]) for s, before in worths.items() if c not in s) for k in (0, 1)]
    return {c: [v[k] * float(total[k]) / math.fsum(o[k] for o in out.values()) for k in (0, 1)] for c, v in out.items()}


def main():
    paths = list(read())
    channels = sorted({c for p in paths for c in p[0]})
    out = {name: {c: [float(v) for v in values] for c, values in credit.items()} for name, credit in touches(paths).items()}
    out["markov_1"] = markov(paths, channels, 1)
    out["markov_2"] = markov(paths, channels, 2)
    out["shapley"] = shapley(paths, channels)
    print(json.dumps(out, indent=1, sort_keys=True))


main()
