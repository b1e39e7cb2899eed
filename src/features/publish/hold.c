/* The hold switches: of the workspace, of an account, of a campaign, and disaster mode. The claim asks them in its own statement, so nothing is claimed once a
 * switch is committed; what comes due meanwhile is marked, and a release wakes the marked ones that nothing else holds, in the
 * order they were due. */
#include "accounts/accounts.h"
#include "base/error.h"
#include "base/json.h"
#include "publish/delivery.sql.h"
#include "publish/hold.sql.h"
#include "publish/publish_private.h"
#include "team/team.h"

bool
hib_publish_is_held(HibDb *db, const char *delivery, bool *ret, GError **error)
{
    HibSqlHoldOn *row;
    if (!hib_sql_hold_on(db, delivery, &row, error))
        return false;
    *ret = row && row->n > 0;
    return true;
}

static GHashTable *
set_in(HibArena *arena)
{
    GHashTable *set = g_hash_table_new(g_str_hash, g_str_equal);
    hib_arena_defer(arena, (void (*)(void *))g_hash_table_unref, set);
    return set;
}

static bool
read_cleared(HibDb *db, HibHeld *held, GError **error)
{
    HibSqlHoldCleared *rows;
    size_t n;
    if (!hib_sql_hold_cleared(db, &rows, &n, error))
        return false;
    held->cleared = set_in(hib_db_arena(db));
    for (size_t i = 0; i < n; i++)
        g_hash_table_add(held->cleared, (gpointer)rows[i].post_id);
    return true;
}

bool
hib_publish_held(HibDb *db, HibHeld *ret, GError **error)
{
    HibSqlHoldRow *rows;
    HibSqlHoldCampaignPosts *posts;
    size_t n, n_posts = 0;
    bool has_campaign = false;
    *ret = (HibHeld){0};
    if (!hib_sql_hold_all(db, &rows, &n, error))
        return false;
    for (size_t i = 0; i < n; i++) {
        ret->is_all = ret->is_all || rows[i].scope == HIB_HOLD_WORKSPACE;
        ret->is_disaster = ret->is_disaster || rows[i].scope == HIB_HOLD_DISASTER;
        has_campaign = has_campaign || rows[i].scope == HIB_HOLD_CAMPAIGN;
        if (rows[i].scope != HIB_HOLD_ACCOUNT)
            continue;
        if (!ret->accounts)
            ret->accounts = set_in(hib_db_arena(db));
        g_hash_table_add(ret->accounts, (gpointer)rows[i].subject_id);
    }
    if (ret->is_disaster && !ret->is_all && !read_cleared(db, ret, error))
        return false;
    if (ret->is_all || !has_campaign)
        return true;
    if (!hib_sql_hold_campaign_posts(db, &posts, &n_posts, error))
        return false;
    ret->posts = set_in(hib_db_arena(db));
    for (size_t i = 0; i < n_posts; i++)
        g_hash_table_add(ret->posts, (gpointer)posts[i].post_id);
    return true;
}

bool
hib_held_has(const HibHeld *held, const char *account, const char *post)
{
    return held->is_all || (held->is_disaster && !g_hash_table_contains(held->cleared, post)) ||
           (held->accounts && g_hash_table_contains(held->accounts, account)) ||
           (held->posts && g_hash_table_contains(held->posts, post));
}

bool
hib_publish_hold(HibDb *db, HibHold **ret, GError **error)
{
    HibSqlHoldRow *rows;
    HibSqlDeliveryNWaiting *waiting;
    size_t n;
    if (!hib_sql_hold_all(db, &rows, &n, error) || !hib_sql_delivery_n_waiting(db, &waiting, error))
        return false;
    HibHold *hold = hib_arena_new0(hib_db_arena(db), HibHold);
    HibHoldSwitch *switches = hib_arena_array(hib_db_arena(db), HibHoldSwitch, n + 1);
    for (size_t i = 0; i < n; i++) {
        switches[i] = (HibHoldSwitch){.scope = (HibHoldScope)rows[i].scope,
                                      .subject_id = rows[i].subject_id,
                                      .reason = rows[i].reason,
                                      .has_since = rows[i].has_since,
                                      .since = rows[i].since};
        if (rows[i].by_id && !hib_team_person_name(db, rows[i].by_id, &switches[i].by, error))
            return false;
    }
    *hold = (HibHold){.is_held = n && switches[0].scope == HIB_HOLD_WORKSPACE,
                      .switches = switches,
                      .n_switches = n,
                      .n_waiting = waiting->n};
    *ret = hold;
    return true;
}

/* --- changing ---------------------------------------------------------------------------------------------------------------- */
bool
hib_publish_wake_released(HibDb *db, GError **error)
{
    HibSqlHoldReleased *rows;
    size_t n;
    HibInstant now = hib_db_now(db);
    if (!hib_sql_hold_lock(db, error) || !hib_sql_hold_released(db, &rows, &n, error))
        return false;
    /* At their own times, among those that nobody came to mark, and a microsecond apart: the job runner takes them in this order. */
    for (size_t i = 0; i < n; i++)
        if (!hib_sql_hold_unmark(db, rows[i].id, now, error) ||
            !hib_publish_did(db, rows[i].id, now, HIB_DID_RELEASED, NULL, error) ||
            !hib_job_add(db, HIB_JOB_DELIVER, rows[i].id, rows[i].id, NULL,
                         MIN(rows[i].due_at, now) + (HibInstant)i, NULL, error))
            return false;
    return true;
}

static const char *
describe(HibDb *db, bool is_held, const char *reason)
{
    cJSON *json = cJSON_CreateObject();
    cJSON_AddBoolToObject(json, "is_held", is_held);
    if (reason)
        cJSON_AddStringToObject(json, "reason", reason);
    return hib_json_print(hib_db_arena(db), json);
}

static bool
check_subject(HibDb *db, HibHoldScope scope, const char *subject, GError **error)
{
    HibAccount *account;
    HibCampaign *campaign;
    if (scope == HIB_HOLD_ACCOUNT)
        return hib_accounts_get(db, subject, &account, error);
    return scope != HIB_HOLD_CAMPAIGN || hib_plan_campaign(db, subject, &campaign, error);
}

/* Event and audit line; the subject is what is held. */
static bool
tell(HibDb *db, HibHoldScope scope, const char *subject, const char *before, const char *after,
     bool is_held, GError **error)
{
    static const char *const kinds[] = {"workspace", "account", "campaign", "workspace"};
    const char *about = *subject ? subject : hib_db_workspace(db);
    const char *action = scope == HIB_HOLD_DISASTER
                             ? is_held ? "publish.disaster" : "publish.disaster_over"
                         : is_held ? "publish.hold"
                                   : "publish.release";
    return hib_event_emit(db, "hold.changed", about, after, error) &&
           hib_audit(db, action, kinds[scope], about, before, after, error);
}

bool
hib_publish_set_hold(HibDb *db, HibHoldScope scope, const char *subject, bool is_held,
                     const char *reason, HibHold **ret, GError **error)
{
    HibSqlHoldRow *before;
    const char *by = NULL;
    HibActorKind actor = hib_db_actor(db, &by);
    HibInstant now = hib_db_now(db);
    if (reason && !*reason)
        reason = NULL;
    if (scope == HIB_HOLD_DISASTER && is_held && !reason) {
        hib_error_set_at(error, HIB_ERROR_INVALID, "hold.no_reason", "/reason", "no reason given");
        return false;
    }
    g_autoptr(HibTx) tx = hib_tx_begin(db, error);
    if (!tx || !check_subject(db, scope, subject, error) || !hib_sql_hold_lock(db, error) ||
        !hib_sql_hold_get(db, scope, subject, &before, error))
        return false;
    bool was_held = before && before->is_held;
    const HibInstant *since = !is_held                        ? NULL
                              : was_held && before->has_since ? &before->since
                                                              : &now;
    if (!hib_sql_hold_set(db, scope, subject, is_held, is_held ? reason : NULL, since,
                          is_held && actor == HIB_ACTOR_PERSON ? by : NULL, error))
        return false;
    if (was_held && !is_held && !hib_publish_wake_released(db, error))
        return false;
    if (!tell(db, scope, subject, describe(db, was_held, before ? before->reason : NULL),
              describe(db, is_held, reason), is_held, error) ||
        !hib_tx_commit(tx, error))
        return false;
    return hib_publish_hold(db, ret, error);
}
