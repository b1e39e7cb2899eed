#!/usr/bin/env python3
"""rules/check/*.json → one C file (src/features/check/builtin.h). What is not JSON does not build.

    embed_rules.py OUT.c INPUT.json…
    embed_rules.py --figures OUT.h figures.json   every figure as a #define, with its source"""
import json
import os
import sys


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
    else:
        main(sys.argv[1], sys.argv[2:])
