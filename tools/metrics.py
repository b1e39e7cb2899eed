#!/usr/bin/env python3
"""rules/metrics.json → the C table of src/core/metrics/metrics.c. Names of the metrics a campaign may aim for stand in messages/*.json (web.kpi) and are taken from there. What it does not know does not build.

    metrics.py OUT.c metrics.json ja.json en.json"""
import json
import re
import sys

KINDS = ('counter', 'gauge', 'flow', 'mean', 'sum', 'derived', 'goal')
UNITS = ('count', 'rate', 'money', 'multiple', 'minutes', 'milliseconds', 'percent')
DIMENSIONS = ('posts', 'days', 'accounts', 'networks')
STATES = ('exact', 'estimated', 'partial')
NETWORKS = ('bluesky', 'facebook', 'instagram', 'line', 'mastodon', 'threads', 'tiktok', 'x', 'youtube')
KNOWN = {'id', 'slug', 'kind', 'ja', 'en', 'unit', 'adds', 'engagement', 'lower', 'goal', 'over', 'under', 'times', 'meanings', 'changes'}
DAY = re.compile(r'\d{4}-\d{2}-\d{2}$')


def text(value):
    return 'NULL' if value is None else json.dumps(value, ensure_ascii=False)


def check(rows, kpis):
    ids, slugs = [row['id'] for row in rows], [row['slug'] for row in rows]
    wrong = []
    if len(set(ids)) != len(ids) or len(set(slugs)) != len(slugs):
        wrong.append('an id or a slug twice')
    if {row['slug'] for row in rows if row.get('goal')} != set(kpis['ja']['name']):
        wrong.append('the metrics with "goal" are not those of web.kpi.name')
    for row in rows:
        if set(row) - KNOWN or not 0 < row['id'] < 256 or not set(row['adds']) <= set(DIMENSIONS):
            wrong.append(f'{row["slug"]}: unknown field, id or dimension')
        if row['kind'] == 'derived' and not {row.get('over'), row.get('under')} <= set(slugs):
            wrong.append(f'{row["slug"]}: over or under is no metric')
        for part in row.get('meanings', []) + row.get('changes', []):
            if part['network'] not in NETWORKS or not all(DAY.match(part.get(key, '2026-01-01')) for key in ('from', 'on')):
                wrong.append(f'{row["slug"]}: unknown network or no date')
    return wrong


def table(name, kind, lines):
    return [f'static const {kind} {name}[] = {{', *lines, '};'] if lines else []


def made(row, kpis, out):
    name, meanings, changes = row['slug'], row.get('meanings', []), row.get('changes', [])
    out += table(f'{name}_meanings', 'HibMetricMeaning', [
        f'    {{{text(m["network"])}, {text(m["field"])}, {{{text(m["ja"])}, {text(m["en"])}}}, {text(m.get("from"))}, {STATES.index(m.get("state", "exact"))}}},' for m in meanings])
    out += table(f'{name}_changes', 'HibMetricChange', [
        f'    {{{text(c["network"])}, {text(c["on"])}, {{{text(c["ja"])}, {text(c["en"])}}}}},' for c in changes])
    said = [kpis[lang]['name'][name] if row.get('goal') else row[lang] for lang in ('ja', 'en')]
    formula = [kpis[lang]['formula'][name] if row.get('goal') else '' for lang in ('ja', 'en')]
    adds = sum(1 << DIMENSIONS.index(dimension) for dimension in row['adds'])
    fields = [f'.id = {row["id"]}', f'.slug = {text(name)}', f'.kind = {KINDS.index(row["kind"])}', f'.unit = {UNITS.index(row.get("unit", "count"))}', f'.adds = {adds}',
              f'.name = {{{text(said[0])}, {text(said[1])}}}', f'.formula = {{{text(formula[0])}, {text(formula[1])}}}', f'.times = {row.get("times", 1)}']
    fields += [f'.{field} = true' for key, field in (('engagement', 'is_engagement'), ('lower', 'is_lower_better'), ('goal', 'is_goal')) if row.get(key)]
    fields += [f'.{key} = {text(row[key])}' for key in ('over', 'under') if key in row]
    fields += [f'.{key} = {name}_{key}, .n_{key} = {len(rows)}' for key, rows in (('meanings', meanings), ('changes', changes)) if rows]
    return f'    {{{", ".join(fields)}}},'


def main(out, path, *messages):
    with open(path, encoding='utf-8') as file:
        rows = json.load(file)['metrics']
    kpis = {}
    for lang, name in zip(('ja', 'en'), messages):
        with open(name, encoding='utf-8') as file:
            kpis[lang] = json.load(file)['web']['kpi']
    wrong = check(rows, kpis)
    if wrong:
        sys.exit('\n'.join(f'{path}: {line}' for line in wrong))
    lines = ['/* Made by tools/metrics.py. */', '#include "metrics/metrics_private.h"']
    metrics = [made(row, kpis, lines) for row in rows]
    lines += ['const HibMetric hib_metric_table[] = {', *metrics, '};', f'const size_t hib_metric_table_n = {len(rows)};']
    with open(out, 'w', encoding='utf-8') as file:
        file.write('\n'.join(lines) + '\n')


if __name__ == '__main__':
    main(*sys.argv[1:])
