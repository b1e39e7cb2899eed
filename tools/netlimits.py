"""rules/networks/NAME.json -> a C header with the network's limits, so that they are data with a date and a source
and still cost nothing at run time. The shape is src/networks/limits.h. Run: netlimits.py NAME.json OUT.h"""
import json
import sys

FORMATS = ("post", "reel", "story", "video", "short", "broadcast", "narrowcast", "message")
UNITS = ("graphemes", "weighted", "chars", "utf16", "bytes", "threads", "mastodon")
INTS = ("max_text", "max_bytes", "max_title", "max_alt", "max_hashtags", "max_mentions", "max_links", "max_thread",
        "settling_ms", "handle_life_s", "edit_s")
SPEC_INTS = ("max_bytes", "min_width", "max_width", "min_height", "max_height", "min_ms", "max_ms", "max_bitrate")
SPEC_FLOATS = ("min_ratio", "max_ratio", "min_fps", "max_fps")
ANSWERS = {"yes": "HIB_SEARCH_ANSWERED", "named": "HIB_SEARCH_ANSWERED_IF_NAMED", "no": "HIB_SEARCH_UNANSWERED"}
FORMAT_INTS = ("min_media", "max_media", "max_videos", "max_text")
FORMAT_FLAGS = ("can_mix", "needs_title", "needs_text", "can_be_bare")


class Bad(Exception):
    pass


def c_text(text):
    if not isinstance(text, str) or not text:
        raise Bad(f"an empty text where one is needed: {text!r}")
    out = "".join(ch if 32 <= ord(ch) < 127 and ch not in '"\\' else "".join(f"\\{b:03o}" for b in ch.encode()) for ch in text)
    return f'"{out}"'


def whole(where, thing, key, low=0):
    value = thing.get(key, 0)
    if not isinstance(value, int) or isinstance(value, bool) or value < low:
        raise Bad(f"{where}.{key} must be a whole number of at least {low}")
    return value


def known(where, thing, keys):
    for key in thing:
        if key not in keys:
            raise Bad(f"{where}: unknown key {key!r}; known are {', '.join(keys)}")


def spec(where, thing, name, lines):
    """One HibNetMediaSpec initialiser; its list of types becomes an array of its own, put into `lines`."""
    if thing is None:
        return "{0}"
    known(where, thing, ("types",) + SPEC_INTS + SPEC_FLOATS)
    types = ", ".join(c_text(t) for t in thing["types"])
    lines.append(f"static const char *const {name}[] = {{{types}, NULL}};")
    fields = [f".types = {name}"] + [f".{k} = {whole(where, thing, k)}" for k in SPEC_INTS if k in thing]
    fields += [f".{k} = {float(thing[k])!r}" for k in SPEC_FLOATS if k in thing]
    return "{" + ", ".join(fields) + "}"


def one_format(network, thing, lines):
    where = f"formats.{thing.get('format')}"
    known(where, thing, ("format", "image", "gif", "video", "safe") + FORMAT_INTS + FORMAT_FLAGS)
    if thing["format"] not in FORMATS:
        raise Bad(f"{where}: no such format; known are {', '.join(FORMATS)}")
    fields = [f".format = HIB_FORMAT_{thing['format'].upper()}"]
    fields += [f".{k} = {whole(where, thing, k)}" for k in FORMAT_INTS if k in thing]
    fields += [f".{k} = {'true' if thing[k] else 'false'}" for k in FORMAT_FLAGS if k in thing]
    for kind in ("image", "gif", "video"):
        fields.append(f".{kind} = " + spec(f"{where}.{kind}", thing.get(kind), f"{network}_{thing['format']}_{kind}_types", lines))
    top, bottom, left, right = thing.get("safe", (0, 0, 0, 0))
    fields.append(f".safe_top = {top}, .safe_bottom = {bottom}, .safe_left = {left}, .safe_right = {right}")
    return "    {" + ", ".join(fields) + "},"


def quota(q):
    known(f"quotas.{q.get('name')}", q, ("name", "limit", "window_s", "post", "reply", "message", "per_recipient", "what"))
    fields = [f".name = {c_text(q['name'])}"] + [f".{k} = {whole('quotas', q, k)}" for k in ("limit", "window_s", "post", "reply", "message")]
    return "{" + ", ".join(fields) + (", .is_per_recipient = true" if q.get("per_recipient") else "") + "},"


def search(rule, name, lines):
    """The HibNetSearchRule of a network as an array of one, put into `lines`; "NULL" where it has none."""
    if rule is None:
        return "NULL"
    ints = ("every_s", "posts", "days", "tags", "tags_s", "calls", "calls_s")
    known("search", rule, ints + ("price", "has_author", "answer", "source", "as_of", "what"))
    if rule["answer"] not in ANSWERS or whole("search", rule, "every_s", 1) == 0:
        raise Bad(f"search: answer is one of {', '.join(ANSWERS)}, every_s more than 0")
    fields = [f".{k} = {whole('search', rule, k)}" for k in ints]
    fields += [f".price_micros = {round(rule.get('price', 0) * 1_000_000)}", f".has_author = {'true' if rule['has_author'] else 'false'}",
               f".answer = {ANSWERS[rule['answer']]}", f".source = {c_text(rule['source'])}", f".as_of = {c_text(rule['as_of'])}"]
    lines.append(f"static const HibNetSearchRule {name}_search = {{" + ", ".join(fields) + "};")
    return f"&{name}_search"


def audience(rule, name, lines):
    """The HibNetAudienceRule of a network; "NULL" where it has none."""
    if rule is None:
        return "NULL"
    known("audience", rule, ("least", "viewers", "source", "as_of", "what"))
    fields = [f".least = {whole('audience', rule, 'least')}", f".is_of_viewers = {'true' if rule.get('viewers') else 'false'}",
              f".source = {c_text(rule['source'])}", f".as_of = {c_text(rule['as_of'])}"]
    lines.append(f"static const HibNetAudienceRule {name}_audience = {{" + ", ".join(fields) + "};")
    return f"&{name}_audience"


def people(rule, name, lines):
    """The HibNetPeopleRule of a network, put into `lines`; "NULL" where it tells nothing of the kind."""
    if rule is None:
        return "NULL"
    known("people", rule, ("batch", "page", "price", "local", "source", "as_of", "what"))
    fields = [f".{k} = {whole('people', rule, k, 1)}" for k in ("batch", "page")] + [f".is_local = {'true' if rule.get('local') else 'false'}"]
    fields += [f".price_micros = {round(rule.get('price', 0) * 1_000_000)}", f".source = {c_text(rule['source'])}", f".as_of = {c_text(rule['as_of'])}"]
    lines.append(f"static const HibNetPeopleRule {name}_people = {{" + ", ".join(fields) + "};")
    return f"&{name}_people"


def rival(rule, name, quotas, lines):
    """The HibNetRivalRule of a network, put into `lines`; "NULL" where looking at others takes nothing."""
    if rule is None:
        return "NULL"
    known("rival", rule, ("posts", "fresh_days", "price_account", "price_post", "quota", "takes", "rounded_from", "source", "as_of", "what"))
    quota = rule.get("quota")
    if quota is not None and quota not in {q["name"] for q in quotas}:
        raise Bad(f"rival: {quota} is none of the quotas")
    fields = [f".posts = {whole('rival', rule, 'posts', 1)}"] + [f".{k} = {whole('rival', rule, k)}" for k in ("fresh_days", "takes", "rounded_from")]
    fields += [f".price_{k}_micros = {round(rule.get('price_' + k, 0) * 1_000_000)}" for k in ("account", "post")]
    fields += [f".quota = {c_text(quota)}" if quota else ".quota = NULL", f".source = {c_text(rule['source'])}", f".as_of = {c_text(rule['as_of'])}"]
    lines.append(f"static const HibNetRivalRule {name}_rival = {{" + ", ".join(fields) + "};")
    return f"&{name}_rival"


def header(rules):
    name = rules["network"]
    upper = name.upper()
    lines = []
    formats = [one_format(name, f, lines) for f in rules["formats"]]
    if not formats:
        raise Bad("formats: at least one")
    if rules["unit"] not in UNITS:
        raise Bad(f"unit: no such unit; known are {', '.join(UNITS)}")
    lines.append(f"static const HibNetFormatLimits {name}_formats[] = {{\n" + "\n".join(formats) + "\n};")
    quotas = rules.get("quotas", [])
    if quotas:
        rows = "".join("\n    " + quota(q) for q in quotas)
        lines.append(f"static const HibNetQuotaRule {name}_quotas[] = {{{rows}\n}};")
    price = rules.get("price", {})
    fields = [f".formats = {name}_formats", f".n_formats = {len(formats)}", f".unit = HIB_UNIT_{rules['unit'].upper()}"]
    fields += [f".{k} = {whole('', rules, k, -1 if k == 'edit_s' else 0)}" for k in INTS]
    fields.append(f".search = {search(rules.get('search'), name, lines)}")
    fields.append(f".audience = {audience(rules.get('audience'), name, lines)}")
    fields.append(f".people = {people(rules.get('people'), name, lines)}")
    fields.append(f".rival = {rival(rules.get('rival'), name, quotas, lines)}")
    fields += [f".quotas = {name + '_quotas' if quotas else 'NULL'}", f".n_quotas = {len(quotas)}"]
    fields += [f".price_{k}_micros = {round(price[k] * 1_000_000)}" for k in ("post", "link", "reply", "message", "alt") if k in price]
    if price:
        fields.append(f".currency = {c_text(price['currency'])}")
    fields.append(f".options = {c_text(json.dumps(rules.get('options', {}), ensure_ascii=False, separators=(',', ':')))}")
    fields += [f".default_service = {c_text(rules['default_service'])}", f".source = {c_text(rules['source'])}", f".as_of = {c_text(rules['as_of'])}"]
    lines.append(f"static const HibNetLimits {name}_limits = {{\n    " + ",\n    ".join(fields) + ",\n};")
    constants = "".join(f"#define HIB_{upper}_{key.upper()} {c_text(value) if isinstance(value, str) else int(value)}\n" for key, value in rules.get("constants", {}).items())
    return (f"/* Made from rules/networks/{name}.json by tools/netlimits.py; edit that file instead. */\n#pragma once\n"
            f"#include \"networks/limits.h\"\n#include <stddef.h>\n\n#define HIB_{upper}_SERVICE {c_text(rules['default_service'])}\n"
            f"#define HIB_{upper}_TITLE {c_text(rules['title'])}\n{constants}" + "\n".join(lines) + "\n")


def main(path, out):
    with open(path, encoding="utf-8") as file:
        rules = json.load(file)
    try:
        text = header(rules)
    except (Bad, KeyError) as fault:
        sys.exit(f"{path}: {fault if isinstance(fault, Bad) else f'{fault.args[0]} is missing'}")
    with open(out, "w", encoding="utf-8") as file:
        file.write(text)


if __name__ == "__main__":
    main(*sys.argv[1:])
