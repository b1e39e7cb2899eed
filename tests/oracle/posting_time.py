#!/usr/bin/env python3
"""Writes tests/data/posting_time.json: what src/core/stats/posting_time.* has to say about made posts, by an implementation of its own.

    python3 tests/oracle/posting_time.py > tests/data/posting_time.json

Nothing is shared with the C: where it filters post by post, here all posts stand in one dense Gaussian with the covariance the model says (level, kind, week curve, noise), solved by Cholesky."""
import json
import math
import random

SIZES, SPEEDS, WAVES = (0, 0.03, 0.06, 0.1, 0.17, 0.3, 0.5, 0.8), (0, 0.001, 0.01, 0.05, 0.25), 6


def curve_covariance(a, b):
    """Of the logarithms at two slots, for a curve of size 1: cosines of their distance."""
    total = sum(2 / k ** 2 for k in range(1, WAVES + 1))
    return sum((math.cos(2 * math.pi * k * 7 * (a - b) / 168) + math.cos(2 * math.pi * k * (a - b) / 168)) / k ** 2 for k in range(1, WAVES + 1)) / total


def cholesky(matrix):
    lower = [[0.0] * len(matrix) for _ in matrix]
    for i, row in enumerate(matrix):
        for j in range(i + 1):
            left = row[j] - sum(x * y for x, y in zip(lower[i][:j], lower[j][:j]))
            lower[i][j] = math.sqrt(left) if i == j else left / lower[j][j]
    return lower


def solve(lower, right):
    half = []
    for row, value in zip(lower, right):
        half.append((value - sum(x * y for x, y in zip(row, half))) / row[len(half)])
    out = [0.0] * len(half)
    for i in reversed(range(len(half))):
        out[i] = (half[i] - sum(lower[k][i] * out[k] for k in range(i + 1, len(half)))) / lower[i][i]
    return out


def answer(posts):
    begin = math.log1p(posts[0][3])
    y = [math.log1p(post[3]) - begin for post in posts]
    curve = [[curve_covariance(a[1], b[1]) for b in posts] for a in posts]
    models = []
    for size in SIZES:
        for speed in SPEEDS:
            matrix = [[100 + speed * (min(a[0], b[0]) - posts[0][0]) + (a[2] == b[2]) + (i == j) + size ** 2 * curve[i][j] for j, b in enumerate(posts)] for i, a in enumerate(posts)]
            lower = cholesky(matrix)
            weights = solve(lower, y)
            noise2 = sum(a * b for a, b in zip(y, weights)) / len(y)
            likelihood = -0.5 * len(y) * math.log(noise2) - sum(math.log(lower[i][i]) for i in range(len(y)))
            models.append((likelihood, size, noise2, [size ** 2 * sum(w * curve_covariance(slot, post[1]) for w, post in zip(weights, posts)) for slot in range(168)]))
    best = max(model[0] for model in models)
    shares = [math.exp(model[0] - best) for model in models]
    mean = lambda values: sum(share * value for share, value in zip(shares, values)) / sum(shares)
    return dict(chance_none=mean([float(model[1] == 0) for model in models]), noise=mean([math.sqrt(model[2]) for model in models]),
                effects=[math.expm1(mean([model[3][slot] for model in models])) for slot in range(168)])


if __name__ == "__main__":
    draw = random.Random(7)
    posts, day, level = [], 0.0, 4.0
    for _ in range(60):
        step = draw.expovariate(1)
        day += step
        level += draw.gauss(0, 0.1 * math.sqrt(step))
        slot, kind = draw.randrange(168), draw.randrange(3)
        posts.append((round(day, 4), slot, kind, round(math.exp(level + 0.3 * kind + 0.5 * math.cos(2 * math.pi * (slot - 20) / 24) + draw.gauss(0, 0.4)))))
    print(json.dumps(dict(posts=posts, expected=answer(posts))))
