"""Numbers come back from the network: a post of the demo, sent while test_demo.py ran, is read within two minutes."""
import time


def test_the_numbers_of_a_post_are_read_back_and_shown(demo):
    end = time.monotonic() + 100
    while True:
        row = demo.client.do("getPostMetrics", post=demo.post)["deliveries"][0]
        if row["as_of"]:
            break
        assert time.monotonic() < end, row
        time.sleep(0.25)
    states = {s["metric"]: s["state"] for s in row["series"]}
    assert {"likes", "reposts", "replies"} <= set(states) and all(s["points"] for s in row["series"] if s["state"] == "exact"), row
    assert row["next_at"] > row["as_of"] and not row["is_gone"]
