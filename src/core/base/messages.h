/* The sentences people read, from messages/ja.json and messages/en.json, embedded by tools/embed_messages.py. */
#pragma once
#include "base/arena.h"
#include <glib.h>

/* `key` with dots ("error.post.edited", "cli.serving"). Any locale but "en" reads as ja. An unknown key gives the key itself. Never NULL, static. */
const char *hib_message(const char *locale, const char *key);
/* The sentence of an error, with its details put into the {name} places; a detail that was not given leaves nothing behind. */
const char *hib_message_fill(HibArena *arena, const char *locale, const GError *error);

typedef struct {
    const char *key, *ja, *en;
} HibMessageRow;
extern const HibMessageRow hib_message_rows[]; /* sorted by key */
extern const size_t hib_n_message_rows;
