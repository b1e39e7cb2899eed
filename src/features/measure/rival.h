/* Competitors: accounts of others whose public figures the team compares with its own.
 *
 * Looked at once a day through an own account of the same network. What is kept are numbers: followers day by day, and of each post when and how many reacted; no texts, no people. Removing one
 * deletes all of it. */
#pragma once
#include "measure/measure.h"
#include "networks/network_optional.h"

#define HIB_RIVALS 30 /* 409 beyond */
typedef enum {        /* same order as the contract */
               HIB_RIVAL_OK,
               HIB_RIVAL_GONE,        /* no such account any more */
               HIB_RIVAL_CLOSED,      /* shows nothing to others now */
               HIB_RIVAL_REFUSED,     /* the network does not let the own account look */
               HIB_RIVAL_UNREACHABLE, /* no answer; asked again */
               HIB_RIVAL_NO_ACCOUNT,  /* no own account of the network to look through */
               HIB_RIVAL_SHUT         /* suspended by the network */
} HibRivalState;
typedef enum { /* how the number of followers is told; same order as the contract */
               HIB_RIVAL_EXACT,
               HIB_RIVAL_ROUNDED, /* by the network, to a few digits */
               HIB_RIVAL_HIDDEN,  /* by the account */
               HIB_RIVAL_UNTOLD
} HibRivalFollowers;
/* An account and what it came to in a period. Of rivals id is set, of own ones account_id. */
typedef struct {
    const char *id, *account_id, *network, *handle, *handle_before, *name, *url, *reason;
    HibRivalState state;
    HibRivalFollowers followers_is;
    HibInstant read_at;   /* 0: own and never read */
    int64_t followers;    /* -1: not told */
    int64_t change;       /* of followers since change_since */
    int64_t change_since; /* yyyymmdd; 0: no earlier reading in the period */
    int64_t n_posts, n_told,
        engagements; /* posts of the covered part of the period; likes, reposts, replies and quotes */
    double days;     /* of the period that are covered: a network shows only the newest posts */
    bool is_whole;
} HibRivalFigures;
/* What looking at accounts of a network takes, where it takes anything. */
typedef struct {
    const char *network, *currency, *quota, *source, *as_of; /* currency, quota NULL: none */
    int posts, fresh_days, takes;
    int64_t account_micros, post_micros; /* of what is read */
    int64_t most_micros;                 /* of a look, and so of a competitor a day */
    int64_t spent_micros;                /* in the period */
} HibRivalCost;
typedef struct {
    HibRivalFigures *own, *rivals;
    const char **networks; /* those that show others' figures */
    HibRivalCost *costs;
    size_t n_own, n_rivals, n_networks, n_costs;
    HibInstant from, to;
} HibRivals;
/* The last `days` days; in the db's arena. */
bool hib_rivals(HibDb *db, const HibZone *zone, int days, HibRivals *ret, GError **error);
/* The posts that a competitor's figures of the period are made of, the most reactions first. */
typedef struct {
    const char *url; /* NULL: the network has no address by its id */
    HibInstant published_at;
    int64_t engagements;
} HibRivalPost;
#define HIB_RIVAL_POSTS 500 /* so many are listed */
typedef struct {
    HibRivalFigures of;
    HibRivalPost *posts;
    size_t n;
} HibRivalPosts;
/* NOT_FOUND rival.unknown. */
bool hib_rival_posts(HibDb *db, const HibZone *zone, const char *id, int days, HibRivalPosts *ret,
                     GError **error);
/* NOT_FOUND rival.unknown. */
bool hib_rival_remove(HibDb *db, const char *id, GError **error);

/* Whether the quota of `via` has room for a look; *ret_at: when it has again, 0: now. */
bool hib_rival_may_look(HibDb *db, const HibNetwork *network, const char *via, HibInstant *ret_at,
                        GError **error);
/* Counts a look, whatever it found. */
bool hib_rival_count_look(HibDb *db, const HibNetwork *network, const char *via,
                          const HibNetRival *rival, GError **error);
/* What was spent since the day (UTC) of `from`; in the db's arena. */
bool hib_rival_costs(HibDb *db, HibInstant from, HibRivalCost **ret, size_t *ret_n, GError **error);

#define HIB_JOB_RIVAL "measure.rival"
bool hib_rival_run(HibDb *db, const HibJob *job, void *context, HibJobEnd *end, HibInstant *at,
                   GError **error);
