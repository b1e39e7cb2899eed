/* Asking who follows an account, once a week.
 *
 * The one idea: an account has one waiting job (its key is the account's id). Told: again in a week. Nothing told: again tomorrow, for an account grows. Refused or not answered: later and later. */
#include "measure/audience.h"
#include "accounts/accounts.h"
#include "base/error.h"
#include "base/log.h"
#include "measure/audience.sql.h"
#include "networks/network_optional.h"

#include <math.h>

#define EVERY (7 * HIB_DAY)
#define UNTOLD_EVERY HIB_DAY
#define MOST_WAIT (6 * HIB_HOUR)
#define MONTH (27 * HIB_DAY) /* four readings ago */

static bool
find_reader(HibDb *db, const char *account, HibAccount **ret, const HibNetOptional **ret_reader,
            GError **error)
{
    if (!hib_accounts_find(db, account, ret, error))
        return false;
    const HibNetwork *network = *ret ? hib_network_find((*ret)->network) : NULL;
    *ret_reader = network ? hib_net_optional(network) : NULL;
    if (*ret_reader && !(*ret_reader)->read_audience)
        *ret_reader = NULL;
    return true;
}

bool
hib_audience_plan(HibDb *db, const char *account, HibInstant at, GError **error)
{
    HibAccount *found;
    const HibNetOptional *reader;
    return find_reader(db, account, &found, &reader, error) &&
           (!reader || hib_job_add(db, HIB_JOB_AUDIENCE, account, account, NULL, at, NULL, error));
}

bool
hib_audience_begin(HibDb *db, const char *account, GError **error)
{
    HibSqlAudienceGet *row;
    return hib_sql_audience_get(db, account, &row, error) &&
           (row || hib_audience_plan(db, account, hib_db_now(db), error));
}

static HibNetResult
ask(const HibNetContext *net, const HibNetwork *network, const HibGrant *grant, void *data)
{
    return hib_net_optional(network)->read_audience(net, grant, data);
}

static HibInstant
next_of(HibAudienceState state, const HibNetResult *said, int64_t failures, HibInstant now)
{
    const HibDuration back_off = MIN(MOST_WAIT, HIB_MINUTE << MIN(failures, 12));
    switch (state) {
    case HIB_AUDIENCE_TOLD:
    case HIB_AUDIENCE_REFUSED:
        return now + EVERY;
    case HIB_AUDIENCE_WITHHELD:
        return now + UNTOLD_EVERY;
    default:
        return MAX(now + back_off, said->retry_at);
    }
}

static HibAudienceState
state_of(const HibNetResult *said, const HibNetAudience *audience)
{
    if (said->class == HIB_NET_OK)
        return audience->n ? HIB_AUDIENCE_TOLD : HIB_AUDIENCE_WITHHELD;
    return said->class == HIB_NET_FATAL ? HIB_AUDIENCE_REFUSED : HIB_AUDIENCE_UNREACHABLE;
}

static bool
store_groups(HibDb *db, const char *account, const HibNetAudience *audience, HibInstant now,
             GError **error)
{
    for (size_t i = 0; i < audience->n; i++) {
        const HibNetAudienceGroup *group = &audience->groups[i];
        if (!hib_sql_audience_add(db, account, now, group->part, group->name,
                                  (int64_t)llround(group->share * 1000000),
                                  group->count >= 0 ? &group->count : NULL, error))
            return false;
    }
    return true;
}

static bool
finish(HibDb *db, const char *account, const HibNetResult *said, const HibNetAudience *audience,
       GError **error)
{
    HibSqlAudienceGet *before;
    const HibInstant now = hib_db_now(db);
    const HibAudienceState state = state_of(said, audience);
    g_autoptr(HibTx) tx = hib_tx_begin(db, error);
    if (!tx || !hib_sql_audience_get(db, account, &before, error))
        return false;
    const int64_t failures =
        state == HIB_AUDIENCE_UNREACHABLE ? (before ? before->failures : 0) + 1 : 0;
    const HibInstant next = next_of(state, said, failures, now);
    const HibInstant *read_at = state == HIB_AUDIENCE_TOLD      ? &now
                                : before && before->has_read_at ? &before->read_at
                                                                : NULL;
    const bool is_ok = said->class == HIB_NET_OK;
    const int64_t total = is_ok                         ? audience->total
                          : before && before->has_total ? before->total
                                                        : -1;
    return (state != HIB_AUDIENCE_TOLD || store_groups(db, account, audience, now, error)) &&
           hib_sql_audience_set(db, account, now, next, read_at, state, total >= 0 ? &total : NULL,
                                is_ok ? "" : said->message, failures, error) &&
           hib_event_emit(db, "metrics.collected", account, NULL, error) &&
           hib_job_add(db, HIB_JOB_AUDIENCE, account, account, NULL, next, NULL, error) &&
           hib_tx_commit(tx, error);
}

bool
hib_audience_run(HibDb *db, const HibJob *job, void *context, HibJobEnd *end,
                 HibInstant *at G_GNUC_UNUSED, GError **error)
{
    const char *account = job->subject;
    HibAccount *found;
    const HibNetOptional *reader;
    HibNetAudience audience = {0};
    HibNetResult said;
    g_autoptr(GError) failure = NULL;
    *end = HIB_JOB_DONE;
    if (!find_reader(db, account, &found, &reader, error))
        return false;
    if (!reader)
        return true;
    if (!hib_accounts_call(db, context, account, ask, &audience, &said, &failure)) {
        if (hib_error_is(failure, HIB_ERROR_NOT_FOUND))
            return true; /* disconnected; connecting again begins anew */
        g_propagate_error(error, g_steal_pointer(&failure));
        return false;
    }
    if (said.class != HIB_NET_OK)
        hib_log(HIB_WARN, "measure.audience_not_read", "account", account, "class",
                hib_net_class_name(said.class), NULL);
    return finish(db, account, &said, &audience, error);
}

/* --- what is known ----------------------------------------------------------------------------------------------------------- */
static void
take_before(HibMeasuredAudience *ret, const HibSqlAudienceGroups *rows, size_t n)
{
    for (size_t i = 0; i < ret->n; i++)
        for (size_t k = 0; k < n; k++)
            if (rows[k].part == (int64_t)ret->groups[i].group.part &&
                g_str_equal(rows[k].name, ret->groups[i].group.name)) {
                ret->groups[i].before = (double)rows[k].share / 1000000;
                ret->groups[i].has_before = true;
            }
}

static bool
read_groups(HibDb *db, const char *account, HibMeasuredAudience *ret, GError **error)
{
    HibSqlAudienceGroups *rows;
    HibSqlAudienceBefore *before;
    size_t n;
    if (!hib_sql_audience_groups(db, account, ret->read_at, &rows, &ret->n, error))
        return false;
    ret->groups = hib_arena_array(hib_db_arena(db), HibAudienceGroup, ret->n + 1);
    for (size_t i = 0; i < ret->n; i++)
        ret->groups[i].group =
            (HibNetAudienceGroup){.part = (HibNetAudiencePart)rows[i].part,
                                  .name = rows[i].name,
                                  .share = (double)rows[i].share / 1000000,
                                  .count = rows[i].has_members ? rows[i].members : -1};
    if (!hib_sql_audience_before(db, account, ret->read_at - MONTH, &before, error))
        return false;
    if (!before)
        return true;
    ret->before_at = before->read_at;
    if (!hib_sql_audience_groups(db, account, before->read_at, &rows, &n, error))
        return false;
    take_before(ret, rows, n);
    return true;
}

bool
hib_measure_audience(HibDb *db, const char *account, HibMeasuredAudience *ret, GError **error)
{
    HibAccount *found;
    HibSqlAudienceGet *row;
    if (!hib_accounts_get(db, account, &found, error) ||
        !hib_sql_audience_get(db, account, &row, error))
        return false;
    const HibNetwork *network = hib_network_find(found->network);
    *ret = (HibMeasuredAudience){.network = found->network,
                                 .reason = row ? row->reason : "",
                                 .is_practice = found->is_practice,
                                 .rule = network ? network->limits()->audience : NULL,
                                 .total = row && row->has_total ? row->total : -1,
                                 .next_at = row ? row->next_at : 0,
                                 .read_at = row && row->has_read_at ? row->read_at : 0};
    ret->state = !ret->rule ? HIB_AUDIENCE_NOT_OFFERED
                 : row      ? (HibAudienceState)row->state
                            : HIB_AUDIENCE_WAITING;
    return !ret->read_at || read_groups(db, account, ret, error);
}
