/* What a post is made of: words alone, a link, a picture, an animation, a video. Inside measure/ only.
 *
 * The one idea: said once, when the numbers of a post begin, and kept beside its network and format, for what findings compare and for the lists they lead to. A post published here is what its
 * files are, the most moving of them; without files its words tell whether it has a link, also when they are changed later. Of a post from an import nobody knows its files: its form says some,
 * and its network. */
#pragma once
#include "measure/measure.h"

typedef enum {
    HIB_MADE_TEXT,
    HIB_MADE_LINK,
    HIB_MADE_IMAGE,
    HIB_MADE_GIF,
    HIB_MADE_VIDEO
} HibMade; /* as stored; same order as the contract's enum */
/* Of one without files. */
HibMade hib_made_of_words(const char *text);
/* Of one that was `was`, when its words are now those: its files stay what they are. Pure. */
HibMade hib_made_again(HibMade was, const char *text);
/* Of one known by an import. */
HibMade hib_made_outside(const char *network, HibNetFormat format, const char *text);
/* Of a publication of the post `post` with that text. */
bool hib_made_here(HibDb *db, const char *post, const char *text, HibMade *ret, GError **error);

typedef struct {
    const char *delivery, *tags; /* tags: folded, one a line */
    HibInstant published_at;
    HibMade made;
    int64_t settled; /* engagements after two days */
    bool has_settled;
} HibMadePost;
typedef struct {
    const char *account; /* NULL: any */
    HibInstant from, until;
    bool only_settled;
} HibMadeQuery;
/* Posts published then, by time; in the db's arena. */
bool hib_made_posts(HibDb *db, const HibMadeQuery *query, HibMadePost **ret, size_t *ret_n,
                    GError **error);
/* Where the newest begin, at most so many, with none of a day on which one is left out: a list of the days is of the same posts. Pure. */
size_t hib_made_newest(const HibZone *zone, const HibMadePost *posts, size_t n, size_t most);
/* The contract's word. */
const char *hib_made_name(HibMade made);
