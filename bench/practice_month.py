"""The practice audience's speed: one month of a 50,000-follower account with three posts a day, every view an event."""
import json
import statistics
import subprocess

from lib import BUILD

ABOUT, GOAL = "one simulated month of a 50,000-follower account", "<= 1 s"


def run(quick):
    out = subprocess.run([BUILD / "bench/practice_month", "3" if quick else "15"], capture_output=True, text=True, check=True).stdout
    months = [json.loads(line) for line in out.splitlines()]
    seconds = sorted(month["seconds"] for month in months)
    views = sum(month["views"] for month in months)
    print(f"{len(months)} audiences: {views / len(months) / 1e6:.2f} million views each, {views / sum(seconds) / 1e6:.1f} million views a second; "
          f"processor time {seconds[0]:.2f} to {seconds[-1]:.2f} s, on the wall up to {max(month['wall_seconds'] for month in months):.2f} s")
    figure = statistics.median(seconds)
    return f"{figure:.2f}", "s, median", figure <= 1
