#!/usr/bin/env python3
"""Every header compiles alone, and every global symbol of our libraries is ours (hib_…): nothing can be interposed by a library that is linked, or interpose it.

    tests/headers_test.py BUILD      BUILD holds compile_commands.json and the static libraries"""
import concurrent.futures
import json
import pathlib
import shlex
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
BUILD = pathlib.Path(sys.argv[1]).resolve()


def flags_by_folder():
    """Include paths and defines of each folder's source that has the most, as the build has them: a folder may be two libraries, one of which knows less."""
    found = {}
    for entry in json.loads((BUILD / "compile_commands.json").read_text()):
        source = (BUILD / entry["file"]).resolve()
        words = [w for w in shlex.split(entry["command"]) if w.startswith(("-I", "-D", "-std", "-pthread"))]
        if len(words) > len(found.get(source.parent, [])):
            found[source.parent] = words
    return found


def compile_alone(header, flags):
    text = f'#include "{header}"\n'
    if header.name.endswith("_test.h"):  # only tests include it, and they may use what tests share
        flags = [*flags, f"-I{ROOT / 'tests/support'}"]
    done = subprocess.run(["cc", "-fsyntax-only", "-xc", "-Wall", "-Wextra", "-Werror", *flags, "-"], input=text, text=True, capture_output=True, cwd=BUILD)
    return None if done.returncode == 0 else f"{header.relative_to(ROOT)}: does not compile alone\n{done.stderr[:400]}"


def foreign_symbols():
    for library in sorted(BUILD.glob("src/**/libhib_*.a")):
        out = subprocess.run(["nm", "-g", "--defined-only", str(library)], capture_output=True, text=True).stdout
        for line in out.splitlines():
            words = line.split()
            if len(words) == 3 and words[1] in "TDRBV" and not words[2].startswith(("hib_", "__", "_")):
                yield f"{library.name}: global symbol {words[2]} is not ours by name; make it static or call it hib_…"


def main():
    flags = flags_by_folder()
    any_flags = next(iter(flags.values()))
    headers = sorted((ROOT / "src").rglob("*.h"))
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        faults = [f for f in pool.map(lambda h: compile_alone(h, flags.get(h.parent, any_flags)), headers) if f]
    strangers = sorted(set(foreign_symbols()))
    for line in faults + strangers:
        print(line)
    failed = len(faults) + len(strangers)
    print(f"{len(headers) - len(faults) + (1 if not strangers else 0)} passed, {failed} failed")
    return 1 if failed else 0


sys.exit(main())
