/* The HTML writer, for the few pages that people without an account see. Escaped by default: tags and attribute names are our own words, every value and text is escaped, a link leads nowhere but to a path
 * of ours, and what was opened is closed. No script; one style sheet, named by its hash in the page's policy. */
#pragma once
#include "http/call.h"

typedef struct HibHtml HibHtml; /* lives in the arena it was made in */
HibHtml *hib_html_new(HibArena *arena);
/* Pairs of attribute name and value, ended by NULL; a NULL value leaves the attribute out. href, src and action must begin with "/" (not "//") or "#", else they are left out. */
void hib_html_open(HibHtml *html, const char *tag, ...) G_GNUC_NULL_TERMINATED;
void hib_html_close(HibHtml *html); /* the innermost that is open */
/* An element without content: input, img, br, meta. */
void hib_html_void(HibHtml *html, const char *tag, ...) G_GNUC_NULL_TERMINATED;
void hib_html_text(HibHtml *html, const char *text);
/* open, text, close; without attributes but the class (NULL: none). */
void hib_html_line(HibHtml *html, const char *tag, const char *class, const char *text);

/* A link to somebody else's page (https or http; of anything else the text alone stands there), which is told neither where the reader came from nor that we vouch for it. */
void hib_html_out(HibHtml *html, const char *url, const char *text);

/* The whole page: `style` is our own text. Answers with a strict policy: nothing but pictures, videos and forms of ours; no script, no frame, no store. */
bool hib_html_reply(HibCall *call, int status, const char *title, const char *style, HibHtml *body);
/* The page as text, for tests. */
const char *hib_html_page(HibArena *arena, const char *locale, const char *title, const char *style,
                          HibHtml *body);
