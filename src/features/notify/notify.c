/* The feature's record: its jobs and what it listens to. The list of events is kinds.c's. */
#include "notify/notify.h"
#include "notify/notify_private.h"

static const HibJobKind jobs[] = {
    /* Twice: a notice is unique by the job that told it. */
    {.kind = HIB_NOTIFY_TELL,
     .run = hib_notice_tell_run,
     .lease_s = 60,
     .tries = 10,
     .backoff_s = 2},
    /* Twice: may be sent twice after a crash; it carries the notice's id, by which both ends can tell. */
    {.kind = HIB_NOTIFY_SEND,
     .run = hib_notice_send_run,
     .lease_s = 120,
     .tries = 6,
     .backoff_s = 60},
    {0},
};

static const HibSubscription subscriptions[] = {
    {"approval.asked", HIB_NOTIFY_TELL},
    {"approval.reminder", HIB_NOTIFY_TELL},
    {"approval.withdrawn", HIB_NOTIFY_TELL},
    {"approval.approved", HIB_NOTIFY_TELL},
    {"approval.changes", HIB_NOTIFY_TELL},
    {"comment.added", HIB_NOTIFY_TELL},
    {"delivery.failed", HIB_NOTIFY_TELL},
    {"delivery.unknown", HIB_NOTIFY_TELL},
    {"report.unsent", HIB_NOTIFY_TELL},
    {"account.needs_reconnect", HIB_NOTIFY_TELL},
    {"account.expiring", HIB_NOTIFY_TELL},
    {"hold.changed", HIB_NOTIFY_TELL},
    {"task.assigned", HIB_NOTIFY_TELL},
    {"idea.assigned", HIB_NOTIFY_TELL},
    {"task.due", HIB_NOTIFY_TELL},
    {"idea.due", HIB_NOTIFY_TELL},
    {"notify.person", HIB_NOTIFY_TELL},
    {"goal.reached", HIB_NOTIFY_TELL},
    {"goal.missed", HIB_NOTIFY_TELL},
    {"rule.met", HIB_NOTIFY_TELL},
    {"thread.assigned", HIB_NOTIFY_TELL},
    {"threads.assigned", HIB_NOTIFY_TELL},
    {"note.mentioned", HIB_NOTIFY_TELL},
    {"reply.asked", HIB_NOTIFY_TELL},
    {"reply.approved", HIB_NOTIFY_TELL},
    {"reply.refused", HIB_NOTIFY_TELL},
    {0},
};

static const HibForgetKind forgets[] = {{"notices", hib_notify_forget}, {0}};

const HibFeature hib_notify = {
    .name = "notify", .jobs = jobs, .subscriptions = subscriptions, .forgets = forgets};
