/* The tokeniser of SQLite's full text: two characters that stand beside each other are a token (store/search.h). */
#pragma once
#include <sqlite3.h>
#include <stdbool.h>
#include <stddef.h>

/* Makes `tokenize = 'hib_bigram'` known on a connection. */
bool hib_lite_bigram_register(sqlite3 *db);

/* Tells each token of the text: its bytes and where they stand. `is_beside`: at the place of the one before. Stops when it gives false. */
typedef bool (*HibBigramTold)(void *data, const char *token, size_t n, size_t at, bool is_beside);
bool hib_bigrams(const char *text, size_t n, HibBigramTold told, void *data);

/* A name between two of these is one token, whatever stands in it. */
#define HIB_BIGRAM_NAME 0x1e
