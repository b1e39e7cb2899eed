/* Who follows an account: ages, genders, places, as far as its network tells. Asked once a week and kept, so that a month's change shows.
 *
 * A network that hides small groups says nothing of them: what is not told is not zero, and the shares of a part may come to less than 1. */
#pragma once
#include "measure/measure.h"
#include "networks/audience.h"
#include "networks/limits.h"

typedef enum { /* same order as the contract */
               HIB_AUDIENCE_TOLD,
               HIB_AUDIENCE_WITHHELD, /* asked, and nothing was told: too few, or not counted yet */
               HIB_AUDIENCE_REFUSED,  /* the network does not let this account ask */
               HIB_AUDIENCE_UNREACHABLE, /* no answer so far, or somebody must reconnect the account */
               HIB_AUDIENCE_WAITING,     /* not asked yet */
               HIB_AUDIENCE_NOT_OFFERED /* the network tells nobody */
} HibAudienceState;
typedef struct {
    HibNetAudienceGroup group;
    double before; /* share of the reading a month or more ago */
    bool has_before;
} HibAudienceGroup;
typedef struct {
    HibAudienceState state;
    const char *network, *reason; /* reason: the network's own words; "" none */
    bool is_practice;
    const HibNetAudienceRule *rule; /* NULL: not offered */
    HibInstant read_at, before_at,
        next_at; /* 0: none. read_at: of what stands here, also while the newest question was in vain */
    int64_t total;            /* -1: not said */
    HibAudienceGroup *groups; /* by part, the greatest first */
    size_t n;
} HibMeasuredAudience;
/* NOT_FOUND accounts.unknown. In the db's arena. */
bool hib_measure_audience(HibDb *db, const char *account, HibMeasuredAudience *ret, GError **error);

/* The account is asked soon, where its network tells. In the caller's transaction. */
bool hib_audience_plan(HibDb *db, const char *account, HibInstant at, GError **error);
/* The same now, where it was never asked: of accounts that were connected before Hibiki could ask. */
bool hib_audience_begin(HibDb *db, const char *account, GError **error);
#define HIB_JOB_AUDIENCE "measure.audience"
bool hib_audience_run(HibDb *db, const HibJob *job, void *context, HibJobEnd *end, HibInstant *at,
                      GError **error);
