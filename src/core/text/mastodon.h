/* How Mastodon counts a text: what a reader calls characters, but every link 23 and a mention of somebody elsewhere (@user@host) only
 * its "@user".
 *
 * What is a link or a mention is decided as Mastodon's own server does when it refuses a text, which is not how Bluesky does
 * (links.h): a link needs its scheme, and its path runs on over Japanese until a space; a host behind a name may end in Japanese
 * too. tests/data/mastodon.json holds vectors. Pure, thread-safe; every text is valid UTF-8. */
#pragma once
#include "base/arena.h"
#include <stdbool.h>

#define HIB_MASTODON_LINK 23

size_t hib_text_mastodon(const char *text);
/* The text as its post shows it: "@user@host" is "@user", all else as it stands. In the arena. */
char *hib_text_mastodon_shown(HibArena *arena, const char *text);
/* Whether the text mentions `who` ("user@host"): only then does the server tell them of the post. */
bool hib_text_mastodon_names(const char *text, const char *who);
