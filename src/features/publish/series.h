/* Inside publish/: posts that come again by a rule, and the slots of a queue.
 *
 * A series makes ordinary scheduled posts some days ahead, copies of its templates in turn, so that each can be seen in the calendar,
 * changed, moved or taken out like any other. An occurrence is named by its instant and made once, whoever makes it. */
#pragma once
#include "publish/publish.h"
#include "publish/recurrence.h"

#define HIB_SERIES_AHEAD (14 * HIB_DAY)
#define HIB_JOB_SERIES "publish.series"

typedef enum {
    HIB_SERIES_RUNNING,
    HIB_SERIES_PAUSED,
    HIB_SERIES_ENDED
} HibSeriesState; /* as in the contract */

typedef struct {
    HibInstant due_at;
    const char *post_id;      /* NULL: it could not be made */
    const char *error_reason; /* slug; NULL: it was scheduled */
} HibOccurrence;
typedef struct {
    const char *id, *name, *zone;
    HibRecurrence rule;
    HibSeriesState state;
    const char *const *post_ids; /* templates, in turn */
    size_t n_posts;
    const HibOccurrence
        *coming; /* made already and still to come, and what failed in the last 30 days */
    size_t n_coming;
    HibInstant made_until;
    int64_t n_made, version;
} HibSeries;

typedef struct {
    const char *name, *zone;
    HibRecurrence rule;
    HibSeriesState state;
    const char *const *post_ids;
    size_t n_posts;
} HibSeriesContent;

bool hib_series_list(HibDb *db, HibSeries **ret_rows, size_t *ret_n, GError **error);
bool hib_series_get(HibDb *db, const char *series, HibSeries **ret,
                    GError **error); /* NOT_FOUND series.unknown */
/* INVALID as hib_recurrence_check, post.bad_zone at "/zone", series.template_unusable at "/post_ids/0" (not a draft, or with no account),
 * NOT_FOUND post.unknown. Its first posts are made by the job, at once. */
bool hib_series_add(HibDb *db, const HibSeriesContent *content, HibSeries **ret, GError **error);
/* Posts made ahead that nobody touched are taken out and made anew by the changed rule. CONFLICT series.edited. */
bool hib_series_change(HibDb *db, const char *series, int64_t version,
                       const HibSeriesContent *content, HibSeries **ret, GError **error);

/* series_repeat.c. A draft that the series says again too soon on one of its networks, with the first time it does. */
typedef struct {
    const char *post_id, *network, *rule;
    HibInstant due_at, before_at; /* before_at: when it was said before that */
} HibSeriesRepeat;
bool hib_series_repeats(HibDb *db, const HibSeries *series, HibSeriesRepeat **ret, size_t *ret_n,
                        GError **error);
/* Whether a series that has not ended does so with this draft of it. */
bool hib_series_draft_repeats(HibDb *db, const char *post, const char *network, bool *ret,
                              GError **error);

/* Twice: an occurrence that is there is not made again. */
bool hib_series_run(HibDb *db, const HibJob *job, void *context, HibJobEnd *ret_end,
                    HibInstant *ret_at, GError **error);

/* --- slots ------------------------------------------------------------------------------------------------------------- */
typedef struct {
    const char *account_id;
    int weekday, minute; /* 1 Monday … 7; of the day, in the workspace's zone */
} HibSlot;
bool hib_slots_list(HibDb *db, HibSlot **ret_rows, size_t *ret_n, GError **error);
/* Replaces those of the account. `min_gap_minutes` NULL: as it was. NOT_FOUND accounts.unknown. */
bool hib_slots_set(HibDb *db, const char *account, const HibSlot *slots, size_t n,
                   const int64_t *min_gap_minutes, GError **error);
/* How far apart posts of an account should be, until somebody says otherwise: our own choice, no network's rule. */
#define HIB_MIN_GAP_MINUTES 30
typedef struct {
    const char *account_id;
    int64_t minutes; /* 0: any distance is fine */
} HibAccountGap;
/* One a connected account, in the order of hib_accounts_list. */
bool hib_slots_gaps(HibDb *db, HibAccountGap **ret_rows, size_t *ret_n, GError **error);
/* The instants of the account's slots in [from, to), ascending. Pure. */
size_t hib_slots_between(const HibSlot *slots, size_t n_slots, const HibZone *zone, HibInstant from,
                         HibInstant to, HibInstant *ret, size_t most);
/* The next free slots of any of the accounts: no other post of theirs is due within a minute; in the next 60 days. */
bool hib_slots_next(HibDb *db, const char *const *accounts, size_t n_accounts, HibInstant *ret,
                    size_t most, size_t *ret_n, GError **error);
/* Schedules the post into its accounts' next free slot. CONFLICT slot.none. */
bool hib_slots_queue(HibDb *db, const char *post, HibPost **ret, GError **error);
