#!/usr/bin/env python3
"""Writes src/core/text/weighted_tlds.c: the top-level domains X's counter knows beyond those of tlds.c (other scripts, retired names).

Read from the conformance vectors of twitter-text, https://github.com/twitter/twitter-text (Apache-2.0):
    tools/weighted_tlds.py conformance/tlds.yml > src/core/text/weighted_tlds.c
"""
import pathlib
import re
import sys

import yaml

HEAD = '''/* The top-level domains X's counter knows beyond those of tlds.c: names in other scripts and some that were retired.
 *
 * Written by tools/weighted_tlds.py from the vectors of twitter-text (Apache-2.0), do not edit. Longer names stand first. */
#include "text/weighted_private.h"

/* clang-format off */
const char *const hib_weighted_tlds[] = {
'''


def main(path):
    here = pathlib.Path(__file__).parent.parent / 'src/core/text/tlds.c'
    known = set(re.findall(r'"([a-z]+)"', here.read_text(encoding='utf-8')))
    with open(path, encoding='utf-8') as file:
        groups = yaml.safe_load(file)['tests']
    names = {case['text'].rsplit('.', 1)[1] for group in groups.values() for case in group}
    line = '   '
    sys.stdout.write(HEAD)
    for name in sorted(names - known, key=lambda n: (-len(n), n)):
        if len(line) + len(name) > 90:
            print(line)
            line = '   '
        line += f' "{name}",'
    print(line + '\n    NULL,\n};\n/* clang-format on */')


if __name__ == '__main__':
    main(*sys.argv[1:])
