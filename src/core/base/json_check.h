/* Inside base only: is this text one JSON document by RFC 8259, no deeper than the limit? */
#pragma once
#include <stdbool.h>
#include <stddef.h>

/* Without recursion or memory. Beyond the grammar it refuses invalid UTF-8, \u0000 and lone surrogates. On false, where
 * and why (a literal). */
bool hib_json_check(const char *text, size_t n, size_t *ret_offset, const char **ret_what);
