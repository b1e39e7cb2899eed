"""rules/networks/NAME.json -> a C header with the network's limits, so that they are data with a date and a source
and still cost nothing at run time. Run: netlimits.py NAME.json OUT.h"""
import json
import sys

INTS = ("max_graphemes", "max_bytes", "max_images", "max_alt_graphemes", "max_image_bytes")


def c_text(text):
    if not isinstance(text, str) or not text:
        sys.exit(f"netlimits: an empty text where one is needed: {text!r}")
    out = "".join(ch if 32 <= ord(ch) < 127 and ch not in '"\\' else "".join(f"\\{b:03o}" for b in ch.encode()) for ch in text)
    return f'"{out}"'


def main(path, out):
    with open(path, encoding="utf-8") as file:
        rules = json.load(file)
    limits = rules["limits"]
    for key in INTS:
        if not isinstance(limits[key], int) or limits[key] <= 0:
            sys.exit(f"{path}: limits.{key} must be a positive whole number")
    types = ", ".join(c_text(t) for t in limits["image_types"])
    fields = "\n".join(f"    .{key} = {limits[key]}," for key in INTS)
    name = rules["network"]
    with open(out, "w", encoding="utf-8") as file:
        file.write(f"""/* Made from rules/networks/{name}.json by tools/netlimits.py; edit that file instead. */
#pragma once
#include "networks/network.h"

#define HIB_{name.upper()}_SERVICE {c_text(rules["default_service"])}
#define HIB_{name.upper()}_TITLE {c_text(rules["title"])}
#define HIB_{name.upper()}_MAX_LANGS {int(limits["max_langs"])}
static const char *const {name}_image_types[] = {{{types}, NULL}};
static const HibNetLimits {name}_limits = {{
{fields}
    .image_types = {name}_image_types,
    .source = {c_text(rules["source"])},
    .as_of = {c_text(rules["as_of"])},
}};
""")


if __name__ == "__main__":
    main(*sys.argv[1:])
