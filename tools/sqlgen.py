#!/usr/bin/env python3
"""Named SQL → typed C functions for both databases.

    sqlgen.py INPUT.sql OUTDIR             writes OUTDIR/NAME.sql.h and OUTDIR/NAME.sql.c
    sqlgen.py --collect OUT.c INPUT.sql…   writes the list of all statements, for tests/statements_test.c

A statement in INPUT.sql:

    -- name: post_due (workspace text, from time?, until time, most int)
    --       -> many (id text, body text, due_at time?)
    -- Any further comment lines go into the header.
    select id, body, due_at from plan_post
     where workspace_id = :workspace and (:from is null or due_at >= :from) and due_at <= :until
     order by due_at, id limit :most;

Types: text int time real bool bytes; `?` after a type: may be null. Results: none | count | one (columns) |
many (columns), with an optional struct name (`-> many PostRow (…)` gives HibSqlPostRow, which statements of the same file
with the same columns share). `:workspace` is bound by the handle and is no parameter of the C function.
Directives, each a comment line of its own: `-- global: reason` (runs without workspace; a `workspace` parameter is then an ordinary one),
`-- many: yes` (also makes hib_sql_x_many for arrays of rows), `-- postgres:` (what follows is PostgreSQL's own text: src/core/store only).

The one idea: a statement is positional (?1, $1) only in what is generated; by hand it is named, so nothing can be
bound to the wrong place. What reads differently on the two databases does not build.
"""
import difflib
import os
import re
import sys
from dataclasses import dataclass, field

TYPES = {  # name: (C type, letter, PostgreSQL type, member of HibValue)
    'text': ('const char *', 't', 'text', 'text'),
    'int': ('int64_t', 'i', 'bigint', 'i64'),
    'time': ('HibInstant', 'i', 'bigint', 'i64'),
    'real': ('double', 'r', 'double precision', 'f64'),
    'bool': ('bool', 'b', 'boolean', 'i64'),
    'bytes': ('HibBytes', 'y', 'bytea', 'bytes'),
}
MAX_PARAMETERS = 60  # HIB_STATEMENT_PARAMS in store_private.h is 64
WRITES = {'insert', 'update', 'delete'}
FIRST_WORDS = WRITES | {'select', 'with'}
# word: why it is refused and what to write instead
TRAPS = {
    'now': 'now() differs between the databases: pass the time as a parameter (hib_db_now)',
    'current_timestamp': 'pass the time as a parameter (hib_db_now)',
    'current_date': 'pass the time as a parameter (hib_db_now)',
    'current_time': 'pass the time as a parameter (hib_db_now)',
    'strftime': 'SQLite only: work on µs in C',
    'date_trunc': 'PostgreSQL only: work on µs in C',
    'datetime': 'SQLite only: work on µs in C',
    'unixepoch': 'SQLite only: pass the time as a parameter',
    'julianday': 'SQLite only: work on µs in C',
    'greatest': 'PostgreSQL only: use case when … then … else … end',
    'least': 'PostgreSQL only: use case when … then … else … end',
    'ifnull': 'SQLite only: use coalesce',
    'iif': 'SQLite only: use case when … then … else … end',
    'instr': 'SQLite only: use like',
    'strpos': 'PostgreSQL only: use like',
    'position': 'PostgreSQL only: use like',
    'ilike': 'PostgreSQL only: use lower(…) like lower(…)',
    'glob': 'SQLite only: use like',
    'regexp': 'SQLite only: match in C',
    'json_each': 'SQLite only: take JSON apart in C',
    'json_extract': 'SQLite only: take JSON apart in C',
    'json_group_array': 'SQLite only: put JSON together in C',
    'json_agg': 'PostgreSQL only: put JSON together in C',
    'jsonb_agg': 'PostgreSQL only: put JSON together in C',
    'jsonb_array_elements': 'PostgreSQL only: take JSON apart in C',
    'group_concat': 'SQLite only: read rows and join in C',
    'string_agg': 'PostgreSQL only: read rows and join in C',
    'any': 'PostgreSQL only: use in (…) or run the statement for many rows',
    'unnest': 'PostgreSQL only: run the statement for many rows',
    'generate_series': 'PostgreSQL only: count in C',
    'rowid': 'SQLite only: use the key',
    'ctid': 'PostgreSQL only: use the key',
    'replace': '"insert or replace" is SQLite only: use on conflict … do update',
    'random': 'randomness comes from base/secrets.h',
    'autoincrement': 'belongs into a migration',
    'typeof': 'SQLite only',
    'pragma': 'SQLite only',
    'skip': '"skip locked" is PostgreSQL only',
    'lateral': 'PostgreSQL only',
}
CASTS_REFUSED = {'int', 'int4', 'int8', 'numeric', 'decimal', 'float', 'double', 'date', 'timestamp', 'json', 'jsonb', 'blob', 'bytea', 'real', 'boolean'}
HEAD = re.compile(r'^(\w+)\s*\((.*?)\)\s*->\s*(none|count|one|many)(?:\s+(\w+))?\s*(?:\((.*)\))?$', re.S)
TOKEN = re.compile(r"""
    (?P<space>\s+)
  | (?P<comment>--[^\n]*|/\*.*?\*/)
  | (?P<string>'(?:[^']|'')*')
  | (?P<quoted>"(?:[^"]|"")*")
  | (?P<cast>::)
  | (?P<param>:[A-Za-z_]\w*)
  | (?P<place>\$\w+|\?\d*|@\w+)
  | (?P<word>[A-Za-z_]\w*)
  | (?P<number>\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)
  | (?P<mark>.)
""", re.X | re.S)


class Fault(Exception):
    """What stops the build: file:line: sentence."""


@dataclass
class Field:
    name: str
    type: str
    is_null: bool


@dataclass
class Statement:
    path: str
    line: int
    name: str
    params: list
    result: str
    columns: list
    struct: str
    note: list = field(default_factory=list)
    is_global: bool = False
    has_many: bool = False
    sqlite: str = ''
    postgres: str = ''
    is_write: bool = False

    def fault(self, text, line=None):
        return Fault(f'{self.path}:{line or self.line}: {self.name}: {text}')

    @property
    def is_scoped(self):
        return not self.is_global

    def own(self):
        """Parameters of the C function: all but the workspace the handle binds."""
        return [p for p in self.params if not (self.is_scoped and p.name == 'workspace')]


def camel(name):
    return ''.join(part[:1].upper() + part[1:] for part in name.split('_'))


def fields(text, where, st):
    out = []
    for part in (p.strip() for p in text.split(',')):
        if not part:
            continue
        m = re.fullmatch(r'([a-z][a-z0-9_]*)\s+([a-z]+)(\??)', part)
        if not m:
            raise st.fault(f'{where} "{part}" should read "name type" or "name type?"')
        if m[2] not in TYPES:
            raise st.fault(f'{where} {m[1]}: there is no type "{m[2]}"; there are {" ".join(TYPES)}')
        if m[1] in [f.name for f in out]:
            raise st.fault(f'{where} {m[1]} stands there twice')
        out.append(Field(m[1], m[2], bool(m[3])))
    return out


def read_head(path, line, text):
    m = HEAD.match(' '.join(text.split()))
    if not m:
        raise Fault(f'{path}:{line}: should read "-- name: NAME (params) -> none|count|one|many [Struct] [(columns)]"')
    name, params, result, struct, columns = m.groups()
    if not re.fullmatch(r'[a-z][a-z0-9_]*', name):
        raise Fault(f'{path}:{line}: {name}: names are lower_case')
    st = Statement(path, line, name, [], result, [], struct or camel(name))
    st.params = fields(params, 'parameter', st)
    st.columns = fields(columns or '', 'column', st)
    if result in ('none', 'count') and (columns is not None or struct):
        raise st.fault(f'-> {result} has no columns')
    if result in ('one', 'many') and not st.columns:
        raise st.fault(f'-> {result} needs its columns')
    if len(st.params) > MAX_PARAMETERS:
        raise st.fault(f'more than {MAX_PARAMETERS} parameters')
    for p in st.params:
        if p.name in ('db', 'error', 'changed', 'ret_row', 'ret_rows', 'ret_n', 'rows', 'n', 'values'):
            raise st.fault(f'parameter {p.name}: the generated function uses that name itself')
    return st


def read_directive(st, key, value, line):
    if key == 'global':
        if not value:
            raise st.fault('"-- global:" needs its reason', line)
        st.is_global = True
    elif key == 'many':
        if value != 'yes':
            raise st.fault('write "-- many: yes"', line)
        if st.result not in ('none', 'count'):
            raise st.fault('"-- many: yes" is for -> none and -> count', line)
        st.has_many = True
    else:
        raise st.fault(f'there is no directive "-- {key}:"', line)


def check_tokens(st, tokens, has_two):
    """Refuses what reads differently on the two databases. tokens: (kind, text, line)."""
    solid = [t for t in tokens if t[0] not in ('space', 'comment')]
    depth = 0
    for i, (kind, text, line) in enumerate(solid):
        after = solid[i + 1][1].lower() if i + 1 < len(solid) else ''
        before = solid[i - 1][1].lower() if i else ''
        if kind == 'cast':
            raise st.fault(':: casts are PostgreSQL only; parameters are typed already, otherwise use cast(… as …)', line)
        if kind == 'place':
            raise st.fault(f'{text}: parameters are named (:name), never by position', line)
        if text == ';':
            raise st.fault('one statement only; a second one needs its own "-- name:"', line)
        if text == '(':
            depth += 1
        if text == ')':
            depth -= 1
        if depth < 0:
            raise st.fault('a closing parenthesis too many', line)
        word = text.lower() if kind == 'word' else ''
        if word in TRAPS and not has_two and before != '.' and not (word == 'replace' and after == '('):
            raise st.fault(f'{text}: {TRAPS[word]}', line)
        if word in ('max', 'min') and after == '(' and has_comma(solid, i + 1):
            raise st.fault(f'{word}(a, b) is SQLite only: use case when … then … else … end', line)
        if word == 'for' and after in ('update', 'share') and not has_two:
            raise st.fault('"for update" is PostgreSQL only', line)
        if word == 'distinct' and after == 'on':
            raise st.fault('"distinct on" is PostgreSQL only', line)
        if word == 'insert' and after == 'or':
            raise st.fault('"insert or …" is SQLite only: use on conflict', line)
        if word in WRITES and depth > 0 and before == '(':
            raise st.fault('a writing WITH query is PostgreSQL only', line)
        if word == 'as' and after in CASTS_REFUSED and is_cast(solid, i):
            raise st.fault(f'cast to {after} differs between the databases: '
                           'declare the column\'s type and convert in C, or cast to text or bigint', line)
    if depth:
        raise st.fault('a closing parenthesis is missing')


def has_comma(solid, start):
    depth = 0
    for kind, text, _ in solid[start:]:
        depth += text == '('
        depth -= text == ')'
        if depth == 0:
            return False
        if depth == 1 and text == ',':
            return True
    return False


def is_cast(solid, i):
    depth = 0
    for j in range(i - 1, -1, -1):
        text = solid[j][1]
        depth += text == ')'
        depth -= text == '('
        if depth < 0:
            return j > 0 and solid[j - 1][1].lower() == 'cast'
    return False


def tokenize(sql, line):
    for m in TOKEN.finditer(sql):
        yield (m.lastgroup, m[0], line)
        line += m[0].count('\n')


def translate(st, tokens, dialect):
    at = {p.name: i + 1 for i, p in enumerate(st.params)}
    types = {p.name: TYPES[p.type][2] for p in st.params}
    used, out = set(), []
    for kind, text, line in tokens:
        if kind == 'comment':
            out.append(' ')
        elif kind == 'param':
            name = text[1:]
            if name not in at:
                raise st.fault(f':{name} is used but not among the parameters', line)
            used.add(name)
            out.append(f'?{at[name]}' if dialect == 'sqlite' else f'${at[name]}::{types[name]}')
        elif kind == 'space':
            out.append(' ')
        else:
            out.append(text)
    for name in at:
        if name not in used:
            raise st.fault(f'parameter {name} is not used')
    return re.sub(r' +', ' ', ''.join(out)).strip()


def finish(st, body, line):
    parts = re.split(r'^--\s*postgres:[^\n]*\n', body, flags=re.M)
    if len(parts) > 2:
        raise st.fault('"-- postgres:" stands there twice')
    if len(parts) == 2 and os.path.basename(os.path.dirname(os.path.abspath(st.path))) != 'store':
        raise st.fault('two texts are for src/core/store only; write one that both databases read')
    texts = []
    for n, part in enumerate(parts):
        tokens = list(tokenize(part, line))
        while tokens and (tokens[-1][0] in ('space', 'comment') or tokens[-1][1] == ';'):
            if tokens.pop()[1] == ';':
                break
        check_tokens(st, tokens, len(parts) == 2)
        texts.append(tokens)
        line += part.count('\n') + 1
    words = [t for t in texts[0] if t[0] not in ('space', 'comment')]
    if not words:
        raise st.fault('there is no statement under the name')
    if words[0][1].lower() not in FIRST_WORDS:
        raise st.fault(f'starts with "{words[0][1]}"; a statement is select, insert, update, delete or with', words[0][2])
    depth = 0
    for kind, text, _ in words:
        depth += text == '('
        depth -= text == ')'
        st.is_write |= kind == 'word' and depth == 0 and text.lower() in WRITES
    if st.result == 'count' and not st.is_write:
        raise st.fault('-> count is the number of changed rows; this statement only reads (use one (n int))')
    if st.result in ('one', 'many') and st.is_write and 'returning' not in [w[1].lower() for w in words]:
        raise st.fault(f'-> {st.result} of a writing statement needs "returning"')
    if st.is_scoped and 'workspace' not in [p.name for p in st.params]:
        raise st.fault('is not scoped: add the parameter "workspace text" and use :workspace, '
                       'or say "-- global: reason" under the name')
    if st.is_scoped and [p for p in st.params if p.name == 'workspace' and (p.type != 'text' or p.is_null)]:
        raise st.fault('workspace is "workspace text"')
    if st.has_many and not st.is_write:
        raise st.fault('"-- many: yes" is for writing statements')
    st.sqlite = translate(st, texts[0], 'sqlite')
    st.postgres = translate(st, texts[-1], 'postgres')


def parse(path):
    with open(path, encoding='utf-8') as f:
        lines = f.read().split('\n')
    statements, i = [], 0
    while i < len(lines):
        m = re.match(r'--\s*name:\s*(.*)', lines[i])
        if not m:
            if lines[i].strip() and not lines[i].lstrip().startswith('--'):
                raise Fault(f'{path}:{i + 1}: a statement needs "-- name: …" above it')
            i += 1
            continue
        line, head = i + 1, m[1]
        i += 1
        while i < len(lines) and lines[i].startswith('--') and (
                head.count('(') > head.count(')') or '->' not in head or lines[i].lstrip('- ').startswith('->')
                or re.search(r'->\s*(one|many)(\s+\w+)?\s*$', head)):
            head += ' ' + lines[i].lstrip('-').strip()
            i += 1
        st = read_head(path, line, head)
        while i < len(lines) and lines[i].startswith('--') and not re.match(r'--\s*name:', lines[i]):
            d = re.match(r'--\s*([a-z]+):\s*(.*)', lines[i])
            if d and d[1] == 'postgres':
                break
            if d and difflib.get_close_matches(d[1], ['global', 'many', 'postgres'], 1, 0.7):
                read_directive(st, d[1], d[2].strip(), i + 1)
            else:
                st.note.append(lines[i].lstrip('-').strip())
            i += 1
        start = i
        while i < len(lines) and not re.match(r'--\s*name:', lines[i]):
            i += 1
        finish(st, '\n'.join(lines[start:i]), start + 1)
        if st.name in [s.name for s in statements]:
            raise st.fault('the name is taken already in this file')
        statements.append(st)
    if not statements:
        raise Fault(f'{path}:1: no "-- name:" in the file')
    check_structs(statements)
    return statements


def check_structs(statements):
    seen = {}
    for st in statements:
        if not st.columns:
            continue
        shape = [(c.name, c.type, c.is_null) for c in st.columns]
        if seen.setdefault(st.struct, shape) != shape:
            raise st.fault(f'struct {st.struct} has other columns in an earlier statement')


# --- C --------------------------------------------------------------------------------------------------------------
def declare(ctype, name):
    return f'{ctype}{name}' if ctype.endswith('*') else f'{ctype} {name}'


def c_param(p):
    ctype = TYPES[p.type][0]
    if p.is_null and not ctype.endswith('*'):
        return declare(f'const {ctype} *', p.name)
    return declare(ctype, p.name)


def c_value(p, source):
    """One HibValue initialiser reading the C expression `source`."""
    ctype, _, _, member = TYPES[p.type]
    if ctype.endswith('*'):
        return f'{{.is_null = !{source}, .text = {source}}}'
    if p.is_null and p.type == 'bytes':
        return f'{{.is_null = !{source}, .bytes = {source} ? *{source} : (HibBytes){{0}}}}'
    if p.is_null:
        return f'{{.is_null = !{source}, .{member} = {source} ? *{source} : 0}}'
    return f'{{.{member} = {source}}}'


def prototype(st):
    parts = ['HibDb *db'] + [c_param(p) for p in st.own()]
    parts += {'none': [], 'count': ['int64_t *changed'], 'one': [f'HibSql{st.struct} **ret_row'],
              'many': [f'HibSql{st.struct} **ret_rows', 'size_t *ret_n']}[st.result]
    return f'hib_sql_{st.name}({", ".join(parts)}, GError **error)'


def prototype_many(st):
    return f'hib_sql_{st.name}_many(HibDb *db, const HibSql{camel(st.name)}In *rows, size_t n, GError **error)'


def header(statements, path):
    out = [f'/* Made by tools/sqlgen.py from {os.path.basename(path)}; edit that. */', '#pragma once', '#include "store/store.h"', '']
    made = set()
    for st in statements:
        if st.columns and st.struct not in made:
            made.add(st.struct)
            out.append('typedef struct {')
            for c in st.columns:
                ctype = TYPES[c.type][0]
                has = f' bool has_{c.name};' if c.is_null and not ctype.endswith('*') else ''
                out.append(f'    {declare(ctype, c.name)};{has}')
            out.append(f'}} HibSql{st.struct};')
        if st.has_many:
            members = [f'    {c_param(p)};' for p in st.own()] or ['    char none;']
            out += ['typedef struct {', *members, f'}} HibSql{camel(st.name)}In;']
        if st.note:
            out.append('/* ' + '\n * '.join(n.replace('*/', '* /') for n in st.note) + ' */')
        out.append(f'bool {prototype(st)};')
        if st.has_many:
            out.append(f'bool {prototype_many(st)};')
        out.append('')
    out.append(f'extern const HibStatement *const {list_name(path)}[]; /* ended by NULL */')
    return '\n'.join(out) + '\n'


def list_name(path):
    feature = os.path.basename(os.path.dirname(os.path.abspath(path)))
    stem = os.path.basename(path)[:-len('.sql')]
    return f'hib_statements_{feature}_{re.sub("[^a-z0-9_]", "_", stem)}'


def c_string(text):
    escaped = text.replace('\\', '\\\\').replace('"', '\\"')
    pieces = re.findall(r'(?:\\.|[^\\]){1,90}', escaped) or ['']
    return '\n    '.join(f'"{p}"' for p in pieces)


def record(st):
    row = f'HibSql{st.struct}'
    columns = ', '.join(
        f'{{offsetof({row}, {c.name}), '
        + ((f'offsetof({row}, has_{c.name})' if TYPES[c.type][1] != 't' else 'HIB_TEXT_MAY_BE_NULL') if c.is_null else '0')
        + '}' for c in st.columns)
    scope = [i for i, p in enumerate(st.params) if p.name == 'workspace'] if st.is_scoped else []
    lines = []
    if columns:
        lines.append(f'static const HibColumn {st.name}_map[] = {{{columns}}};')
    lines += [f'static const HibStatement {st.name} = {{',
              f'    .name = "{st.name}",',
              f'    .sqlite = {c_string(st.sqlite)},', f'    .postgres = {c_string(st.postgres)},',
              f'    .params = "{"".join(TYPES[p.type][1] for p in st.params)}",',
              f'    .columns = "{"".join(TYPES[c.type][1] for c in st.columns)}",',
              f'    .row_size = {f"sizeof({row})" if columns else "0"},',
              f'    .map = {st.name + "_map" if columns else "NULL"},',
              f'    .is_scoped = {str(st.is_scoped).lower()}, .is_write = {str(st.is_write).lower()},',
              f'    .workspace_at = {scope[0] if scope else -1},', '};']
    return lines


def values_of(st, prefix):
    return [('{0}' if st.is_scoped and p.name == 'workspace' else c_value(p, prefix + p.name)) for p in st.params] or ['{0}']


def body(st):
    out = ['', 'bool', prototype(st), '{']
    out += ['    const HibValue values[] = {', *[f'        {v},' for v in values_of(st, '')], '    };']
    call = f'hib_db_run(db, &{st.name}, values, '
    if st.result == 'none':
        out.append(f'    return {call}NULL, NULL, NULL, error);')
    elif st.result == 'count':
        out.append(f'    return {call}NULL, NULL, changed, error);')
    elif st.result == 'many':
        out += ['    void *found = NULL;', '    *ret_rows = NULL;', '    *ret_n = 0;',
                f'    if (!{call}&found, ret_n, NULL, error))', '        return false;',
                '    *ret_rows = found;', '    return true;']
    else:
        out += ['    void *found = NULL;', '    size_t n = 0;', '    *ret_row = NULL;',
                f'    if (!{call}&found, &n, NULL, error))', '        return false;',
                '    *ret_row = n ? found : NULL;', '    return true;']
    out.append('}')
    if st.has_many:
        n = max(len(st.params), 1)
        out += ['', 'bool', prototype_many(st), '{',
                f'    HibValue *values = hib_arena_array(hib_db_arena(db), HibValue, n * {n});',
                '    for (size_t i = 0; i < n; i++) {',
                f'        const HibValue row[{n}] = {{', *[f'            {v},' for v in values_of(st, 'rows[i].')], '        };',
                f'        memcpy(values + i * {n}, row, sizeof(row));', '    }',
                f'    return hib_db_run_many(db, &{st.name}, values, n, error);', '}']
    return out


def source(statements, path):
    folder = os.path.basename(os.path.dirname(os.path.abspath(path)))
    out = [f'/* Made by tools/sqlgen.py from {os.path.basename(path)}; edit that. */',
           f'#include "{folder}/{os.path.basename(path)}.h"', '#include <stddef.h>', '#include <string.h>', '']
    for st in statements:
        out += record(st) + body(st) + ['']
    out.append(f'const HibStatement *const {list_name(path)}[] = {{')
    out += [f'    &{st.name},' for st in statements] + ['    NULL,', '};']
    return '\n'.join(out) + '\n'


def collect(out_path, inputs):
    names = [list_name(p) for p in sorted(inputs)]
    out = ['/* Made by tools/sqlgen.py: every statement of the program. */', '#include "store/store.h"', '#include <stddef.h>', '']
    out += [f'extern const HibStatement *const {n}[];' for n in names]
    out += ['extern const HibStatement *const *const hib_all_statements[];',
            'const HibStatement *const *const hib_all_statements[] = {'] + [f'    {n},' for n in names] + ['    NULL,', '};']
    write(out_path, '\n'.join(out) + '\n')


def write(path, text):
    with open(path, 'w', encoding='utf-8') as f:
        f.write(text)


def main(args):
    if len(args) >= 2 and args[0] == '--collect':
        collect(args[1], args[2:])
        return 0
    if len(args) != 2 or not args[0].endswith('.sql'):
        sys.stderr.write(__doc__)
        return 2
    try:
        statements = parse(args[0])
    except Fault as fault:
        sys.stderr.write(f'{fault}\n')
        return 1
    base = os.path.join(args[1], os.path.basename(args[0]))
    write(base + '.h', header(statements, args[0]))
    write(base + '.c', source(statements, args[0]))
    return 0


if __name__ == '__main__':
    sys.exit(main(sys.argv[1:]))
