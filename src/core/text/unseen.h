/* What no reader sees and yet changes what is read: marks that turn the direction of writing, and characters without width that part words or fill what seems empty.
 *
 * What scripts and emoji need is left out: joiners within 👨‍👩‍👧, in Arabic, Indic and other joining scripts, tags of flags, marks of direction in a text that has letters from right to left.
 * Pure, thread-safe; every text is valid UTF-8. */
#pragma once
#include "base/arena.h"

typedef enum { HIB_UNSEEN_DIRECTION, HIB_UNSEEN_WIDTH } HibUnseenKind;
typedef struct {
    size_t start, end; /* bytes of a run of them */
} HibUnseen;
/* The runs of one kind in order, at most `most`. */
size_t hib_text_unseen(const char *text, HibUnseenKind kind, HibUnseen *ret, size_t most);
