/* The feature's record: its jobs and what it listens to. */
#include "publish/publish.h"
#include "publish/publish_private.h"
#include "publish/series.h"

static const HibJobKind jobs[] = {
    /* Never runs out of tries: what ends a delivery is written in its row, not in the job's. */
    {.kind = HIB_JOB_DELIVER,
     .run = hib_deliver_run,
     .lease_s = HIB_DELIVER_LEASE_S,
     .tries = G_MAXINT,
     .backoff_s = 1,
     .lane = 1},
    {.kind = HIB_JOB_RECONCILE,
     .run = hib_reconcile_run,
     .lease_s = HIB_DELIVER_LEASE_S,
     .tries = G_MAXINT,
     .backoff_s = 5},
    {.kind = HIB_JOB_ACCOUNT,
     .run = hib_publish_account_run,
     .lease_s = HIB_DELIVER_LEASE_S,
     .tries = G_MAXINT,
     .backoff_s = 1},
    {.kind = HIB_JOB_SERIES,
     .run = hib_series_run,
     .lease_s = 300,
     .tries = G_MAXINT,
     .backoff_s = 30},
    {.kind = HIB_JOB_UNAPPROVED,
     .run = hib_publish_unapproved_run,
     .lease_s = 300,
     .tries = 20,
     .backoff_s = 2},
    {.kind = HIB_JOB_FIT,
     .run = hib_publish_fit_run,
     .lease_s = HIB_DELIVER_LEASE_S,
     .tries = 10,
     .backoff_s = 5},
    {.kind = HIB_JOB_RIGHTS,
     .run = hib_publish_rights_run,
     .lease_s = 60,
     .tries = 20,
     .backoff_s = 2},
    {.kind = NULL},
};

static const HibSubscription subscriptions[] = {
    {.event = "account.reconnected", .job = HIB_JOB_ACCOUNT},
    {.event = "account.disconnected", .job = HIB_JOB_ACCOUNT},
    {.event = "approval.changes", .job = HIB_JOB_UNAPPROVED},
    {.event = "approval.policy", .job = HIB_JOB_UNAPPROVED},
    {.event = "media.card", .job = HIB_JOB_RIGHTS},
    {.event = NULL},
};

static const HibForgetKind forgets[] = {{"answers", hib_publish_forget}, {0}};

const HibFeature hib_publish = {
    .name = "publish", .jobs = jobs, .subscriptions = subscriptions, .forgets = forgets};
