/* Inside text only: the parts of X's counter that its files and its test share. Texts are code points in normal form C. */
#pragma once
#include "text/weighted.h"

#include <glib.h>

typedef struct {
    size_t start;
    size_t n; /* code points the counter steps over: the link itself */
} HibWeightedLink;

/* The links, in order of place. Free with g_array_unref. */
GArray *hib_weighted_links(const gunichar *text, size_t n);

/* As hib_text_weighted; `emoji_is_one` false counts an emoji by its code points, as configuration 2 did. */
HibWeighted hib_weighted_count(const char *text, bool emoji_is_one);

/* How many code points the emoji at text[0] has; 0: none stands there. */
size_t hib_weighted_emoji(const gunichar *text, size_t n);

/* The byte order mark and the non-characters U+FFFE, U+FFFF. */
bool hib_weighted_is_refused(gunichar c);

extern const char *const hib_weighted_tlds[]; /* lower case, ended by NULL */
