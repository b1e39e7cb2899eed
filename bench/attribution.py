"""A million journeys over twelve channels are credited by seven methods, beside an implementation in Python that does the same with the same in the same run."""
import json
import math
import subprocess
import tempfile
import time
from collections import Counter

from lib import BUILD

ABOUT, GOAL = "seven methods of attribution over 1,000,000 journeys", "<= 1 s, equal to the Python peer to 1e-9"
CHANNELS = 12


def rules(journeys):
    out = [[0.0] * CHANNELS for _ in range(5)]
    for path, won, _ in journeys:
        if won:
            n = len(path)
            halves = [0.5 ** (n - 1 - i) for i in range(n)]
            total = sum(halves)
            out[0][path[-1]] += 1
            out[1][path[0]] += 1
            for i, channel in enumerate(path):
                out[2][channel] += 1 / n
                out[3][channel] += halves[i] / total
                out[4][channel] += 1 / n if n <= 2 else 0.4 if i in (0, n - 1) else 0.2 / (n - 2)
    return out


def markov(journeys):
    n = CHANNELS + 1
    steps, sums, wins = Counter(), [0] * n, [0] * n
    for path, won, _ in journeys:
        before = CHANNELS
        for channel in path:
            steps[before, channel] += 1
            sums[before] += 1
            before = channel
        sums[before] += 1
        wins[before] += won

    def chance(removed):
        a = [[float(i == j) - (steps[i, j] / sums[i] if j != removed else 0) for j in range(n)] + [wins[i] / sums[i]] for i in range(n)]
        for c in range(n):
            for r in range(n):
                if r != c:
                    factor = a[r][c] / a[c][c]
                    a[r] = [x - factor * y for x, y in zip(a[r], a[c])]
        return a[CHANNELS][n] / a[CHANNELS][CHANNELS]

    whole = chance(None)
    effects = [1 - chance(c) / whole for c in range(CHANNELS)]
    return [e / sum(effects) * sum(wins) for e in effects]


def shapley(journeys):
    size = 1 << CHANNELS
    met, won = [0.0] * size, [0.0] * size
    for path, converts, _ in journeys:
        mask = 0
        for channel in path:
            mask |= 1 << channel
        met[mask] += 1
        won[mask] += converts
    inside = [[c for c in range(CHANNELS) if m >> c & 1] for m in range(size)]
    chance = [0.1] * CHANNELS
    for _ in range(50):
        fired, seen = [0.0] * CHANNELS, [0.0] * CHANNELS
        for m in range(1, size):
            if met[m]:
                hit = 1 - math.prod(1 - chance[c] for c in inside[m])
                for c in inside[m]:
                    fired[c] += won[m] * chance[c] / hit
                    seen[c] += met[m]
        chance = [f / s for f, s in zip(fired, seen)]
    dividend = [0.0] + [(won[m] + 20 * (1 - math.prod(1 - chance[c] for c in inside[m]))) / (met[m] + 20) for m in range(1, size)]
    for c in range(CHANNELS):
        for m in range(size):
            if m >> c & 1:
                dividend[m] -= dividend[m ^ 1 << c]
                met[m ^ 1 << c] += met[m]
    out = [sum(dividend[m] * met[m] / len(inside[m]) for m in range(1, size) if m >> c & 1) for c in range(CHANNELS)]
    return [v * sum(won) / sum(out) for v in out]


def read(path):
    with open(path) as file:
        for line in file:
            steps, won, value = line.split(",")
            yield [int(step) for step in steps.split(">")], int(won), float(value)


def run(quick):
    n = 50_000 if quick else 1_000_000
    with tempfile.NamedTemporaryFile() as file:
        told = json.loads(subprocess.run([BUILD / "bench/attribution", str(n), file.name], capture_output=True, text=True, check=True).stdout)
        journeys = list(read(file.name))
    start = time.process_time()
    peer = rules(journeys) + [markov(journeys), shapley(journeys)]
    peer_s = time.process_time() - start
    flat = [value for method in peer for value in method]
    off = max(abs(a - b) / max(1, abs(b)) for a, b in zip(told["credits"], flat))
    print(f"{n:,} journeys, {told['touches']:,} touches: {told['s']:.3f} s, in Python {peer_s:.1f} s ({peer_s / told['s']:.0f} times), credits differ by {off:.1e} at most; "
          f"removal effects certified within {told['bound']:.1e}; intervals from 200 replicates of the first 20,000 journeys {told['drawn_s']:.2f} s (processor time)")
    return f"{told['s']:.3f}", f"s for {n:,}, {peer_s / told['s']:.0f} times Python, off by {off:.0e}", told["s"] <= 1 and off <= 1e-9
