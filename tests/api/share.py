"""Several runs of pytest share the tests: each takes a part nobody has taken, until there is none.

A part is what one file asks of one database, so a module's server is started once as in a single run; what uses the demo's history is one part a database, since its numbers take a minute. Parts with
many tests go first, so that the runs end together. What a run saw of the contract it leaves in the folder; test_zz_contract.py is for the run that comes after all others."""
import json
import os

DATABASE_FIXTURES = ("world", "demo", "fresh", "database")
CONTRACT_FILE = "test_zz_contract.py"


def part_of(item):
    params = getattr(getattr(item, "callspec", None), "params", {})
    kind = next((params[name] for name in DATABASE_FIXTURES if name in params and name in item.fixturenames), "any")
    return f"demo {kind}" if "demo" in params else f"{item.path.name} {kind}"


def parts_of(items):
    """Names and items; those that wait longest or are most stand first."""
    parts = {}
    for item in items:
        if item.path.name != CONTRACT_FILE:
            parts.setdefault(part_of(item), []).append(item)
    return sorted(parts.items(), key=lambda part: (not part[0].startswith("demo "), -len(part[1])))


def is_taken_by_us(folder, name):
    try:
        os.close(os.open(folder / f"taken {name}", os.O_CREAT | os.O_EXCL | os.O_WRONLY))
    except FileExistsError:
        return False
    return True


def ours(session, folder):
    for name, items in parts_of(session.items):
        if is_taken_by_us(folder, name):
            yield from items


def run_each(session, items):
    item = next(items, None)
    while item is not None:
        following = next(items, None)
        item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
        for reason in (session.shouldfail, session.shouldstop):
            if reason:
                raise (session.Failed if reason is session.shouldfail else session.Interrupted)(reason)
        item = following


def run(session, folder, seen):
    """The last run (HIBIKI_API_SHARE_LAST) takes what is left and holds the contract against what all of them saw."""
    if "HIBIKI_API_SHARE_LAST" not in os.environ:
        run_each(session, ours(session, folder))
        (folder / f"seen {os.getpid()}.json").write_text(json.dumps(seen.as_lists()))
        return
    contract = [item for item in session.items if item.path.name == CONTRACT_FILE]
    run_each(session, ours(session, folder))
    for path in folder.glob("seen *.json"):
        seen.merge(json.loads(path.read_text()))
    run_each(session, iter(contract))
