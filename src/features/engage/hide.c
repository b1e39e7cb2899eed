/* Hiding at the network, or showing again: what is wanted is stored, then a job calls the network until it stands. Setting it twice is setting it once, so an
 * outcome nobody knows is simply asked for again; what the network refuses is said. */
#include "base/error.h"
#include "base/log.h"
#include "engage/desk.h"
#include "engage/rule.sql.h"
#include "team/team.h"

#define GIVE_UP (12 * HIB_HOUR)
#define FIRST_WAIT HIB_MINUTE

bool
hib_hide_can(const char *network, HibNetTalkKind kind)
{
    const HibNetwork *found = hib_network_find(network);
    return found && found->hide && kind == HIB_TALK_COMMENT;
}

bool
hib_hide_want(HibDb *db, const char *talk, bool is_hidden, GError **error)
{
    return hib_sql_hide_want(db, talk, is_hidden, hib_db_now(db), error) &&
           hib_job_add(db, HIB_JOB_HIDE, talk, talk, NULL, hib_db_now(db), NULL, error) &&
           hib_audit(db, is_hidden ? "talk.hide" : "talk.show", "talk", talk, NULL, NULL, error);
}

typedef struct {
    const char *remote_id;
    bool is_hidden, is_unable;
} Wish;

static HibNetResult
hide_now(const HibNetContext *net, const HibNetwork *network, const HibGrant *grant, void *data)
{
    Wish *wish = data;
    wish->is_unable = !network->hide;
    if (wish->is_unable)
        return (HibNetResult){.class = HIB_NET_OK, .code = "", .message = "", .remaining = -1};
    return network->hide(net, grant, wish->remote_id, wish->is_hidden);
}

static bool
settle(HibDb *db, const char *talk, const Wish *wish, HibHideState state, const char *reason,
       GError **error)
{
    int64_t changed;
    g_autoptr(HibTx) tx = hib_tx_begin(db, error);
    if (!tx || !hib_sql_hide_set(db, talk, wish->is_hidden, state, reason, &changed, error))
        return false;
    if (changed && state == HIB_HIDE_DONE &&
        !hib_sql_hide_done(db, talk, wish->is_hidden, &changed, error))
        return false;
    return hib_event_emit(db, "talk.hidden", talk, NULL, error) && hib_tx_commit(tx, error);
}

static bool
is_passing(HibNetClass class)
{
    return class == HIB_NET_RETRY_SAME || class == HIB_NET_RETRY_AFTER ||
           class == HIB_NET_RECONCILE || class == HIB_NET_WAIT_ASYNC || class == HIB_NET_QUOTA;
}

bool
hib_engage_hide_run(HibDb *db, const HibJob *job, void *context, HibJobEnd *ret_end,
                    HibInstant *ret_at, GError **error)
{
    HibSqlHideGet *row;
    HibNetResult said;
    g_autoptr(GError) failure = NULL;
    *ret_end = HIB_JOB_DONE;
    if (!hib_sql_hide_get(db, job->subject, &row, error))
        return false;
    if (!row || row->state == HIB_HIDE_DONE || row->state == HIB_HIDE_REFUSED || row->is_deleted)
        return true;
    Wish wish = {row->remote_id, row->is_hidden, false};
    if (!hib_accounts_call(db, context, row->account_id, hide_now, &wish, &said, &failure)) {
        if (hib_error_is(failure, HIB_ERROR_NOT_FOUND))
            return settle(db, job->subject, &wish, HIB_HIDE_REFUSED, "", error);
        g_propagate_error(error, g_steal_pointer(&failure));
        return false;
    }
    if (said.class == HIB_NET_OK)
        return settle(db, job->subject, &wish, wish.is_unable ? HIB_HIDE_REFUSED : HIB_HIDE_DONE,
                      NULL, error);
    hib_log(HIB_WARN, "engage.not_hidden", "account", row->account_id, "class",
            hib_net_class_name(said.class), NULL);
    HibDuration passed = hib_db_now(db) - row->at;
    if (!is_passing(said.class) || passed > GIVE_UP)
        return settle(db, job->subject, &wish,
                      is_passing(said.class) ? HIB_HIDE_UNKNOWN : HIB_HIDE_REFUSED, said.message,
                      error);
    *ret_end = HIB_JOB_AGAIN;
    *ret_at =
        MAX(hib_db_now(db) + MAX(passed, FIRST_WAIT), said.retry_at); /* twice as long each time */
    return settle(db, job->subject, &wish, HIB_HIDE_UNKNOWN, said.message, error);
}
