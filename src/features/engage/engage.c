/* The feature's record: its jobs and what it listens to. */
#include "engage/engage.h"
#include "engage/desk.h"
#include "engage/engage_private.h"
#include "engage/work_private.h"

static const HibJobKind jobs[] = {
    /* Twice: what is there already is not stored again. */
    {.kind = HIB_JOB_TALK_READ,
     .run = hib_engage_read_run,
     .lease_s = 120,
     .tries = G_MAXINT,
     .backoff_s = 60},
    /* Twice: the same. */
    {.kind = HIB_JOB_TALK_TAKE,
     .run = hib_engage_take_run,
     .lease_s = 60,
     .tries = G_MAXINT, /* what was told is kept until it is stored */
     .backoff_s = 2},
    /* Twice: reading has begun already. */
    {.kind = HIB_JOB_TALK_BEGIN,
     .run = hib_engage_begin_run,
     .lease_s = 60,
     .tries = 10,
     .backoff_s = 2},
    /* Twice: hiding what is hidden changes nothing. */
    {.kind = HIB_JOB_HIDE,
     .run = hib_engage_hide_run,
     .lease_s = 120,
     .tries = 10,
     .backoff_s = 30},
    /* Twice: what is right stays. */
    {.kind = HIB_JOB_DUE, .run = hib_engage_due_run, .lease_s = 300, .tries = 10, .backoff_s = 5},
    /* Twice: the second finds it awake. */
    {.kind = HIB_JOB_WAKE, .run = hib_engage_wake_run, .lease_s = 60, .tries = 10, .backoff_s = 5},
    /* Twice: a thread is counted again. */
    {.kind = HIB_JOB_TALK_ANSWERED,
     .run = hib_engage_answered_run,
     .lease_s = 60,
     .tries = 10,
     .backoff_s = 2},
    /* Twice: fetched once more, kept once. */
    {.kind = HIB_JOB_TALK_FETCH,
     .run = hib_engage_fetch_run,
     .lease_s = 180,
     .tries = 20,
     .backoff_s = 10},
    /* Twice: what went is not found again. */
    {.kind = HIB_JOB_TALK_SWEEP,
     .run = hib_engage_sweep_run,
     .lease_s = 300,
     .tries = G_MAXINT,
     .backoff_s = 60},
    /* Twice: what is read so already changes nothing. */
    {.kind = HIB_JOB_TALK_REREAD,
     .run = hib_engage_reread_run,
     .lease_s = 300,
     .tries = 10,
     .backoff_s = 2},
    /* Twice: what was counted has a rank and is left alone. */
    {.kind = HIB_JOB_TALK_COUNT,
     .run = hib_engage_count_run,
     .lease_s = 300,
     .tries = 10,
     .backoff_s = 5},
    /* Twice: what is in the full text is put there again. */
    {.kind = HIB_JOB_TALK_INDEX,
     .run = hib_engage_index_run,
     .lease_s = 120,
     .tries = G_MAXINT,
     .backoff_s = 5},
    {.kind = NULL},
};

static const HibSubscription subscriptions[] = {
    {.event = "account.connected", .job = HIB_JOB_TALK_BEGIN},
    {.event = "account.reconnected", .job = HIB_JOB_TALK_BEGIN},
    {.event = "account.talk", .job = HIB_JOB_TALK_TAKE, .is_gathered = true},
    {.event = "delivery.published", .job = HIB_JOB_TALK_ANSWERED},
    {.event = "delivery.failed", .job = HIB_JOB_TALK_ANSWERED},
    {.event = "delivery.cancelled", .job = HIB_JOB_TALK_ANSWERED},
    {.event = NULL},
};

static const HibForgetKind forgets[] = {{"talk", hib_engage_forget}, {0}};

const HibFeature hib_engage = {
    .name = "engage", .jobs = jobs, .subscriptions = subscriptions, .forgets = forgets};
