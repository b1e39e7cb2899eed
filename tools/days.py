"""rules/calendar/*.json -> a C file with the rules of days, so that they are data with a date and a source and still cost nothing at run
time. The shape is src/core/days/days_private.h, the rule language is rules/calendar/README.md. Run: days.py OUT.c FILE.json…"""
import calendar
import datetime
import json
import re
import sys

KINDS = ("holiday", "season", "marketing", "sensitive")
CARES = ("soften", "hold")
TABLES = ("ox", "moon", "spring_festival", "easter")
FIELDS = ("id", "rule", "days", "ja", "en", "note", "category", "care", "moment", "words", "since", "until", "except", "source")
FIRST, LAST = 1970, 2099


class Bad(Exception):
    pass


def c_text(text):
    if text is None:
        return "NULL"
    if not isinstance(text, str) or not text:
        raise Bad(f"an empty text where one is needed: {text!r}")
    return '"' + "".join(ch if 32 <= ord(ch) < 127 and ch not in '"\\' else "".join(f"\\{b:03o}" for b in ch.encode()) for ch in text) + '"'


def both(thing):
    if thing is None:
        return "{0}"
    if sorted(thing) != ["en", "ja"]:
        raise Bad(f"ja and en are needed: {thing!r}")
    return f"{{{c_text(thing['ja'])}, {c_text(thing['en'])}}}"


def month_day(text):
    if not re.fullmatch(r"\d\d-\d\d", text):
        raise Bad(f"not MM-DD: {text!r}")
    month, day = int(text[:2]), int(text[3:])
    if not 1 <= month <= 12 or not 1 <= day <= calendar.monthrange(2000, month)[1]:
        raise Bad(f"no such day: {text!r}")
    return month * 100 + day


def number(text, low, high):
    if not re.fullmatch(r"\d+", text) or not low <= int(text) <= high:
        raise Bad(f"{text!r} is not in {low}..{high}")
    return int(text)


def rule(text):
    """Initialisers of a rule; R becomes F with its length."""
    words = text.split()
    if not words or len(words[0]) != 1 or words[0] not in "FRWLETCOH":
        raise Bad(f"no such rule: {text!r}")
    kind, rest = words[0], words[1:]
    offset = 0
    if len(rest) > 1 and re.fullmatch(r"[+-]\d{1,2}", rest[-1]):
        offset = int(rest.pop())
    want = {"F": 1, "R": 1, "W": 3, "L": 2, "E": 1, "T": 1, "C": 1, "O": 1, "H": 1}[kind]
    if len(rest) != want:
        raise Bad(f"{kind} takes {want} words: {text!r}")
    length = 1
    if kind == "F":
        values = [month_day(rest[0])]
    elif kind == "R":
        kind, (a, b) = "F", rest[0].split("..")
        values = [month_day(a)]
        days = [datetime.date(2001, month_day(x) // 100, month_day(x) % 100) for x in (a, b)]
        length = (days[1] - days[0]).days % 365 + 1
    elif kind == "W":
        values = [number(rest[2], 1, 12), number(rest[1], 0, 6), number(rest[0], 1, 5)]
    elif kind == "L":
        values = [number(rest[1], 1, 12), number(rest[0], 0, 6)]
    elif kind == "E":
        values = [("spring", "autumn").index(rest[0])]
    elif kind == "T":
        degrees = number(rest[0], 0, 345)
        if degrees % 15:
            raise Bad(f"not a multiple of 15: {text!r}")
        values = [degrees // 15]
    elif kind == "C":
        values = [24 + TABLES.index(rest[0])]
    elif kind == "H":
        values = [("substitute", "citizens").index(rest[0])]
    else:
        day = datetime.date.fromisoformat(rest[0])
        values = [day.month * 100 + day.day]
        return f".rule = 'F', .at = {{{values[0]}}}, .offset = {offset}, .length = 1", (day.year, day.year)
    return f".rule = '{kind}', .at = {{{', '.join(map(str, values))}}}, .offset = {offset}, .length = {length}", None


def year(thing, key, otherwise):
    value = thing.get(key, otherwise)
    if not isinstance(value, int) or not FIRST <= value <= LAST:
        raise Bad(f"{key} must be a year in {FIRST}..{LAST}")
    return value


def entry(file, thing, lines):
    for key in thing:
        if key not in FIELDS:
            raise Bad(f"unknown key {key!r}; known are {', '.join(FIELDS)}")
    made, only = rule(thing["rule"])
    if "days" in thing:
        made = re.sub(r"\.length = \d+", f".length = {number(str(thing['days']), 1, 60)}", made)
    since, until = only or (year(thing, "since", FIRST), year(thing, "until", LAST))
    fields = [f".day = {{.id = {c_text(thing['id'])}", f".kind = HIB_DAY_{file['kind'].upper()}", f".name = {both({'ja': thing['ja'], 'en': thing['en']})}",
              f".note = {both(thing.get('note'))}", f".category = {c_text(thing.get('category'))}", f".source = {both(file['sources'][thing['source']])}",
              f".as_of = {c_text(file['as_of'])}"]
    if "care" in thing:
        if thing["care"] not in CARES:
            raise Bad(f"care is one of {', '.join(CARES)}")
        fields.append(f".care = HIB_CARE_{thing['care'].upper()}")
    hours = re.fullmatch(r"([01]\d|2[0-3]):([0-5]\d)", thing.get("moment", "00:00"))
    if not hours:
        raise Bad("moment is HH:MM")
    fields.append(f".moment = {int(hours[1]) * 60 + int(hours[2]) if 'moment' in thing else -1}")
    if "words" in thing:
        name = f"words_{len(lines)}"
        lines.append(f"static const char *const {name}[] = {{{', '.join(c_text(w) for w in thing['words'])}, NULL}};")
        fields.append(f".words = {name}")
    skipped = thing.get("except", [])
    if len(skipped) > 2:
        raise Bad("except: two years at most")
    return "    {" + ", ".join(fields) + "}, " + f"{made}, .since = {since}, .until = {until}, .skipped = {{{', '.join(map(str, skipped)) or '0'}}}}},"


def table_rows(tables):
    first, last = tables["from"], tables["until"]
    everything = [tables["terms"][str(15 * n)] for n in range(24)] + [tables["tables"][name] for name in TABLES]
    out = []
    for table in everything:
        years = []
        for one in range(first, last + 1):
            days = [month_day(d) for d in table[str(one)].split()]
            if not 1 <= len(days) <= 2:
                raise Bad(f"one or two days a year: {table[str(one)]!r}")
            years.append("{" + ", ".join(map(str, days)) + "}")
        out.append("    " + ", ".join(years) + ",")
    return first, last, out


def main():
    out, paths = sys.argv[1], sys.argv[2:]
    lines, rules, tables = [], [], None
    for path in paths:
        file = json.load(open(path, encoding="utf-8"))
        if "tables" in file:
            tables = table_rows(file)
            continue
        if file["kind"] not in KINDS:
            raise Bad(f"{path}: kind is one of {', '.join(KINDS)}")
        for thing in file["days"]:
            try:
                rules.append(entry(file, thing, lines))
            except (Bad, KeyError, ValueError) as wrong:
                raise Bad(f"{path}: {thing.get('id')}: {wrong}") from None
    first, last, rows = tables
    text = ['/* Made by tools/days.py from rules/calendar/. */', '#include "days/days_private.h"', ""] + lines
    text += [f"const int hib_day_tables_from = {first}, hib_day_tables_until = {last};", "const uint16_t hib_day_tables[][2] = {"] + rows + ["};",
             "const HibDayRule hib_day_rules[] = {"] + rules + ["};", "const size_t hib_day_n_rules = sizeof hib_day_rules / sizeof *hib_day_rules;", ""]
    open(out, "w", encoding="utf-8").write("\n".join(text))


try:
    main()
except Bad as wrong:
    sys.exit(f"days.py: {wrong}")
