#!/usr/bin/env python3
"""The built web page → the binary. Each file plain, gzip -9 and brotli 11 (where smaller), as `.incbin` data and a table of HibAsset.

    embed_assets.py DIST OUTDIR      writes assets.gen.c, assets.gen.S, assets.gen.d and the compressed files into OUTDIR

A name under /assets/ holds a hash of its content (Vite), so it may be kept for ever. Without DIST (a build of the C side alone) a page says how to build the real one."""
import gzip
import hashlib
import mimetypes
import pathlib
import subprocess
import sys

TYPES = {".js": "text/javascript; charset=utf-8", ".css": "text/css; charset=utf-8", ".html": "text/html; charset=utf-8", ".json": "application/json",
         ".svg": "image/svg+xml", ".png": "image/png", ".webmanifest": "application/manifest+json", ".ico": "image/x-icon", ".txt": "text/plain; charset=utf-8"}
MISSING = b"<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>Hibiki</title><body><p>The web page is not built. Run ./hibiki.sh build.</p></body></html>"


def brotli(data):
    return subprocess.run(["brotli", "-q", "11", "-c", "-"], input=data, capture_output=True, check=True).stdout


def main():
    dist, out = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])
    blobs = out / "assets.gen.data"
    blobs.mkdir(parents=True, exist_ok=True)
    files = sorted(p for p in dist.rglob("*") if p.is_file() and not p.name.startswith(".built") and ".vite" not in p.parts) if dist.is_dir() else []
    contents = {"/" + str(p.relative_to(dist)): p.read_bytes() for p in files} or {"/index.html": MISSING}
    manifest = dist / ".vite/manifest.json"
    if manifest.exists():
        contents["/.vite/manifest.json"] = manifest.read_bytes()
    rows, assembly = [], [".section .rodata"]
    for n, (path, data) in enumerate(contents.items()):
        forms = {"plain": data}
        if path != "/.vite/manifest.json" and pathlib.PurePath(path).suffix not in (".png", ".ico", ".woff2"):
            for name, packed in (("gzip", gzip.compress(data, 9, mtime=0)), ("br", brotli(data))):
                if len(packed) < len(data) * 0.95:
                    forms[name] = packed
        for name, form in forms.items():
            file = blobs / f"{n}.{name}"
            file.write_bytes(form)
            assembly.append(f".balign 8\n.globl hib_asset_{n}_{name}\n.hidden hib_asset_{n}_{name}\nhib_asset_{n}_{name}:\n.incbin \"{file.resolve()}\"\n.byte 0")
        kind = TYPES.get(pathlib.PurePath(path).suffix) or mimetypes.guess_type(path)[0] or "application/octet-stream"
        get = lambda name: (f"hib_asset_{n}_{name}", len(forms[name])) if name in forms else ("NULL", 0)
        rows.append((path, kind, hashlib.sha256(data).hexdigest()[:20], [get(k) for k in ("plain", "gzip", "br")], path.startswith("/assets/")))
    assembly.append('.section .note.GNU-stack,"",@progbits')
    (out / "assets.gen.S").write_text("\n".join(assembly) + "\n")
    lines = ["/* Made by tools/embed_assets.py from the built web page. */", '#include "http/server.h"', ""]
    lines += [f"extern const unsigned char {name}[];" for row in rows for name, size in row[3] if size]
    lines += ["", "extern const HibAsset hib_assets[];", "const HibAsset hib_assets[] = {"]
    for path, kind, tag, forms, immutable in rows:
        (p, np), (g, ng), (b, nb) = forms
        lines.append(f'    {{"{path}", "{kind}", "\\"{tag}\\"", {p}, {g}, {b}, {np}, {ng}, {nb}, {"true" if immutable else "false"}}},')
    lines += ["    {0},", "};", ""]
    (out / "assets.gen.c").write_text("\n".join(lines))


main()
