#!/usr/bin/env python3
"""Writes tests/data/forecast.json: what src/core/stats/forecast.* has to say about made series, by an implementation of its own.

    python3 tests/oracle/forecast.py > tests/data/forecast.json

Nothing is shared with the C: one smoother at a time over the whole past of each origin, begun anew for each of them, the weights and errors from lists, where the C runs
sixteen side by side once. The series are made here (fixed seed): a trend with a weekly turn and holidays, a flat noise that touches 0, a growing one with two seasons and gaps."""
import json
import math
import random

INF = float("inf")


def smoothers(kind):
    for i in range(16):
        q = i % 8
        if kind == "plain":
            alpha, (phi, beta, drift) = (0.15, 0.4, 0.7, 0.97)[i // 4], ((0, 0, 0), (0.8, 0.2, 0), (0.95, 0.05, 0), (0, 0, 0.7))[i % 4]
            yield dict(alpha=alpha, phi=phi, beta=beta * alpha, drift=drift)
        elif kind == "season":
            alpha = 0.03 if i < 8 else 0.3
            yield dict(alpha=alpha, phi=0.95 if q >= 4 else 0, beta=0.03 * alpha if q >= 4 else 0, gamma=0.35 if q % 2 else 0.08, rho=0.8 if q & 2 else 0)
        else:
            yield dict(alpha=0.02 if i < 8 else 0.15, gamma=0.3 if q % 2 else 0.05, long_gamma=0.5 if q & 4 else 0.15, rho=0.9 if q & 2 else 0)


def begin(left, season):
    turns = len(left) // season if season else 0
    if not turns:
        return [0.0]
    mean = [sum(left[p:turns * season:season]) / turns for p in range(season)]
    middle = sum(mean) / season
    return [value - middle for value in mean]


def say(values, start, origin, horizon, season, long_season, alpha=0, beta=0, phi=0, gamma=0, long_gamma=0, drift=0, rho=0):
    mean = sum(values[:start]) / start
    left = [value - mean for value in values[:start]]
    short = begin(left, season)
    if season:
        left = [value - short[t % season] for t, value in enumerate(left)]
    long = begin(left, long_season)
    if long_season:
        left = [value - long[t % long_season] for t, value in enumerate(left)]
    n = max(season, 1)
    level, slope, error = mean + sum(left[:n]) / n, 0.0, 0.0
    for t in range(origin):
        p, q = t % len(short), t % len(long)
        miss = values[t] - (level + phi * slope + short[p] + long[q])
        news = miss - rho * error
        level, slope, error = level + phi * slope + alpha * news, phi * slope + beta * news, miss
        short[p] += gamma * news
        long[q] += long_gamma * news
    step = (values[origin - 1] - values[0]) / max(origin - 1, 1)
    return [level + slope * sum(phi ** i for i in range(1, k + 2)) + drift * step * (k + 1) + short[(origin + k) % len(short)] + long[(origin + k) % len(long)] + error * rho ** (k + 1)
            for k in range(horizon)]


def kinds_of(values, kinds, season):
    found = [[] for _ in range(8)]
    for t, (value, kind) in enumerate(zip(values, kinds)):
        around = [math.log(values[o]) for o in (t - season, t + season) if 0 <= o < len(values) and kinds[o] == 0 and values[o] > 0]
        if kind and around and value > 0:
            found[kind].append(math.log(value) - sum(around) / len(around))
    return [math.exp(sum(logs) / (len(logs) + 2)) for logs in found]


def origins_of(n, horizon, season, long_season):
    last = n - horizon
    season = season if 1 < season and 2 * season + 8 <= last else 0
    long_season = long_season if season and long_season > season and 2 * long_season + 8 <= last else 0
    room = last - max(n // 2, 2 * season, 2 * long_season)
    step = max(horizon // 2, 1)
    if room // step + 1 < 16:
        step = max(room // 15, 1)
    return season, long_season, [last - k * step for k in range(min(room // step + 1, 16))][::-1]


def forecast(values, horizon, season, long_season, kinds, never_negative, level=0.95):
    values = list(values)
    for t, value in enumerate(values):
        if value is None:
            values[t] = values[t - (season if season and t >= season else 1)]
    factor = kinds_of(values, kinds, max(season, 1)) if kinds else [1] * 8
    values = [value / factor[kinds[t]] if kinds else value for t, value in enumerate(values)]
    n = len(values)
    season, long_season, origins = origins_of(n, horizon, season, long_season)
    positive = min(values) > 0
    groups = []
    for log in (False, True)[:2 if positive else 1]:
        z = [math.log(value) for value in values] if log else values
        for kind, short, long in (("plain", 0, 0), ("season", season, 0), ("both", season, long_season)):
            if kind == "plain" or (kind == "season" and short) or long:
                said = [[say(z, origins[0], origin, horizon, short, long, **way) for way in smoothers(kind)] for origin in origins + [n]]
                errors = [sum(0.97 ** (len(origins) - 1 - k) * sum((values[o + j] if log else 1) * abs(z[o + j] - said[k][i][j]) for j in range(horizon)) for k, o in enumerate(origins)) for i in range(16)]
                best = max(min(errors), 1e-12)
                weights = [(best / max(error, best)) ** 9 for error in errors]
                weights = [weight if weight >= 0.001 else 0 for weight in weights]
                mean = [[sum(weight * lane[j] for weight, lane in zip(weights, row)) / sum(weights) for j in range(horizon)] for row in said]
                groups.append((best, sum(weights), [[math.exp(x) for x in row] for row in mean] if log else mean))
    best = min(group[0] for group in groups)
    shares = [total * (best / own) ** 9 for own, total, _ in groups]
    said = [[sum(share * group[2][k][j] for share, group in zip(shares, groups)) / sum(shares) for j in range(horizon)] for k in range(len(origins) + 1)]
    height = lambda o: sum(values[max(0, o - (season or 4)):o]) / min(o, season or 4) + 1e-9 if positive else 1
    off = [[(values[o + j] - said[k][j]) / height(o) for j in range(horizon)] for k, o in enumerate(origins)]
    reach, spread = horizon // 6 + 1, []
    for j in range(horizon):
        near = [abs(row[q]) for row in off for q in range(max(0, j - reach), min(horizon, j + reach + 1))]
        spread.append(max(sum(near) / len(near), spread[-1] if spread else 0))
    errors = [1.15 * row[j] / spread[j] for row in off for j in range(horizon)]
    wide = sorted(map(abs, errors))[min(len(errors) - 1, math.ceil(level * len(errors)))]
    back = [factor[kinds[n + j]] if kinds else 1 for j in range(horizon)]
    floor = 0 if never_negative else -INF
    middle = [max(floor, said[-1][j] * back[j]) for j in range(horizon)]
    width = [spread[j] * height(n) * back[j] for j in range(horizon)]
    edge = lambda sign: [max(floor, (said[-1][j] + sign * wide * spread[j] * height(n)) * back[j]) for j in range(horizon)]
    target = middle[-1] + width[-1]
    chance = (sum(middle[-1] + width[-1] * error >= target for error in errors) + 0.5) / (len(errors) + 1)
    return dict(mean=middle, low=edge(-1), high=edge(1), factors=factor, target=target, chance=chance)


def made():
    draw = random.Random(6)
    week = [1.0, 1.1, 1.05, 1.0, 1.2, 0.7, 0.6]
    kinds = [1 if day in (20, 43, 44, 81, 100, 125, 131) else 2 if day in (21, 45, 82, 126) else 0 for day in range(120 + 14)]
    yield dict(name="weekly turn and holidays", horizon=14, season=7, long_season=0, never_negative=True, kinds=kinds,
               values=[round((1000 + 5 * day) * week[day % 7] * (1, 0.5, 1.3)[kinds[day]] * math.exp(draw.gauss(0, 0.1))) for day in range(120)])
    yield dict(name="noise that touches 0", horizon=10, season=7, long_season=0, never_negative=True, kinds=None, values=[max(0, round(draw.gauss(2, 2))) for _ in range(60)])
    yield dict(name="below 0, no season", horizon=12, season=0, long_season=0, never_negative=False, kinds=None, values=[round(-50 + 3 * day + draw.gauss(0, 20), 2) for day in range(40)])
    yield dict(name="two seasons and gaps", horizon=9, season=4, long_season=12, never_negative=True, kinds=None,
               values=[None if t in (31, 32, 77) else round(math.exp(3 + 0.004 * t + 0.3 * math.sin(t * math.pi / 2) + 0.4 * math.cos(t * math.pi / 6) + draw.gauss(0, 0.05)), 3) for t in range(150)])


if __name__ == "__main__":
    print("[" + ",\n".join(json.dumps({**case, "expected": forecast(**{key: value for key, value in case.items() if key != "name"})}) for case in made()) + "]")
