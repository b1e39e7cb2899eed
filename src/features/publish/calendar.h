/* Inside publish/: a stretch of days as a calendar shows it, and one act on many posts.
 *
 * However many posts there are, each is only placed: counted in its day (and lane), and looked at beside its neighbours of the same account. The few
 * that a cell shows are read closer. */
#pragma once
#include "publish/publish.h"
#include "publish/series.h"

#define HIB_CALENDAR_DAYS 100
#define HIB_CALENDAR_POSTS 50000
#define HIB_CALENDAR_UNDATED 50

/* What is shown; NULL: everything. Collisions are seen among all posts, shown or not. */
typedef struct {
    HibInstant from, to;
    size_t per_day; /* posts of a cell that are read closer */
    bool has_lanes;
    const char *account, *network, *campaign, *words, *tag; /* tag: of its campaign */
    const HibPostState *state;
} HibCalendarQuery;

typedef struct {
    const HibPostHead *head;
    const char *const *accounts;
    size_t n_accounts;
    bool collides;
} HibCalendarPost;
typedef struct {
    HibInstant day;          /* its start */
    const char *campaign_id; /* the lane; NULL: posts of none, or there are no lanes */
    size_t n, n_collisions;
    HibCalendarPost *posts;
    size_t n_posts;
    const char **
        without; /* accounts without slots that have nothing that day, from today on; of the day's first cell */
    size_t n_without;
} HibCalendarCell;
typedef struct {
    const char *account_id;
    HibInstant at;
} HibFreeSlot;
typedef struct {
    HibZone *zone;
    HibCalendarCell
        *cells; /* by day; without lanes one a day, with lanes those that hold something */
    HibFreeSlot *free_slots;
    HibCalendarPost *undated;
    size_t n_cells, n_free_slots, n_undated, n;
    bool is_cut, has_more_undated;
} HibCalendar;

/* INVALID post.bad_range, calendar.too_wide. */
bool hib_calendar_read(HibDb *db, const HibCalendarQuery *query, HibCalendar *ret, GError **error);

/* Pure: which of the spots (by time) stand nearer to another of the same account than the account's gap. Failed ones never went out and count for nothing. */
void hib_calendar_collisions(const HibPostSpot *spots, size_t n, const HibAccountGap *gaps,
                             size_t n_gaps, bool *ret);

/* --- one act on many posts (batch.c) --------------------------------------------------------------------------------- */
typedef enum {
    HIB_ACT_MOVE,
    HIB_ACT_COPY,
    HIB_ACT_SCHEDULE,
    HIB_ACT_UNSCHEDULE,
    HIB_ACT_DELETE,
    HIB_ACT_RESTORE,
    HIB_ACT_CAMPAIGN
} HibBatchAct; /* same order as the contract */
typedef struct {
    const char *post;
    const int64_t *version; /* NULL: whatever is stored */
    const HibInstant *at;   /* NULL: none */
} HibBatchItem;
typedef enum { HIB_BATCH_DONE, HIB_BATCH_REFUSED, HIB_BATCH_LEFT } HibBatchOutcome;
typedef struct {
    HibBatchOutcome outcome;
    GError *refusal; /* of REFUSED; lives with the arena */
    HibPost *post;   /* of DONE: as it is now, or its copy; NULL when it was deleted */
} HibBatchResult;
/* Each in a transaction of its own, or with `is_whole` all in one that is only kept when none is refused; then every post is looked at before the first
 * is touched, so that all that stand in the way are told. False: the store failed (with items already done when not whole), or NOT_FOUND campaign.unknown. */
bool hib_publish_batch(HibDb *db, const HibServices *services, HibBatchAct act,
                       const HibBatchItem *items, size_t n, const char *campaign, bool is_whole,
                       HibBatchResult *ret, GError **error);
