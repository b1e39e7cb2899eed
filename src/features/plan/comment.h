/* Comments on a post and on a spot in its text, and the links by which a client without an account looks at posts; inside plan/.
 *
 * A spot is kept as its words with what stood around them, not as a place alone: texts are edited. On reading it is looked for again: the words where they now stand; when they were rewritten, what now
 * stands between the old neighbours (`is_changed`); when neither is there, nothing (the words are still shown). */
#pragma once
#include "plan/approval.h"
#include "plan/comment.sql.h"

#define HIB_COMMENT_MOST 2000 /* characters */
#define HIB_SPOT_AROUND 32    /* characters kept on either side */
#define HIB_REVIEW_DAYS 14
#define HIB_REVIEW_ACTS 30         /* votes and comments through a link in an hour, and */
#define HIB_REVIEW_ACTS_PER_POST 4 /* more for each post beyond the first */

/* --- comment.c: pure ------------------------------------------------------------------------------------- */
typedef struct {
    const char *quote, *before, *after;
    int64_t start; /* in characters */
} HibSpot;
/* The spot of `n` characters from `start`; false when that is not within the text. */
bool hib_spot_take(HibArena *arena, const char *text, int64_t start, int64_t n, HibSpot *ret);
typedef struct {
    bool is_there, is_changed;
    int64_t start, n;
} HibSpotFound;
HibSpotFound hib_spot_find(const char *text, const HibSpot *spot);

/* --- comment_store.c --------------------------------------------------------------------------------------- */
typedef struct {
    HibSqlCommentRow row;
    HibSpotFound spot; /* when the row has a quote */
} HibComment;
typedef struct {
    const char *text, *account; /* account NULL: the post's text */
    bool is_shared, has_spot;
    int64_t start, n;
} HibCommentDraft;
/* INVALID comment.empty, comment.bad_spot; NOT_FOUND post.unknown, accounts.unknown. A client's comment is always shared. */
bool hib_comment_add(HibDb *db, const char *post, const HibVoter *writer,
                     const HibCommentDraft *draft, HibComment *ret, GError **error);
/* `only_shared`: what clients see. The oldest first. */
bool hib_comment_list(HibDb *db, const char *post, bool only_shared, HibComment **ret,
                      size_t *ret_n, GError **error);
/* NOT_FOUND comment.unknown. */
bool hib_comment_resolve(HibDb *db, const char *post, const char *comment, bool only_shared,
                         bool is_resolved, HibComment *ret, GError **error);
bool hib_comment_purge(HibDb *db, const char *post, GError **error);

/* --- review_store.c ------------------------------------------------------------------------------------------ */
/* A new link to posts, shown in this order; *ret_token is told once. NOT_FOUND post.unknown with its pointer. */
bool hib_review_add(HibDb *db, const char *const *posts, size_t n, const char *name, int64_t days,
                    HibSqlReviewRow **ret, const char **ret_token, GError **error);
/* The newest first. `post` NULL: of all, at most 200; `open_only`: those that still open. */
bool hib_review_list(HibDb *db, const char *post, bool open_only, HibSqlReviewRow **ret,
                     size_t *ret_n, GError **error);
bool hib_review_revoke(HibDb *db, const char *link, GError **error); /* NOT_FOUND review.unknown */
typedef struct {
    const char *workspace, *link, *name;
} HibReview;
/* Whose link this is; db global. NOT_FOUND review.unknown, GONE review.over (expired, revoked). Guessing gets slower (TOO_MANY auth.throttled). */
bool hib_review_open(HibDb *db, const char *token, const char *client, HibReview *ret,
                     GError **error);
/* What it shows: ids of posts that are there, one at least (NOT_FOUND post.unknown). */
bool hib_review_posts(HibDb *db, const HibReview *review, const char *const **ret, size_t *ret_n,
                      GError **error);
/* TOO_MANY review.busy when a lot came through it within the hour. */
bool hib_review_check_pace(HibDb *db, const HibReview *review, GError **error);
