/* The feature's record: its jobs and what it listens to. */
#include "contacts/contacts.h"
#include "contacts/contacts_private.h"

static const HibJobKind jobs[] = {
    /* Twice: what was taken in has its touchpoint and is not taken again. */
    {.kind = HIB_CONTACTS_HEAR,
     .run = hib_contacts_hear_run,
     .lease_s = 120,
     .tries = 10,
     .backoff_s = 2},
    {.kind = HIB_CONTACTS_TAKE,
     .run = hib_contacts_take_run,
     .lease_s = 120,
     .tries = 10,
     .backoff_s = 2},
    /* Twice: what was taken in has its touchpoint. */
    {.kind = HIB_CONTACTS_RESULTS,
     .run = hib_contacts_results_run,
     .lease_s = 120,
     .tries = 10,
     .backoff_s = 2},
    /* Twice: the second finds nothing to pack. */
    {.kind = HIB_CONTACTS_PACK,
     .run = hib_contacts_pack_run,
     .lease_s = 300,
     .tries = 10,
     .backoff_s = 10},
    /* Twice: one transaction, and its certificate is written once. */
    {.kind = HIB_CONTACTS_FORGET,
     .run = hib_contacts_forget_run,
     .lease_s = 300,
     .tries = G_MAXINT,
     .backoff_s = 10},
    {.kind = NULL},
};

static const HibSubscription subscriptions[] = {
    {.event = "talk.received", .job = HIB_CONTACTS_HEAR},
    {.event = "link.clicked_by_contact", .job = HIB_CONTACTS_HEAR},
    {.event = "account.follow", .job = HIB_CONTACTS_HEAR},
    {.event = "conversion.recorded", .job = HIB_CONTACTS_HEAR},
    {.event = "conversion.imported", .job = HIB_CONTACTS_HEAR},
    {.event = "conversion.corrected", .job = HIB_CONTACTS_HEAR},
    {.event = "conversion.undone", .job = HIB_CONTACTS_HEAR},
    {.event = NULL},
};

const HibFeature hib_contacts = {.name = "contacts", .jobs = jobs, .subscriptions = subscriptions};
