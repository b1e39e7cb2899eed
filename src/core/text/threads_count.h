/* How Threads counts a text: characters, but every emoji as the bytes of its UTF-8 (👨‍👩‍👧‍👦 is 25), out of 500.
 *
 * The network's own words ("emojis are counted as the number of UTF-8 bytes") leave open what an emoji is; here it is what a reader
 * sees as one picture. Pure; bad bytes count as one character each. Thread-safe. */
#pragma once
#include <stddef.h>

size_t hib_text_threads(const char *text);
