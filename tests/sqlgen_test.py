#!/usr/bin/env python3
"""tools/sqlgen.py: what it makes, and what it refuses with which sentence. TAP."""
import pathlib
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent
GOOD = """-- name: post_get (workspace text, id text, from time?) -> one PostRow (id text, due_at time?)
-- Note: a colon in a comment is no directive.
select id, due_at from plan_post -- :nobody
 where workspace_id = :workspace and id = :id and note <> ':text' and (:from is null or due_at > :from);
"""
# a statement, and a part of the sentence that refuses it (line number first)
REFUSED = {
    "an unknown parameter": ("-- name: a (workspace text) -> none\nupdate t set x = :y where w = :workspace;", "x.sql:2: a: :y is used"),
    "an unused parameter": ("-- name: a (workspace text, y int) -> none\nupdate t set x = 1 where w = :workspace;", "parameter y is not used"),
    "no scope": ("-- name: a (y int) -> none\nupdate t set x = :y;", "is not scoped"),
    "a scope without reason": ("-- name: a () -> none\n-- global:\ndelete from t;", "needs its reason"),
    "a parameter by position": ("-- name: a (workspace text) -> none\ndelete from t\n where w = :workspace and x = $1;", "x.sql:3: a: $1"),
    "a question mark": ("-- name: a (workspace text) -> none\ndelete from t where w = :workspace and x = ?;", "never by position"),
    "now()": ("-- name: a (workspace text) -> none\nupdate t set x = now() where w = :workspace;", "pass the time"),
    "greatest": ("-- name: a (workspace text) -> none\nupdate t set x = greatest(x, 1) where w = :workspace;", "PostgreSQL only"),
    "max of two": ("-- name: a (workspace text) -> none\nupdate t set x = max(x, (1)) where w = :workspace;", "SQLite only"),
    "json_each": ("-- name: a (workspace text) -> many (x int)\nselect x from json_each(y) where w = :workspace;", "SQLite only"),
    "a cast with colons": ("-- name: a (workspace text) -> none\nupdate t set x = y::int where w = :workspace;", "casts are PostgreSQL only"),
    "skip locked": ("-- name: a (workspace text) -> many (x int)\nselect x from t where w = :workspace for update skip locked;", "PostgreSQL only"),
    "insert or replace": ("-- name: a (workspace text) -> none\ninsert or replace into t values (:workspace);", "SQLite only"),
    "two statements": ("-- name: a (workspace text) -> none\ndelete from t where w = :workspace; delete from u;", "one statement only"),
    "two texts elsewhere": ("-- name: a (workspace text) -> none\ndelete from t where w = :workspace;\n-- postgres:\ndelete from t where w = :workspace;", "two texts"),
    "a count of nothing": ("-- name: a (workspace text) -> count\nselect 1 from t where w = :workspace;", "only reads"),
    "an insert that answers nothing": ("-- name: a (workspace text) -> one (x int)\ninsert into t values (:workspace);", "returning"),
    "an unknown type": ("-- name: a (workspace text, y date) -> none\nupdate t set x = :y where w = :workspace;", 'no type "date"'),
    "other columns under one struct": ("-- name: a (workspace text) -> one R (x int)\nselect x from t where w = :workspace;\n-- name: b (workspace text) -> one R (y int)\nselect y from t where w = :workspace;", "other columns"),
    "a name twice": ("-- name: a (workspace text) -> none\ndelete from t where w = :workspace;\n-- name: a (workspace text) -> none\ndelete from t where w = :workspace;", "taken already"),
    "SQL without a name": ("select 1;", "needs"),
    "a mistyped directive": ("-- name: a () -> none\n-- globl: reason\ndelete from t;", "no directive"),
}


def run(text, folder):
    path = pathlib.Path(folder) / "x.sql"
    path.write_text(text)
    done = subprocess.run([sys.executable, str(ROOT / "tools/sqlgen.py"), str(path), folder], capture_output=True, text=True)
    made = {end: (pathlib.Path(folder) / f"x.sql.{end}") for end in "hc"}
    return done.returncode, done.stderr, {end: p.read_text() for end, p in made.items() if p.exists()}


def main():
    n, bad = 0, 0

    def say(is_good, name, why=""):
        nonlocal n, bad
        n += 1
        bad += not is_good
        print(f"{'ok' if is_good else 'not ok'} {n} - {name}")
        if not is_good:
            print("# " + why.replace("\n", "\n# "))

    with tempfile.TemporaryDirectory() as folder:
        code, error, made = run(GOOD, folder)
        say(code == 0, "a good file builds", error)
        h, c = made.get("h", ""), made.get("c", "")
        say("bool hib_sql_post_get(HibDb *db, const char *id, const HibInstant *from, HibSqlPostRow **ret_row, GError **error);" in h,
            "the workspace is no parameter and a nullable one is a pointer", h)
        joined = c.replace('"\n    "', "")
        say("workspace_id = ?1 and id = ?2 and note <> ':text' and (?3 is null or due_at > ?3)" in joined, "SQLite gets numbered places", joined)
        say("workspace_id = $1::text and id = $2::text and note <> ':text' and ($3::bigint is null" in joined, "PostgreSQL gets typed places", joined)
        say("HibInstant due_at; bool has_due_at;" in h, "a nullable column says whether it has a value", h)
    for name, (text, sentence) in REFUSED.items():
        with tempfile.TemporaryDirectory() as folder:
            code, error, made = run(text, folder)
            say(code == 1 and sentence in error and not made, f"{name} is refused", f"exit {code}: {error}")
    print(f"1..{n}")
    return 1 if bad else 0


sys.exit(main())
