"""What the hour and the weekday of a post are worth: learnt from the first 60 % of each page's posts, held against the later ones, beside the mean by hour and by hour and weekday that tools usually show."""
import collections
import csv
import datetime
import json
import math
import os
import pathlib
import subprocess

from lib import BUILD, ROOT

ABOUT, GOAL = "effect of the posting time on real pages, on later posts", "R2 >= 0, beside the means in the same run"
FILE = pathlib.Path(os.environ.get("HIBIKI_LIVE_SELLERS", ROOT.parent / "shared/data/live_sellers/posts.csv"))
KINDS = ("photo", "video", "link", "status")


def read():
    pages = collections.defaultdict(list)
    with open(FILE, newline="") as file:
        for row in csv.DictReader(file):
            at = datetime.datetime.strptime(row["status_published"], "%Y-%m-%d %H:%M")
            pages[row["page_id"]].append((at.timestamp() / 86400, at.weekday() * 24 + at.hour, KINDS.index(row["status_type"]), int(row["num_reactions"])))
    return {page: sorted(posts) for page, posts in pages.items()}


def learn(posts):
    text = "".join(f"{day:.6f} {slot} {kind} {result}\n" for day, slot, kind, result in posts)
    return json.loads(subprocess.run([BUILD / "bench/posting_time"], input=text, capture_output=True, text=True, check=True).stdout)


def means(posts, key):
    """The heat map: mean of the logarithm by hour (or hour and weekday) less the mean of all."""
    groups, values = collections.defaultdict(list), [math.log1p(post[3]) for post in posts]
    middle = sum(values) / len(values)
    for post, value in zip(posts, values):
        groups[key(post[1])].append(value - middle)
    return [sum(group) / len(group) if (group := groups.get(key(slot))) else 0 for slot in range(168)]


def unexplained(posts, effects):
    """Squares around the later posts' own mean, and what is left of them when each is foretold by its slot."""
    middle = lambda values: sum(values) / len(values)
    came, said = [math.log1p(post[3]) for post in posts], [effects[post[1]] for post in posts]
    a, b = middle(came), middle(said)
    return sum((y - a) ** 2 for y in came), sum((y - a - f + b) ** 2 for y, f in zip(came, said))


def run(quick):
    if not FILE.exists():
        return "0", f"the posts are not at hand ({FILE})", False
    sums, told, slowest = collections.defaultdict(lambda: [0, 0]), 0, 0
    pages = {page: posts for page, posts in read().items() if len(posts) >= 40}
    for page, posts in pages.items():
        cut = len(posts) * 6 // 10
        got = learn(posts[:cut])
        told += got["is_told"]
        slowest = max(slowest, got["s"])
        for name, effects in (("ours", got["effects"]), ("mean by hour", means(posts[:cut], lambda slot: slot % 24)), ("by hour and weekday", means(posts[:cut], lambda slot: slot))):
            whole, left = unexplained(posts[cut:], effects)
            sums[name][0] += whole
            sums[name][1] += left
            if name == "ours":
                print(f"page {page}: {cut} posts, then {len(posts) - cut}: R2 {1 - left / whole:+.4f}; no effect {got['chance_none']:.2f}; lift {got['lift'][0]:+.1%} ({got['lift'][1]:+.1%} to {got['lift'][2]:+.1%}) "
                      f"{'told' if got['is_told'] else 'cannot be told; a test of ' + str(got['test_posts']) + ' posts a slot would tell 20 %'}")
    r2 = {name: 1 - left / whole for name, (whole, left) in sums.items()}
    print(f"all {len(pages)} pages: R2 on later posts " + ", ".join(f"{name} {value:+.4f}" for name, value in r2.items()) + f"; at most {slowest:.2f} s a page")
    return f"{r2['ours']:+.4f}", f"R2 on later posts, mean by hour {r2['mean by hour']:+.4f}, by hour and weekday {r2['by hour and weekday']:+.4f}; an effect is claimed on {told} of {len(pages)} pages", r2["ours"] >= 0
