#!/usr/bin/env python3
"""Counts open minutes one by one on the clock on the wall (zoneinfo), and asks a C test whether it says the same.

Usage: hours.py HOLIDAYS TEST_PROGRAM   (HOLIDAYS: tests/data/holidays.txt; the program reads questions with their answers on standard input and speaks TAP)

A minute is open when the wall of the zone reads a time within the day's opening times. Nothing is resolved here, so that the walk of the C code over stretches is held against
another idea of the same thing. Lines:
    H zone holidays closed mon|tue|…      the hours that the next questions are about; closed: YYYYMMDD,… or -
    D since minutes due                   seconds; due - when it is never
    B from to minutes                     open minutes between two instants
    O at open                             whether it is open
"""
import datetime as dt
import random
import subprocess
import sys
import zoneinfo

ZONES = ['Asia/Tokyo', 'America/New_York', 'Europe/Berlin', 'Europe/London', 'Australia/Sydney', 'Australia/Lord_Howe', 'America/St_Johns', 'Asia/Kathmandu', 'UTC']
# around clock changes, the ends of years, and Japan's long holidays
STARTS = [dt.date(2026, 3, 6), dt.date(2026, 3, 27), dt.date(2026, 10, 23), dt.date(2026, 10, 30), dt.date(2026, 4, 3), dt.date(2026, 10, 2), dt.date(2026, 12, 28), dt.date(2027, 12, 29),
          dt.date(2026, 4, 28), dt.date(2026, 9, 18), dt.date(2028, 2, 27), dt.date(2026, 11, 20)]


def text(minute):
    return f'{minute // 60:02d}:{minute % 60:02d}'


class Hours:
    def __init__(self, rng, holidays):
        self.zone = rng.choice(ZONES)
        self.holidays = rng.random() < 0.5
        self.table = holidays
        self.days = []
        for weekday in range(7):
            n = rng.choice([0, 1, 1, 2]) if weekday > 4 else rng.choice([1, 1, 2])
            # clock changes lie between 1:00 and 4:00; an opening that begins within one is nobody's
            points = sorted(rng.sample([0] + list(range(6 * 60, 24 * 60 + 1, 15)), 2 * n))
            self.days.append([(points[2 * i], points[2 * i + 1]) for i in range(n)])
        self.closed = set()

    def line(self):
        closed = ','.join(str(day) for day in sorted(self.closed)) or '-'
        week = '|'.join(','.join(f'{text(a)}-{text(b)}' for a, b in day) for day in self.days)
        return f'H {self.zone} {int(self.holidays)} {closed} {week}'

    def is_open(self, second):
        wall = dt.datetime.fromtimestamp(second, self.tz)
        day = wall.year * 10000 + wall.month * 100 + wall.day
        if day in self.closed or (self.holidays and day in self.table):
            return False
        minute = wall.hour * 60 + wall.minute
        return any(a <= minute < b for a, b in self.days[wall.weekday()])

    @property
    def tz(self):
        return zoneinfo.ZoneInfo(self.zone)


def questions(rng, holidays):
    for _ in range(220):
        hours = Hours(rng, holidays)
        first = rng.choice(STARTS) + dt.timedelta(days=rng.randrange(4))
        start = int(dt.datetime(first.year, first.month, first.day, tzinfo=hours.tz).timestamp()) + rng.randrange(1440) * 60
        if rng.random() < 0.5:
            closed = first + dt.timedelta(days=rng.randrange(3))
            hours.closed.add(closed.year * 10000 + closed.month * 100 + closed.day)
        yield hours.line()
        opens = [hours.is_open(start + 60 * i) for i in range(9 * 1440)]
        yield f'O {start} {int(opens[0])}'
        for allowance in (1, 30, 60, 480, 1440, rng.randrange(1, 3000)):
            passed = 0
            for i, is_open in enumerate(opens):
                passed += is_open
                if passed == allowance:
                    yield f'D {start} {allowance} {start + 60 * (i + 1)}'
                    break
        for length in (1, rng.randrange(1, 9 * 1440), 9 * 1440):
            yield f'B {start} {start + 60 * length} {sum(opens[:length])}'
    yield 'H Asia/Tokyo 1 - ||||||'
    yield 'D 1800000000 1 -'


def main():
    with open(sys.argv[1], encoding='utf-8') as lines:
        holidays = {int(line[:10].replace('-', '')) for line in lines if '\t' in line}
    asked = '\n'.join(questions(random.Random(20261126), holidays)) + '\n'
    sys.exit(subprocess.run([sys.argv[2]], input=asked.encode(), check=False).returncode)


if __name__ == '__main__':
    main()
