#!/usr/bin/env python3
"""Runs every test and closes with one line: `N passed, N failed`.

    ./hibiki.sh test [STAGE …]     all stages, or only those named

Each stage is a command with a way to count what it ran; after the build and the browser, lanes of stages run side by side. A stage that exits non-zero without a counted failure counts as one failure; a stage that
counts nothing at all is a failure too: a test that cannot fail is none."""
import contextlib
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import threading
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
ASAN = ROOT / "build/asan"
ENV = dict(
    os.environ,
    # What was freed stays poisoned until 32 MB more were: with the usual 256 MB each program spends a third of its time on fresh pages.
    ASAN_OPTIONS="detect_leaks=1:abort_on_error=0:strict_string_checks=1:quarantine_size_mb=32",
    UBSAN_OPTIONS="print_stacktrace=1:halt_on_error=1",
    HIBIKI_BINARY=str(ASAN / "src/app/hibiki"),
    PYTHONDONTWRITEBYTECODE="1",
)
WITH_POSTGRES = str(ROOT / "tools/with_postgres.sh")


def run(command, cwd=ROOT, env=None):
    done = subprocess.run(command, cwd=cwd, env=env or ENV, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace")
    return done.returncode, done.stdout


def sum_of(pattern, text):
    return sum(int(n) for n in re.findall(pattern, text))


def count_plain(code, text):
    """Our own runners: the last 'N passed, N failed[, N skipped]'."""
    found = re.findall(r"(\d+) passed, (\d+) failed(?:, (\d+) skipped)?", text)
    return (int(found[-1][0]), int(found[-1][1]), int(found[-1][2] or 0)) if found else (0, 0, 0)


def count_pytest(code, text):
    last = text.strip().splitlines()[-1] if text.strip() else ""
    one = lambda word: sum_of(rf"(\d+) {word}", last)
    return one("passed"), one("failed") + one("error") + one("errors"), one("skipped")


def count_vitest(code, text):
    text = re.sub(r"\x1b\[[0-9;]*m", "", text)
    line = next((l for l in text.splitlines() if re.match(r"\s*Tests\s", l)), "")
    return sum_of(r"(\d+) passed", line), sum_of(r"(\d+) failed", line), sum_of(r"(\d+) skipped", line)


def count_once(code, text):
    return (1, 0, 0) if code == 0 else (0, 1, 0)


def count_meson(code, text):
    """TAP lines of every unit test program; a program that died counts as one failure."""
    passed = failed = skipped = 0
    for line in (ASAN / "meson-logs/testlog.json").read_text().splitlines():
        test = json.loads(line)
        points = re.findall(r"^\s*(not )?ok \d+([^\n]*)", test.get("stdout") or "", re.M)
        bad = sum(1 for not_ok, _ in points if not_ok)
        skip = sum(1 for not_ok, rest in points if "# SKIP" in rest)
        if test["result"] not in ("OK", "SKIP", "EXPECTEDFAIL") and not bad:
            bad = 1
        passed += len(points) - skip - sum(1 for not_ok, _ in points if not_ok)
        passed += 1 if not points and test["result"] == "OK" else 0
        failed += bad
        skipped += skip
    return passed, failed, skipped


PYTEST = ["/usr/bin/python3", "-m", "pytest", "-q", "--no-header", "-p", "no:cacheprovider"]
# name, command, how to count. Without a build the rest is not tried. The browser has the machine for itself, as a person's has; then the lanes run side by side: the first keeps the
# cores busy with C, the others mostly wait for servers and clocks.
FIRST = [
    ("structure", ["/usr/bin/python3", "tests/structure.py"], count_once),
    ("layout", ["bash", "-c", "clang-format --dry-run -Werror $(git ls-files 'src/*.[ch]' 'bench/*.c' 'tests/*.[ch]')"], count_once),
    ("structure-itself", ["/usr/bin/python3", "tests/structure_test.py"], count_plain),
    ("build", ["./hibiki.sh", "build", "asan"], count_once),
]
BROWSER = [
    ("web", ["tests/web/run.sh"], count_plain),
]
LANES = [
    [
        ("unit", [WITH_POSTGRES, "meson", "test", "-C", str(ASAN), "--no-rebuild", "--print-errorlogs", "--timeout-multiplier", "3", "--num-processes", "2", "--suite", "unit"], count_meson),
        ("headers", ["/usr/bin/python3", "tests/headers_test.py", str(ASAN)], count_plain),
        ("fuzz", ["tests/fuzz/run.sh"], count_plain),
    ],
    [
        ("networks", ["tests/networks/run.sh"], count_plain),
        ("api", [WITH_POSTGRES, "tests/api/run.py"], count_plain),
    ],
    [
        ("web-types", ["npm", "run", "--silent", "check"], count_once),
        ("web-unit", ["npm", "run", "--silent", "test"], count_vitest),
        ("cli", [*PYTEST, "tests/cli"], count_pytest),
        ("faults", [*PYTEST, "tests/faults"], count_pytest),
    ],
]


class Run:
    """The stages wanted, what they counted, and what they printed, a stage at a time."""

    def __init__(self, wanted):
        self.wanted, self.passed, self.failed, self.lock = wanted, 0, 0, threading.Lock()

    def stage(self, name, command, count):
        """False: something failed."""
        if self.wanted and name not in self.wanted:
            return True
        at = time.monotonic()
        code, text = run(command, cwd=ROOT / "web" if name in ("web-types", "web-unit") else ROOT)
        try:
            passed, failed, skipped = count(code, text)
        except (OSError, ValueError, KeyError) as problem:
            passed, failed, skipped = 0, 1, 0
            text += f"\ncould not count: {problem}"
        if code != 0 and failed == 0:
            failed = 1
        if passed + failed + skipped == 0:
            failed, text = 1, text + "\nthis stage ran nothing"
        with self.lock:
            if failed:
                cut = text[:-12000]
                early = "".join(re.findall(r"^(?:not ok|FAILED) .*\n(?:  .*\n)*", cut, re.M))  # what stands before the end that is shown
                print(f"== {name}\n{early}{text[-12000:]}")
            else:
                for line in text.splitlines():
                    if "SKIP" in line:
                        print("   " + line.strip())
            print(f"== {name}: {passed} passed, {failed} failed, {skipped} skipped ({time.monotonic() - at:.0f} s)", flush=True)
            self.passed, self.failed = self.passed + passed, self.failed + failed
        return not failed


def has_room_in_memory(place):
    """Eight gigabytes, of which a run uses a fraction; where containers give /dev/shm 64 MB, the disk serves as well."""
    try:
        about = os.statvfs(place)
        memory = int(re.search(r"MemAvailable:\s*(\d+)", pathlib.Path("/proc/meminfo").read_text())[1]) * 1024
    except (OSError, TypeError):
        return False
    return not about.f_flag & os.ST_NOEXEC and min(about.f_bavail * about.f_frsize, memory) > 8e9


@contextlib.contextmanager
def memory_disk():
    """What tests store lies in memory where there is room: no test is about how fast a disk is, and each commit waits for one."""
    if "TMPDIR" in os.environ or not has_room_in_memory("/dev/shm"):
        yield
        return
    made = tempfile.mkdtemp(prefix="hibiki-test-", dir="/dev/shm")
    os.chmod(made, 0o1777)  # as /tmp: PostgreSQL runs as somebody else
    ENV["TMPDIR"] = made
    try:
        yield
    finally:
        shutil.rmtree(made, ignore_errors=True)


def main():
    wanted, began = sys.argv[1:], time.monotonic()
    names = [name for name, _, _ in FIRST + BROWSER + sum(LANES, [])]
    unknown = set(wanted) - set(names)
    if unknown:
        print(f"no such stage: {' '.join(unknown)}; there are: {' '.join(names)}")
        return 2
    whole = Run(wanted)
    with memory_disk():
        run_all(whole)
    print(f"all of it took {time.monotonic() - began:.0f} s")
    print(f"{whole.passed} passed, {whole.failed} failed")
    return 1 if whole.failed else 0


def run_all(whole):
    is_built = [whole.stage(*stage) for stage in FIRST][-1]
    if is_built:
        for stage in BROWSER:
            whole.stage(*stage)
        lanes = [threading.Thread(target=lambda lane=lane: [whole.stage(*stage) for stage in lane]) for lane in LANES]
        for lane in lanes:
            lane.start()
        for lane in lanes:
            lane.join()


sys.exit(main())
