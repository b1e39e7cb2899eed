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
MARKS = 32


def answer(posts, n_kinds, size, speed):
    """(likelihood, noise², posterior mean of each kind, its covariance in units of noise²); a post is (day, the kinds it bears, result)"""
    first = posts[0]
    y = [math.log1p(r) - math.log1p(first[2]) for _, _, r in posts]
    n = len(posts)
    matrix = [[100 + speed * (min(a[0], b[0]) - first[0]) + size ** 2 * len(a[1] & b[1]) + (i == j) for j, b in enumerate(posts)] for i, a in enumerate(posts)]
    lower = cholesky(matrix)
    solved = solve(lower, y)
    noise2 = max(sum(a * b for a, b in zip(y, solved)) / n, 1e-6)
    likelihood = -n / 2 * math.log(noise2) - sum(math.log(lower[i][i]) for i in range(n))
    of = [[float(k in p[1]) for p in posts] for k in range(n_kinds)]
    by = [solve(lower, row) for row in of]
    mean = [size ** 2 * sum(a * b for a, b in zip(row, solved)) for row in of]
    variance = [[size ** 2 * (j == k) - size ** 4 * sum(a * b for a, b in zip(of[j], by[k])) for k in range(n_kinds)] for j in range(n_kinds)]
    return likelihood, noise2, mean, variance


def end(below, part):
    low, high = -20.0, 20.0
    for _ in range(100):
        middle = (low + high) / 2
        low, high = (middle, high) if below(middle) < part else (low, middle)
    return high


def judge(posts, n_kinds, contrast, level):
    """`contrast(k, counts, n)`: what is said of kind k, as weights of all effects."""
    answers = [answer(posts, n_kinds, size, speed) for size in SIZES for speed in SPEEDS]
    best = max(a[0] for a in answers)
    weights = [math.exp(a[0] - best) for a in answers]
    weights = [w / sum(weights) for w in weights]
    counts = [sum(k in p[1] for p in posts) for k in range(n_kinds)]
    says = {"noise": sum(w * math.sqrt(a[1]) for w, a in zip(weights, answers)), "chance_none": sum(weights[:len(SPEEDS)]), "kinds": []}
    for k in range(n_kinds):
        if not counts[k] or counts[k] == len(posts):
            says["kinds"].append([0, 0, 0])
            continue
        row = contrast(k, counts, len(posts))
        means = [sum(a * b for a, b in zip(row, one[2])) for one in answers]
        sds = [math.sqrt(max(sum(row[i] * row[j] * one[3][i][j] for i in range(n_kinds) for j in range(n_kinds)), 0) * one[1]) for one in answers]

        def below(x):
            return sum(w * (0.5 * math.erfc((m - x) / s / math.sqrt(2)) if s > 1e-12 else x >= m) for w, m, s in zip(weights, means, sds))

        tail = (1 - level) / 2
        says["kinds"].append([math.expm1(sum(w * m for w, m in zip(weights, means))), math.expm1(end(below, tail)), math.expm1(end(below, 1 - tail))])
    return says


def over_the_others(k, counts, n):
    return [1.0 if j == k else -counts[j] / (n - counts[k]) for j in range(KINDS)]


def marked(seeded):
    """(Intervals hold all at once: Bonferroni.) Posts that bear any of some marks: none matters; two that do; as many as there may be, one on all posts and two that always go together."""
    cases = []
    for n, effects, often, noise in ((24, [0, 0, 0], 0.4, 0.7), (90, [0.8, 0, -0.5, 0, 0, 0], 0.3, 0.5), (100, [0.7, 0] + [0] * 30, 0.15, 0.6)):
        posts, day, level = [], 0.0, 3.0
        for _ in range(n):
            day = round(day + seeded.expovariate(1.2), 3)
            level += seeded.gauss(0, 0.06)
            bears = {m for m in range(len(effects)) if seeded.random() < often}
            if len(effects) == MARKS:
                bears = (bears - {30, 31}) | {31} | ({30} if 29 in bears else set())
            posts.append((day, frozenset(bears), math.floor(math.exp(level + sum(effects[m] for m in bears) + seeded.gauss(0, noise)))))
        says = judge(posts, len(effects), lambda k, counts, n: [float(j == k) for j in range(len(effects))], 1 - 0.05 / len(effects))
        cases.append({"posts": [[d, sum(1 << m for m in b), r] for d, b, r in posts], "says": says})
    return cases


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
        cases.append({"posts": posts, "says": judge([(d, {k}, r) for d, k, r in posts], KINDS, over_the_others, 0.95)})
    print(json.dumps({"cases": cases, "marked": marked(random.Random(8))}, separators=(",", ":")))


if __name__ == "__main__":
    main()
