#!/usr/bin/env python3
"""Numbered migrations → one C file, and the lock that keeps released ones unedited.

    embed_migrations.py OUT.c INPUT.sql…   writes hib_migrations[] (src/migrations/migrations.h)
    embed_migrations.py --check FOLDER     compares the files with FOLDER/checksums.txt (a test)
    embed_migrations.py --lock FOLDER      adds the checksums of new files
    embed_migrations.py --relock FOLDER NUMBER
                                           accepts an edit of a migration that was never released
"""
import hashlib
import os
import re
import sys

NAME = re.compile(r'^(\d{4})_([a-z0-9_]+)\.sql$')


def migrations(paths):
    found = []
    for path in paths:
        m = NAME.match(os.path.basename(path))
        if not m:
            raise SystemExit(f'{path}: a migration is named NNNN_name.sql')
        with open(path, 'rb') as f:
            data = f.read()
        found.append((int(m[1]), m[2], data.decode('utf-8'), hashlib.sha256(data).hexdigest(), path))
    found.sort()
    for a, b in zip(found, found[1:]):
        if a[0] == b[0]:
            raise SystemExit(f'{b[4]}: the number {b[0]:04} is taken by {a[4]}')
    return found


def c_string(text):
    lines = []
    for line in text.splitlines():
        lines.append('"' + line.replace('\\', '\\\\').replace('"', '\\"') + '\\n"')
    return '\n     '.join(lines) or '""'


def embed(out, paths):
    rows = [f'    {{.number = {n}, .name = "{name}", .sha256 = "{sha}",\n     .sql =\n     {c_string(sql)}}},'
            for n, name, sql, sha, _ in migrations(paths)]
    text = '/* Made by tools/embed_migrations.py. */\n#include "migrations/migrations.h"\n\n'
    text += 'const HibMigration hib_migrations[] = {\n' + '\n'.join(rows) + '\n    {0},\n};\n'
    text += f'const size_t hib_n_migrations = {len(rows)};\n'
    with open(out, 'w', encoding='utf-8') as f:
        f.write(text)


def load(folder):
    path = os.path.join(folder, 'checksums.txt')
    locked = {}
    if os.path.exists(path):
        with open(path, encoding='utf-8') as f:
            for line in f:
                if line.strip() and not line.startswith('#'):
                    sha, name = line.split()
                    locked[name] = sha
    return locked


def store(folder, locked):
    with open(os.path.join(folder, 'checksums.txt'), 'w', encoding='utf-8') as f:
        f.write('# SHA-256 of every migration. A released one is never edited: write a new one.\n')
        for name in sorted(locked):
            f.write(f'{locked[name]}  {name}\n')


def files(folder):
    return [os.path.join(folder, n) for n in sorted(os.listdir(folder)) if n.endswith('.sql')]


def check(folder):
    locked, bad = load(folder), 0
    here = {os.path.basename(m[4]): m for m in migrations(files(folder))}
    for name, m in here.items():
        if name not in locked:
            print(f'{m[4]}: not locked yet; run: python3 tools/embed_migrations.py --lock src/migrations')
            bad += 1
        elif locked[name] != m[3]:
            print(f'{m[4]}: edited after it was locked. Undo the edit and write a new migration; only if it was never released: '
                  f'python3 tools/embed_migrations.py --relock src/migrations {m[0]}')
            bad += 1
    for name in locked:
        if name not in here:
            print(f'{folder}/{name}: locked, but the file is gone')
            bad += 1
    return 1 if bad else 0


def main(args):
    if len(args) == 2 and args[0] == '--check':
        return check(args[1])
    if (len(args) == 2 and args[0] == '--lock') or (len(args) == 3 and args[0] == '--relock'):
        locked = load(args[1])
        for n, _, _, sha, path in migrations(files(args[1])):
            name = os.path.basename(path)
            if name not in locked or (args[0] == '--relock' and n == int(args[2])):
                locked[name] = sha
        store(args[1], locked)
        return check(args[1])
    if not args or args[0].startswith('--'):
        sys.stderr.write(__doc__)
        return 2
    embed(args[0], args[1:])
    return 0


if __name__ == '__main__':
    sys.exit(main(sys.argv[1:]))
