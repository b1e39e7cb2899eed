/* Conditions of a campaign that a network can tell: who follows the account, who reposted or liked the post.
 *
 * They are asked for once entries are closed, so that everybody had the same time to fulfil them. One job asks what is due, a page or a batch at a time; what came is stored as
 * facts of entries, with the time, in one transaction with where asking goes on: killed in between, it asks for one page again. A list that ended says of whoever is not
 * on it that they did not; anything short of that says "could not be checked", which is shown and never drawn. Then the eligible entries are sealed (draw.c): the draw
 * rests on facts that no longer change. */
#include "base/error.h"
#include "base/log.h"
#include "engage/engage.h"
#include "team/team.h"
#include "ugc/condition_private.h"
#include <string.h>

#define AT_ONCE 20 /* calls one step of the job makes */
#define LATER (30 * HIB_SECOND)
#define RATE_LATER (15 * HIB_MINUTE)
#define REFUSED_LATER HIB_HOUR

static const char *const deeds[] = {"follow", "repost", "like"};

bool
hib_contest_asks(const HibContest *contest, HibNetDeed deed)
{
    g_auto(GStrv) all = g_strsplit(contest->asks, " ", -1);
    return g_strv_contains((const char *const *)all, deeds[deed]);
}

const char *
hib_contest_asks_text(HibArena *arena, const HibNetDeed *asked, size_t n)
{
    g_autoptr(GString) out = g_string_new(NULL);
    for (size_t d = 0; d < G_N_ELEMENTS(deeds); d++)
        for (size_t i = 0; i < n; i++)
            if (asked[i] == (HibNetDeed)d) {
                g_string_append_printf(out, "%s%s", out->len ? " " : "", deeds[d]);
                break;
            }
    return hib_arena_strdup(arena, out->str);
}

static const HibNetPeopleRule *
rule_of(const char *network)
{
    const HibNetwork *found = hib_network_find(network);
    return found ? found->limits()->people : NULL;
}

bool
hib_contest_probes(HibDb *db, const char *contest, HibUgcProbe **ret, size_t *ret_n, GError **error)
{
    return hib_sql_probe_list(db, contest, ret, ret_n, error);
}

int64_t
hib_ugc_probe_cost(const HibUgcProbe *probe)
{
    const HibNetPeopleRule *rule = rule_of(probe->network);
    return rule ? probe->n_read * rule->price_micros : 0;
}

/* Ids of people that only their server knows: what one account is told holds for entries it heard itself. NULL: for all of the network. */
static const char *
only_of(const HibUgcProbe *probe)
{
    const HibNetPeopleRule *rule = rule_of(probe->network);
    return rule && rule->is_local ? probe->account_id : NULL;
}

/* --- what is to be asked -------------------------------------------------------------------------------------------------------- */
static bool
add_probe(HibDb *db, const HibContest *contest, const char *account, const char *network,
          const char *post, HibNetDeed deed, GError **error)
{
    HibInstant now = hib_db_now(db);
    const char *fault = !rule_of(network)                   ? "not_told"
                        : deed != HIB_NET_FOLLOWS && !*post ? "no_post"
                                                            : "";
    return hib_sql_probe_add(db, contest->id, account, network, deed,
                             deed == HIB_NET_FOLLOWS ? "" : post, *fault ? &now : NULL, now, fault,
                             error);
}

static bool
add_probes(HibDb *db, const HibContest *contest, const char *account, const char *network,
           const char *post, GError **error)
{
    for (size_t d = 0; d < G_N_ELEMENTS(deeds); d++)
        if (hib_contest_asks(contest, (HibNetDeed)d) &&
            !add_probe(db, contest, account, network, post, (HibNetDeed)d, error))
            return false;
    return true;
}

/* What our post has become at the networks; nothing where a campaign has none. */
static bool
posts_of(HibDb *db, const HibContest *contest, HibDelivery **ret, size_t *ret_n, GError **error)
{
    const HibDeliveryState state = HIB_DELIVERY_PUBLISHED;
    const HibDeliveryQuery query = {.post = contest->post_id, .state = &state, .limit = 500};
    const char *next;
    HibDelivery *rows;
    size_t n = 0;
    *ret_n = 0;
    if (contest->post_id && !hib_publish_list(db, &query, &rows, &n, &next, error))
        return false;
    *ret = hib_arena_array(hib_db_arena(db), HibDelivery, n + 1);
    for (size_t i = 0; i < n; i++)
        if (!rows[i].part && rows[i].kind == HIB_KIND_POST && rows[i].remote_id &&
            !rows[i].has_removed_at)
            (*ret)[(*ret_n)++] = rows[i];
    return true;
}

/* Of each network where people took part: the accounts our post went out from, else those that heard of them. */
static bool
plan(HibDb *db, const HibContest *contest, GError **error)
{
    HibSqlConditionPlaces *places;
    HibDelivery *posts;
    size_t n, n_posts;
    if (!hib_sql_condition_places(db, contest->id, &places, &n, error) ||
        !posts_of(db, contest, &posts, &n_posts, error))
        return false;
    for (size_t i = 0; i < n; i++) {
        bool is_posted = false;
        for (size_t k = 0; k < n_posts; k++) {
            if (!g_str_equal(posts[k].network, places[i].network))
                continue;
            is_posted = true;
            if (!add_probes(db, contest, posts[k].account_id, posts[k].network, posts[k].remote_id,
                            error))
                return false;
        }
        if (!is_posted &&
            !add_probes(db, contest, places[i].account_id, places[i].network, "", error))
            return false;
    }
    return true;
}

bool
hib_contest_check(HibDb *db, const HibContest *contest, GError **error)
{
    int64_t changed = 0;
    HibInstant now = hib_db_now(db);
    if (!hib_sql_contest_checking(db, contest->id, MIN(contest->closes_at, now), now, &changed,
                                  error))
        return false;
    if (!changed) {
        hib_error_set(error, HIB_ERROR_CONFLICT, "ugc.not_open", "state %" G_GINT64_FORMAT,
                      contest->state);
        return false;
    }
    return plan(db, contest, error) &&
           hib_job_add(db, HIB_JOB_UGC_CHECK, contest->id, contest->id, NULL, now, NULL, error);
}

/* --- asking ------------------------------------------------------------------------------------------------------------------------ */
typedef struct {
    const HibUgcProbe *probe;
    const char **people; /* of a batch, or of a page */
    size_t n;
    HibNetDone *done;   /* of a batch */
    const char *cursor; /* after it; NULL: that was the last */
} Asking;

static HibNetResult
ask(const HibNetContext *net, const HibNetwork *network, const HibGrant *grant, void *data)
{
    Asking *in = data;
    const HibNetOptional *can = hib_net_optional(network);
    const char *cursor = *in->probe->cursor ? in->probe->cursor : NULL;
    return in->probe->deed == HIB_NET_FOLLOWS
               ? can->follows(net, grant, in->people, in->n, in->done)
               : can->list_people(net, grant, (HibNetDeed)in->probe->deed, in->probe->post, cursor,
                                  &in->people, &in->n, &in->cursor);
}

/* The people a question about followers asks for: those after the last. */
static bool
next_people(HibDb *db, const char *contest, Asking *in, GError **error)
{
    HibArena *arena = hib_db_arena(db);
    const HibUgcProbe *probe = in->probe;
    HibSqlConditionPeople *rows;
    const int most = rule_of(probe->network)->batch;
    if (!hib_sql_condition_people(db, contest, probe->network, only_of(probe), probe->cursor, most,
                                  &rows, &in->n, error))
        return false;
    in->people = hib_arena_array(arena, const char *, in->n + 1);
    in->done = hib_arena_array(arena, HibNetDone, in->n + 1);
    for (size_t i = 0; i < in->n; i++)
        in->people[i] = rows[i].author_id;
    in->cursor = in->n == (size_t)most ? in->people[in->n - 1] : NULL;
    return true;
}

static bool
put_facts(HibDb *db, const char *contest, const Asking *in, GError **error)
{
    const HibUgcProbe *probe = in->probe;
    for (size_t i = 0; i < in->n; i++)
        if (!hib_sql_fact_put(db, contest, probe->network, only_of(probe), in->people[i],
                              probe->deed, in->done ? in->done[i] : HIB_NET_DEED_DONE,
                              hib_db_now(db), error))
            return false;
    return true;
}

static void
note_failure(HibUgcProbe *row, const HibNetResult *said, HibInstant now)
{
    bool is_later = said->class == HIB_NET_RETRY_AFTER || said->class == HIB_NET_QUOTA;
    bool is_again = said->class == HIB_NET_RETRY_SAME || said->class == HIB_NET_WAIT_ASYNC ||
                    said->class == HIB_NET_RECONCILE || said->class == HIB_NET_REFRESH_AUTH;
    row->fault = is_later ? "rate_limited" : is_again ? "unreachable" : "refused";
    row->said = said->message ? said->message : "";
    row->next_at = MAX(now + (is_later   ? said->retry_at ? HIB_SECOND : RATE_LATER
                              : is_again ? LATER
                                         : REFUSED_LATER),
                       said->retry_at);
}

/* One call, and what came of it stored with where it goes on. */
static bool
ask_once(HibDb *db, const HibServices *services, const char *contest, const HibUgcProbe *probe,
         GError **error)
{
    g_autoptr(GError) failure = NULL;
    HibInstant now = hib_db_now(db);
    HibUgcProbe row = *probe;
    Asking in = {.probe = probe};
    HibNetResult said = {.class = HIB_NET_OK, .remaining = -1};
    bool is_gone = false;
    if (probe->deed == HIB_NET_FOLLOWS && !next_people(db, contest, &in, error))
        return false;
    bool is_nobody = probe->deed == HIB_NET_FOLLOWS && !in.n;
    if (!is_nobody &&
        !hib_accounts_call(db, services, probe->account_id, ask, &in, &said, &failure)) {
        is_gone = hib_error_is(failure, HIB_ERROR_NOT_FOUND);
        if (!is_gone) {
            g_propagate_error(error, g_steal_pointer(&failure));
            return false;
        }
    }
    bool is_ok = !is_gone && said.class == HIB_NET_OK;
    row.begun_at = probe->has_begun_at ? probe->begun_at : now;
    row.fault = is_gone ? "disconnected" : "";
    row.said = "";
    bool is_over = is_gone || (is_ok && !in.cursor);
    if (is_ok) {
        row.cursor = in.cursor ? in.cursor : "";
        row.n_read += (int64_t)in.n;
        row.next_at = said.remaining == 0 ? MAX(now, said.reset_at) : now;
    } else if (!is_gone) {
        hib_log(HIB_WARN, "ugc.not_checked", "account", probe->account_id, "class",
                hib_net_class_name(said.class), NULL);
        note_failure(&row, &said, now);
    }
    int64_t changed = 0;
    g_autoptr(HibTx) tx = hib_tx_begin(db, error);
    if (!tx || (is_ok && !put_facts(db, contest, &in, error)) ||
        !hib_sql_probe_put(db, contest, row.account_id, row.deed, row.post, row.cursor, row.n_read,
                           &row.begun_at, is_over ? &now : NULL, row.next_at, row.fault, row.said,
                           &changed, error))
        return false;
    return !changed || /* given up meanwhile: facts do not change once entries are judged by them */
           (hib_event_emit(db, "ugc.changed", contest, NULL, error) && hib_tx_commit(tx, error));
}

/* --- what follows from it ------------------------------------------------------------------------------------------------------------ */
/* Whether every list of the network that could name who did it was read to its end. */
static bool
is_whole(const HibUgcProbe *probes, size_t n, const HibUgcProbe *like)
{
    for (size_t i = 0; i < n; i++)
        if (probes[i].deed == like->deed && g_str_equal(probes[i].network, like->network) &&
            (!only_of(like) || g_str_equal(probes[i].account_id, like->account_id)) &&
            (!probes[i].has_ended_at || *probes[i].fault))
            return false;
    return true;
}

/* Facts of whom nobody named. */
static bool
conclude(HibDb *db, const char *contest, HibContest **ret, GError **error)
{
    HibContest *row;
    HibUgcProbe *probes;
    size_t n;
    HibInstant now = hib_db_now(db);
    g_autoptr(HibTx) tx = hib_tx_begin(db, error);
    if (!tx || !hib_contest(db, contest, &row, error) ||
        !hib_contest_probes(db, contest, &probes, &n, error))
        return false;
    for (size_t i = 0; i < n; i++)
        if (probes[i].deed != HIB_NET_FOLLOWS && is_whole(probes, n, &probes[i]) &&
            !hib_sql_fact_rest(db, contest, probes[i].network, only_of(&probes[i]), probes[i].deed,
                               HIB_NET_DEED_NO, probes[i].ended_at, error))
            return false;
    for (size_t d = 0; d < G_N_ELEMENTS(deeds); d++)
        if (hib_contest_asks(row, (HibNetDeed)d) &&
            !hib_sql_fact_rest(db, contest, "", NULL, (int64_t)d, HIB_NET_DEED_UNKNOWN, now, error))
            return false;
    *ret = row;
    return hib_tx_commit(tx, error);
}

/* What follows from the facts: entries judged by them, and the seal. */
static bool
settle(HibDb *db, HibKeys *keys, const char *contest, GError **error)
{
    HibContest *row;
    const char *const *ids;
    size_t n_ids;
    int64_t changed = 0;
    if (!conclude(db, contest, &row, error) || !hib_contest_judge(db, row, error))
        return false;
    g_autoptr(HibTx) tx = hib_tx_begin(db, error);
    /* Held first: a second job that settles it too must not judge between the hash and the seal. */
    if (!tx || !hib_sql_contest_hold(db, contest, HIB_CONTEST_CHECKING, &changed, error) ||
        !hib_contest_eligible(db, contest, &ids, &n_ids, error))
        return false;
    const char *hash = hib_lottery_entries_hash(hib_db_arena(db), ids, n_ids);
    if (!hib_sql_contest_settle(db, contest, hash, &changed, error))
        return false;
    if (!changed) /* somebody was quicker */
        return hib_tx_commit(tx, error);
    return hib_contest_seal(db, keys, contest, hash, n_ids, error) &&
           hib_event_emit(db, "ugc.changed", contest, NULL, error) && hib_tx_commit(tx, error);
}

/* Twice: a network is asked for one page more; facts and seal are there once. */
bool
hib_ugc_check_run(HibDb *db, const HibJob *job, void *context, HibJobEnd *ret_end,
                  HibInstant *ret_at, GError **error)
{
    const HibServices *services = context;
    *ret_end = HIB_JOB_DONE;
    for (int i = 0;; i++) {
        HibContest *contest;
        HibUgcProbe *all, *next = NULL;
        size_t n;
        if (!hib_contest(db, job->subject, &contest, error) ||
            !hib_contest_probes(db, job->subject, &all, &n, error))
            return false;
        if (contest->state != HIB_CONTEST_CHECKING)
            return true;
        for (size_t k = 0; k < n; k++)
            if (!all[k].has_ended_at && (!next || all[k].next_at < next->next_at))
                next = &all[k];
        if (!next)
            return settle(db, services->keys, job->subject, error);
        if (next->next_at > hib_db_now(db) || i == AT_ONCE) {
            *ret_end = HIB_JOB_AGAIN;
            *ret_at = MAX(next->next_at, hib_db_now(db));
            return true;
        }
        if (!ask_once(db, services, job->subject, next, error))
            return false;
    }
}

bool
hib_contest_check_on(HibDb *db, HibKeys *keys, const char *contest, bool is_over, GError **error)
{
    HibContest *row;
    HibInstant now = hib_db_now(db);
    g_autoptr(HibTx) tx = hib_tx_begin(db, error);
    if (!tx || !hib_contest(db, contest, &row, error))
        return false;
    if (row->state != HIB_CONTEST_CHECKING) {
        hib_error_set(error, HIB_ERROR_CONFLICT, "ugc.not_checking", "state %" G_GINT64_FORMAT,
                      row->state);
        return false;
    }
    if (!hib_audit(db, is_over ? "ugc_campaign.check_end" : "ugc_campaign.check", "ugc_campaign",
                   contest, NULL, NULL, error))
        return false;
    if (is_over)
        return hib_sql_probe_end(db, contest, now, error) && hib_tx_commit(tx, error) &&
               settle(db, keys, contest, error);
    return hib_sql_probe_soon(db, contest, now, error) &&
           hib_job_add(db, HIB_JOB_UGC_CHECK, contest, contest, NULL, now, NULL, error) &&
           hib_event_emit(db, "ugc.changed", contest, NULL, error) && hib_tx_commit(tx, error);
}
