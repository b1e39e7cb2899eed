/* Running a face, and making it fail: for the world, tests and benches. */
#pragma once
#include "practice/face.h"

typedef struct {
    int port; /* 0: a free one */
    const HibPracticeAccount *accounts;
    size_t n_accounts;
    const char
        *journal;     /* path of a file that keeps everything over a restart; NULL: memory only */
    HibClock *clock;  /* NULL: the real one */
    uint64_t seed;    /* of the audience and of faults by share */
    HibInstant since; /* the accounts' first day; 0: 30 days ago */
    bool has_limits;  /* rate windows and quotas hold */
    bool has_control; /* answers /practice/… too */
} HibPracticeOptions;

/* UPSTREAM practice.port_taken, CORRUPT practice.journal_damaged, INTERNAL practice.journal_unwritable. */
HibPracticeFace *hib_practice_start(const HibPracticeNetwork *network,
                                    const HibPracticeOptions *options, GError **error);
void hib_practice_stop(HibPracticeFace *face); /* waits for calls under way; NULL is fine */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(HibPracticeFace, hib_practice_stop)
const HibPracticeNetwork *hib_practice_network_of(const HibPracticeFace *face);

typedef struct {
    HibFault fault;
    const char *
        at; /* glob over the step ("publish") or "VERB /path" ("POST /2/tweets", "* /2/ *" without the blank); NULL: every call */
    int64_t times; /* calls it hits; -1: until switched off */
    double share;  /* of the calls that fit; 0: all */
    int ms;        /* see HibFault */
} HibPracticeFault;
/* Adds a fault beside those that are on (the first that fits a call hits it; at most 16); HIB_FAULT_NONE switches all off. */
void hib_practice_fault(HibPracticeFace *face, const HibPracticeFault *fault);
/* All access tokens given so far are stale from now on: refreshing helps. */
void hib_practice_expire_tokens(HibPracticeFace *face);
/* All grants given so far are over: refreshing is refused too; only connecting again helps. */
void hib_practice_end_grants(HibPracticeFace *face);

/* Control over HTTP, when options.has_control:
 * GET  /practice/health
 * GET  /practice/counts[?account=ID]     the fields of HibPracticeCounts
 * GET  /practice/posts                   {"posts":[{id, account, kind, text, parent, at, arrived_at}]}
 * GET  /practice/accounts                {"accounts":[{id, handle, name, password, followers}]}
 * POST /practice/fault                   {"fault":"cut_after","at":"publish","times":1,"ms":0,"share":0}; {"fault":"none"} clears
 * POST /practice/expire, /practice/end   tokens, grants
 * POST /practice/delete                  {"id":…}: the owner deletes the post by hand
 * POST /practice/hook                    {"url":…}: where webhooks go; "" nowhere
 * *    /practice/own/…                   the network's own controls */
