/* The jobs of accounts/. Each may run twice: what it does is decided by what stands in the store and by the clock.
 *
 * accounts.refresh keeps a grant alive ahead of its end, so that no post meets a stale one; a second run finds the due time moved on, or waits
 * for the lease and uses the first one's grant. accounts.expiry tells that a person must act in 10 days. accounts.quota reads what is left of
 * an account's quotas, when it is connected and every hour while posts are scheduled. accounts.hook tells a network where its webhooks go;
 * a second run finds that it knows. accounts.sweep drops what is older than its keeping time, once a day. */
#include "accounts/accounts_private.h"
#include "accounts/hook.h"
#include "base/error.h"
#include "base/json.h"

#define SWEEP "accounts.sweep"
#define AT_LEAST (5 * HIB_MINUTE) /* between two refreshes, however short the tokens live */
#define AT_MOST (6 * HIB_HOUR)    /* between two tries, however far the end is */
#define KEEP_CONNECTIONS HIB_DAY
#define KEEP_USES (32 * HIB_DAY) /* the longest window is a calendar month */

/* False with *ret_gone: the account is there no more and the job is done. */
static bool
open_account(HibDb *db, const HibServices *services, const char *account, HibOpenAccount *ret,
             bool *ret_gone, GError **error)
{
    g_autoptr(GError) fault = NULL;
    if (hib_grant_open(db, services, account, ret, &fault))
        return true;
    *ret_gone = hib_error_is(fault, HIB_ERROR_NOT_FOUND);
    if (!*ret_gone)
        g_propagate_error(error, g_steal_pointer(&fault));
    return false;
}

static HibInstant
due_of(const HibOpenAccount *open)
{
    if (!open->network->refresh)
        return HIB_NEVER;
    return hib_account_refresh_due(open->granted_at, open->grant.access_expires_at,
                                   open->grant.refresh_expires_at);
}

/* A refresh that failed is tried again the oftener the nearer the end is. */
static HibInstant
next_try(const HibOpenAccount *open, const HibNetResult *said, HibInstant now)
{
    HibDuration left = open->grant.access_expires_at - now;
    return MAX(said->retry_at, now + CLAMP(left / 20, AT_LEAST, AT_MOST));
}

static bool
run_refresh(HibDb *db, const HibJob *job, void *context, HibJobEnd *ret_end, HibInstant *ret_at,
            GError **error)
{
    const HibServices *services = context;
    HibOpenAccount open;
    bool is_gone = false;
    *ret_end = HIB_JOB_DONE;
    if (!open_account(db, services, job->subject, &open, &is_gone, error))
        return is_gone;
    if (open.state == HIB_ACCOUNT_NEEDS_RECONNECT) /* the reconnect queues a new one */
        return true;

    HibInstant now = hib_db_now(db);
    HibInstant due = due_of(&open);
    HibNetResult said = {.class = HIB_NET_OK};
    if (due <= now && !hib_grant_refresh(db, services, &open, &said, error))
        return false;
    if (said.class == HIB_NET_REAUTH_HUMAN)
        return true;
    due = said.class == HIB_NET_OK ? due_of(&open) : next_try(&open, &said, now);
    if (due == HIB_NEVER)
        return true;
    *ret_end = HIB_JOB_AGAIN;
    *ret_at = MAX(due, now + AT_LEAST);
    return true;
}

bool
hib_account_forecast(HibDb *db, const char *account, HibInstant granted_at, HibInstant acts_at,
                     GError **error)
{
    if (acts_at > 0)
        return hib_job_add(db, HIB_ACCOUNTS_EXPIRY, account, account, NULL,
                           hib_account_warn_at(granted_at, acts_at), NULL, error);
    return hib_jobs_cancel(db, HIB_ACCOUNTS_EXPIRY, account, error);
}

static bool
run_expiry(HibDb *db, const HibJob *job, void *context G_GNUC_UNUSED, HibJobEnd *ret_end,
           HibInstant *ret_at, GError **error)
{
    HibInstant now = hib_db_now(db);
    HibAccount *account = NULL;
    char at[HIB_INSTANT_TEXT];
    *ret_end = HIB_JOB_DONE;
    g_autoptr(HibTx) tx = hib_tx_begin(db, error);
    if (!tx || !hib_accounts_find(db, job->subject, &account, error))
        return false;
    if (!account || !account->has_acts_at || account->expiry == HIB_EXPIRY_NOW)
        return true; /* gone, or told already as account.needs_reconnect */
    if (account->expiry == HIB_EXPIRY_OK) {
        *ret_end = HIB_JOB_AGAIN;
        *ret_at = MAX(hib_account_warn_at(account->granted_at, account->acts_at), now + HIB_MINUTE);
        return true;
    }
    cJSON *data = cJSON_CreateObject();
    cJSON_AddStringToObject(data, "acts_at", hib_instant_format(account->acts_at, at));
    return hib_event_emit(db, "account.expiring", job->subject,
                          hib_json_print(hib_db_arena(db), data), error) &&
           hib_tx_commit(tx, error);
}

static bool
run_quota(HibDb *db, const HibJob *job, void *context, HibJobEnd *ret_end, HibInstant *ret_at,
          GError **error)
{
    HibInstant until = 0, now = hib_db_now(db);
    *ret_end = HIB_JOB_DONE;
    if (!hib_quota_posting_until(db, job->subject, &until, error))
        return false;
    if (until == 0) /* gone, or waiting for a person */
        return true;
    HibNetResult said;
    if (!hib_quota_read(db, context, job->subject, &said, error))
        return false;
    if (until > now) {
        *ret_end = HIB_JOB_AGAIN;
        *ret_at = now + HIB_HOUR;
    }
    return true;
}

static bool
run_hook(HibDb *db, const HibJob *job, void *context, HibJobEnd *ret_end, HibInstant *ret_at,
         GError **error)
{
    HibNetResult said;
    g_autoptr(GError) gone = NULL;
    *ret_end = HIB_JOB_DONE;
    if (!hib_hook_register(db, context, job->subject, &said, &gone)) {
        if (hib_error_is(gone, HIB_ERROR_NOT_FOUND)) /* disconnected meanwhile */
            return true;
        g_propagate_error(error, g_steal_pointer(&gone));
        return false;
    }
    if (said.class == HIB_NET_RETRY_SAME || said.class == HIB_NET_RETRY_AFTER) {
        *ret_end = HIB_JOB_AGAIN;
        *ret_at = MAX(said.retry_at, hib_db_now(db) + AT_LEAST);
    }
    return true; /* what a person must mend stands in the account's health */
}

static bool
run_sweep(HibDb *db, const HibJob *job G_GNUC_UNUSED, void *context G_GNUC_UNUSED,
          HibJobEnd *ret_end, HibInstant *ret_at, GError **error)
{
    HibInstant now = hib_db_now(db);
    *ret_end = HIB_JOB_AGAIN;
    *ret_at = now + HIB_DAY;
    return hib_connections_sweep(db, now - KEEP_CONNECTIONS, error) &&
           hib_hook_events_sweep(db, now - HIB_HOOK_KEPT, error) &&
           hib_quota_uses_sweep(db, now - KEEP_USES, error);
}

bool
hib_accounts_plan_sweep(HibDb *db, GError **error)
{
    g_autoptr(HibTx) tx = hib_tx_begin(db, error);
    return tx &&
           hib_job_add(db, SWEEP, "daily", NULL, NULL, hib_db_now(db) + HIB_MINUTE, NULL, error) &&
           hib_tx_commit(tx, error);
}

const HibJobKind hib_accounts_jobs[] = {
    {.kind = HIB_ACCOUNTS_REFRESH,
     .run = run_refresh,
     .lease_s = 120,
     .tries = 20,
     .backoff_s = 60},
    {.kind = HIB_ACCOUNTS_EXPIRY, .run = run_expiry, .lease_s = 60, .tries = 20, .backoff_s = 60},
    {.kind = HIB_ACCOUNTS_QUOTA, .run = run_quota, .lease_s = 120, .tries = 5, .backoff_s = 60},
    {.kind = HIB_ACCOUNTS_HOOK, .run = run_hook, .lease_s = 120, .tries = 5, .backoff_s = 60},
    {.kind = SWEEP, .run = run_sweep, .lease_s = 300, .tries = G_MAXINT, .backoff_s = 600},
    {0},
};
