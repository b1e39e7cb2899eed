"""Competitors on the demo's practice networks: added by handle or address, compared, removed; and everything that can be wrong with a handle."""
import time

import pytest

SOMEBODY = "01890a5d-ac96-774b-bcce-b302099a8057"


@pytest.fixture
def client(demo):
    for one in demo.client.do("listRivals")["rivals"]:
        demo.client.do("removeRival", rival=one["id"])
    return demo.client


def add(client, network, handle):
    return client.do("createRival", {"network": network, "handle": handle})


def test_one_is_looked_at_when_added_and_stands_beside_the_own_accounts(client):
    made = add(client, "bluesky", " @tonari.practice ")
    assert (made["state"], made["name"], made["handle"], made["account_id"]) == ("ok", "となりの珈琲店", "tonari.practice", None)
    assert made["followers"] > 4200 and made["followers_change"] is None and made["change_since"] is None
    assert made["is_whole"] and 27 < made["days"] <= 28 and 26 <= made["n_posts"] <= 29 and abs(made["posts_per_week"] - 7) < 0.5
    assert 30 < made["per_post"] < 100 and abs(made["rate"] - made["per_post"] / made["followers"]) < 1e-9
    both = client.do("listRivals", query={"days": 7})
    assert [r["id"] for r in both["rivals"]] == [made["id"]] and both["most"] == 30
    assert 6 <= both["rivals"][0]["n_posts"] <= 8
    own = {a["id"]: a for a in client.do("listAccounts")["accounts"]}
    assert {o["account_id"] for o in both["own"]} == set(own) and all(o["id"] is None for o in both["own"])
    assert all(o["followers"] == own[o["account_id"]]["followers"] for o in both["own"])


def test_the_posts_behind_the_figures_are_listed_and_lead_to_the_network(client):
    made = add(client, "bluesky", "tonari.practice")
    for days in (7, 28):
        row, told = client.do("listRivals", query={"days": days})["rivals"][0], client.do("listRivalPosts", rival=made["id"], query={"days": days})
        numbers = [p["engagements"] for p in told["posts"]]
        assert told["of"]["n_posts"] == row["n_posts"] == len(numbers) and numbers == sorted(numbers, reverse=True)
        assert sum(numbers) == told["engagements"] and abs(row["per_post"] - sum(numbers) / len(numbers)) < 1e-9 and told["of"]["rate"] == row["rate"]
        assert all(p["url"].startswith("https://bsky.app/profile/did:") and "/post/" in p["url"] for p in told["posts"])
    shown = add(client, "instagram", "minato")
    assert {p["url"] for p in client.do("listRivalPosts", rival=shown["id"])["posts"]} == {None}
    assert client.do("listRivalPosts", rival=shown["id"])["of"]["n_posts"] == shown["n_posts"] > 0
    client.refused(404, "rival.unknown", "listRivalPosts", rival=SOMEBODY)


def test_own_accounts_count_the_posts_that_their_list_has(client):
    for days in (7, 28, 90):
        for own in client.do("listRivals", query={"days": days})["own"]:
            assert client.do("rankPosts", query={"days": days, "account": own["account_id"], "limit": 1})["found"] == own["n_posts"]


def test_what_others_passed_on_is_not_theirs(client):
    made = add(client, "bluesky", "tonari.practice")
    wide = client.do("listRivals", query={"days": 90})["rivals"][0]
    assert 88 <= wide["n_posts"] <= 92 and wide["is_whole"] and made["id"] == wide["id"]


def test_mastodon_shows_forty_posts_and_the_rest_of_the_period_is_said_to_be_missing(client):
    made = add(client, "mastodon", "@tonari")  # on the own server
    assert made["handle"].startswith("tonari@127.0.0.1:") and made["n_posts"] >= 26
    wide = client.do("listRivals", query={"days": 90})["rivals"][0]
    assert not wide["is_whole"] and 38 < wide["days"] < 41 and wide["n_posts"] == 40 and abs(wide["posts_per_week"] - 7) < 0.5


def test_instagram_shows_likes_and_comments_of_professional_accounts(client):
    made = add(client, "instagram", "https://www.instagram.com/minato/")
    assert (made["handle"], made["name"], made["url"]) == ("minato", "港の焙煎所", "https://www.instagram.com/minato/")
    assert made["is_whole"] and 10 <= made["n_posts"] <= 12 and made["per_post"] > 10
    client.refused(422, "rival.handle_unknown", "createRival", {"network": "instagram", "handle": "kagi"}, pointer="/handle")


def cost_of(client, network):
    return next(c for c in client.do("listRivals")["costs"] if c["network"] == network)


def test_x_says_what_a_look_costs_before_and_counts_what_it_read(client):
    before = cost_of(client, "x")
    assert (before["most_micros"], before["account_micros"], before["post_micros"], before["posts"], before["currency"]) == (110_000, 10_000, 5_000, 20, "USD")
    made = add(client, "x", "https://x.com/tonari")
    assert (made["handle"], made["name"], made["url"], made["followers_is"]) == ("tonari", "となりの珈琲店", "https://x.com/tonari", "exact")
    assert made["n_posts"] == 20 and not made["is_whole"] and abs(made["posts_per_week"] - 7) < 0.5
    assert cost_of(client, "x")["spent_micros"] == before["spent_micros"] + 110_000
    client.refused(422, "rival.private", "createRival", {"network": "x", "handle": "kagi"}, pointer="/handle")
    assert cost_of(client, "x")["spent_micros"] == before["spent_micros"] + 120_000  # the account was read, no post
    client.refused(422, "rival.suspended", "createRival", {"network": "x", "handle": "toketsu"}, pointer="/handle")
    client.refused(422, "rival.handle_unknown", "createRival", {"network": "x", "handle": "nobody_here"}, pointer="/handle")
    client.refused(422, "rival.bad_handle", "createRival", {"network": "x", "handle": "tonari.cafe"}, pointer="/handle")
    assert cost_of(client, "x")["spent_micros"] == before["spent_micros"] + 120_000
    client.do("removeRival", rival=made["id"])
    assert cost_of(client, "x")["spent_micros"] == before["spent_micros"] + 120_000  # what is spent stays spent


def units_of(client):
    account = next(a["id"] for a in client.do("listAccounts")["accounts"] if a["network"] == "youtube")
    return next(q["used"] for q in client.do("getAccountHealth", account=account)["quotas"] if q["name"] == "units")


def test_youtube_rounds_subscribers_or_hides_them_and_takes_units(client):
    before = units_of(client)
    made = add(client, "youtube", "https://www.youtube.com/@tonari/videos")
    assert units_of(client) == before + 3 and cost_of(client, "youtube")["takes"] == 3 and cost_of(client, "youtube")["most_micros"] == 0
    assert (made["handle"], made["followers_is"]) == ("tonari", "rounded") and made["followers"] > 4200 and made["followers"] % 10 == 0
    assert made["is_whole"] and 26 <= made["n_posts"] <= 29 and made["per_post"] > 20
    hidden = add(client, "youtube", "@kakushi")
    assert (hidden["followers_is"], hidden["followers"], hidden["rate"]) == ("hidden", None, None) and hidden["n_posts"] > 15
    client.refused(409, "rival.already", "createRival", {"network": "youtube", "handle": made["url"]}, pointer="/handle")
    client.refused(422, "rival.private", "createRival", {"network": "youtube", "handle": "kagi"}, pointer="/handle")
    for gone in ("toketsu", "nobody", "UC0123456789012345678901"):
        client.refused(422, "rival.handle_unknown", "createRival", {"network": "youtube", "handle": gone}, pointer="/handle")
    for wrong in ("https://www.youtube.com/c/tonari", "https://www.youtube.com/watch?v=abc", "two words"):
        client.refused(422, "rival.bad_handle", "createRival", {"network": "youtube", "handle": wrong}, pointer="/handle")


def test_ours_is_ours_on_x_and_youtube_too(client):
    for network in ("x", "youtube"):
        own = next(o["handle"] for o in client.do("listRivals")["own"] if o["network"] == network)
        client.refused(422, "rival.own", "createRival", {"network": network, "handle": own}, pointer="/handle")


def test_where_a_network_says_so_an_account_is_private_or_suspended(client):
    refused = lambda reason, network, handle: client.refused(422, reason, "createRival", {"network": network, "handle": handle}, pointer="/handle")
    refused("rival.private", "bluesky", "kagi.practice")  # it blocks whoever asks
    refused("rival.suspended", "bluesky", "toketsu.practice")
    refused("rival.suspended", "mastodon", "toketsu")
    refused("rival.handle_unknown", "instagram", "toketsu")  # Instagram does not say why
    assert client.do("listRivals")["rivals"] == []


def test_a_handle_that_is_wrong_is_said_to_be(client):
    refused = lambda status, reason, network, handle, pointer="/handle": client.refused(status, reason, "createRival", {"network": network, "handle": handle}, pointer=pointer)
    refused(422, "rival.handle_unknown", "bluesky", "nobody.practice")
    refused(422, "rival.handle_unknown", "mastodon", "nobody")
    refused(422, "rival.bad_handle", "bluesky", "https://example.com/tonari")
    refused(422, "rival.bad_handle", "bluesky", "two words")
    refused(422, "rival.own", "bluesky", next(o["handle"] for o in client.do("listRivals")["own"] if o["network"] == "bluesky"))
    refused(422, "rival.not_offered", "line", "tonari", "/network")
    refused(422, "rival.not_offered", "nothing", "tonari", "/network")
    add(client, "bluesky", "tonari.practice")
    refused(409, "rival.already", "bluesky", "https://bsky.app/profile/tonari.practice")
    assert len(client.do("listRivals")["rivals"]) == 1


def test_removing_deletes_it_and_all_its_figures(client):
    made = add(client, "bluesky", "minato.practice")
    assert client.send("removeRival", rival=made["id"]).status == 204
    client.refused(404, "rival.unknown", "removeRival", rival=made["id"])
    assert client.do("listRivals")["rivals"] == []
    again = add(client, "bluesky", "minato.practice")
    assert again["id"] != made["id"] and again["followers_change"] is None
    audit = [a["action"] for a in client.do("listAudit")["entries"]][:3]
    assert audit == ["rival.create", "rival.remove", "rival.create"]


def test_a_network_that_is_silent_or_wants_a_pause_is_said_to_be(world):
    account = world.account
    end = time.monotonic() + 30
    while world.owner.do("listAccounts")["accounts"][0]["followers"] is None:  # what a new account is asked by itself would meet the fault instead
        assert time.monotonic() < end, "the account is not looked at"
        time.sleep(0.1)
    try:
        own = world.owner.do("listRivals")["own"][0]["handle"]  # its profile is shown, its posts are not
        world.practice.fault("refused", "app.bsky.feed.getAuthorFeed", times=1)
        told = world.owner.refused(409, "rival.refused", "createRival", {"network": "bluesky", "handle": own})
        assert "refused for practice" in told["detail"] and "Bluesky" in told["detail"], told
        for fault, status, reason in (("error", 502, "rival.unreachable"), ("rate_limited", 429, "network.rate_limited")):
            world.practice.fault(fault, "app.bsky.actor.getProfile", times=1, ms=1000)
            world.owner.refused(status, reason, "createRival", {"network": "bluesky", "handle": "tonari.practice"})
    finally:
        world.practice.fault("none")
    assert account and world.owner.do("listRivals")["rivals"] == []


def test_without_an_own_account_of_the_network_nobody_can_look(world):
    for network in ("x", "youtube"):
        world.owner.refused(409, "rival.no_account", "createRival", {"network": network, "handle": "tonari"}, pointer="/network")
    world.owner.refused(409, "rival.no_account", "createRival", {"network": "mastodon", "handle": "tonari"}, pointer="/network")
    world.owner.refused(404, "rival.unknown", "removeRival", rival=SOMEBODY)
