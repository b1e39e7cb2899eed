/* accounts.refresh: keeps a grant alive ahead of its end, so that no post meets a stale one.
 *
 * Running twice is harmless: the second run finds the due time moved on, or waits for the lease and uses the first one's grant. */
#include "accounts/accounts_private.h"
#include "base/error.h"

#define AT_LEAST (5 * HIB_MINUTE) /* between two refreshes, however short the tokens live */

static bool
run_refresh(HibDb *db, const HibJob *job, void *context, HibJobEnd *ret_end, HibInstant *ret_at,
            GError **error)
{
    const HibServices *services = context;
    HibOpenAccount open;
    g_autoptr(GError) fault = NULL;
    *ret_end = HIB_JOB_DONE;
    if (!hib_grant_open(db, services, job->subject, &open, &fault)) {
        if (hib_error_is(fault, HIB_ERROR_NOT_FOUND)) /* disconnected since */
            return true;
        g_propagate_error(error, g_steal_pointer(&fault));
        return false;
    }
    if (open.state == HIB_ACCOUNT_NEEDS_RECONNECT) /* the reconnect queues a new one */
        return true;

    HibInstant now = hib_db_now(db);
    HibInstant due =
        hib_account_refresh_due(open.grant.access_expires_at, open.grant.refresh_expires_at);
    HibNetResult said = {.class = HIB_NET_OK};
    if (due <= now && !hib_grant_refresh(db, services, &open, &said, error))
        return false;
    if (said.class == HIB_NET_REAUTH_HUMAN)
        return true;
    if (said.class == HIB_NET_OK)
        due = hib_account_refresh_due(open.grant.access_expires_at, open.grant.refresh_expires_at);
    else
        due = said.retry_at;
    if (due == HIB_NEVER)
        return true;
    *ret_end = HIB_JOB_AGAIN;
    *ret_at = MAX(due, now + AT_LEAST);
    return true;
}

const HibJobKind hib_accounts_jobs[] = {
    {.kind = HIB_ACCOUNTS_REFRESH,
     .run = run_refresh,
     .lease_s = 120,
     .tries = 20,
     .backoff_s = 60},
    {0},
};
