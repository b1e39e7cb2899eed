/* Links, mentions and hashtags in a text, with their places in UTF-8 bytes, as Bluesky's facets want them.
 *
 * The rules are those of Bluesky's own client, widened for Japanese, which is written without spaces: a link may stand
 * directly behind or before kana, kanji or full-width punctuation; a tag ends at Japanese punctuation and at the next #.
 * And narrowed: no link inside an e-mail address; all trailing punctuation stays outside. tests/data/facets.json shows each
 * difference. Pure; every text is valid UTF-8. */
#pragma once
#include "base/arena.h"

typedef enum { HIB_LINK_URL, HIB_LINK_MENTION, HIB_LINK_TAG } HibLinkKind;

typedef struct {
    HibLinkKind kind;
    size_t start, end; /* bytes, end excluded; the sign (@, #) lies within */
    const char *
        value; /* URL with scheme ("https://" put before a bare domain); handle without @; tag without # */
} HibLink;

#define HIB_TAG_GRAPHEMES 64
#define HIB_TAG_BYTES 640

/* In order of place, never overlapping. Returns how many; `*ret` is NULL for none. */
size_t hib_text_links(HibArena *arena, const char *text, const HibLink **ret);
