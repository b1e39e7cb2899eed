/* Inside accounts/ only: an account with its grant in the clear, and the pure rules about it. */
#pragma once
#include "accounts/accounts.h"

/* An account as a call needs it. Lives in the db's arena; the tokens go with it. */
typedef struct {
    const char *id;
    const HibNetwork *network;
    HibGrant grant;
    int64_t version; /* which stored grant this is */
    HibAccountState state;
    const char *state_reason;
    bool is_own_service; /* the service may be a private address: it came from our configuration */
    HibInstant checked_at; /* 0: never */
} HibOpenAccount;

/* --- grant.c ---------------------------------------------------------------------------------------- */
/* NOT_FOUND accounts.unknown, also when disconnected; CORRUPT secrets.unreadable. */
bool hib_grant_open(HibDb *db, const HibServices *services, const char *account,
                    HibOpenAccount *ret, GError **error);
/* The tokens of `grant` sealed for the account. */
const char *hib_grant_seal(HibDb *db, const HibServices *services, const char *account,
                           const HibGrant *grant);
HibNetContext hib_grant_context(HibDb *db, const HibServices *services, bool is_own_service);
/* Refreshes under the account's lease, unless another did meanwhile. True with ret->class OK: *open holds the
 * grant to use, stored already. True with another class: what to answer instead of calling. */
bool hib_grant_refresh(HibDb *db, const HibServices *services, HibOpenAccount *open,
                       HibNetResult *ret, GError **error);
/* Writes down what the network's answer says about the account. Never fails the call: it is logged. */
void hib_grant_note(HibDb *db, const HibOpenAccount *open, const HibNetResult *said);

/* --- account.c: pure -------------------------------------------------------------------------------- */
/* When to refresh ahead of expiry: 10 min before the access token ends or 7 days before the refresh token does;
 * HIB_NEVER when no expiry is known. */
HibInstant hib_account_refresh_due(HibInstant access_expires_at, HibInstant refresh_expires_at);
/* The class to act on when a refresh ended with `class` (not OK) before the call itself could begin. */
HibNetClass hib_account_refresh_class(HibNetClass class);
/* What a failed sign-in means for the person. Sets *error. */
void hib_account_set_refused(const HibNetResult *said, GError **error);
/* Without blanks around it and without a leading @ (also full-width). */
const char *hib_account_tidy_handle(HibArena *arena, const char *handle);
/* A service typed by a person: https only, since the password goes there; http where private ones are allowed. */
bool hib_account_service_ok(const char *service, bool may_be_private);
/* Whether the grant is for the configured server itself, not for one that its answer led to. */
bool hib_account_same_service(const char *configured, const char *used);
/* The new grant laid over the old: what the network left out stays. False when it opens nothing. */
bool hib_account_merge_grant(const HibGrant *old, HibGrant *fresh);

/* --- accounts_jobs.c -------------------------------------------------------------------------------- */
#define HIB_ACCOUNTS_REFRESH "accounts.refresh"
extern const HibJobKind hib_accounts_jobs[];
