"""Contract by traffic: what the contract promises was seen in this run, each operation, each status, each reason. Runs last.

What cannot be seen from outside is written down in unseen.yaml with the reason; a line there that was seen after all fails too, so that the list can only shrink."""
import pathlib

import pytest
import yaml

from contract import CONTRACT, PROTOCOL, SEEN

HERE = pathlib.Path(__file__).resolve().parent
UNSEEN = yaml.safe_load((HERE / "unseen.yaml").read_text())


@pytest.fixture(autouse=True)
def only_after_everything(request):
    modules = {pathlib.Path(item.fspath).name for item in request.session.items}
    missing = {p.name for p in HERE.glob("test_*.py")} - modules
    if missing or getattr(request.config, "hibiki_is_partial", False):
        pytest.skip("SKIP: holds the contract against a whole run only")


def test_every_operation_and_every_status_it_names_was_seen():
    promised = {(o.id, status) for o in CONTRACT.operations.values() for status in o.responses}
    excused = {tuple(line.split()) for line in UNSEEN["statuses"] or {}}
    missing = sorted(" ".join(p) for p in promised - SEEN.statuses - excused)
    assert not missing, "promised by the contract, never seen:\n" + "\n".join(missing)
    assert not excused & SEEN.statuses, f"seen after all, take it out of unseen.yaml: {excused & SEEN.statuses}"
    assert excused <= promised, f"no longer in the contract: {excused - promised}"


def test_every_reason_was_seen():
    excused, sometimes = set(UNSEEN["reasons"]), set(UNSEEN["reasons_by_chance"])
    missing = sorted(set(CONTRACT.reasons) - SEEN.reasons - excused - sometimes)
    assert not missing, "in the contract, never seen: " + " ".join(missing)
    assert not excused & SEEN.reasons, f"seen after all, take it out of unseen.yaml: {excused & SEEN.reasons}"
    assert excused <= set(CONTRACT.reasons), f"no longer in the contract: {excused - set(CONTRACT.reasons)}"


def test_every_reason_has_its_sentence_in_both_languages_with_the_same_blanks():
    import re
    wrong = []
    for reason in CONTRACT.reasons:
        area, _, slug = reason.partition(".")
        texts = [CONTRACT.messages[lang].get("error", {}).get(area, {}).get(slug) for lang in ("ja", "en")]
        if not all(texts) or set(re.findall(r"\{(\w+)\}", texts[0])) != set(re.findall(r"\{(\w+)\}", texts[1])):
            wrong.append(f"{reason}: {texts}")
    assert not wrong, "\n".join(wrong)


def test_the_run_was_large_enough_to_mean_something():
    assert SEEN.n > 5000, SEEN.n
    assert not set(PROTOCOL) - set(CONTRACT.reasons), "reasons of the protocol that the contract does not list"
