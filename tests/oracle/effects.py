#!/usr/bin/env python3
"""Writes tests/data/effects.json: what src/core/stats/effects.* has to say about made posts, by an implementation of its own.

    python3 tests/oracle/effects.py > tests/data/effects.json

Nothing is shared with the C: where it filters post by post, here all posts stand in one dense Gaussian with the covariance the model says (level, kind, noise), solved by Cholesky; the interval's
ends are sought in the mixture of the answers."""
import json
import math
import random

from posting_time import SIZES, SPEEDS, cholesky, solve

KINDS = 12


def answer(posts, size, speed):
    """(likelihood, noise², posterior mean of each kind, its covariance in units of noise²)"""
    first = posts[0]
    y = [math.log1p(r) - math.log1p(first[2]) for _, _, r in posts]
    n = len(posts)
    matrix = [[100 + speed * (min(a[0], b[0]) - first[0]) + size ** 2 * (a[1] == b[1]) + (i == j) for j, b in enumerate(posts)] for i, a in enumerate(posts)]
    lower = cholesky(matrix)
    solved = solve(lower, y)
    noise2 = max(sum(a * b for a, b in zip(y, solved)) / n, 1e-6)
    likelihood = -n / 2 * math.log(noise2) - sum(math.log(lower[i][i]) for i in range(n))
    of = [[float(p[1] == k) for p in posts] for k in range(KINDS)]
    by = [solve(lower, row) for row in of]
    mean = [size ** 2 * sum(a * b for a, b in zip(row, solved)) for row in of]
    variance = [[size ** 2 * (j == k) - size ** 4 * sum(a * b for a, b in zip(of[j], by[k])) for k in range(KINDS)] for j in range(KINDS)]
    return likelihood, noise2, mean, variance


def end(below, part):
    low, high = -20.0, 20.0
    for _ in range(100):
        middle = (low + high) / 2
        low, high = (middle, high) if below(middle) < part else (low, middle)
    return high


def judge(posts, level):
    answers = [answer(posts, size, speed) for size in SIZES for speed in SPEEDS]
    best = max(a[0] for a in answers)
    weights = [math.exp(a[0] - best) for a in answers]
    weights = [w / sum(weights) for w in weights]
    counts = [sum(p[1] == k for p in posts) for k in range(KINDS)]
    says = {"noise": sum(w * math.sqrt(a[1]) for w, a in zip(weights, answers)), "chance_none": sum(weights[:len(SPEEDS)]), "kinds": []}
    for k in range(KINDS):
        if not counts[k] or counts[k] == len(posts):
            says["kinds"].append([0, 0, 0])
            continue
        row = [1.0 if j == k else -counts[j] / (len(posts) - counts[k]) for j in range(KINDS)]
        means = [sum(a * b for a, b in zip(row, one[2])) for one in answers]
        sds = [math.sqrt(max(sum(row[i] * row[j] * one[3][i][j] for i in range(KINDS) for j in range(KINDS)), 0) * one[1]) for one in answers]

        def below(x):
            return sum(w * (0.5 * math.erfc((m - x) / s / math.sqrt(2)) if s > 1e-12 else x >= m) for w, m, s in zip(weights, means, sds))

        tail = (1 - level) / 2
        says["kinds"].append([math.expm1(sum(w * m for w, m in zip(weights, means))), math.expm1(end(below, tail)), math.expm1(end(below, 1 - tail))])
    return says


def main():
    seeded = random.Random(7)
    cases = []
    for n, effects, noise in ((20, [0, 0], 0.8), (60, [0, 0.9, 0], 0.5), (100, [0, 0.5, -0.6, 0.1, 0], 0.6), (80, [0] * 7, 0.9), (110, [k / 10 - 0.6 for k in range(12)], 0.6)):
        posts, day, level = [], 0.0, 3.0
        for _ in range(n):
            day = round(day + seeded.expovariate(1.2), 3)
            level += seeded.gauss(0, 0.06)
            kind = seeded.randrange(len(effects))
            posts.append([day, kind, math.floor(math.exp(level + effects[kind] + seeded.gauss(0, noise)))])
        cases.append({"posts": posts, "says": judge(posts, 0.95)})
    print(json.dumps({"cases": cases}, separators=(",", ":")))


if __name__ == "__main__":
    main()
