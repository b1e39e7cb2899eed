#!/usr/bin/env python3
"""A program inside a program: strips INPUT's debug information into STRIPPED and writes an assembler file that lays it in as NAME … NAME_end.

    embed_program.py INPUT STRIPPED OUT.S NAME"""
import hashlib
import pathlib
import subprocess
import sys

program, stripped, out, name = sys.argv[1:]
subprocess.run(['objcopy', '--strip-debug', program, stripped], check=True)
digest = hashlib.sha256(pathlib.Path(stripped).read_bytes()).hexdigest()  # another program is another file: the assembler runs again
pathlib.Path(out).write_text(f"""/* {digest} */
    .section .rodata
    .balign 16
    .globl {name}
    .globl {name}_end
{name}:
    .incbin "{pathlib.Path(stripped).resolve()}"
{name}_end:
    .byte 0
    .section .note.GNU-stack,"",%progbits
""")
