"""What every module shares: a server on each database, people of each role, API tokens, the practice network.

A module that asks for `world` runs twice, once on SQLite and once on PostgreSQL; without HIBIKI_TEST_POSTGRES the second run is skipped and says so."""
import os
import pathlib
import sys
import uuid

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
sys.dont_write_bytecode = True

import pytest  # noqa: E402

import share  # noqa: E402
from contract import SEEN  # noqa: E402
from server import BINARY, POSTGRES, Client, Database, Practice, Server  # noqa: E402

ROLES = ("owner", "manager", "editor", "approver", "analyst", "client")
SCOPES = ("read", "write", "publish", "admin")
DATABASES = ("sqlite", "postgresql")


def pytest_configure(config):
    if not pathlib.Path(BINARY).exists():
        raise pytest.UsageError(f"no {BINARY}: build it first (./hibiki.sh build asan) or set HIBIKI_BINARY")


def pytest_collection_modifyitems(items):
    """The contract is held against the traffic after all other tests."""
    items.sort(key=lambda item: "test_zz_contract" in item.nodeid)


def pytest_deselected(items):
    for item in items:
        item.config.hibiki_is_partial = True


def pytest_runtestloop(session):
    """As one of several runs (run.py) it runs what no other has taken; alone, all of it."""
    folder = os.environ.get("HIBIKI_API_SHARE")
    if not folder or session.testsfailed or session.config.option.collectonly:
        return None
    share.run(session, pathlib.Path(folder), SEEN)
    return True


def pytest_sessionfinish(session):
    SEEN.close()
    Database.forget()


def need(database):
    if database == "postgresql" and not POSTGRES:
        pytest.skip("SKIP: HIBIKI_TEST_POSTGRES is not set; run under tools/with_postgres.sh to test on PostgreSQL too")


class World:
    """A server with its first owner, and whoever is asked for; made once a module and database."""

    def __init__(self, kind, *options):
        self.kind, self.database = kind, Database(kind)
        self.practice, self.server, self.people, self.tokens = Practice(), None, {}, {}
        self.server = Server(self.database, *self.practice.options, *options).start()
        self.owner = self.people["owner"] = Client(self.server).set_up()
        self.workspace = self.owner.workspace
        self._account = None

    def nobody(self, **more):
        return Client(self.server, **more)

    def invite(self, role, by=None, email=None, name=None, workspace=None):
        """Somebody new who joins by invitation; signed in."""
        by = by or self.owner
        email = email or f"{role}-{uuid.uuid4().hex[:8]}@example.com"
        link = by.do("createInvitation", {"email": email, "role": role}, **({"workspace": workspace} if workspace else {}))["link"]
        client = Client(self.server)
        client.take(client.do("acceptInvitation", {"name": name or f"{role} さん", "password": password_of(email)}, token=token_of(link)))
        client.email = email
        return client

    def person(self, role):
        if role not in self.people:
            self.people[role] = self.invite(role)
        return self.people[role]

    def token(self, *scopes, by=None):
        key = scopes if by is None else None
        if key is None or key not in self.tokens:
            made = (by or self.owner).do("createToken", {"name": "試験 " + " ".join(scopes), "scopes": list(scopes)})
            client = Client(self.server, token=made["secret"])
            client.workspace, client.token_id = (by or self.owner).workspace, made["token"]["id"]
            if key is None:
                return client
            self.tokens[key] = client
        return self.tokens[key]

    def other_workspace(self):
        """Somebody who has nothing to do with the first workspace, owner of another one."""
        if "stranger" not in self.people:
            second = self.owner.do("createWorkspace", {"name": "別の店", "zone": "Europe/Berlin"})["id"]
            stranger = self.invite("owner", workspace=second)
            assert stranger.workspace == second
            self.owner.do("removeMember", workspace=second, person=self.owner.person)
            self.people["stranger"] = stranger
        return self.people["stranger"]

    @property
    def account(self):
        """A connected account of the practice network."""
        if self._account is None:
            self._account = self.connect(0)
        return self._account

    def connect(self, n, by=None, **more):
        who = self.practice.accounts[n]
        return (by or self.owner).do("connectAccount", {"network": "bluesky", "handle": who["handle"], "password": who["password"]}, **more)["id"]

    def draft(self, text, by=None, account=None, **more):
        account = self.account if account is None else account
        return (by or self.owner).do("createPost", {"text": text, "variants": [{"account_id": account, "text": None}], **more})

    def close(self):
        problems = []
        for part in (self.server, self.practice):
            try:
                part.stop()
            except AssertionError as problem:
                problems.append(str(problem))
        self.database.remove()
        assert not problems, "\n".join(problems)


def token_of(link):
    """What stands behind the # of an invitation link: browsers do not send it anywhere by themselves."""
    return link.split("#", 1)[1]


def password_of(email):
    return f"long 合言葉 of {email[::-1]}"


@pytest.fixture(scope="module", params=DATABASES)
def world(request):
    need(request.param)
    made = World(request.param, *getattr(request.module, "OPTIONS", ()))
    yield made
    made.close()


@pytest.fixture(params=DATABASES)
def fresh(request):
    """A database of its own for one test, with nothing started on it."""
    need(request.param)
    database = Database(request.param)
    yield database
    database.remove()


class Demo:
    """`hibiki demo` with a post on its way, for the tests of history and readings; one a run and database, since numbers take a minute."""

    def __init__(self, kind):
        self.database = Database(kind, is_bare=True)
        self.server = Server(self.database, command="demo").start()
        self.client = self.visitor()
        account = self.client.do("listAccounts")["accounts"][0]["id"]
        self.post = self.client.do("createPost", {"text": "数字を読む", "variants": [{"account_id": account, "text": None}]})["id"]
        self.client.do("schedulePost", {"now": True}, post=self.post)

    def visitor(self):
        client = Client(self.server)
        return client.take(client.do("signInDemo"))


@pytest.fixture(scope="session")
def demos():
    made = {}
    yield made
    problems = []
    for demo in made.values():
        try:
            demo.server.stop()
        except AssertionError as problem:
            problems.append(str(problem))
        demo.database.remove()
    assert not problems, "\n".join(problems)


@pytest.fixture(params=DATABASES)
def demo(request, demos):
    need(request.param)
    if request.param not in demos:
        demos[request.param] = Demo(request.param)
    return demos[request.param]
