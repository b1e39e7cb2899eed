"""Forecasts of M4's weekly and hourly series (the 40 % that are open) held against what came, beside Naive2 in the same run; and how many daily series a second.

`bench/forecast.py --holdout` scores the last weeks and days of the training parts instead: what was chosen was chosen there."""
import json
import math
import os
import pathlib
import random
import subprocess
import sys

from lib import BUILD, ROOT

ABOUT = "forecasts with 95 % intervals: speed, and M4's weekly and hourly series"
GOAL = ">= 10,000 series/s a core, OWA <= 0.90 weekly and <= 0.60 hourly, intervals cover 93-97 %"
M4 = pathlib.Path(os.environ.get("HIBIKI_M4", ROOT.parent / "shared/data/m4"))
SETS = {"weekly": (1, 13, 52, 0), "hourly": (24, 48, 24, 168)}  # period of the score, horizon, season and long season of ours


def read(name):
    rows = (line.strip().split(",") for line in (M4 / name).read_text().splitlines())
    return {row[0]: [float(value) for value in row[1:] if value] for row in rows if row[0][0] in "HW" and row[1][0] in "-.0123456789"}


def forecast(series, horizon, season, long_season, rounds=1):
    text = "".join(",".join(map(repr, values)) + "\n" for values in series)
    out = subprocess.run([BUILD / "bench/forecast", *map(str, (horizon, season, long_season, rounds))], input=text, capture_output=True, text=True, check=True).stdout.splitlines()
    return [[list(map(float, part.split(","))) for part in line.split("\t")] for line in out[:-1]], json.loads(out[-1])


def naive2(values, horizon, m):
    """The last value, seasonally adjusted where the competition's test (90 %) finds a season: classical multiplicative decomposition."""
    n, index = len(values), [1.0] * m
    if m > 1 and n >= 3 * m:
        mean = sum(values) / n
        off = [value - mean for value in values]
        whole = sum(x * x for x in off)
        r = [sum(a * b for a, b in zip(off[k:], off)) / whole for k in range(1, m + 1)]
        if abs(r[-1]) > 1.645 * math.sqrt((1 + 2 * sum(x * x for x in r[:-1])) / n):
            ratios = [[] for _ in range(m)]
            for t in range(m // 2, n - m // 2):
                around = values[t - m // 2:t + m // 2 + 1]
                middle = (sum(around) - (0 if m % 2 else (around[0] + around[-1]) / 2)) / m
                ratios[t % m].append(values[t] / middle)
            index = [sum(part) / len(part) for part in ratios]
            index = [value * m / sum(index) for value in index]
    return [values[-1] / index[(n - 1) % m] * index[(n + j) % m] for j in range(horizon)]


def score(m, train, said, came):
    scale = sum(abs(a - b) for a, b in zip(train[m:], train)) / (len(train) - m)
    return (sum(200 * abs(f - y) / (abs(f) + abs(y)) for f, y in zip(said, came)) / len(came), sum(abs(f - y) for f, y in zip(said, came)) / len(came) / scale)


def msis(m, train, low, high, came):
    scale = sum(abs(a - b) for a, b in zip(train[m:], train)) / (len(train) - m)
    return sum(h - l + 40 * max(l - y, 0, y - h) for l, h, y in zip(low, high, came)) / len(came) / scale


def judge(name, held_out=0):
    m, horizon, season, long_season = SETS[name]
    train, test = read(f"{name}_train.csv"), read(f"{name}_test.csv")
    if held_out:
        test = {i: values[len(values) - held_out * horizon:][:horizon] for i, values in train.items()}
        train = {i: values[:len(values) - held_out * horizon] for i, values in train.items()}
    said, told = forecast(train.values(), horizon, season, long_season)
    ours = [score(m, train[i], mean, test[i]) for i, (mean, _, _) in zip(train, said)]
    naive = [score(m, train[i], naive2(train[i], horizon, m), test[i]) for i in train]
    mean = lambda rows, k: sum(row[k] for row in rows) / len(rows)
    inside = [low <= y <= high for i, (_, lows, highs) in zip(train, said) for y, low, high in zip(test[i], lows, highs)]
    owa = (mean(ours, 0) / mean(naive, 0) + mean(ours, 1) / mean(naive, 1)) / 2
    cover = sum(inside) / len(inside)
    wide = sum(msis(m, train[i], low, high, test[i]) for i, (_, low, high) in zip(train, said)) / len(train)
    print(f"M4 {name}{f', held out {held_out}' if held_out else ''}, {len(train)} series: sMAPE {mean(ours, 0):.3f} (Naive2 {mean(naive, 0):.3f}), MASE {mean(ours, 1):.3f} (Naive2 {mean(naive, 1):.3f}), OWA {owa:.3f}; "
          f"95 % intervals cover {cover:.1%}, MSIS {wide:.2f}; {told['series'] / told['s']:,.0f} series/s ({told['values'] / told['series']:.0f} values each)")
    return owa, cover


def daily(n):
    """Half a year of days with a weekly turn, as an account's reach has."""
    made = random.Random(2026)
    for _ in range(n):
        level, week = made.uniform(100, 10000), [made.uniform(0.7, 1.3) for _ in range(7)]
        yield [round(level * week[day % 7] * math.exp(0.001 * day + made.gauss(0, 0.15))) for day in range(180)]


def run(quick):
    series = list(daily(200))
    speeds = sorted(told["series"] / told["s"] for _, told in (forecast(series, 28, 7, 0, 2 if quick else 10) for _ in range(9)))
    speed = speeds[4]
    print(f"180 days with a weekly season, 28 days ahead: {speed:,.0f} series/s (processor time, median of nine rounds; {speeds[0]:,.0f} to {speeds[-1]:,.0f})")
    if not M4.exists():
        print(f"M4's series are not at hand ({M4})")
        return f"{speed:,.0f}", "series/s, M4 not at hand", False
    weekly, weekly_cover = judge("weekly")
    hourly, hourly_cover = judge("hourly")
    ok = speed >= 10000 and weekly <= 0.90 and hourly <= 0.60 and all(0.93 <= cover <= 0.97 for cover in (weekly_cover, hourly_cover))
    return f"{speed:,.0f}", f"series/s, OWA {weekly:.3f} weekly and {hourly:.3f} hourly, intervals cover {weekly_cover:.1%} and {hourly_cover:.1%}", ok


if __name__ == "__main__" and "--holdout" in sys.argv:
    for held_out in (2, 1):
        judge("weekly", held_out)
        judge("hourly", held_out)
