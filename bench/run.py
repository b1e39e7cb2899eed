#!/usr/bin/env python3
"""The figures. `./hibiki.sh bench` lists them, `./hibiki.sh bench NAME [--quick]` runs one.

Each is a module here with GOAL, ABOUT and run(quick) → Figure; the last line printed is `NAME: FIGURE UNIT (goal …) ok|short`, exit 0 or 1."""
import importlib
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
NAMES = ["check", "idle", "first-page", "api-read", "lateness", "kill", "month-view", "web-load", "network-kill", "hold", "waiting-million", "serve-memory", "media-memory", "practice-month", "near-duplicates", "bulk-import", "csv-import", "inbox-burst", "inbox-open", "attribution", "redirects", "classify", "segments", "forecast", "anomalies", "posting-time", "ingest", "report", "dashboards"]


def main():
    words = [w for w in sys.argv[1:] if not w.startswith("--")]
    quick = "--quick" in sys.argv
    modules = {name: importlib.import_module(name.replace("-", "_")) for name in NAMES} if not words else {}
    if not words:
        for name, module in modules.items():
            print(f"{name:14} {module.ABOUT} (goal {module.GOAL})")
        return 0
    if words[0] not in NAMES:
        print(f"no such figure: {words[0]}; there are: {' '.join(NAMES)}")
        return 2
    module = importlib.import_module(words[0].replace("-", "_"))
    figure, unit, is_met = module.run(quick)
    print(f"{words[0]}: {figure} {unit} (goal {module.GOAL}) {'ok' if is_met else 'short'}")
    return 0 if is_met else 1


sys.exit(main())
