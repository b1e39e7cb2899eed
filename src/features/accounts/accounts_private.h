/* Inside accounts/ only: an account with its grant in the clear, developer apps, connections, health, and the pure rules about them. */
#pragma once
#include "accounts/accounts.h"

/* An account as a call needs it. Lives in the db's arena; the tokens go with it. */
typedef struct {
    const char *id;
    const HibNetwork *network;
    const HibNetApp *app; /* NULL: the network needs none */
    HibGrant grant;
    int64_t version; /* which stored grant this is */
    HibInstant granted_at;
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
HibNetContext hib_grant_context(HibDb *db, const HibServices *services, const HibNetApp *app,
                                bool is_own_service);
/* Refreshes under the account's lease, unless another did meanwhile. True with ret->class OK: *open holds the
 * grant to use, stored already. True with another class: what to answer instead of calling. */
bool hib_grant_refresh(HibDb *db, const HibServices *services, HibOpenAccount *open,
                       HibNetResult *ret, GError **error);
/* Writes down what the network's answer says about the account. Never fails the call: it is logged. */
void hib_grant_note(HibDb *db, const HibOpenAccount *open, const HibNetResult *said);

/* --- account_store.c -------------------------------------------------------------------------------- */
/* What a person's approval brought, to be stored. */
typedef struct {
    const HibNetwork *network;
    const char *login;  /* what was typed; "" */
    const char *secret; /* of the channel, for its webhooks; NULL */
    bool is_own_service, is_practice;
    bool
        may_renew; /* a healthy account takes the new grant (the person asked the network for it); else CONFLICT accounts.already_connected */
} HibArrival;
/* Sees to it that account.expiring is told ahead of `acts_at`; 0: never. In the caller's transaction. */
bool hib_account_forecast(HibDb *db, const char *account, HibInstant granted_at, HibInstant acts_at,
                          GError **error);
/* In the caller's transaction or its own. */
bool hib_account_arrive(HibDb *db, const HibServices *services, const HibArrival *arrival,
                        const HibGrant *grant, const char **ret_id, GError **error);
/* Where an account of the network lives: what was typed, or the default; the practice network for HIB_ON_PRACTICE. INVALID
 * accounts.bad_service, accounts.no_practice. */
typedef struct {
    const char *service; /* NULL: the connector's own default */
    bool is_own_service, is_practice;
} HibAccountPlace;
bool hib_account_place(HibDb *db, const HibServices *services, const HibNetwork *network,
                       const char *typed, HibAccountPlace *ret, GError **error);
const HibNetwork *hib_account_network(const char *name, GError **error); /* INVALID /network */

/* --- practice.c: who can sign in at a practice network ------------------------------------------------ */
typedef struct {
    const char *login, *name, *secret; /* login as hib_accounts_connect takes it */
} HibPracticeLogin;
/* NOT_FOUND accounts.network_unknown; INVALID accounts.no_practice; UPSTREAM accounts.unreachable. */
bool hib_practice_logins(HibDb *db, const HibServices *services, const char *network,
                         HibPracticeLogin **ret, size_t *ret_n, GError **error);

/* --- app_store.c: developer apps, and the addresses networks call ----------------------------------- */
typedef struct {
    const char *id, *network, *service, *client_id;
    const char *hook_key, *verify_token; /* NULL: the network sends nothing */
    bool has_secret, is_automatic;
    HibInstant created_at, changed_at;
    int64_t n_accounts;
} HibAccountApp;
bool hib_apps_list(HibDb *db, const HibServices *services, HibAccountApp **ret, size_t *ret_n,
                   GError **error);
/* Sets the app of (network, service); `secret` NULL keeps the one there. INVALID accounts.app_needless, accounts.network_unknown. */
bool hib_apps_set(HibDb *db, const HibServices *services, const char *network, const char *service,
                  const char *client_id, const char *secret, HibAccountApp **ret, GError **error);
/* NOT_FOUND accounts.app_unknown, CONFLICT accounts.app_in_use. */
bool hib_apps_delete(HibDb *db, const HibServices *services, const char *app, GError **error);
/* The app of calls to the service; *ret NULL: none is there. */
bool hib_app_find(HibDb *db, const HibServices *services, const HibNetwork *network,
                  const char *service, bool is_practice, const HibNetApp **ret, GError **error);
/* As find, but makes one where that needs no person. Calls the network. CONFLICT accounts.app_missing. */
bool hib_app_need(HibDb *db, const HibServices *services, const HibNetwork *network,
                  const char *service, bool is_own_service, bool is_practice, const HibNetApp **ret,
                  GError **error);
bool hib_app_is_needed(const HibNetwork *network); /* a person must register one */
const char *hib_app_redirect(HibArena *arena, const HibServices *services);
const char *hib_app_secret_purpose(HibArena *arena, const char *workspace, const char *app);

/* --- hook_store.c ------------------------------------------------------------------------------------ */
const char *hib_hook_url(HibArena *arena, const HibServices *services, const char *network,
                         const char *key);
const char *hib_hook_verify_token(HibArena *arena, const HibServices *services, const char *key);
const char *hib_hook_secret_purpose(HibArena *arena, const char *workspace, const char *key);
/* A call of a network. `global` is unscoped. NOT_FOUND accounts.hook_unknown, FORBIDDEN accounts.hook_refused, INVALID accounts.hook_unreadable,
 * TOO_MANY accounts.hook_flood. */
/* Tells the channel's network the address (networks that can be told). *ret is what it said; OK also where there is nothing to tell. */
bool hib_hook_register(HibDb *db, const HibServices *services, const char *account,
                       HibNetResult *ret, GError **error);
bool hib_hook_take(HibDb *global, const HibServices *services, const char *network, const char *key,
                   HibNetHookCall *call, HibNetHookAnswer *ret, GError **error);

/* --- connection_store.c ------------------------------------------------------------------------------ */
/* Same order as the contract. */
typedef enum {
    HIB_CONNECTION_WAITING,    /* the person is at the network */
    HIB_CONNECTION_EXCHANGING, /* came back; the network is asked */
    HIB_CONNECTION_CHOOSE,     /* several accounts came */
    HIB_CONNECTION_DONE,
    HIB_CONNECTION_FAILED,
} HibConnectionState;
typedef struct {
    const char *remote_id, *handle, *display_name;
    bool is_connected;
} HibConnectionChoice;
typedef struct {
    const char *id, *network, *service;
    bool is_practice;
    HibConnectionState state;
    const char *reason,
        *message; /* of a failed one: slug of the sentence, and the network's words; NULL */
    const char *authorize_url;   /* only from start; NULL */
    const char *const *accounts; /* ids of what was connected */
    size_t n_accounts;
    HibConnectionChoice *choices;
    size_t n_choices;
    HibInstant expires_at;
} HibConnection;
typedef struct {
    const char *network, *service,
        *account; /* service as for hib_accounts_connect; account: reconnect this one, or NULL */
} HibConnectionDraft;
/* Where to send the person. Calls the network where an app is registered by itself. INVALID accounts.not_oauth …, CONFLICT accounts.app_missing. */
bool hib_connection_start(HibDb *db, const HibServices *services, const HibConnectionDraft *draft,
                          HibConnection **ret, GError **error);
/* NOT_FOUND accounts.connection_unknown, also for another person's. */
bool hib_connection_get(HibDb *db, const HibServices *services, const char *id, HibConnection **ret,
                        GError **error);
/* INVALID accounts.choice_unknown, CONFLICT accounts.connection_used, GONE accounts.connection_expired. */
bool hib_connection_choose(HibDb *db, const HibServices *services, const char *id,
                           const char *const *remote_ids, size_t n, HibConnection **ret,
                           GError **error);
/* The browser is back: whose connection the state is; *ret_id NULL: nobody's who `person` is. */
typedef struct {
    const char *state, *code, *failure, *words; /* failure: error=…, words: error_description=… */
} HibConnectionReturn;
bool hib_connection_find(HibDb *global, const char *state, const char *person,
                         const char **ret_workspace, const char **ret_id, GError **error);
/* Exchanges the code, once; what came of it stands in the connection. `db` of its workspace. */
bool hib_connection_finish(HibDb *db, const HibServices *services, const char *id,
                           const HibConnectionReturn *back, GError **error);

/* --- quota_store.c: quotas and health ----------------------------------------------------------------- */
typedef struct {
    const char *network, *state_reason;
    HibAccountState state;
    HibAccountExpiry expiry;
    HibInstant connected_at, checked_at, access_expires_at, refresh_expires_at,
        acts_at;         /* 0: not known */
    HibInstant error_at; /* 0: none */
    HibNetClass error_class;
    int error_status;
    const char *error_code, *error_text;
    HibInstant rate_as_of, rate_reset_at; /* 0: not said */
    int64_t rate_remaining;
    HibAccountQuota *quotas;
    size_t n_quotas;
    const char *hook_url; /* NULL: none */
    int64_t hook_n_taken, hook_n_refused;
    HibInstant hook_taken_at, hook_refused_at;
} HibAccountHealth;
bool hib_account_health(HibDb *db, const HibServices *services, const char *account,
                        HibAccountHealth **ret, GError **error);
/* Reads profile and quotas now; what the network says stands in the health. */
bool hib_account_check(HibDb *db, const HibServices *services, const char *account, GError **error);
/* The network's own choices, kept 10 min. *ret_json NULL: it has none. Errors as hib_account_set_refused. */
bool hib_account_options(HibDb *db, const HibServices *services, const char *account,
                         const char **ret_json, HibInstant *ret_as_of, GError **error);
/* Reads the quotas; *ret as the network said. */
bool hib_quota_read(HibDb *db, const HibServices *services, const char *account, HibNetResult *ret,
                    GError **error);

/* Until when posts of it wait; 1 when none does, 0 when there is nothing to read (gone, or it needs a person). */
bool hib_quota_posting_until(HibDb *db, const char *account, HibInstant *ret, GError **error);
/* What is older goes; global. */
bool hib_quota_uses_sweep(HibDb *db, HibInstant until, GError **error);
bool hib_hook_events_sweep(HibDb *db, HibInstant until, GError **error);
bool hib_connections_sweep(HibDb *db, HibInstant until, GError **error);

/* --- account.c: pure -------------------------------------------------------------------------------- */
/* When to refresh ahead of expiry: a token that lives longer than a day at half its life, others 10 min (or a third of a very short
 * life) before their end; and 7 days before the refresh token ends. HIB_NEVER when no expiry is known. */
HibInstant hib_account_refresh_due(HibInstant granted_at, HibInstant access_expires_at,
                                   HibInstant refresh_expires_at);
/* When only a person can keep the account going, were no refresh to succeed; 0: never, or not known. */
HibInstant hib_account_acts_at(HibNetAuth auth, const HibGrant *grant);
/* What a channel's webhooks are signed with: "hook_secret" of the grant's extra where the connector names it (LINE takes a token beside the
 * secret in the same field), else what was typed. NULL: nothing signs them. */
const char *hib_account_hook_secret(HibArena *arena, const HibGrant *grant, const char *typed);
/* From when a person is warned: 10 days ahead, later where the whole life is short. */
HibInstant hib_account_warn_at(HibInstant granted_at, HibInstant acts_at);
HibAccountExpiry hib_account_expiry(HibAccountState state, HibInstant granted_at,
                                    HibInstant acts_at, HibInstant now);
/* The class to act on when a refresh ended with `class` (not OK) before the call itself could begin. */
HibNetClass hib_account_refresh_class(HibNetClass class);
/* What a failed sign-in means for the person. Sets *error. */
void hib_account_set_refused(const HibNetResult *said, GError **error);
/* Without blanks around it and without a leading @ (also full-width). */
const char *hib_account_tidy_handle(HibArena *arena, const char *handle);
/* Without blanks and slashes around it, host in lower case, https:// where nothing else is said. */
const char *hib_account_tidy_service(HibArena *arena, const char *service);
/* A service typed by a person: https only, since the password goes there; http where private ones are allowed. */
bool hib_account_service_ok(const char *service, bool may_be_private);
/* Whether the grant is for the configured server itself, not for one that its answer led to. */
bool hib_account_same_service(const char *configured, const char *used);
/* The new grant laid over the old: what the network left out stays. False when it opens nothing. */
bool hib_account_merge_grant(const HibGrant *old, HibGrant *fresh);

/* --- accounts_jobs.c -------------------------------------------------------------------------------- */
#define HIB_ACCOUNTS_REFRESH "accounts.refresh"
#define HIB_ACCOUNTS_EXPIRY "accounts.expiry"
#define HIB_ACCOUNTS_QUOTA "accounts.quota"
#define HIB_ACCOUNTS_HOOK "accounts.hook"
extern const HibJobKind hib_accounts_jobs[];

/* forget.c: HibForget */
bool hib_accounts_forget(HibDb *db, const HibForgotten *who, int64_t *ret_n, int64_t *ret_left,
                         GError **error);
