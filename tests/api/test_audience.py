"""Who follows the accounts of the demo, as each practice network tells it in its own words."""
import time

PARTS = {"instagram": ["age", "gender", "country", "city"], "threads": ["age", "gender", "country", "city"],
         "line": ["age", "gender", "area", "system", "friend_for"], "youtube": ["age", "gender", "country"]}


def told(client, account):
    """The audience, once it was asked: the demo asks soon after it began."""
    for _ in range(300):
        audience = client.do("getAudience", account=account)
        if audience["state"] != "waiting":
            break
        time.sleep(0.2)
    return audience


def by_network(client):
    return {a["network"]: a["id"] for a in client.do("listAccounts")["accounts"]}


def test_each_network_tells_what_it_can_and_the_others_that_they_do_not(demo):
    accounts = by_network(demo.client)
    assert set(PARTS) < set(accounts)
    for network, account in accounts.items():
        audience = told(demo.client, account)
        assert audience["network"] == network and audience["of"] == ("viewers" if network == "youtube" else "followers")
        if network not in PARTS:
            assert audience["state"] == "not_offered" and not audience["parts"] and audience["fetched_at"] is None and audience["next_at"] is None
            continue
        assert audience["state"] == "told", (network, audience["state"], audience["total"], audience["reason"])
        assert [p["part"] for p in audience["parts"]] == PARTS[network]
        assert audience["source"] == "practice" and audience["fetched_at"] < audience["next_at"] and audience["before_at"] is None


def test_shares_are_of_all_and_what_is_not_told_is_not_shared_out(demo):
    accounts = by_network(demo.client)
    for network in PARTS:
        audience = told(demo.client, accounts[network])
        assert audience["is_partial"], audience
        for part in audience["parts"]:
            shares = [g["share"] for g in part["groups"]]
            assert all(0 <= s <= 1 for s in shares) and abs(sum(shares) - part["told"]) < 1e-6 and part["told"] <= 1
            assert shares == sorted(shares, reverse=True)
            assert all((g["count"] is None) == (network in ("line", "youtube")) and g["share_before"] is None for g in part["groups"])
    meta = told(demo.client, accounts["instagram"])
    assert meta["least"] == 100 and meta["total"] >= 100
    gender = next(p for p in meta["parts"] if p["part"] == "gender")
    assert {g["name"] for g in gender["groups"]} == {"female", "male", "unknown"}
    assert all(abs(g["count"] / meta["total"] - g["share"]) < 1e-5 for g in gender["groups"])
    ages = {g["name"] for g in next(p for p in told(demo.client, accounts["line"])["parts"] if p["part"] == "age")["groups"]}
    assert "15-19" in ages and "50+" in ages


def test_an_account_that_is_none_has_no_audience(world):
    world.owner.refused(404, "accounts.unknown", "getAudience", account="01890a5d-ac96-774b-bcce-b302099a8057")
