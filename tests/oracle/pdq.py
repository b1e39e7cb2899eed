#!/usr/bin/env python3
"""Writes tests/data/pdq.json: PDQ hashes of pictures that a formula makes, by an implementation of its own.

    python3 tests/oracle/pdq.py > tests/data/pdq.json

It follows the words of the reference (github.com/facebook/ThreatExchange, pdq/: "The TMK+PDQF video-hashing algorithm and the PDQ image-hashing algorithm"), not the C in
src/features/media/worker/pdq.c: each mean is taken over its window from scratch where the C slides a sum, frequencies come from one sum over the whole picture where the C goes
by rows and columns, and the median is Torben Mogensen's bisection where the C sorts. The picture of (seed, rows, columns) is 40 grey boxes over each other, placed by a linear
congruential generator; src/features/media/pdq_test.c draws the same."""
import json
import math

SIDE, KEPT = 64, 16


def picture(seed, rows, columns):
    state = seed

    def draw(n):
        nonlocal state
        state = (state * 1103515245 + 12345) % 2**31
        return (state >> 8) % n

    out = [[128] * columns for _ in range(rows)]
    for _ in range(40):
        top, left = draw(rows), draw(columns)
        height, width, grey = 1 + draw(rows), 1 + draw(columns), draw(256)
        for y in range(top, min(top + height, rows)):
            for x in range(left, min(left + width, columns)):
                out[y][x] = grey
    return out


def window(n):
    return math.ceil(n / (2 * SIDE))


def means(values, w):
    """Of an even window one more lies ahead than behind."""
    ahead = w // 2
    behind = w - 1 - ahead
    out = []
    for i in range(len(values)):
        part = values[max(i - behind, 0):i + ahead + 1]
        out.append(math.fsum(part) / len(part))
    return out


def smooth(image):
    rows, columns = len(image), len(image[0])
    for _ in range(2):
        image = [means(row, window(columns)) for row in image]
        turned = [means([image[y][x] for y in range(rows)], window(rows)) for x in range(columns)]
        image = [[turned[x][y] for x in range(columns)] for y in range(rows)]
    return image


def middle(values):
    """Torben's median: for an even number the lower of the two."""
    low, high = min(values), max(values)
    while True:
        guess = (low + high) / 2
        below = [v for v in values if v < guess]
        above = [v for v in values if v > guess]
        n_equal = len(values) - len(below) - len(above)
        half = (len(values) + 1) // 2
        if len(below) <= half and len(above) <= half:
            if len(below) >= half:
                return max(below)
            return guess if len(below) + n_equal >= half else min(above)
        if len(below) > len(above):
            high = max(below)
        else:
            low = min(above)


def pdq(image):
    rows, columns = len(image), len(image[0])
    if (rows, columns) != (SIDE, SIDE):
        image = smooth(image)
    small = [[image[int((i + 0.5) * rows / SIDE)][int((k + 0.5) * columns / SIDE)] for k in range(SIDE)] for i in range(SIDE)]
    steps = sum(abs(int((small[i][k] - small[i + 1][k]) * 100 / 255)) for i in range(SIDE - 1) for k in range(SIDE))
    steps += sum(abs(int((small[i][k] - small[i][k + 1]) * 100 / 255)) for i in range(SIDE) for k in range(SIDE - 1))
    wave = [[math.sqrt(2 / SIDE) * math.cos(math.pi / (2 * SIDE) * i * (2 * k + 1)) for k in range(SIDE)] for i in range(KEPT + 1)]
    frequencies = [math.fsum(small[y][x] * wave[i][y] * wave[k][x] for y in range(SIDE) for x in range(SIDE))
                   for i in range(1, KEPT + 1) for k in range(1, KEPT + 1)]
    median = middle(frequencies)
    bits = sum(1 << at for at, value in enumerate(frequencies) if value > median)
    return f'{bits:064x}', min(steps // 90, 100)


rows = []
for seed, height, width in ((1, 64, 64), (2, 480, 320), (3, 129, 257), (4, 33, 200), (5, 5, 7), (6, 300, 480), (7, 128, 128), (8, 480, 480)):
    text, quality = pdq(picture(seed, height, width))
    rows.append({'seed': seed, 'rows': height, 'columns': width, 'hash': text, 'quality': quality})
print('[\n' + ',\n'.join('  ' + json.dumps(row) for row in rows) + '\n]')
