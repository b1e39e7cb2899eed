/* Competitors: accounts of others whose public figures the team compares with its own.
 *
 * Looked at once a day through an own account of the same network. What is kept are numbers: followers day by day, and of each post when and how many reacted; no texts, no people. Removing one
 * deletes all of it. */
#pragma once
#include "measure/measure.h"

#define HIB_RIVALS 30 /* 409 beyond */
typedef enum {        /* same order as the contract */
               HIB_RIVAL_OK,
               HIB_RIVAL_GONE,        /* no such account any more */
               HIB_RIVAL_CLOSED,      /* shows nothing to others now */
               HIB_RIVAL_REFUSED,     /* the network does not let the own account look */
               HIB_RIVAL_UNREACHABLE, /* no answer; asked again */
               HIB_RIVAL_NO_ACCOUNT   /* no own account of the network to look through */
} HibRivalState;
/* An account and what it came to in a period. Of rivals id is set, of own ones account_id. */
typedef struct {
    const char *id, *account_id, *network, *handle, *handle_before, *name, *url, *reason;
    HibRivalState state;
    HibInstant read_at;   /* 0: own and never read */
    int64_t followers;    /* -1: not told */
    int64_t change;       /* of followers since change_since */
    int64_t change_since; /* yyyymmdd; 0: no earlier reading in the period */
    int64_t n_posts,
        engagements; /* posts of the covered part of the period; likes, reposts, replies and quotes */
    double days;     /* of the period that are covered: a network shows only the newest posts */
    bool is_whole;
} HibRivalFigures;
typedef struct {
    HibRivalFigures *own, *rivals;
    const char **networks; /* those that show others' figures */
    size_t n_own, n_rivals, n_networks;
    HibInstant from, to;
} HibRivals;
/* The last `days` days; in the db's arena. */
bool hib_rivals(HibDb *db, const HibZone *zone, int days, HibRivals *ret, GError **error);
/* Looks at the account that was typed (handle or address) and keeps it. Calls the network: never inside a HibTx. INVALID rival.bad_handle, rival.not_offered, rival.handle_unknown, rival.private,
 * rival.own; CONFLICT rival.no_account, rival.already, rival.too_many; UPSTREAM rival.unreachable. */
bool hib_rival_add(HibDb *db, const HibServices *services, const char *network, const char *typed,
                   const char **ret_id, GError **error);
/* NOT_FOUND rival.unknown. */
bool hib_rival_remove(HibDb *db, const char *id, GError **error);

#define HIB_JOB_RIVAL "measure.rival"
bool hib_rival_run(HibDb *db, const HibJob *job, void *context, HibJobEnd *end, HibInstant *at,
                   GError **error);
