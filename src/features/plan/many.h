/* Many posts at once, for imports: part of plan/plan.h. */
#pragma once
#include "plan/plan.h"

/* What needs no store: lengths, counts, an account named twice; pure. INVALID with pointer, as hib_plan_create. */
bool hib_plan_check(const HibPostContent *content, GError **error);
/* The content as networks count and receive it (NFC); media and due_at are shared. Pure. */
HibPostContent hib_plan_normalise(HibArena *arena, const HibPostContent *content);
/* Stores posts that are checked and normalised, each as it is given: id, state, campaign, times. In the caller's transaction, whose event and audit line tell of all of them. */
bool hib_plan_add_many(HibDb *db, const HibPost *posts, size_t n, GError **error);
/* Does the workspace ask for an approval before a post may go out? */
bool hib_plan_asks_approval(HibDb *db, bool *ret, GError **error);
/* Every text of the posts of [from, to), a post's own and its variants'. */
typedef struct {
    const char *post_id, *text;
} HibPostText;
bool hib_plan_texts(HibDb *db, HibInstant from, HibInstant to, HibPostText **ret, size_t *ret_n,
                    GError **error);
