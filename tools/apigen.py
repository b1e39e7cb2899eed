#!/usr/bin/env python3
"""The contract made C: api/openapi.yaml -> api.gen.h, api.gen.c, routes.gen.c.

One idea: every schema becomes a struct and a field table (HibShape); every operation becomes a prototype that the linker asks
for and a row of the route table. What the contract leaves open or says twice is refused here, with the place named."""
import os
import re
import sys

import yaml

METHODS = ('get', 'put', 'post', 'delete', 'patch')
SCOPES = ('read', 'write', 'publish', 'admin', '')
ROLES = ('owner', 'manager', 'editor', 'approver', 'analyst', 'client')
C_WORDS = set('''auto break case char const continue default do double else enum extern float for goto if inline int long register
restrict return short signed sizeof static struct switch typedef union unsigned void volatile while bool true false'''.split())
LINT = []


def lint(where, what):
    LINT.append(f'openapi.yaml: {where}: {what}')


def snake(name):
    return re.sub(r'(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])', '_', name).lower()


def upper(text):
    return re.sub(r'[^A-Za-z0-9]', '_', text).upper()


def quote(text):
    return '"' + text.replace('\\', '\\\\').replace('"', '\\"') + '"'


def refers_to(schema):
    return schema['$ref'].split('/')[-1] if '$ref' in schema else None


def camel(operation):
    return operation[0].upper() + operation[1:]


def field_name(name):
    return name + '_' if name in C_WORDS else name


def without_null(schema):
    """(schema, is_nullable): type lists and oneOf with null are the two ways to say 'or null'."""
    if 'oneOf' in schema:
        rest = [s for s in schema['oneOf'] if s.get('type') != 'null']
        return (rest[0] if len(rest) == 1 else None), len(rest) < len(schema['oneOf'])
    if isinstance(schema.get('type'), list):
        rest = [t for t in schema['type'] if t != 'null']
        plain = dict(schema)
        plain['type'] = rest[0] if len(rest) == 1 else None
        return plain, 'null' in schema['type']
    return schema, False


class Field:
    """One property: its C type, and the row of the field table."""

    def __init__(self, owner, name, schema, is_required):
        self.name, self.is_required, self.where = name, is_required, f'{owner}.{name}'
        schema, self.is_nullable = without_null(schema)
        self.is_array = bool(schema) and schema.get('type') == 'array'
        self.items = schema if self.is_array else {}
        element = schema
        if self.is_array:
            element, inner_null = without_null(schema.get('items') or {})
            if inner_null:
                lint(self.where, 'items of a list cannot be null')
        self.element = element or {}
        self.sub = refers_to(self.element)
        self.enum = self.element.get('enum')
        self.kind, self.c = self.type_of()
        self.has = (not is_required or self.is_nullable)
        self.member = field_name(name)

    def type_of(self):
        if self.sub:
            return 'HIB_OBJECT', 'HibApi' + self.sub
        kind, form = self.element.get('type'), self.element.get('format')
        if kind == 'string' and self.enum:
            return 'HIB_ENUM', 'int'
        if kind == 'string':
            if form not in (None, 'uuid', 'date-time'):
                lint(self.where, f'format {form} is not known here (uuid, date-time)')
            return {'uuid': ('HIB_UUID', 'const char *'), 'date-time': ('HIB_TIME', 'HibInstant')}.get(
                form, ('HIB_TEXT', 'const char *'))
        if kind == 'object' and 'properties' not in self.element:
            return 'HIB_ANY', 'const char *'
        plain = {'integer': ('HIB_INT', 'int64_t'), 'number': ('HIB_REAL', 'double'), 'boolean': ('HIB_BOOL', 'bool')}
        if kind not in plain:
            lint(self.where, f'type {kind} is not known here; name objects under components/schemas and refer to them')
            return 'HIB_BOOL', 'bool'
        return plain[kind]

    def declare(self):
        space = '' if self.c.endswith('*') else ' '
        lines = []
        if self.is_array:
            lines.append(f'    {self.c}{space}*{self.member};')
            lines.append(f'    size_t n_{self.name};')
        else:
            lines.append(f'    {self.c}{space}{self.member};')
        if self.has:
            lines.append(f'    bool has_{self.name};')
        return lines

    def row(self, struct, names):
        e = self.element
        parts = [f'.name = {quote(self.name)}', f'.kind = {self.kind}', f'.at = offsetof({struct}, {self.member})']
        for flag in ('is_required', 'is_array', 'is_nullable'):
            if getattr(self, flag):
                parts.append(f'.{flag} = true')
        if self.is_array:
            parts.append(f'.n_at = offsetof({struct}, n_{self.name})')
            parts += [f'.{c} = {self.items[k]}' for k, c in (('minItems', 'min_items'), ('maxItems', 'max_items'))
                      if self.items.get(k)]
        if self.has:
            parts.append(f'.has_at = offsetof({struct}, has_{self.name})')
        if self.kind == 'HIB_TEXT':
            parts += [f'.{c} = {e[k]}' for k, c in (('minLength', 'min'), ('maxLength', 'max')) if e.get(k)]
            if 'pattern' in e:
                parts.append(f'.pattern = {quote(e["pattern"])}')
        if self.kind in ('HIB_INT', 'HIB_REAL'):
            tail = '' if self.kind == 'HIB_INT' else '_real'
            for key, c in (('minimum', 'min'), ('maximum', 'max')):
                if key in e:
                    parts.append(f'.has_{c} = true, .{c}{tail} = {e[key]}')
        if self.sub:
            parts.append(f'.sub = &hib_api_{snake(self.sub)}_shape')
        if self.enum:
            parts.append(f'.names = {names}')
        return '    {' + ', '.join(parts) + '},'


class Contract:
    def __init__(self, document):
        self.document = document
        self.schemas = document.get('components', {}).get('schemas', {})
        self.role_sets = document.get('x-role-sets', {})
        self.header, self.source, self.order, self.operations = [], [], [], []

    # --- schemas ---------------------------------------------------------------------------------------------
    def emit_schema(self, name, schema, pending=()):
        if name in self.order:
            return
        if name in pending:
            lint(name, 'refers to itself: ' + ' -> '.join(pending))
            return
        if 'properties' not in schema and schema.get('type') != 'object':
            lint(name, 'only objects may stand under components/schemas')
            return
        required = set(schema.get('required', []))
        properties = schema.get('properties', {})
        for missing in sorted(required - set(properties)):
            lint(name, f'requires {missing}, which it does not have')
        for key in properties:
            if key != snake(key) or not re.fullmatch(r'[a-z][a-z0-9_]*', key):
                lint(f'{name}.{key}', 'names are lower case with underscores')
        fields = [Field(name, k, p, k in required) for k, p in properties.items()]
        for f in fields:
            if f.sub and f.sub not in self.schemas:
                lint(f.where, f'refers to {f.sub}, which is not there')
            elif f.sub:
                self.emit_schema(f.sub, self.schemas[f.sub], pending + (name,))
        self.order.append(name)
        self.write_struct(name, fields)

    def write_struct(self, name, fields):
        struct, low = 'HibApi' + name, snake(name)
        for f in fields:
            if f.enum:
                self.write_enum(low, f)
        self.header.append('typedef struct {\n' + '\n'.join(sum((f.declare() for f in fields), []) or
                                                              ['    char nothing;']) + f'\n}} {struct};')
        self.header.append(f'extern const HibShape hib_api_{low}_shape;\n')
        rows = '\n'.join(f.row(struct, f'hib_api_{low}_{f.name}_names') for f in fields)
        self.source.append(f'static const HibField {low}_fields[] = {{\n{rows or "    {.name = NULL},"}\n}};')
        self.source.append(f'const HibShape hib_api_{low}_shape = {{\n    .name = "{name}", .size = sizeof({struct}), '
                           f'.fields = {low}_fields, .n_fields = {len(fields)}}};\n')

    def write_enum(self, low, f):
        stem = f'hib_api_{low}_{f.name}'
        values = [f'    {upper(stem)}_{upper(v)},' for v in f.enum]
        if len(set(values)) < len(values):
            lint(f.where, 'two values of the enum give one name in C')
        self.header.append('enum {\n' + '\n'.join(values) + '\n};')
        self.header.append(f'extern const char *const {stem}_names[];')
        self.header.append(f'int {stem}_from(const char *name); /* -1 unknown */')
        self.source.append(f'const char *const {stem}_names[] = {{' + ', '.join(map(quote, f.enum)) + ', NULL};')
        self.source.append(f'int\n{stem}_from(const char *name)\n{{\n    return hib_shape_name_index({stem}_names, name);\n}}\n')

    # --- operations ------------------------------------------------------------------------------------------
    def roles(self, where, operation):
        role = operation.get('x-role')
        if role in ('any', 'public'):
            return f'HIB_ROLE_{role.upper()}'
        names = self.role_sets.get(role)
        if names is None and role in ROLES:
            names = [role]
        if names is None:
            lint(where, f'x-role {role!r} is none of any, public, {", ".join(self.role_sets)}')
            return '0'
        for r in names:
            if r not in ROLES:
                lint('x-role-sets', f'{r} is no role')
        return ' | '.join(f'HIB_ROLE_{r.upper()}' for r in names)

    def check_responses(self, where, operation):
        """Returns the schema of the success reply or None."""
        good = None
        for status, reply in operation.get('responses', {}).items():
            if status[0] in '45':
                if reply != {'$ref': '#/components/responses/Problem'}:
                    lint(where, f'{status} does not refer to #/components/responses/Problem')
                continue
            if status == '206' and good == '-':
                continue  # a part of the same content
            if status == '302' and good == '-' and operation.get('x-raw'):
                continue  # the way on, beside a page
            if status not in ('200', '201', '204') and not (status == '303' and operation.get('x-raw')):
                lint(where, f'{status}: replies are 200 (and 206 of a file), 201, 204 or a Problem')
            if good:
                lint(where, 'has two successful replies')
            schema = reply.get('content', {}).get('application/json', {}).get('schema')
            good = (refers_to(schema) if schema else None) or '-'
            if schema and good == '-':
                lint(where, f'{status}: the reply must refer to a schema')
        if not good:
            lint(where, 'has no successful reply')
        return None if good in (None, '-') else good

    def check_body(self, where, operation):
        """(schema name or None, is_upload)"""
        content = operation.get('requestBody', {}).get('content', {})
        if not content:
            return None, False
        if list(content) == ['application/json']:
            name = refers_to(content['application/json'].get('schema', {}))
            if name not in self.schemas:
                lint(where, 'the request body must refer to a schema')
                return None, False
            return name, False
        for kind in content:
            if not operation.get('x-raw') and not kind.startswith(('image/', 'video/')) and kind != 'application/octet-stream':
                lint(where, f'request type {kind} is neither JSON nor an upload')
        return None, not operation.get('x-raw')

    def emit_query(self, where, name, parameters):
        if not parameters:
            return None
        schema = {'type': 'object', 'properties': {}, 'required': []}
        for p in parameters:
            if p['schema'].get('type') not in ('string', 'integer', 'number', 'boolean'):
                lint(where, f'query parameter {p["name"]} must be a single plain value')
            schema['properties'][p['name']] = p['schema']
            if p.get('required'):
                schema['required'].append(p['name'])
        query = camel(name) + 'Query'
        self.emit_schema(query, schema)
        return query

    def add_operation(self, path, method, shared, operation):
        where = f'{method.upper()} {path}'
        name = operation.get('operationId')
        if not name:
            lint(where, 'has no operationId')
            return
        for key in ('x-role', 'x-scope'):
            if key not in operation:
                lint(where, f'{name} has no {key}')
        if operation.get('x-scope', '') not in SCOPES:
            lint(where, f'x-scope {operation["x-scope"]!r} is none of {SCOPES}')
        if operation.get('x-raw') and (operation.get('x-role') != 'public' or path.startswith('/api/')):
            lint(where, 'x-raw is for what is public and not under /api/')
        if operation.get('x-upload-mb') and 'application/octet-stream' not in operation.get('requestBody', {}).get('content', {}):
            lint(where, 'x-upload-mb is for uploads')
        if operation.get('x-cache') and method != 'get':
            lint(where, 'x-cache is for GET only')
        parameters = shared + operation.get('parameters', [])
        in_path = {p['name']: p['schema'] for p in parameters if p['in'] == 'path'}
        names = re.findall(r'\{(\w+)\}', path)
        if set(names) != set(in_path):
            lint(where, f'path says {names}, parameters say {sorted(in_path)}')
        query = self.emit_query(where, name, [p for p in parameters if p['in'] == 'query'])
        keys = {p['name'] for p in parameters if p['in'] == 'query'}
        if method == 'get' and name.startswith('list') and len(keys & {'limit', 'cursor'}) == 1:
            lint(where, 'a list takes both limit and cursor, or neither when it is always short')
        if keys & {'offset', 'page'}:
            lint(where, 'lists are walked with limit and cursor')
        body, is_upload = self.check_body(where, operation)
        if body and method in ('get', 'delete'):
            lint(where, f'a {method} has no body')
        self.operations.append({
            'name': name, 'snake': snake(name), 'method': method.upper(), 'path': path, 'query': query, 'body': body,
            'is_upload': is_upload, 'reply': self.check_responses(where, operation), 'roles': self.roles(where, operation),
            'upload_mb': operation.get('x-upload-mb', 0), 'scope': operation.get('x-scope', ''), 'is_cached': bool(operation.get('x-cache')),
            'is_stream': bool(operation.get('x-stream')), 'is_raw': bool(operation.get('x-raw')), 'is_foreign': bool(operation.get('x-foreign')),
            'params': [(n, in_path.get(n, {})) for n in names if n != 'workspace']})

    def read(self):
        for name, schema in self.schemas.items():
            self.emit_schema(name, schema)
        seen = {}
        for name in self.schemas:
            other = seen.setdefault(snake(name), name)
            if other != name:
                lint(name, f'gives the same name in C as {other}')
        for path, operations in self.document.get('paths', {}).items():
            shared = operations.get('parameters', [])
            for method, operation in operations.items():
                if method in METHODS:
                    self.add_operation(path, method, shared, operation)
                elif method != 'parameters':
                    lint(path, f'{method} is not supported')
        seen = {}
        for o in self.operations:
            other = seen.setdefault(o['snake'], o['name'])
            if other is not o['name']:
                lint(o['name'], 'two operations give this name in C')

    # --- files -----------------------------------------------------------------------------------------------
    def write(self, out):
        replies = sorted({o['reply'] for o in self.operations if o['reply']})
        repliers, reply_code = [], []
        for r in replies:
            head = f'hib_reply_{snake(r)}(HibCall *call, int status, const HibApi{r} *value)'
            repliers.append(f'bool {head};')
            reply_code.append(f'bool\n{head}\n{{\n    return hib_call_reply(call, status, &hib_api_{snake(r)}_shape, value);\n}}\n')
        handlers = [f'bool {prototype(o)};' for o in self.operations if not o['is_stream']]
        header = ['/* Generated from api/openapi.yaml by tools/apigen.py: the contract as C. Edit the contract instead. */', '#pragma once',
                  '#include "http/call.h"', '#include "http/shape.h"', ''] + self.header + [
                  '/* Replies. */'] + repliers + ['', '/* Handlers: each operation has exactly one. */'] + handlers
        source = ['/* Generated from api/openapi.yaml by tools/apigen.py: field tables and repliers. */', '#include "api.gen.h"',
                  '#include <stddef.h>', ''] + self.source + reply_code
        routes = ['/* Generated from api/openapi.yaml by tools/apigen.py: inputs read, handler called; and the route table. */',
                  '#include "api.gen.h"', '#include "http/server.h"', '', 'extern const HibRoute hib_routes[];', '']
        routes += [trampoline(o) for o in self.operations if not o['is_stream']]
        routes += ['const HibRoute hib_routes[] = {'] + [route(o) for o in self.operations] + ['    {.method = NULL},', '};']
        for name, lines in (('api.gen.h', header), ('api.gen.c', source), ('routes.gen.c', routes)):
            write_if_changed(os.path.join(out, name), '\n'.join(lines) + '\n')


def write_if_changed(path, text):
    try:
        with open(path, encoding='utf-8') as f:
            if f.read() == text:
                os.utime(path)
                return
    except FileNotFoundError:
        pass
    with open(path, 'w', encoding='utf-8') as f:
        f.write(text)


def prototype(o):
    args = ['HibCall *call'] + [f'const char *{field_name(n)}' for n, _ in o['params']]
    if o['query']:
        args.append(f'const HibApi{o["query"]} *query')
    if o['body']:
        args.append(f'const HibApi{o["body"]} *in')
    return f'hib_on_{o["snake"]}({", ".join(args + ["GError **error"])})'


def trampoline(o):
    lines = ['static bool', f'run_{o["snake"]}(HibCall *call, GError **error)', '{']
    call = ['call']
    for name, schema in o['params']:
        c = field_name(name)
        lines.append(f'    const char *{c} = NULL;')
        lines.append(f'    if (!hib_call_read_path(call, "{name}", {"HIB_UUID" if schema.get("format") == "uuid" else "HIB_TEXT"}, '
                     f'{schema.get("minLength", 0)}, {schema.get("maxLength", 0)}, &{c}, error))\n        return false;')
        call.append(c)
    for variable, name, read in (('query', o['query'], 'query'), ('in', o['body'], 'body')):
        if name:
            lines.append(f'    HibApi{name} {variable} = {{0}};')
            lines.append(f'    if (!hib_call_read_{read}(call, &hib_api_{snake(name)}_shape, &{variable}, error))\n        return false;')
            call.append('&' + variable)
        elif read == 'query' and not o['is_raw']:
            lines.append('    if (!hib_call_read_query(call, NULL, NULL, error))\n        return false;')
    return '\n'.join(lines + [f'    return hib_on_{o["snake"]}({", ".join(call + ["error"])});', '}', ''])


def route(o):
    flags = ''.join(f', .{k} = true' for k in ('is_cached', 'is_upload', 'is_stream', 'is_raw', 'is_foreign') if o[k])
    flags += f', .upload_mb = {o["upload_mb"]}' if o['upload_mb'] else ''
    run = 'NULL' if o['is_stream'] else f'run_{o["snake"]}'
    return (f'    {{.method = "{o["method"]}", .path = "{o["path"]}", .operation = "{o["name"]}",\n'
            f'     .roles = {o["roles"]}, .scope = "{o["scope"]}"{flags}, .run = {run}}},')


def main():
    if len(sys.argv) != 3:
        sys.exit('usage: apigen.py openapi.yaml OUTDIR')
    with open(sys.argv[1], encoding='utf-8') as f:
        contract = Contract(yaml.load(f, Loader=getattr(yaml, 'CSafeLoader', yaml.SafeLoader)))
    contract.read()
    if LINT:
        sys.exit('\n'.join(LINT))
    os.makedirs(sys.argv[2], exist_ok=True)
    contract.write(sys.argv[2])


if __name__ == '__main__':
    main()
