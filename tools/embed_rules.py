#!/usr/bin/env python3
"""rules/check/*.json → one C file (src/features/check/builtin.h). What is not JSON does not build.

    embed_rules.py OUT.c INPUT.json…"""
import json
import os
import sys


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
    main(sys.argv[1], sys.argv[2:])
