/* Bytes of a file as text: which encoding it was, found out by looking. What people export from Excel, Numbers and older tools comes as UTF-8 with or without
 * a mark, UTF-16, or Shift_JIS (Windows' code page 932). Nothing is guessed over: bytes that fit none are refused. Pure, thread-safe. */
#pragma once
#include "base/arena.h"

typedef enum {
    HIB_ENCODING_UTF8,
    HIB_ENCODING_UTF8_BOM,
    HIB_ENCODING_UTF16LE,
    HIB_ENCODING_UTF16BE,
    HIB_ENCODING_SHIFT_JIS,
    HIB_ENCODING_UNKNOWN
} HibEncoding;

/* As valid UTF-8 without a mark and without NUL, ended by a NUL that n does not count; written over by whoever likes. UNKNOWN: *ret is NULL and *ret_n the first
 * byte that is no UTF-8. */
HibEncoding hib_text_decode(HibArena *arena, const void *bytes, size_t n, char **ret,
                            size_t *ret_n);
