"""What each network asks of a post beyond lengths: said when the post is scheduled, at its place. The demo has an account on every practice network."""
import pytest

from contract import ROOT

PICTURE = (ROOT / "tests/data/images/plain_21x9.png").read_bytes()
SIX_LINKS = " ".join(f"https://example.com/{n}" for n in range(6))
CASES = [  # network, the variant, reason, pointer
    ("x", {"text": "$ABC と $DEF"}, "post.too_many_cashtags", "/variants/0/text"),
    ("x", {"text": "\ufeffあ"}, "post.text_refused", "/variants/0/text"),
    ("x", {"text": "x", "format": "message"}, "post.recipient_missing", "/variants/0/recipient"),
    ("instagram", {"text": "#a #b #c #d #e #f", "media": 1}, "post.too_many_hashtags", "/variants/0/text"),
    ("instagram", {"text": " ".join(f"@a{n}" for n in range(21)), "media": 1}, "post.too_many_mentions", "/variants/0/text"),
    ("instagram", {"text": "語" * 400, "format": "message", "recipient": "17841400000000001"}, "post.message_too_long", "/variants/0/text"),
    ("facebook", {"text": "読まれない", "format": "story", "media": 1}, "post.text_unused", "/variants/0/text"),
    ("facebook", {"text": "x", "thread": [{"text": "続き"}]}, "post.no_thread", "/variants/0/thread"),
    ("threads", {"text": SIX_LINKS}, "post.too_many_links", "/variants/0/text"),
    ("mastodon", {"text": "語" * 300, "options": {"spoiler_text": "語" * 300}}, "post.over_together", "/variants/0/options/spoiler_text"),
    ("line", {"text": "x", "format": "broadcast", "media": 6}, "post.too_many_bubbles", "/media"),
    ("line", {"text": "x", "format": "broadcast", "options": {"rich": {"kind": "carousel", "alt": "品", "columns": [
        {"text": "桃", "actions": [{"label": "見る", "text": "桃"}]}, {"title": "梨", "text": "水", "actions": [{"label": "見る", "text": "梨"}]}]}}},
     "post.columns_unlike", "/variants/0/options/rich/columns/1"),
    ("tiktok", {"text": "x", "media": 1, "options": {"privacy": "SELF_ONLY"}}, "post.paid_private", "/variants/0/options/privacy"),
]


@pytest.mark.parametrize("network,variant,reason,pointer", CASES, ids=[f"{c[0]} {c[2]}" for c in CASES])
def test_what_only_this_network_refuses_is_refused_when_scheduled(demo, network, variant, reason, pointer):
    client, variant = demo.client, dict(variant)
    account = next(a["id"] for a in client.do("listAccounts")["accounts"] if a["network"] == network)
    some = lambda n: [{"media_id": client.do("uploadMedia", data=PICTURE, headers={"Content-Type": "image/png"})["id"], "alt": "絵"} for _ in range(n)]
    media = some(variant.pop("media", 0))
    post = client.do("createPost", {"text": "", "variants": [{"account_id": account, **variant}], "media": media,
                                    "disclosure": {"is_advertising": network == "tiktok", "is_own_brand": False, "is_ai_made": False}})["id"]
    client.refused(422, reason, "schedulePost", {"at": "2031-01-01T00:00:00Z"}, pointer=pointer, post=post)
    assert client.do("getPost", post=post)["state"] == "draft"
    client.do("deletePost", post=post)
