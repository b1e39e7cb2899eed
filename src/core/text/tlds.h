/* Inside text only: is this a top-level domain? Lower case and ASCII. */
#pragma once
#include <stdbool.h>
#include <stddef.h>

bool hib_text_is_tld(const char *text, size_t n);
