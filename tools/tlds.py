#!/usr/bin/env python3
"""Writes src/core/text/tlds.c: the names of all top-level domains in ASCII, sorted.

Read from the ICANN part of the machine's public suffix list (Debian: publicsuffix). Run it when domains were added:
    tools/tlds.py > src/core/text/tlds.c
"""
import sys

SOURCE = '/usr/share/publicsuffix/public_suffix_list.dat'
HEAD = '''/* The top-level domains, sorted, so that "example.jp" is a link and "report.final" is not.
 *
 * Written by tools/tlds.py, do not edit. Names in other scripts are left out: without a scheme in front they are words. */
#include "text/tlds.h"

#include <stdlib.h>
#include <string.h>

'''
TAIL = '''
typedef struct {
    const char *text;
    size_t n;
} Wanted;

static int
compare(const void *key, const void *row)
{
    const Wanted *wanted = key;
    const char *name = *(const char *const *)row;
    int order = strncmp(wanted->text, name, wanted->n);
    return order != 0 ? order : -(name[wanted->n] != '\\0');
}

bool
hib_text_is_tld(const char *text, size_t n)
{
    const Wanted wanted = {text, n};
    return n > 0 && bsearch(&wanted, names, sizeof names / sizeof names[0], sizeof names[0], compare) != NULL;
}
'''


def names():
    found = set()
    with open(SOURCE, encoding='utf-8') as lines:
        for line in lines:
            if '===END ICANN DOMAINS===' in line:
                break
            rule = line.strip()
            if rule and not rule.startswith(('//', '!')):
                label = rule.split('.')[-1]
                if label.isascii() and label.isalpha():
                    found.add(label)
    return sorted(found)


def main():
    out = [HEAD, '/* clang-format off */\nstatic const char *const names[] = {\n']
    line = '   '
    for name in names():
        piece = f' "{name}",'
        if len(line) + len(piece) > 100:
            out.append(line + '\n')
            line = '   '
        line += piece
    out.append(line + '\n};\n/* clang-format on */\n')
    out.append(TAIL)
    sys.stdout.write(''.join(out))


main()
