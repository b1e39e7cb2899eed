#!/usr/bin/env python3
"""rules/check/*.json → one C file (src/features/check/builtin.h). What is not JSON does not build.

    embed_rules.py OUT.c INPUT.json…
    embed_rules.py --figures OUT.h figures.json   every figure as a #define, with its source
    embed_rules.py --imports OUT.h imports.json…  formats of exports as tables"""
import json
import os
import sys
import unicodedata


def figures(out, path):
    with open(path, encoding='utf-8') as file:
        law = json.load(file)
    lines = ['/* Made by tools/embed_rules.py. */', '#pragma once', f'#define HIB_LAW_AS_OF "{law["as_of"]}"']
    for area, values in law.items():
        for name, value in values.items() if isinstance(values, dict) else ():
            lines.append('#define ' + f'HIB_LAW_{area}_{name} '.upper() + (json.dumps(value, ensure_ascii=False) if isinstance(value, str) else str(int(value))))
    with open(out, 'w', encoding='utf-8') as file:
        file.write('\n'.join(lines) + '\n')


def promotion(out, path):
    with open(path, encoding='utf-8') as file:
        rules = json.load(file)['rules']
    rows = ''.join(f'    {{{json.dumps(r["id"])}, {json.dumps(r["network"])}}},\n' for r in rules)
    with open(out, 'w', encoding='utf-8') as file:
        file.write('/* Made by tools/embed_rules.py. */\n#pragma once\nstatic const struct {\n    const char *id, *network; /* "": any */\n} promotion_rules[] = {\n' + rows + '};\n')


COLUMNS = ['skip', 'id', 'url', 'at', 'day', 'month', 'weekday', 'hour', 'text', 'type', 'account']


def imports(out, paths):
    """rules/imports/*.json: formats by their heads, the general ones last. A head is folded as src/core/table/cell.c folds it."""
    texts, lines, formats = json.dumps, [], []
    for path in sorted(paths, key=lambda p: (p.endswith('any.json'), p)):
        with open(path, encoding='utf-8') as file:
            for one in json.load(file)['formats']:
                words = []
                for kind, names in [*one['columns'].items(), *(((metric, [title]) for title, metric in one.get('title', {}).items()))]:
                    metric, _, unit = kind.partition('@')
                    role = metric if metric in COLUMNS else 'metric'
                    place = 'true' if kind in one.get('title', {}).values() and kind not in one['columns'] else 'false'
                    words += [f'    {{{texts(unicodedata.normalize("NFKC", name).casefold().strip(), ensure_ascii=False)}, HIB_COLUMN_{role.upper()}, {texts(metric if role == "metric" else "")}, HIB_UNIT_{(unit or "count").upper()}, {place}}},\n' for name in names]
                needs = ', '.join(texts(need) for need in one['needs'])
                n = len(formats)
                lines.append(f'static const HibImportWord words_{n}[] = {{\n{"".join(words)}}};\nstatic const char *const needs_{n}[] = {{{needs}, NULL}};\n')
                formats.append(f'    {{{texts(one["id"])}, {texts(one["network"])}, {texts(one.get("zone", ""))}, HIB_ABOUT_{one["about"].upper()}S, HIB_ORDER_{one.get("order", "ask").upper()}, {str(one.get("snowflake", False)).lower()}, {str(path.endswith("any.json")).lower()}, words_{n}, {len(words)}, needs_{n}}},\n')
    with open(out, 'w', encoding='utf-8') as file:
        file.write('/* Made by tools/embed_rules.py of rules/imports. */\n#pragma once\n#include "measure/import.h"\n' + ''.join(lines) + 'static const HibImportFormat import_formats[] = {\n' + ''.join(formats) + '};\n')


def main(out, paths):
    rows, bodies = [], []
    for path in sorted(paths):
        name = os.path.basename(path)
        with open(path, 'rb') as file:
            data = file.read()
        try:
            json.loads(data)
        except ValueError as fault:
            sys.exit(f'{path}: {fault}')
        variable = 'bytes_' + name.replace('.', '_').replace('-', '_')
        numbers = ','.join(map(str, data))
        bodies.append(f'static const unsigned char {variable}[] = {{{numbers}}};\n')
        rows.append(f'    {{"{name}", (const char *){variable}, sizeof {variable}}},\n')
    with open(out, 'w', encoding='utf-8') as file:
        file.write('/* Made by tools/embed_rules.py. */\n#include "check/builtin.h"\n\n' + ''.join(bodies))
        file.write('const HibCheckFile hib_check_files[] = {\n' + ''.join(rows) + '};\n')
        file.write(f'const size_t hib_n_check_files = {len(rows)};\n')


if __name__ == '__main__':
    if sys.argv[1] == '--figures':
        figures(sys.argv[2], sys.argv[3])
    elif sys.argv[1] == '--promotion':
        promotion(sys.argv[2], sys.argv[3])
    elif sys.argv[1] == '--imports':
        imports(sys.argv[2], sys.argv[3:])
    else:
        main(sys.argv[1], sys.argv[2:])
