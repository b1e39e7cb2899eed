#!/usr/bin/python3
"""The whole of tests/api as several runs of pytest beside each other: most of a test's time is waiting for a server, so one run alone leaves a machine idle.

    tools/with_postgres.sh tests/api/run.py [RUNS]      closes with `N passed, N failed, N skipped`

share.py hands each part of the tests to whoever is free; a last run takes what is left and holds the contract against what all of them saw."""
import os
import pathlib
import re
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
PYTEST = ["/usr/bin/python3", "-m", "pytest", "-q", "--no-header", "-p", "no:cacheprovider", str(HERE)]
NOTHING_RUN = 5  # pytest's own word for it: the others had taken everything


def counts_of(text):
    last = text.strip().splitlines()[-1] if text.strip() else ""
    one = lambda word: sum(int(n) for n in re.findall(rf"(\d+) {word}\b", last))
    return one("passed"), one("failed") + one("error") + one("errors"), one("skipped")


def main():
    n = int(sys.argv[1]) if len(sys.argv) > 1 else 3
    passed = failed = skipped = 0
    with tempfile.TemporaryDirectory(prefix="hibiki-api-share-") as folder:
        env = dict(os.environ, HIBIKI_API_SHARE=folder)
        files = [tempfile.TemporaryFile("w+", errors="replace") for _ in range(n)]
        runs = [subprocess.Popen(PYTEST, env=env, stdin=subprocess.DEVNULL, stdout=file, stderr=subprocess.STDOUT) for file in files]
        ended = []
        for run, file in zip(runs, files):
            code = run.wait()
            file.seek(0)
            ended.append((code, file.read()))
        last = subprocess.run(PYTEST, env=dict(env, HIBIKI_API_SHARE_LAST="1"), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace")
        ended.append((last.returncode, last.stdout))
    for code, text in sorted(ended, key=lambda one: one[0] not in (0, NOTHING_RUN)):  # what failed stands last, where it is looked for
        print(text)
        one = counts_of(text)
        passed, failed, skipped = passed + one[0], failed + one[1] + (1 if code not in (0, NOTHING_RUN) and one[1] == 0 else 0), skipped + one[2]
    print(f"{passed} passed, {failed} failed, {skipped} skipped")
    return 1 if failed else 0


sys.exit(main())
