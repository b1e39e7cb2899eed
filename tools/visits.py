#!/usr/bin/env python3
"""rules/links/visits.json → a C header of what tells visitors apart (src/features/links/visit.c). What it does not know does not build.

    visits.py visits.json OUT.h"""
import json
import sys

CLASSES = ('direct', 'social', 'search', 'mail', 'chat', 'other')


def main(path, out):
    with open(path, encoding='utf-8') as file:
        rules = json.load(file)
    known = set(rules['sources'])
    lines = ['/* Made by tools/visits.py. */']
    bots, apps, hosts = [], [], []
    for part in ('bots', 'apps', 'referrers'):
        for row in rules[part]:
            if row['source'] not in known:
                sys.exit(f'{path}: {part}: no source {row["source"]!r}')
            for word in row.get('agents', row.get('hosts')):
                if word != word.lower() or not word.isascii() or '"' in word:
                    sys.exit(f'{path}: {word!r} is not plain lower case')
                if part == 'bots':
                    bots.append(f'    "{word}",')
                elif part == 'apps':
                    apps.append(f'    {{"{word}", "{row["network"]}"}},')
                else:
                    hosts.append(f'    {{"{word}", "{row["network"]}", {CLASSES.index(row["class"])}}},')
    lines += ['static const char *const bot_agents[] = {', *bots, '};']
    lines += ['static const struct {', '    const char *agent, *network;', '} app_agents[] = {', *apps, '};']
    lines += ['static const struct {', '    const char *host, *network;', '    int from;', '} referrer_hosts[] = {', *hosts, '};']
    with open(out, 'w', encoding='utf-8') as file:
        file.write('\n'.join(lines) + '\n')


if __name__ == '__main__':
    main(*sys.argv[1:])
