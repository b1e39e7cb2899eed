#!/usr/bin/env python3
"""Asks Python's zoneinfo what every zone of this machine says, and a C test whether it says the same.

Usage: zones.py TEST_PROGRAM   (the program reads the questions with their answers on standard input and speaks TAP)

Both read the same files, so the two agree whatever the version of the data; what is compared is the reading: tables,
rules at their end, gaps and overlaps. Lines:
    Z name                      questions about this zone follow
    A unix offset               the offset in seconds at an instant
    W y m d h mi s unix fit     a wall reading, its instant and whether it is exact, in a gap, or an overlap
"""
import datetime as dt
import subprocess
import sys
import zoneinfo

UTC = dt.timezone.utc
EPOCH = dt.datetime(1970, 1, 1, tzinfo=UTC)
DAY = 86400
STEP = 2 * DAY  # no zone kept an offset for less


def unix(year, month=1, day=1):
    return int((dt.datetime(year, month, day, tzinfo=UTC) - EPOCH).total_seconds())


RANGES = [(unix(1970), unix(2038)), (unix(2050), unix(2051)), (unix(2099, 6), unix(2101)), (unix(2399), unix(2401))]
LONE = [unix(1900), unix(1940), unix(1955, 7), unix(2038, 7), unix(3000, 8), unix(9000, 2)]


def names():
    zones, links = [], []
    with open('/usr/share/zoneinfo/tzdata.zi', encoding='utf-8') as lines:
        for line in lines:
            field = line.split()
            if field and field[0] == 'Z' and field[1] != 'Factory':  # a placeholder, not a place
                zones.append(field[1])
            elif field and field[0] == 'L':
                links.append(field[2])
    return sorted(zones), sorted(links)


def offset_at(zone, second):
    return round(dt.datetime.fromtimestamp(second, zone).utcoffset().total_seconds())


def changes(zone, start, end):
    """Each second from which the offset is another, found by halving steps whose ends differ."""
    before = offset_at(zone, start)
    for second in range(start, end, STEP):
        after = offset_at(zone, second + STEP)
        if after == before:
            continue
        low, high = second, second + STEP
        while high - low > 1:
            middle = (low + high) // 2
            if offset_at(zone, middle) == before:
                low = middle
            else:
                high = middle
        yield high, before, after
        before = after


def instant(aware):
    return round((aware.astimezone(UTC) - EPOCH).total_seconds())


def wall_line(zone, local):
    naive = dt.datetime(1970, 1, 1) + dt.timedelta(seconds=local)
    first = naive.replace(tzinfo=zone, fold=0)
    second = naive.replace(tzinfo=zone, fold=1)
    fit = 'exact'
    if first.utcoffset() != second.utcoffset():
        back = dt.datetime.fromtimestamp(instant(first), zone).replace(tzinfo=None)
        fit = 'overlap' if back == naive else 'gap'
    return f'W {naive.year} {naive.month} {naive.day} {naive.hour} {naive.minute} {naive.second} {instant(first)} {fit}'


def questions(name, ranges):
    zone = zoneinfo.ZoneInfo(name)
    yield f'Z {name}'
    for second in LONE:
        yield f'A {second} {offset_at(zone, second)}'
        yield wall_line(zone, second)
    for start, end in ranges:
        for second, before, after in changes(zone, start, end):
            for near in (second - 1, second, second + 1):
                yield f'A {near} {offset_at(zone, near)}'
            low, high = sorted((second + before, second + after))
            for local in (low - 1, low, (low + high) // 2, high - 1, high):
                yield wall_line(zone, local)


def main():
    zones, links = names()
    lines = []
    for name in zones:
        lines += questions(name, RANGES)
    for name in links:
        lines += questions(name, [(unix(2024), unix(2026))])
    lines.append('')
    return subprocess.run([sys.argv[1]], input='\n'.join(lines).encode(), check=False).returncode


sys.exit(main())
