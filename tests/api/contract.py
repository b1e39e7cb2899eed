"""The contract as judge of every exchange, and the record of what was seen.

`judge` is called once an exchange: the status must be written down for the operation (or be one of the protocol's own), the body must fit its schema, what the
server accepts must have been acceptable by the contract, and every problem must carry the sentence of messages/ in one of the two languages. `Seen` remembers
operations, statuses and reasons; test_zz_contract.py holds it against the contract when all else has run."""
import datetime
import json
import os
import pathlib
import re
import uuid

import jsonschema
import yaml

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
METHODS = ("get", "put", "post", "patch", "delete")

# What the server itself answers before or around any operation; the same for all, so not repeated at each one in the contract.
PROTOCOL = {
    "http.not_found": 404, "http.method": 405, "http.too_large": 413, "http.url_too_long": 414, "http.headers_too_large": 431, "http.timeout": 408,
    "http.framing": 400, "http.host": 421, "http.media_type": 415, "http.busy": 503, "json.malformed": 400, "json.repeated_key": 400, "auth.csrf": 403,
    "store.busy": 503, "store.disk_full": 500, "store.failed": 500,
}
SERVER_FAULTS = {"publish.network_refused", "store.busy", "store.disk_full", "store.failed", "http.busy", "accounts.unreachable", "rival.unreachable", "notify.unreachable", "mail.unreachable", "mail.no_answer"}
JAPANESE = re.compile("[\u3040-\u30ff\u4e00-\u9fff]")


def is_time(text):
    if not isinstance(text, str):
        return True
    if not re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:\d\d)", text):
        return False
    try:
        datetime.datetime.fromisoformat(text.replace("Z", "+00:00"))
    except ValueError:
        return False
    return True


def is_id(text):
    if not isinstance(text, str):
        return True
    try:
        return str(uuid.UUID(text)) == text.lower()
    except ValueError:
        return False


FORMATS = jsonschema.FormatChecker(formats=())
FORMATS.checkers = {"date-time": (is_time, ()), "uuid": (is_id, ())}


class Operation:
    def __init__(self, contract, template, method, shared, item):
        self.id, self.method, self.template = item["operationId"], method.upper(), template
        self.pattern = re.compile(re.sub(r"\{\w+\}", "[^/]+", template))
        self.role, self.scope = item["x-role"], item.get("x-scope", "")
        self.is_public, self.is_any = self.role == "public", self.role == "any"
        self.roles = set(contract.role_sets.get(self.role, []))
        parameters = shared + item.get("parameters", [])
        self.path_names = [p["name"] for p in parameters if p["in"] == "path"]
        self.path = {p["name"]: p["schema"] for p in parameters if p["in"] == "path"}
        self.query = {p["name"]: p["schema"] for p in parameters if p["in"] == "query"}
        self.needed = [p["name"] for p in parameters if p["in"] == "query" and p.get("required")]
        content = item.get("requestBody", {}).get("content", {})
        self.is_raw = bool(item.get("x-raw"))  # for networks and browsers coming from them
        self.is_page = template.startswith(("/review/", "/shared/", "/l/", "/t/"))  # for people without an account: test_approvals.py, test_reports.py, test_links.py, test_conversions.py
        self.is_upload = bool(content) and "application/json" not in content and not self.is_raw
        self.body = content.get("application/json", {}).get("schema")
        self.responses = item["responses"]
        self.is_stream, self.is_cached, self.is_foreign = bool(item.get("x-stream")), bool(item.get("x-cache")), bool(item.get("x-foreign"))
        self.in_workspace = "{workspace}" in template
        self.is_mutating = self.method != "GET"

    def url(self, **path):
        return re.sub(r"\{(\w+)\}", lambda m: str(path[m[1]]), self.template)

    def __repr__(self):
        return self.id


class Contract:
    def __init__(self):
        self.text = yaml.load((ROOT / "api/openapi.yaml").read_text(), getattr(yaml, "CSafeLoader", yaml.SafeLoader))
        self.role_sets = self.text["x-role-sets"]
        self.schemas = self.text["components"]["schemas"]
        self.reasons = self.schemas["Problem"]["properties"]["reason"]["enum"]
        self.operations = {}
        for template, item in self.text["paths"].items():
            for method in METHODS:
                if method in item:
                    operation = Operation(self, template, method, item.get("parameters", []), item[method])
                    self.operations[operation.id] = operation
        self.resolver = jsonschema.RefResolver("", self.text)
        self.messages = {lang: json.loads((ROOT / f"messages/{lang}.json").read_text()) for lang in ("ja", "en")}
        self.validators = {}

    def resolve(self, schema):
        while "$ref" in schema:
            schema = self.resolver.resolve(schema["$ref"])[1]
        return schema

    def errors(self, schema, value):
        key = json.dumps(schema, sort_keys=True)
        if key not in self.validators:
            self.validators[key] = jsonschema.Draft202012Validator(schema, resolver=self.resolver, format_checker=FORMATS)
        return [f"/{'/'.join(map(str, e.absolute_path))}: {e.message[:300]}" for e in self.validators[key].iter_errors(value)]

    def find(self, method, path):
        for operation in self.operations.values():
            if operation.method == method and operation.pattern.fullmatch(path):
                return operation
        return None

    def sentence(self, language, reason):
        """The stored sentence as a pattern: placeholders stand for anything but braces."""
        area, _, slug = reason.partition(".")
        text = self.messages[language].get("error", {}).get(area, {}).get(slug)
        if text is None:
            return None
        return "[^{}]*".join(re.escape(part) for part in re.split(r"\{\w+\}", text))

    def language_of(self, reason, detail):
        for language in ("ja", "en"):
            pattern = self.sentence(language, reason)
            if pattern and re.fullmatch(pattern, detail, re.S):
                return language
        return None

    # --- judging ---------------------------------------------------------------------------------------------
    def judge_problem(self, status, content_type, problem):
        wrong = []
        if content_type.split(";")[0] != "application/problem+json":
            wrong.append(f"a {status} of type {content_type!r}")
        wrong += self.errors({"$ref": "#/components/schemas/Problem"}, problem)
        if not isinstance(problem, dict) or wrong:
            return wrong
        if problem["status"] != status:
            wrong.append(f"status {status}, but the problem says {problem['status']}")
        if self.language_of(problem["reason"], problem["detail"]) is None:
            wrong.append(f"{problem['reason']}: {problem['detail']!r} is neither the Japanese nor the English sentence of messages/")
        return wrong

    def judge(self, operation, request_body, status, content_type, body):
        """What is wrong with an exchange: a list of sentences, empty when all is well. `body` is bytes."""
        answer = None
        if body and ("json" in content_type):
            try:
                answer = json.loads(body)
            except ValueError as problem:
                return [f"the answer is no JSON: {problem}"]
        if status >= 400 and operation is not None and operation.is_raw and str(status) in operation.responses and content_type.startswith("text/html"):
            return []  # told as a page to somebody without an account
        if status >= 400:
            wrong = self.judge_problem(status, content_type, answer)
            reason = answer.get("reason") if isinstance(answer, dict) else None
            if operation is not None and str(status) not in operation.responses and PROTOCOL.get(reason) != status:
                wrong.append(f"status {status} ({reason}) is not written down for {operation.id}")
            if reason in PROTOCOL and PROTOCOL[reason] != status:
                wrong.append(f"{reason} with status {status}, not {PROTOCOL[reason]}")
            return wrong
        if operation is None or status == 304:
            return []
        response = operation.responses.get(str(status))
        if response is None:
            return [f"status {status} is not written down for {operation.id}"]
        wrong = []
        content = response.get("content", {})
        if not content:
            wrong += [f"{operation.id} answers {status} with a body"] if body else []
        elif "application/json" in content:
            wrong += self.errors(content["application/json"]["schema"], answer)
        elif not any(re.fullmatch(re.escape(kind).replace(r"\*", ".*"), content_type.split(";")[0]) for kind in content):
            wrong.append(f"{operation.id} answers with type {content_type}")
        if operation.body is not None and request_body is not None:
            wrong += [f"taken although the contract forbids it: {e}" for e in self.errors(operation.body, request_body)]
        return wrong


CONTRACT = Contract()


class Seen:
    """All exchanges of this run, as JSON lines and as sets."""

    def __init__(self):
        folder = pathlib.Path(os.environ.get("HIBIKI_API_LOG", "/tmp"))
        self.path = folder / f"hibiki-api-{os.getpid()}.jsonl" if folder.is_dir() else folder
        self.file = open(self.path, "w", encoding="utf-8")
        self.operations, self.statuses, self.reasons, self.n = set(), set(), set(), 0

    def add(self, operation, method, path, status, request_body, content_type, body):
        answer = None
        if body and "json" in content_type:
            try:
                answer = json.loads(body)
            except ValueError:
                answer = body[:2000].decode(errors="replace")
        self.n += 1
        self.file.write(json.dumps({"method": method, "template": operation.template if operation else path, "operation": operation.id if operation else None, "path": path,
                                    "status": status, "request": request_body, "response": answer}, ensure_ascii=False, default=str) + "\n")
        if operation:
            self.operations.add(operation.id)
            self.statuses.add((operation.id, str(status)))
        if status >= 400 and isinstance(answer, dict):
            self.reasons.add(answer.get("reason"))

    def as_lists(self):
        return {"n": self.n, "operations": sorted(self.operations), "statuses": sorted(self.statuses), "reasons": sorted(filter(None, self.reasons))}

    def merge(self, lists):
        """Adds what another run saw (share.py)."""
        self.n += lists["n"]
        self.operations.update(lists["operations"])
        self.statuses.update(map(tuple, lists["statuses"]))
        self.reasons.update(lists["reasons"])

    def close(self):
        self.file.close()
        if "HIBIKI_API_LOG" not in os.environ:
            self.path.unlink(missing_ok=True)


SEEN = Seen()
