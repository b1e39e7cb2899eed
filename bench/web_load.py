"""The web page in Chromium: bytes of the first load, largest contentful paint on loopback (and on slow 4G with the processor slowed fourfold), axe on every screen."""
import json
import subprocess

from lib import ROOT, Scratch, Server, wait_web

ABOUT, GOAL = "first load of the web page, its largest paint, axe's serious findings", "<= 150 kB, LCP <= 1 s, 0 findings"
KILOBYTES, LCP_MS = 150, 1000


def run(quick):
    if not (ROOT / "web/node_modules/playwright-core").exists():
        subprocess.run(["npm", "ci", "--silent", "--no-audit", "--no-fund"], cwd=ROOT / "web", check=True)
    with Scratch() as demo_folder, Scratch() as empty_folder, Server(demo_folder, command="demo") as demo, Server(empty_folder) as empty:
        wait_web(demo.port)
        wait_web(empty.port)
        words = ["node", str(ROOT / "bench/web_load.mjs"), f"http://127.0.0.1:{demo.port}", f"http://127.0.0.1:{empty.port}"]
        text = subprocess.run(words + (["--quick"] if quick else []), stdout=subprocess.PIPE, text=True, check=True, cwd=ROOT).stdout
    result = json.loads(text.strip().split("\n")[-1])
    for row in result["rows"]:
        print(f"{row['screen']:26} {row['bytes'] / 1000:6.1f} kB in {row['requests']:2} requests; LCP {row['lcp_ms']:4} ms, slow 4G + 4x CPU {row['slow_lcp_ms']:5} ms ({row['what'].lower()})")
    for line in result["found"]:
        print("axe:", line)
    print(f"axe: {len(result['found'])} serious or critical findings on {result['n_checked']} views")
    kilobytes = max(row["bytes"] for row in result["rows"]) / 1000
    lcp = max(row["lcp_ms"] for row in result["rows"])
    is_met = kilobytes <= KILOBYTES and lcp <= LCP_MS and not result["found"]
    return f"{kilobytes:.0f}", f"kB, LCP {lcp} ms, {len(result['found'])} findings (worst screen)", is_met
