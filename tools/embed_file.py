#!/usr/bin/env python3
"""A file → assembly: NAME[] up to NAME_end[], as it is.

    embed_file.py FILE OUT.S NAME"""
import pathlib
import sys

path, name = pathlib.Path(sys.argv[1]).resolve(), sys.argv[3]
rows = [f".globl {n}\n.hidden {n}" for n in (name, name + "_end")]
pathlib.Path(sys.argv[2]).write_text(".section .rodata\n.balign 64\n" + "\n".join(rows) + f"\n{name}:\n.incbin \"{path}\"\n{name}_end:\n.byte 0\n" + '.section .note.GNU-stack,"",@progbits\n')
