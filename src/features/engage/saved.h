/* Saved replies: words the team answers with again, with blanks that are filled from the message answered.
 *
 * {name} {handle} {account} {post_url} {me}; `{name|お客様}` says what stands there when nothing is known. What is still missing then is shown as 【name】 and named, so that it is seen
 * before it is sent; it is never silently left out. Pure. */
#pragma once
#include "base/arena.h"

#define HIB_SAVED_BLANKS 5
extern const char *const hib_saved_blanks[HIB_SAVED_BLANKS + 1]; /* "name" …, ended by NULL */

typedef struct {
    const char *name, *handle, *account, *post_url, *me; /* NULL or "": not known */
} HibSavedFacts;

/* The first blank that is none of ours: its offset in bytes; -1: all are. A brace alone is a character like others. */
int hib_saved_wrong(const char *text);
/* The text filled, in the arena. *ret_missing: names of the blanks that nothing was known for, ended by NULL. */
const char *hib_saved_fill(HibArena *arena, const char *text, const HibSavedFacts *facts,
                           const char ***ret_missing);
/* What could not be filled is still in the text (from a former filling). */
bool hib_saved_is_open(const char *text);
