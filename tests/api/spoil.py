"""Wrong inputs, made from the contract: a good value of a schema, and every way to spoil it with the reason and place the answer must name."""
import copy

from contract import CONTRACT

# Where a made-up text would be refused for its meaning: values with meaning.
MEANING = {"email": "new.person@example.com", "zone": "Asia/Tokyo", "password": "a quite long 合言葉 9", "new": "another long 合言葉 8", "network": "bluesky",
           "handle": "one.practice", "service": "https://bsky.social", "wall": "2031-05-05 10:00",
           "starts_on": "2031-05-05", "first_day": "2031-05-05", "last_day": "2031-05-06", "ends_on": "2031-05-06", "due_on": "2031-05-07", "currency": "JPY", "url": "https://example.com/", "industries": "cosme", "hosts": "example.com", "medium": "social", "code": "spring", "networks": "bluesky",
           "target": "https://example.com/", "ios_url": "myapp://a", "android_url": "myapp://a", "ended_url": "https://example.com/", "allowed": "social", "pattern": "*",
           "times": "08:00", "time": "08:00", "from": "2026-01-01", "until": "2031-12-31", "skips": "2027-01-01"}
SOME_ID = "01890a5d-ac96-774b-bcce-b302099a8057"
SOME_TIME = "2031-05-05T10:00:00Z"
LATER = "2031-05-06T10:00:00Z"


def kind_of(schema):
    kinds = schema.get("type", "string")
    return next(k for k in kinds if k != "null") if isinstance(kinds, list) else kinds


def plain(schema):
    """(schema, is_nullable): "or null" is a list of types, or oneOf with null."""
    rest = [one for one in schema.get("oneOf", []) if one.get("type") != "null"]
    schema = CONTRACT.resolve(rest[0] if rest else schema)
    return schema, bool(rest) or isinstance(schema.get("type"), list)


def good(schema, name=""):
    schema, _ = plain(schema)
    kind = kind_of(schema)
    if kind == "object":
        return {key: good(sub, key) for key, sub in schema.get("properties", {}).items()}
    if kind == "array":
        return [good(schema["items"], name) for _ in range(max(1, schema.get("minItems", 0)))]
    if kind in ("integer", "number"):
        return max(1, schema.get("minimum", 1))
    if kind == "number":
        return schema.get("minimum", 1)
    if kind == "boolean":
        return True
    if "enum" in schema:
        return schema["enum"][-1]
    if schema.get("format"):
        return {"uuid": SOME_ID, "date-time": SOME_TIME}[schema["format"]]
    return MEANING.get(name, "あa1" * 40)[: schema.get("maxLength", 40)] if name in MEANING else "試" * max(schema.get("minLength", 1), 1)


def needed(op):
    """Good values for what a query must have."""
    return {"query": {name: LATER if name == "to" else good(op.query[name], name) for name in op.needed}} if op.needed else {}


def bad_texts(schema, name):
    if "enum" in schema:
        return [("bogus", "input.not_allowed"), ("", "input.not_allowed"), (schema["enum"][0].upper(), "input.not_allowed")]
    if schema.get("format") == "uuid":
        return [(v, "input.not_an_id") for v in ("", "1", "zz890a5d-ac96-774b-bcce-b302099a8057", SOME_ID + "0", "' or 1=1 --")]
    if schema.get("format") == "date-time":
        return [(v, "input.not_a_time") for v in ("", "yesterday", "2026-02-30T00:00:00Z", "2026-01-01T25:00:00Z", "2026-01-01 00:00", "2026-01-01T00:00:00")]
    out = []
    if schema.get("minLength", 0) > 0:
        out.append(("語" * (schema["minLength"] - 1), "input.too_short"))
    if "maxLength" in schema:
        out.append(("語" * (schema["maxLength"] + 1), "input.too_long"))
    if "pattern" in schema:
        out += [("合わない", "input.pattern"), (good(schema, name) + "\n", "input.pattern")]
    return out


def bad_values(schema, name=""):
    """(value, reason, place below the value) for every way to spoil one value."""
    schema, is_nullable = plain(schema)
    kind = kind_of(schema)
    if not is_nullable:
        yield None, "input.wrong_type", ""
    if kind == "object":
        for value in ([], "{}", 1, True):
            yield value, "input.wrong_type", ""
        yield from bad_objects(schema)
    elif kind == "array":
        for value in ({}, "[]", 1):
            yield value, "input.wrong_type", ""
        if schema.get("minItems"):
            yield [], "input.too_few", ""
        if schema.get("maxItems"):
            yield [good(schema["items"], name)] * (schema["maxItems"] + 1), "input.too_many", ""
        for value, reason, place in bad_values(schema["items"], name):
            rest = [good(schema["items"], name) for _ in range(schema.get("minItems", 0) - 2)]
            yield [good(schema["items"], name), value, *rest], reason, "/1" + place
    elif kind == "integer":
        for value in ("1", 1.5, True, [], {}):
            yield value, "input.wrong_type", ""
        yield 2**53 + 2, "input.too_large", ""
        yield -(2**60), "input.too_small", ""
        if "maximum" in schema:
            yield schema["maximum"] + 1, "input.too_large", ""
        if "minimum" in schema:
            yield schema["minimum"] - 1, "input.too_small", ""
    elif kind == "number":
        for value in ("1", True, [], {}):
            yield value, "input.wrong_type", ""
        if "maximum" in schema:
            yield schema["maximum"] + 0.5, "input.too_large", ""
        if "minimum" in schema:
            yield schema["minimum"] - 0.5, "input.too_small", ""
    elif kind == "boolean":
        for value in ("true", 1, 0, []):
            yield value, "input.wrong_type", ""
    else:
        for value in (5, True, [], {}):
            yield value, "input.wrong_type", ""
        for value, reason in bad_texts(schema, name):
            yield value, reason, ""


def bad_objects(schema):
    schema = CONTRACT.resolve(schema)
    if "properties" not in schema:  # any object
        return
    whole = good(schema)
    yield {**whole, "bogus": 1}, "input.unknown", "/bogus"
    yield {**whole, "a/b~c": 1}, "input.unknown", "/a~1b~0c"
    for name in schema.get("required", []):
        yield {k: v for k, v in whole.items() if k != name}, "input.missing", "/" + name
    for name, sub in schema.get("properties", {}).items():
        for value, reason, place in bad_values(sub, name):
            spoilt = copy.deepcopy(whole)
            spoilt[name] = value
            yield spoilt, reason, f"/{name}{place}"


def bad_bodies(schema):
    """(body, reason, pointer) for every fault a body of this schema can have alone."""
    for value in ([], "text", 1, True, None):
        yield value, "input.wrong_type", ""
    yield from bad_objects(schema)


NO_JSON = [  # what, bytes, status, reason
    ("nothing", b"", None, None),
    ("spaces", b"  \n ", 400, "json.malformed"),
    ("a word", b"hello", 400, "json.malformed"),
    ("cut off", b'{"name":"a', 400, "json.malformed"),
    ("two values", b"{} {}", 400, "json.malformed"),
    ("a comma too much", b'{"name":"a",}', 400, "json.malformed"),
    ("single quotes", b"{'name':'a'}", 400, "json.malformed"),
    ("NaN", b'{"name":NaN}', 400, "json.malformed"),
    ("no number", b'{"name":01}', 400, "json.malformed"),
    ("a control character", b'{"name":"a\nb"}', 400, "json.malformed"),
    ("a NUL", b'{"name":"a\\u0000b"}', 400, "json.malformed"),
    ("a raw NUL", b'{"name":"a\x00b"}', 400, "json.malformed"),
    ("half a surrogate pair", b'{"name":"\\ud800"}', 400, "json.malformed"),
    ("no UTF-8", b'{"name":"\xff\xfe"}', 400, "json.malformed"),
    ("overlong UTF-8", b'{"name":"\xc0\xaf"}', 400, "json.malformed"),
    ("a surrogate in UTF-8", b'{"name":"\xed\xa0\x80"}', 400, "json.malformed"),
    ("deep nesting", b"[" * 33 + b"]" * 33, 400, "json.malformed"),
    ("very deep nesting", b'{"a":' * 20000 + b"1" + b"}" * 20000, 400, "json.malformed"),
    ("a repeated key", b'{"name":"a","name":"b"}', 400, "json.repeated_key"),
    ("a repeated key in disguise", b'{"name":"a","n\\u0061me":"b"}', 400, "json.repeated_key"),
    ("a byte order mark", b'\xef\xbb\xbf{}', 400, "json.malformed"),
]
