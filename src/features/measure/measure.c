/* The feature's record: its jobs and what it listens to. */
#include "measure/measure.h"
#include "measure/anomaly.h"
#include "measure/audience.h"
#include "measure/goal.h"
#include "measure/import_store.h"
#include "measure/measure_private.h"
#include "measure/rival.h"

static const HibJobKind jobs[] = {
    /* Twice: the post is followed already, nothing changes. */
    {.kind = HIB_JOB_FOLLOW,
     .run = hib_measure_follow_run,
     .lease_s = 30,
     .tries = 10,
     .backoff_s = 5},
    /* Twice: a reading of the same instant is ignored, another instant is one reading more. Its next run is a job of its own, so that a key keeps it single. */
    {.kind = HIB_JOB_COLLECT,
     .run = hib_measure_collect_run,
     .lease_s = 120,
     .tries = G_MAXINT,
     .backoff_s = 60},
    /* Twice: the same readings of the same instant are ignored. */
    {.kind = HIB_JOB_TAKE, .run = hib_measure_take_run, .lease_s = 30, .tries = 10, .backoff_s = 5},
    /* Twice: the same sums again. */
    {.kind = HIB_JOB_REBUILD,
     .run = hib_measure_rebuild_run,
     .lease_s = 300,
     .tries = 10,
     .backoff_s = 30},
    /* Twice: the second finds it counted where it stands. */
    {.kind = HIB_JOB_RELABEL,
     .run = hib_measure_relabel_run,
     .lease_s = 60,
     .tries = 10,
     .backoff_s = 5},
    /* Twice: what is moved is gone where it was. */
    {.kind = HIB_JOB_PACK,
     .run = hib_measure_pack_run,
     .lease_s = 300,
     .tries = 10,
     .backoff_s = 30},
    /* Twice: the second finds the goals settled. */
    {.kind = HIB_JOB_GOAL, .run = hib_goal_run, .lease_s = 60, .tries = 10, .backoff_s = 60},
    /* Twice: the day was looked at. */
    {.kind = HIB_JOB_LOOK, .run = hib_look_run, .lease_s = 120, .tries = 10, .backoff_s = 60},
    /* Twice: one reading more. Its next run is a job of its own, so that a key keeps it single. */
    {.kind = HIB_JOB_AUDIENCE,
     .run = hib_audience_run,
     .lease_s = 120,
     .tries = G_MAXINT,
     .backoff_s = 60},
    /* Twice: the second goes on where the first stood (import_take.c). */
    {.kind = HIB_JOB_IMPORT,
     .run = hib_metric_import_run,
     .lease_s = 120,
     .tries = 20,
     .backoff_s = 2},
    /* Twice: the same figures again. */
    {.kind = HIB_JOB_RIVAL,
     .run = hib_rival_run,
     .lease_s = 120,
     .tries = G_MAXINT,
     .backoff_s = 60},
    {.kind = NULL},
};

static const HibSubscription subscriptions[] = {
    {.event = "delivery.published", .job = HIB_JOB_FOLLOW},
    {.event = "post.changed", .job = HIB_JOB_RELABEL, .is_gathered = true},
    {.event = "post.purged", .job = HIB_JOB_RELABEL, .is_gathered = true},
    {.event = "delivery.edited", .job = HIB_JOB_RELABEL},
    {.event = "account.connected", .job = HIB_JOB_FOLLOW},
    {.event = "account.reconnected", .job = HIB_JOB_FOLLOW},
    {.event = "account.numbers", .job = HIB_JOB_TAKE},
    {.event = "workspace.changed", .job = HIB_JOB_REBUILD},
    {.event = "metrics.collected", .job = HIB_JOB_LOOK, .is_gathered = true},
    {.event = NULL},
};

const HibFeature hib_measure = {.name = "measure", .jobs = jobs, .subscriptions = subscriptions};
