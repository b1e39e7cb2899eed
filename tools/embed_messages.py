#!/usr/bin/env python3
"""messages/ja.json and en.json → a sorted C table (base/messages.h). The "web" part stays in the page's own bundle.

    embed_messages.py OUT.c JA.json EN.json"""
import json
import sys


def flatten(tree, prefix=""):
    for key, value in tree.items():
        if isinstance(value, dict):
            yield from flatten(value, f"{prefix}{key}.")
        else:
            yield f"{prefix}{key}", value


def c_string(text):
    out = []
    for byte in text.encode():
        char = chr(byte)
        out.append(f"\\{byte:03o}" if byte < 32 or byte > 126 or char in '"\\?' else char)
    return '"' + "".join(out) + '"'


def main():
    out, ja_path, en_path = sys.argv[1:]
    ja, en = (dict(flatten({k: v for k, v in json.load(open(p, encoding="utf-8")).items() if k != "web"})) for p in (ja_path, en_path))
    only_one = sorted(ja.keys() ^ en.keys())
    if only_one:
        sys.exit(f"messages/: only in one language: {', '.join(only_one)}; add the other")
    with open(out, "w", encoding="utf-8") as file:
        file.write("/* Made by tools/embed_messages.py from messages/. */\n#include \"base/messages.h\"\n\nconst HibMessageRow hib_message_rows[] = {\n")
        for key in sorted(ja):
            file.write(f"    {{{c_string(key)},\n     {c_string(ja[key])},\n     {c_string(en[key])}}},\n")
        file.write(f"}};\nconst size_t hib_n_message_rows = {len(ja)};\n")


main()
