/* Looking at accounts of others, once a day each, and keeping what they show.
 *
 * The one idea: they are found by an id that lasts, so a new handle is a rename and nothing is lost; a reading adds to what is known of each post, so that a network which shows only its newest
 * posts still covers whole months after some weeks. */
#include "measure/rival.h"
#include "accounts/accounts.h"
#include "base/error.h"
#include "base/json.h"
#include "base/log.h"
#include "measure/measure_private.h"
#include "measure/rival.sql.h"
#include "networks/network_optional.h"
#include "team/team.h"

#include <string.h>

#define EVERY HIB_DAY
#define MOST_WAIT (6 * HIB_HOUR)

/* --- looking ------------------------------------------------------------------------------------------------------------- */
typedef struct {
    const char *who;
    HibInstant from; /* posts before are known */
    HibNetRival rival;
} Look;

static HibNetResult
look(const HibNetContext *net, const HibNetwork *network, const HibGrant *grant, void *data)
{
    Look *one = data;
    return hib_net_optional(network)->read_rival(net, grant, one->who, one->from, &one->rival);
}

/* Through the own account `via`. What it takes of a quota and of money is counted, whatever it finds; where the quota has no room nobody is asked. */
static bool
look_through(HibDb *db, const HibServices *services, const HibNetwork *network, const char *via,
             Look *one, HibNetResult *said, GError **error)
{
    HibInstant free_at;
    if (!hib_rival_may_look(db, network, via, &free_at, error))
        return false;
    if (free_at) {
        *said =
            (HibNetResult){.class = HIB_NET_QUOTA, .code = "", .message = "", .retry_at = free_at};
        return true;
    }
    return hib_accounts_call(db, services, via, look, one, said, error) &&
           hib_rival_count_look(db, network, via, &one->rival, error);
}

static bool
lives_at(const HibAccount *account, const char *who)
{
    const char *at = strchr(who, '@'), *host = strstr(account->service, "://");
    return at && host && g_str_equal(at + 1, host + strlen("://"));
}

/* An own account of the network that is well; on the same server where there is one. *ret NULL: none. */
static bool
find_via(HibDb *db, const char *network, const char *who, const char **ret, GError **error)
{
    HibAccount *accounts;
    size_t n;
    *ret = NULL;
    if (!hib_accounts_list(db, &accounts, &n, error))
        return false;
    for (size_t i = 0; i < n; i++)
        if (g_str_equal(accounts[i].network, network) && accounts[i].state == HIB_ACCOUNT_OK &&
            (!*ret || lives_at(&accounts[i], who)))
            *ret = accounts[i].id;
    return true;
}

/* --- keeping ------------------------------------------------------------------------------------------------------------- */
static int64_t
engagements_of(const HibNetRivalPost *post)
{
    return MAX(post->likes, 0) + MAX(post->reposts, 0) + MAX(post->replies, 0) +
           MAX(post->quotes, 0);
}

static bool
store_figures(HibDb *db, const char *id, const HibNetRival *rival, GError **error)
{
    g_autoptr(HibZone) zone = hib_measure_zone(db, error);
    if (!zone)
        return false;
    for (size_t i = 0; i < rival->n_recent; i++)
        if (!hib_sql_rival_post_set(db, id, rival->recent[i].remote_id, rival->recent[i].at,
                                    engagements_of(&rival->recent[i]), error))
            return false;
    return rival->followers < 0 ||
           hib_sql_rival_day_set(db, id, hib_measure_day(zone, hib_db_now(db)), rival->followers,
                                 error);
}

/* A final no of the network to the own account; all else may pass by itself. */
static bool
may_not_look(const HibNetResult *said)
{
    return said->class == HIB_NET_FATAL || said->class == HIB_NET_BLOCKED ||
           said->class == HIB_NET_FIX_CONTENT;
}

static HibRivalState
state_of(const HibNetResult *said, const HibNetRival *rival)
{
    static const HibRivalState states[] = {[HIB_RIVAL_FOUND] = HIB_RIVAL_OK,
                                           [HIB_RIVAL_UNKNOWN] = HIB_RIVAL_GONE,
                                           [HIB_RIVAL_PRIVATE] = HIB_RIVAL_CLOSED,
                                           [HIB_RIVAL_SUSPENDED] = HIB_RIVAL_SHUT};
    if (said->class == HIB_NET_OK)
        return states[rival->state];
    return may_not_look(said) ? HIB_RIVAL_REFUSED : HIB_RIVAL_UNREACHABLE;
}

/* From when on each post is known: what was known before goes on where the new reading reaches back to it. */
static HibInstant
covers(const HibSqlRivalRow *before, const HibNetRival *rival)
{
    return rival->since <= before->read_at ? MIN(before->covers_from, rival->since) : rival->since;
}

static bool
store_found(HibDb *db, const HibSqlRivalRow *row, const HibNetRival *rival, GError **error)
{
    const HibInstant now = hib_db_now(db), next = now + EVERY;
    const bool is_renamed = strcmp(row->handle, rival->handle) != 0;
    return store_figures(db, row->id, rival, error) &&
           hib_sql_rival_set(db, row->id, rival->handle,
                             is_renamed ? row->handle : row->handle_before, rival->name, rival->url,
                             rival->followers >= 0 ? &rival->followers : NULL,
                             rival->posts >= 0 ? &rival->posts : NULL, covers(row, rival),
                             HIB_RIVAL_OK, "", now, next, 0, rival->hides_followers, error) &&
           hib_job_add(db, HIB_JOB_RIVAL, row->id, row->id, NULL, next, NULL, error);
}

/* What is known stays; it is only said that it is not fresh, and why. */
static bool
store_failure(HibDb *db, const HibSqlRivalRow *row, HibRivalState state, const HibNetResult *said,
              GError **error)
{
    const HibInstant now = hib_db_now(db);
    const bool is_soon = state == HIB_RIVAL_UNREACHABLE;
    const HibDuration back_off = MIN(MOST_WAIT, HIB_MINUTE << MIN(row->failures, 12));
    const HibInstant next = is_soon ? MAX(now + back_off, said->retry_at) : now + EVERY;
    return hib_sql_rival_set(db, row->id, row->handle, row->handle_before, row->name, row->url,
                             row->has_followers ? &row->followers : NULL,
                             row->has_posts ? &row->posts : NULL, row->covers_from, state,
                             said->message, row->read_at, next, row->failures + 1,
                             row->hides_followers, error) &&
           hib_job_add(db, HIB_JOB_RIVAL, row->id, row->id, NULL, next, NULL, error);
}

static bool
finish(HibDb *db, const char *id, HibRivalState state, const HibNetResult *said,
       const HibNetRival *rival, GError **error)
{
    HibSqlRivalRow *row;
    g_autoptr(HibTx) tx = hib_tx_begin(db, error);
    if (!tx || !hib_sql_rival_get(db, id, &row, error))
        return false;
    if (!row)
        return true; /* removed meanwhile */
    const bool is_stored = state == HIB_RIVAL_OK ? store_found(db, row, rival, error)
                                                 : store_failure(db, row, state, said, error);
    return is_stored && hib_event_emit(db, "rival.changed", id, NULL, error) &&
           hib_tx_commit(tx, error);
}

bool
hib_rival_run(HibDb *db, const HibJob *job, void *context, HibJobEnd *end,
              HibInstant *at G_GNUC_UNUSED, GError **error)
{
    HibSqlRivalRow *row;
    const char *via;
    HibNetResult said = {.class = HIB_NET_OK, .code = "", .message = ""};
    *end = HIB_JOB_DONE;
    if (!hib_sql_rival_get(db, job->subject, &row, error))
        return false;
    if (!row)
        return true;
    const HibNetwork *network = hib_network_find(row->network);
    const bool by_handle = network && hib_net_optional(network)->finds_by_handle;
    const HibNetRivalRule *rule = network ? network->limits()->rival : NULL;
    Look one = {.who = by_handle ? row->handle : row->remote_id,
                .from = rule && rule->fresh_days ? row->read_at - rule->fresh_days * HIB_DAY : 0};
    if (!find_via(db, row->network, one.who, &via, error))
        return false;
    if (!via)
        return finish(db, row->id, HIB_RIVAL_NO_ACCOUNT, &said, &one.rival, error);
    if (!look_through(db, context, network, via, &one, &said, error))
        return false;
    if (said.class != HIB_NET_OK)
        hib_log(HIB_WARN, "measure.rival_not_read", "rival", row->id, "class",
                hib_net_class_name(said.class), NULL);
    return finish(db, row->id, state_of(&said, &one.rival), &said, &one.rival, error);
}

/* --- adding and removing -------------------------------------------------------------------------------------------------- */
static bool
refuse(GError **error, HibErrorKind code, const char *reason, const char *pointer,
       const char *typed)
{
    if (pointer)
        hib_error_set_at(error, code, reason, pointer, "%s", typed);
    else
        hib_error_set(error, code, reason, "%s", typed);
    return false;
}

static bool
has_room(HibDb *db, GError **error)
{
    HibSqlRivalN *count;
    if (!hib_sql_rival_n(db, &count, error))
        return false;
    return count->n < HIB_RIVALS ||
           refuse(error, HIB_ERROR_CONFLICT, "rival.too_many", NULL, "enough are tracked");
}

static bool
is_own(HibDb *db, const char *network, const HibNetRival *rival, bool *ret, GError **error)
{
    HibAccount *accounts;
    size_t n;
    *ret = false;
    if (!hib_accounts_list(db, &accounts, &n, error))
        return false;
    for (size_t i = 0; i < n; i++)
        *ret |= g_str_equal(accounts[i].network, network) &&
                (!strcmp(accounts[i].remote_id, rival->remote_id) ||
                 !strcmp(accounts[i].handle, rival->handle));
    return true;
}

static const char *
audit_text(HibDb *db, const char *network, const char *handle)
{
    cJSON *out = cJSON_CreateObject();
    cJSON_AddStringToObject(out, "network", network);
    cJSON_AddStringToObject(out, "handle", handle);
    return hib_json_print(hib_db_arena(db), out);
}

static bool
store_new(HibDb *db, const char *network, const HibNetRival *rival, const char **ret_id,
          GError **error)
{
    HibSqlRivalFind *same;
    HibSqlRivalRow *row;
    const char *id = hib_db_new_id(db), *actor = NULL;
    const char *person = hib_db_actor(db, &actor) == HIB_ACTOR_PERSON ? actor : NULL;
    bool is_ours = false;
    g_autoptr(HibTx) tx = hib_tx_begin(db, error);
    if (!tx || !has_room(db, error) ||
        !hib_sql_rival_find(db, network, rival->remote_id, &same, error) ||
        !is_own(db, network, rival, &is_ours, error))
        return false;
    if (same || is_ours)
        return refuse(error, same ? HIB_ERROR_CONFLICT : HIB_ERROR_INVALID,
                      same ? "rival.already" : "rival.own", "/handle", rival->handle);
    *ret_id = id;
    return hib_sql_rival_insert(db, id, network, rival->remote_id, rival->handle, hib_db_now(db),
                                person, error) &&
           hib_sql_rival_get(db, id, &row, error) && store_found(db, row, rival, error) &&
           hib_audit(db, "rival.create", "rival", id, NULL, audit_text(db, network, rival->handle),
                     error) &&
           hib_event_emit(db, "rival.changed", id, NULL, error) && hib_tx_commit(tx, error);
}

static bool
refuse_unread(const HibNetwork *network, const HibNetResult *said, GError **error)
{
    GError *fault = NULL;
    if (said->class == HIB_NET_RETRY_AFTER || said->class == HIB_NET_QUOTA)
        hib_error_set(&fault, HIB_ERROR_TOO_MANY, "network.rate_limited", "%s", said->message);
    else if (may_not_look(said) || said->class == HIB_NET_REAUTH_HUMAN)
        hib_error_set(&fault, HIB_ERROR_CONFLICT, "rival.refused", "%s", said->message);
    else
        hib_error_set(&fault, HIB_ERROR_UPSTREAM, "rival.unreachable", "%s", said->message);
    if (said->retry_at)
        hib_error_set_retry_at(fault, said->retry_at);
    hib_error_set_detail(fault, "network", network->title);
    hib_error_set_detail(fault, "message", *said->message ? said->message : said->code);
    g_propagate_error(error, fault);
    return false;
}

static const char *const not_shown[] = {[HIB_RIVAL_UNKNOWN] = "rival.handle_unknown",
                                        [HIB_RIVAL_PRIVATE] = "rival.private",
                                        [HIB_RIVAL_SUSPENDED] = "rival.suspended"};

bool
hib_rival_add(HibDb *db, const HibServices *services, const char *network, const char *typed,
              const char **ret_id, GError **error)
{
    const HibNetwork *known = hib_network_find(network);
    const char *via;
    HibNetResult said;
    if (!known || !hib_net_optional(known)->read_rival)
        return refuse(error, HIB_ERROR_INVALID, "rival.not_offered", "/network", network);
    Look one = {.who = hib_net_rival_handle(hib_db_arena(db), network, typed)};
    if (!one.who)
        return refuse(error, HIB_ERROR_INVALID, "rival.bad_handle", "/handle", typed);
    if (!has_room(db, error) || !find_via(db, network, one.who, &via, error))
        return false;
    if (!via)
        return refuse(error, HIB_ERROR_CONFLICT, "rival.no_account", "/network", network);
    if (!look_through(db, services, known, via, &one, &said, error))
        return false;
    if (said.class != HIB_NET_OK)
        return refuse_unread(known, &said, error);
    if (one.rival.state != HIB_RIVAL_FOUND)
        return refuse(error, HIB_ERROR_INVALID, not_shown[one.rival.state], "/handle", one.who);
    return store_new(db, network, &one.rival, ret_id, error);
}

bool
hib_rival_remove(HibDb *db, const char *id, GError **error)
{
    HibSqlRivalRow *row;
    int64_t n = 0;
    g_autoptr(HibTx) tx = hib_tx_begin(db, error);
    if (!tx || !hib_sql_rival_get(db, id, &row, error))
        return false;
    if (!row)
        return refuse(error, HIB_ERROR_NOT_FOUND, "rival.unknown", NULL, id);
    return hib_sql_rival_delete_posts(db, id, error) && hib_sql_rival_delete_days(db, id, error) &&
           hib_sql_rival_delete(db, id, &n, error) &&
           hib_jobs_cancel(db, HIB_JOB_RIVAL, id, error) &&
           hib_audit(db, "rival.remove", "rival", id, audit_text(db, row->network, row->handle),
                     NULL, error) &&
           hib_event_emit(db, "rival.changed", id, NULL, error) && hib_tx_commit(tx, error);
}
