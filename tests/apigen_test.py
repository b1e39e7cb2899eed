#!/usr/bin/env python3
"""tools/apigen.py: what it makes, that it compiles, and what it refuses with which sentence. TAP."""
import copy
import pathlib
import subprocess
import sys
import tempfile

import yaml

ROOT = pathlib.Path(__file__).resolve().parent.parent
PROBLEM = {'$ref': '#/components/responses/Problem'}
DONE = {'description': 'done', 'content': {'application/json': {'schema': {'$ref': '#/components/schemas/Thing'}}}}
GOOD = {
    'openapi': '3.1.0',
    'x-role-sets': {'manager': ['owner', 'manager']},
    'paths': {'/api/v1/workspaces/{workspace}/things/{thing}': {
        'parameters': [{'name': n, 'in': 'path', 'required': True, 'schema': {'type': 'string', 'format': 'uuid'}} for n in ('workspace', 'thing')],
        'get': {'operationId': 'getThing', 'x-role': 'manager', 'x-scope': 'read', 'x-cache': True,
                'parameters': [{'name': 'from', 'in': 'query', 'schema': {'type': 'string', 'format': 'date-time'}}],
                'responses': {'200': DONE, '404': PROBLEM}},
        'put': {'operationId': 'putThing', 'x-role': 'any', 'x-scope': '',
                'requestBody': {'content': {'application/json': {'schema': {'$ref': '#/components/schemas/Thing'}}}},
                'responses': {'200': DONE}}}},
    'components': {'schemas': {
        'Part': {'type': 'object', 'required': ['default'], 'properties': {'default': {'type': 'string', 'enum': ['a.b', 'c']}}},
        'Thing': {'type': 'object', 'required': ['id', 'parts', 'note'], 'properties': {
            'id': {'type': 'string', 'format': 'uuid'}, 'note': {'type': ['string', 'null'], 'maxLength': 5},
            'parts': {'type': 'array', 'maxItems': 3, 'items': {'$ref': '#/components/schemas/Part'}},
            'part': {'oneOf': [{'$ref': '#/components/schemas/Part'}, {'type': 'null'}]},
            'rate': {'type': 'number', 'minimum': 0, 'maximum': 1}, 'any': {'type': 'object'}}}}}}
THING = '/api/v1/workspaces/{workspace}/things/{thing}'


def operation(d, method='get'):
    return d['paths'][THING][method]


def schema(d, name='Thing'):
    return d['components']['schemas'][name]


# what is done to the good contract, and a part of the sentence that refuses it
REFUSED = {
    'no role': (lambda d: operation(d).pop('x-role'), 'getThing has no x-role'),
    'no scope': (lambda d: operation(d).pop('x-scope'), 'getThing has no x-scope'),
    'an unknown role': (lambda d: operation(d).update({'x-role': 'boss'}), "x-role 'boss' is none of"),
    'an unknown scope': (lambda d: operation(d).update({'x-scope': 'all'}), "x-scope 'all'"),
    'what is raw behind a sign-in': (lambda d: operation(d).update({'x-raw': True}), 'x-raw is for what is public'),
    'a reply that leads away': (lambda d: operation(d).update({'responses': {'303': {'description': 'there'}}}), 'replies are 200'),
    'a cached change': (lambda d: operation(d, 'put').update({'x-cache': True}), 'x-cache is for GET only'),
    'an error that is no problem': (lambda d: operation(d)['responses'].update({'409': DONE}), '409 does not refer to'),
    'no success': (lambda d: operation(d).update({'responses': {'404': PROBLEM}}), 'has no successful reply'),
    'one name twice': (lambda d: operation(d, 'put').update({'operationId': 'get_thing'}), 'two operations give this name'),
    'a path parameter not declared': (lambda d: d['paths'][THING]['parameters'].pop(), 'path says'),
    'a required field that is not there': (lambda d: schema(d)['required'].append('nothing'), 'requires nothing'),
    'a schema that is not there': (lambda d: schema(d)['properties'].update({'x': {'$ref': '#/components/schemas/No'}}), 'refers to No'),
    'a schema that holds itself': (lambda d: schema(d, 'Part')['properties'].update({'x': {'$ref': '#/components/schemas/Thing'}}), 'refers to itself'),
    'an object inside': (lambda d: schema(d)['properties'].update({'x': {'type': 'object', 'properties': {}}}), 'name objects under'),
    'a name in camels': (lambda d: schema(d)['properties'].update({'aB': {'type': 'string'}}), 'lower case'),
    'a list walked by half': (lambda d: operation(d).update({'operationId': 'listThings', 'parameters': [
        {'name': 'limit', 'in': 'query', 'schema': {'type': 'integer'}}]}), 'both limit and cursor'),
    'a list walked by pages': (lambda d: operation(d)['parameters'].append({'name': 'page', 'in': 'query', 'schema': {'type': 'integer'}}), 'limit and cursor'),
    'a body that is text': (lambda d: operation(d, 'put').update({'requestBody': {'content': {'text/plain': {}}}}), 'neither JSON nor an upload'),
}
MADE = ['bool hib_on_get_thing(HibCall *call, const char *thing, const HibApiGetThingQuery *query, GError **error);',
        'bool hib_on_put_thing(HibCall *call, const char *thing, const HibApiThing *in, GError **error);',
        'bool hib_reply_thing(HibCall *call, int status, const HibApiThing *value);',
        'HIB_API_PART_DEFAULT_A_B,', 'int hib_api_part_default_from(const char *name);', 'HibInstant from;', 'bool has_from;',
        'HibApiPart *parts;', 'size_t n_parts;', 'bool has_note;', 'int default_;']
ROUTE = '.roles = HIB_ROLE_OWNER | HIB_ROLE_MANAGER, .scope = "read", .is_cached = true, .run = run_get_thing}'


def run(contract, out):
    path = pathlib.Path(out) / 'api.yaml'
    path.write_text(yaml.safe_dump(contract))
    return subprocess.run([sys.executable, ROOT / 'tools/apigen.py', path, out], capture_output=True, text=True)


def makes(out):
    done = run(copy.deepcopy(GOOD), out)
    assert done.returncode == 0, done.stderr
    header = (pathlib.Path(out) / 'api.gen.h').read_text()
    for text in MADE:
        assert text in header, text
    assert ROUTE in (pathlib.Path(out) / 'routes.gen.c').read_text()


def compiles(out):
    run(copy.deepcopy(GOOD), out)
    flags = subprocess.run(['pkg-config', '--cflags', 'glib-2.0', 'libcjson'], capture_output=True, text=True, check=True).stdout.split()
    for name in ('api.gen.c', 'routes.gen.c'):
        subprocess.run(['cc', '-std=gnu17', '-Wall', '-Wextra', '-Werror', '-Wno-missing-field-initializers', '-fsyntax-only', *flags,
                        '-I', ROOT / 'src/core', '-I', ROOT / 'src', '-I', out, pathlib.Path(out) / name], check=True)


def refuses(change, sentence, out):
    contract = copy.deepcopy(GOOD)
    change(contract)
    done = run(contract, out)
    assert done.returncode != 0, 'taken'
    assert sentence in done.stderr, done.stderr


def main():
    tests = [('structs, enums, prototypes and routes are made', makes), ('what is made compiles without a warning', compiles)]
    tests += [(f'{name} is refused', lambda out, c=c, s=s: refuses(c, s, out)) for name, (c, s) in REFUSED.items()]
    print(f'1..{len(tests)}')
    for n, (name, test) in enumerate(tests, 1):
        with tempfile.TemporaryDirectory() as out:
            try:
                test(out)
                print(f'ok {n} {name}')
            except (AssertionError, subprocess.CalledProcessError) as fault:
                print(f'not ok {n} {name}\n# {fault}')


main()
