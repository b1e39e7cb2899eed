/* The feature's record: its jobs and what it listens to. */
#include "ugc/ugc.h"
#include "ugc/condition_private.h"
#include "ugc/ugc_private.h"

static const HibJobKind jobs[] = {
    /* Each of them twice: see at the function. */
    {.kind = HIB_JOB_UGC_HEARD,
     .run = hib_ugc_heard_run,
     .lease_s = 30,
     .tries = 10,
     .backoff_s = 2},
    {.kind = HIB_JOB_UGC_GATHER,
     .run = hib_ugc_gather_run,
     .lease_s = 300,
     .tries = 10,
     .backoff_s = 5},
    {.kind = HIB_JOB_UGC_FETCH,
     .run = hib_ugc_fetch_run,
     .lease_s = 120,
     .tries = 6,
     .backoff_s = 60},
    {.kind = HIB_JOB_UGC_EXPIRE,
     .run = hib_ugc_expire_run,
     .lease_s = 60,
     .tries = 20,
     .backoff_s = 60},
    {.kind = HIB_JOB_UGC_TELL,
     .run = hib_ugc_tell_run,
     .lease_s = 300,
     .tries = 20,
     .backoff_s = 5},
    {.kind = HIB_JOB_UGC_LAPSE,
     .run = hib_ugc_lapse_run,
     .lease_s = 60,
     .tries = 20,
     .backoff_s = 60},
    {.kind = HIB_JOB_UGC_SEARCH,
     .run = hib_ugc_search_run,
     .lease_s = 300,
     .tries = 20,
     .backoff_s = 30},
    {.kind = HIB_JOB_UGC_CHECK,
     .run = hib_ugc_check_run,
     .lease_s = 300,
     .tries = 20,
     .backoff_s = 30},
    {.kind = NULL},
};

static const HibSubscription subscriptions[] = {
    {.event = "talk.received", .job = HIB_JOB_UGC_HEARD},
    {.event = NULL},
};

static const HibForgetKind forgets[] = {{"ugc", hib_ugc_forget}, {0}};

const HibFeature hib_ugc = {
    .name = "ugc", .jobs = jobs, .subscriptions = subscriptions, .forgets = forgets};
