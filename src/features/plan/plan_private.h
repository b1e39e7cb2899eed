/* Inside plan/ only: the pure rules of posts, and reading them whole. */
#pragma once
#include "plan/plan.h"
#include "plan/post.sql.h"

#define HIB_PLAN_PURGE "plan.purge"
#define HIB_PLAN_KEEP_DELETED (30 * HIB_DAY)
extern const HibJobKind hib_plan_jobs[];

/* --- post.c: pure ----------------------------------------------------------------------------------- */
/* What needs no store: lengths, counts, an account named twice. INVALID with pointer. */
bool hib_post_check(const HibPostContent *content, GError **error);
bool hib_post_is_open(HibPostState state); /* neither on its way nor out: may be edited */
/* The texts in NFC, as networks count and receive them. In the arena; media and due_at are shared. */
HibPostContent hib_post_normalise(HibArena *arena, const HibPostContent *content);
/* What the audit log shows of a post: compact JSON, each text at most 500 characters. */
const char *hib_post_audit(HibArena *arena, const HibPost *post);

/* Where a list goes on. Posts with a time are walked by (due_at, id) upwards, then those without by (created_at, id)
 * downwards; a post keeps its place whatever other posts do, so nothing is lost or shown twice. */
typedef struct {
    bool is_untimed;
    HibInstant at;
    const char *id;
} HibPostCursor;
const char *hib_post_cursor_text(HibArena *arena, const HibPost *last);
/* INVALID post.bad_cursor. */
bool hib_post_cursor_read(HibArena *arena, const char *text, HibPostCursor *ret, GError **error);

/* --- post_read.c ------------------------------------------------------------------------------------ */
/* Rows to posts with all that belongs to them: three statements at most (none when n is 0). */
bool hib_post_fill(HibDb *db, const HibSqlPostRow *rows, size_t n, HibPost *ret, GError **error);

/* --- post_store.c ----------------------------------------------------------------------------------- */
/* Variants, texts that follow and media of a post; in the caller's transaction. */
bool hib_post_drop_parts(HibDb *db, const char *post, GError **error);
