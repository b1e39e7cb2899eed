/* A feature's record: what it adds to the program besides its handlers (those the linker collects). app/features.c lists the records;
 * nothing registers itself. Arrays are static, ended by a zeroed element; NULL where there is none. */
#pragma once
#include "store/events.h"
#include "store/jobs.h"

/* Somebody who is deleted for real, in all ways a feature may know them. */
typedef struct {
    const char *network, *account; /* to this account of ours … */
    const char *author;            /* … this is the network's id of them */
    const char *handle, *name;
} HibForgottenName;
typedef struct {
    const char *contact;
    const HibForgottenName *names;
    size_t n_names;
    const char *const *address_hashes; /* SHA-256 of e-mail addresses, phone numbers, own codes */
    size_t n_address_hashes;
    const char *const *threads; /* conversations with them, */
    size_t n_threads;
    const char *const *answers; /* and what we answered them: deliveries */
    size_t n_answers;
} HibForgotten;
/* Takes away what the feature keeps of them, in the caller's transaction. *ret_n: how many rows; *ret_left: found afterwards by a query of its own. Twice: finds nothing. */
typedef bool (*HibForget)(HibDb *db, const HibForgotten *who, int64_t *ret_n, int64_t *ret_left,
                          GError **error);
typedef struct {
    const char *what; /* in the certificate; words under web.contact.counts */
    HibForget forget;
} HibForgetKind;

typedef struct {
    const char *name;
    const HibJobKind *jobs;
    const HibSubscription *subscriptions;
    const HibForgetKind *forgets;
} HibFeature;
