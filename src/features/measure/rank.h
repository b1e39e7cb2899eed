/* Posts by any metric of the dictionary, and what kinds of posts come to. rank.c is pure.
 *
 * The one idea: a value of a post is its newest number, or the ratio of two of them, or nothing; what has none is counted apart and never taken for 0. Groups of posts are compared by their
 * mean with its interval; a sum stands beside it only where the dictionary allows one. */
#pragma once
#include "measure/made.h"
#include "measure/pack.h"

typedef enum {
    HIB_BREAK_NETWORK,
    HIB_BREAK_ACCOUNT,
    HIB_BREAK_CAMPAIGN,
    HIB_BREAK_TAG,
    HIB_BREAK_FORMAT,
    HIB_BREAK_WEEKDAY,
    HIB_BREAK_HOUR
} HibBreak; /* same order as the contract's enum */
typedef enum {
    HIB_RANK_NEWEST, /* of posts published in the time: their newest number */
    HIB_RANK_GAINED, /* of posts of any time: what they gained within it, as the roll-ups count it */
    HIB_RANK_SETTLED /* of posts published in the time: engagements 48 hours afterwards */
} HibRankValue;      /* same order as the contract's enum */

typedef struct {
    HibInstant from, to; /* begins of days in `zone` */
    HibRankValue value;
    const char *account, *network, *campaign; /* NULL: any */
    const char *tag;                          /* folded; several with spaces: any of them */
    int format;                               /* -1: any */
    const HibMade *made;                      /* NULL: any */
    int weekday;                              /* published on; 0: any */
    const int *hour;                          /* published in; NULL: any */
    bool without_campaign, without_tag;       /* only those that have none */
    const HibZone *zone;                      /* needed for weekday, hour and gains */
    HibBreak by;   /* of account, network, campaign and tags the posts bring the one named here */
    bool with_ids; /* and their deliveries */
    const HibMetric *metric;
} HibRankQuery;

typedef struct {
    const char *delivery, *account, *network, *campaign,
        *tags; /* "" and campaign NULL: none, or not asked for; tags one a line */
    HibInstant published_at, as_of;
    bool has_as_of, has_value;
    int format;
    HibBytes packed; /* its newest numbers (pack.h) */
    double value;
    double over, under;   /* of a ratio: what it is made of, 0 where that is not known */
    HibMetricState state; /* the least exact of what it is made of */
} HibRankPost;
/* What a metric is made of, looked up once for all posts. */
typedef struct {
    const HibMetric *metric;
    uint8_t engagements[256]; /* ids of what engagements are */
    size_t n_engagements;
    bool of_followers; /* the account's are a part of it */
} HibRankBy;
HibRankBy hib_rank_by(const HibMetric *metric);
/* From its numbers. `followers`: the account's newest count; NULL: not known. */
void hib_rank_value(HibRankPost *post, const HibRankBy *by, const HibNumber numbers[256],
                    const HibNumber *followers);
/* Whether it says anything of one post. */
bool hib_rank_is_of_posts(const HibMetric *metric);
/* Those with a value, greatest first (or least), then the newer one; the others at the end. */
void hib_rank_sort(HibRankPost *posts, size_t n, bool is_least_first);
/* What they come to together: the sum, or of a ratio the ratio of the sums. False: it cannot be added. */
bool hib_rank_whole(const HibRankPost *posts, size_t n, const HibMetric *metric, HibRankValue value,
                    double *ret);

/* In order of time. */
bool hib_measure_rank(HibDb *db, const HibRankQuery *query, HibRankPost **ret, size_t *ret_n,
                      GError **error);
/* Sources of what is known of a delivery or an account, with commas; "": nothing is. */
bool hib_measure_told_by(HibDb *db, const char *subject, const char **ret, GError **error);

typedef struct {
    const char *key; /* id, slug, tag, "1".."7", "0".."23"; "": none of it */
    size_t n_posts;
    HibMeanInterval mean; /* of the posts with a value: mean.n */
    double total;
    bool is_apart; /* differs from the mean of all, all groups tested together (apart.c) */
} HibBreakGroup;
/* Groups in order of their mean; a post with several hashtags stands in several. *ret_all: of all posts. */
HibBreakGroup *hib_rank_break(HibArena *arena, const HibZone *zone, const HibRankPost *posts,
                              size_t n, HibBreak by, size_t *ret_n, HibBreakGroup *ret_all);
