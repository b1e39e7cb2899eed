#!/usr/bin/env python3
"""The structure test is tested: a small tree with one planted fault each must give exactly that finding, the clean tree none."""
import pathlib
import subprocess
import sys
import tempfile

CHECKER = pathlib.Path(__file__).resolve().parent / "structure.py"
LAYERS = "base:\nstore:     base\nhttp:      base store\nnetworks:  base http\nteam:      base store http\nplan:      store team\napp:       *\n"
CLEAN = {
    "layers.txt": LAYERS,
    "core/base/base.h": "/* Base. */\n#pragma once\n",
    "core/store/store.h": "/* Store. */\n#pragma once\n#include \"base/base.h\"\n",
    "core/http/server.h": "/* Server. */\n#pragma once\n#include \"base/base.h\"\n#include \"store/store.h\"\n",
    "networks/network.h": "/* Networks. */\n#pragma once\n#include \"base/base.h\"\n#include \"http/server.h\"\n",
    "features/team/team.h": "/* Team. */\n#pragma once\n#include \"base/base.h\"\n#include \"store/store.h\"\n#include \"http/server.h\"\n",
    "features/plan/plan.h": "/* Plan. */\n#pragma once\n#include \"store/store.h\"\n#include \"team/team.h\"\n",
    "features/plan/post.c": "/* Posts. */\n#include \"plan/plan.h\"\nint hib_x(void);\n",
}
PLANTED = [
    ("direction", {"core/base/base.c": "/* B. */\n#include \"base/base.h\"\n#include \"store/store.h\"\n"}),
    ("face", {"features/plan/post.c": "/* P. */\n#include \"plan/plan.h\"\n#include \"team/team_private.h\"\n"}),
    ("library", {"features/plan/post.c": "/* P. */\n#include \"plan/plan.h\"\n#include <sqlite3.h>\n"}),
    ("sql", {"features/plan/post.c": "/* P. */\n#include \"plan/plan.h\"\nconst char *q = \"select a from plan_post\";\n"}),
    ("opening", {"features/plan/post.c": "#include \"plan/plan.h\"\n"}),
    ("clock", {"features/plan/post.c": "/* P. */\n#include \"plan/plan.h\"\nlong f(void) { return g_get_real_time(); }\n"}),
    ("environment", {"features/plan/post.c": "/* P. */\n#include \"plan/plan.h\"\nconst char *f(void) { return g_getenv(\"A\"); }\n"}),
    ("banned", {"features/plan/post.c": "/* P. */\n#include \"plan/plan.h\"\nvoid f(char *a) { strcpy(a, a); }\n"}),
    ("banned", {"features/plan/post.c": "/* P. */\n#include \"plan/plan.h\"\nvoid f(void) { goto end; end: return; }\n"}),
    ("room", {"features/plan/post_api.c": "/* P. */\n#include \"plan/post.sql.h\"\n"}),
    ("table", {"features/plan/post.sql": "-- name: x (workspace text) -> none\nselect 1 from team_person where workspace_id = :workspace;\n"}),
    ("size", {"features/plan/post.c": "/* P. */\n#include \"plan/plan.h\"\n" + "\n" * 900}),
    ("idle", {"layers.txt": LAYERS.replace("plan:      store team", "plan:      store team networks")}),
    ("layers", {"layers.txt": LAYERS.replace("base:\n", "base:      team\n")}),
    ("function", {"features/plan/post.c": "/* P. */\n#include \"plan/plan.h\"\nint\nf(int a)\n{\n" + "    a++;\n" * 90 + "    return a;\n}\n"}),
]


def findings(tree):
    with tempfile.TemporaryDirectory() as folder:
        for name, text in tree.items():
            path = pathlib.Path(folder) / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        out = subprocess.run([sys.executable, str(CHECKER), folder], capture_output=True, text=True).stdout
    return [line for line in out.splitlines() if not line.startswith("structure:")]


def main():
    passed = failed = 0
    clean = findings(CLEAN)
    if clean:
        print("the clean tree has findings:", *clean, sep="\n  ")
    passed, failed = passed + (not clean), failed + bool(clean)
    for rule, change in PLANTED:
        found = [line for line in findings({**CLEAN, **change}) if f": {rule}: " in line]
        if not found:
            print(f"a planted fault was not found: {rule} in {', '.join(change)}")
        passed, failed = passed + bool(found), failed + (not found)
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


sys.exit(main())
