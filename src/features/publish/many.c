/* Scheduling many new posts: what one goes through in schedule_store.c, with accounts, rules and quotas read once, and a few statements for all the rows.
 *
 * A new post has nothing that could be in the way: no deliveries, no version, no override. So checking is a walk over texts in memory, and storing is inserts. */
#include "publish/many.h"
#include "base/error.h"
#include "publish/delivery.sql.h"
#include "publish/publish_private.h"
#include "publish/repeat.h"
#include "publish/schedule.h"
#include "publish/work.sql.h"
#include "team/team.h"
#include <string.h>

#define OF_ONE_VARIANT 32 /* things wrong with it that are told */

struct HibPublishDesk {
    HibInstant now;
    GHashTable *accounts;  /* id → HibAccount */
    GHashTable *campaigns; /* id → HibCampaign */
    HibZone *zone;
    HibScheduleRules rules;
    GHashTable *book;    /* cost.c */
    GHashTable *repeats; /* network → HibRepeats */
    HibKit kit;
};

static void
free_table(void *table)
{
    g_hash_table_unref(table);
}

static void
free_repeats(void *repeats)
{
    hib_repeats_free(repeats);
}

static void
free_zone(void *zone)
{
    hib_zone_unref(zone);
}

bool
hib_publish_desk(HibDb *db, HibPublishDesk **ret, GError **error)
{
    HibAccount *accounts;
    HibCampaign *campaigns;
    HibWorkspace *workspace;
    size_t n, n_campaigns;
    HibArena *arena = hib_db_arena(db);
    HibPublishDesk *desk = hib_arena_new0(arena, HibPublishDesk);
    desk->now = hib_db_now(db);
    if (!hib_accounts_list(db, &accounts, &n, error) ||
        !hib_plan_campaigns(db, &campaigns, &n_campaigns, error) ||
        !hib_team_workspace(db, &workspace, error) ||
        !hib_schedule_rules(db, &desk->rules, error) || !hib_plan_kit(db, &desk->kit, error))
        return false;
    desk->accounts = g_hash_table_new(g_str_hash, g_str_equal);
    desk->campaigns = g_hash_table_new(g_str_hash, g_str_equal);
    desk->book = hib_cost_book_new();
    desk->repeats = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, free_repeats);
    desk->zone = hib_zone_open(workspace->zone);
    if (!desk->zone)
        desk->zone = hib_zone_ref(hib_zone_utc());
    hib_arena_defer(arena, free_table, desk->accounts);
    hib_arena_defer(arena, free_table, desk->campaigns);
    hib_arena_defer(arena, free_table, desk->book);
    hib_arena_defer(arena, free_table, desk->repeats);
    hib_arena_defer(arena, free_zone, desk->zone);
    for (size_t i = 0; i < n; i++)
        g_hash_table_insert(desk->accounts, (gpointer)accounts[i].id, &accounts[i]);
    for (size_t i = 0; i < n_campaigns; i++)
        g_hash_table_insert(desk->campaigns, (gpointer)campaigns[i].id, &campaigns[i]);
    *ret = desk;
    return true;
}

/* As its networks get it: what is counted, priced and sent. */
static const HibPost *
as_sent(const HibPublishDesk *desk, HibArena *arena, const HibPost *post)
{
    const HibWording wording = hib_plan_wording_of(&desk->kit, post->campaign_id);
    const char **networks = hib_arena_array(arena, const char *, post->n_variants + 1);
    for (size_t i = 0; i < post->n_variants; i++) {
        const HibAccount *account =
            g_hash_table_lookup(desk->accounts, post->variants[i].account_id);
        networks[i] = account ? account->network : NULL;
    }
    return hib_plan_reword(arena, &wording, post, networks);
}

/* --- judging: pure --------------------------------------------------------------------------------------------------- */
typedef struct {
    HibPublishTell tell;
    void *data;
} Ear;

static void
say(const Ear *ear, GError *why)
{
    ear->tell(why, ear->data);
    g_error_free(why);
}

static void
judge_variant(const HibPublishDesk *desk, HibArena *arena, const HibPost *post, size_t i,
              bool is_scheduled, const Ear *ear)
{
    HibPostProblem rows[OF_ONE_VARIANT];
    GError *why = NULL;
    const char *id = post->variants[i].account_id;
    const HibAccount *account = g_hash_table_lookup(desk->accounts, id);
    const HibNetwork *network = account ? hib_network_find(account->network) : NULL;
    if (!network) {
        hib_error_set_at(&why, HIB_ERROR_NOT_FOUND, "accounts.unknown",
                         hib_arena_printf(arena, "/variants/%zu/account_id", i), "no account %s",
                         id);
        say(ear, why);
        return;
    }
    if (is_scheduled && account->state != HIB_ACCOUNT_OK) {
        hib_error_set_at(&why, HIB_ERROR_CONFLICT, "accounts.needs_reconnect",
                         hib_arena_printf(arena, "/variants/%zu/account_id", i),
                         "account %s needs a person", id);
        say(ear, g_steal_pointer(&why));
    }
    size_t n = hib_schedule_problems(arena, post, i, network, rows, OF_ONE_VARIANT);
    for (size_t k = 0; k < n; k++) {
        if (rows[k].is_fittable)
            continue;
        hib_schedule_refuse(&rows[k], &why);
        say(ear, g_steal_pointer(&why));
    }
}

static void
judge_rules(const HibPublishDesk *desk, HibArena *arena, const HibPost *post, const Ear *ear)
{
    HibPostFinding *found;
    HibSchedulePlace at = {.networks = hib_arena_array(arena, const char *, post->n_variants + 1),
                           .campaign = post->campaign_id
                                           ? g_hash_table_lookup(desk->campaigns, post->campaign_id)
                                           : NULL,
                           .is_election = hib_check_election_on(&desk->rules.setting, desk->zone,
                                                                MAX(post->due_at, desk->now))};
    for (size_t i = 0; i < post->n_variants; i++) {
        const HibAccount *account =
            g_hash_table_lookup(desk->accounts, post->variants[i].account_id);
        at.networks[i] = account ? account->network : "";
    }
    size_t n = hib_schedule_blocks(arena, &desk->rules, post, &at, &found);
    for (size_t i = 0; i < n; i++) {
        GError *why = NULL;
        hib_schedule_refuse_finding(&found[i], &why);
        say(ear, why);
    }
}

void
hib_publish_judge(const HibPublishDesk *desk, HibArena *arena, const HibPost *post,
                  bool is_scheduled, HibPublishTell tell, void *data)
{
    const Ear ear = {tell, data};
    GError *why = NULL;
    const HibPost *sent = as_sent(desk, arena, post);
    for (size_t i = 0; i < post->n_variants; i++)
        judge_variant(desk, arena, sent, i, is_scheduled, &ear);
    if (!is_scheduled)
        return;
    if (!post->n_variants) {
        hib_error_set_at(&why, HIB_ERROR_INVALID, "post.no_account", "/variants",
                         "no account chosen");
        say(&ear, g_steal_pointer(&why));
    }
    if (!hib_schedule_check_time(post->due_at, desk->now, &why))
        say(&ear, g_steal_pointer(&why));
    judge_rules(desk, arena, post, &ear);
}

/* --- one after the other ----------------------------------------------------------------------------------------------- */
static HibPostCost
cost_of(const HibPublishDesk *desk, HibArena *arena, const HibPost *post, size_t variant)
{
    const HibAccount *account =
        g_hash_table_lookup(desk->accounts, post->variants[variant].account_id);
    return hib_cost_of(arena, post, variant, hib_network_find(account->network),
                       account->has_followers ? account->followers : -1);
}

/* Whether its media may be shown on that day. Posts with media are few beside those without, so each is looked at as a whole, in memory of its own. */
static bool
reckon_rights(HibDb *db, const HibPost *post, const Ear *ear, GError **error)
{
    HibPostFinding *found;
    size_t n;
    g_autoptr(HibArena) arena = hib_arena_new();
    g_autoptr(HibDb) own = hib_db_open(hib_db_store(db), arena, hib_db_workspace(db));
    if (!hib_publish_findings(own, post, &found, &n, error))
        return false;
    for (size_t i = 0; i < n; i++) {
        GError *why = NULL;
        if (found[i].finding->severity != HIB_CHECK_BLOCK || !strstr(found[i].pointer, "/media/"))
            continue;
        hib_schedule_refuse_finding(&found[i], &why);
        say(ear, why);
    }
    return true;
}

static bool
repeats_of(HibDb *db, HibPublishDesk *desk, const char *network, HibRepeats **ret, GError **error)
{
    *ret = g_hash_table_lookup(desk->repeats, network);
    if (*ret)
        return true;
    if (!hib_repeats_new(db, network, ret, error))
        return false;
    g_hash_table_insert(desk->repeats, (gpointer)network, *ret);
    return true;
}

/* Whether a network that minds gets as good as the same within a week: from before, from a row before it, from another variant of its own. */
static bool
reckon_repeat(HibDb *db, HibPublishDesk *desk, HibArena *arena, const HibPost *sent, size_t i,
              const Ear *ear, GError **error)
{
    HibRepeats *repeats;
    GError *why = NULL;
    const HibPostVariant *variant = &sent->variants[i];
    const HibAccount *account = g_hash_table_lookup(desk->accounts, variant->account_id);
    const HibCheckSubject place = {.now = desk->now, .relation = HIB_RELATION_UNSAID};
    const HibCheckResult told =
        hib_schedule_repeat_rules(arena, &desk->rules.house, &place, account->network);
    if (!told.n)
        return true;
    if (!repeats_of(db, desk, account->network, &repeats, error))
        return false;
    if (!hib_repeats_add(repeats, arena, variant->text ? variant->text : sent->text,
                         sent->due_at) ||
        told.findings[0].severity != HIB_CHECK_BLOCK)
        return true;
    hib_schedule_refuse_finding(
        &(HibPostFinding){
            .pointer = variant->text ? hib_arena_printf(arena, "/variants/%zu/text", i) : "/text",
            .account_id = variant->account_id,
            .finding = &told.findings[0]},
        &why);
    say(ear, why);
    return true;
}

bool
hib_publish_reckon(HibDb *db, const HibServices *services, HibPublishDesk *desk,
                   const HibPost *post, HibPublishTell tell, void *data, GError **error)
{
    const Ear ear = {tell, data};
    HibPostProblem problem;
    bool is_unreachable = false;
    g_autoptr(HibArena) arena = hib_arena_new();
    if (post->n_media && !reckon_rights(db, post, &ear, error))
        return false;
    if (post->n_media &&
        !hib_schedule_unreachable(db, services, post, &problem, &is_unreachable, error))
        return false;
    if (is_unreachable) {
        GError *why = NULL;
        hib_schedule_refuse(&problem, &why);
        say(&ear, why);
    }
    const HibPost *sent = as_sent(desk, arena, post);
    for (size_t i = 0; i < post->n_variants; i++) {
        GError *why = NULL;
        HibPostCost cost = cost_of(desk, arena, sent, i);
        if (!hib_cost_book_add(db, desk->book, post->due_at, &cost, error))
            return false;
        if (!hib_cost_check(&cost, i, &why))
            say(&ear, why);
        if (!reckon_repeat(db, desk, arena, sent, i, &ear, error))
            return false;
    }
    return true;
}

/* --- storing --------------------------------------------------------------------------------------------------------- */
typedef struct {
    const HibPublishDesk *desk;
    HibSqlWorkInsertIn *work;
    HibSqlStepFirstIn *steps;
    const char **ids;
    HibInstant *due;
    size_t n;
    GHashTable *last; /* account → its last due_at of these */
} Rows;

/* Whoever judged may have done so before an account was disconnected. */
static bool
check_account(const HibPublishDesk *desk, const char *id, GError **error)
{
    const HibAccount *account = g_hash_table_lookup(desk->accounts, id);
    if (account && account->state == HIB_ACCOUNT_OK)
        return true;
    hib_error_set(error, HIB_ERROR_CONFLICT, "accounts.needs_reconnect", "account %s is not ready",
                  id);
    return false;
}

static void
add_row(Rows *rows, HibArena *arena, HibDb *db, const HibPost *post, size_t variant)
{
    const HibPostVariant *one = &post->variants[variant];
    const HibAccount *account = g_hash_table_lookup(rows->desk->accounts, one->account_id);
    const HibPostCost priced = cost_of(rows->desk, arena, post, variant);
    HibPostCost *cost = hib_arena_new0(arena, HibPostCost);
    const bool takes = priced.micros || priced.takes;
    char due[HIB_INSTANT_TEXT];
    const size_t at = rows->n++;
    *cost = priced;
    rows->ids[at] = hib_db_new_id(db);
    rows->due[at] = post->due_at;
    rows->work[at] =
        (HibSqlWorkInsertIn){.id = rows->ids[at],
                             .post_id = post->id,
                             .account_id = account->id,
                             .network = account->network,
                             .handle = account->handle,
                             .text = one->text ? one->text : post->text,
                             .lang = post->lang,
                             .n_media = (int64_t)post->n_media,
                             .n_following = (int64_t)one->n_thread + (one->first_comment != NULL),
                             .format = one->format,
                             .title = one->title,
                             .options = one->options,
                             .recipient = one->recipient,
                             .is_advertising = post->disclosure.is_advertising,
                             .is_own_brand = post->disclosure.is_own_brand,
                             .is_ai_made = post->disclosure.is_ai_made,
                             .price_micros = takes ? &cost->micros : NULL,
                             .currency = takes ? cost->currency : NULL,
                             .quota = takes ? cost->quota : NULL,
                             .quota_takes = takes ? &cost->takes : NULL,
                             .due_at = post->due_at,
                             .late_from = MAX(post->due_at, rows->desk->now)};
    rows->steps[at] = (HibSqlStepFirstIn){
        .delivery = rows->ids[at],
        .at = rows->desk->now,
        .what = HIB_DID_SCHEDULED,
        .detail = hib_arena_strdup(arena, hib_instant_format(post->due_at, due))};
    const HibInstant *last = g_hash_table_lookup(rows->last, account->id);
    if (!last || *last < post->due_at)
        g_hash_table_insert(rows->last, (gpointer)account->id, &rows->due[at]);
}

static bool
note_accounts(HibDb *db, GHashTable *last, GError **error)
{
    GHashTableIter iter;
    gpointer account, due;
    g_hash_table_iter_init(&iter, last);
    while (g_hash_table_iter_next(&iter, &account, &due))
        if (!hib_accounts_posting(db, account, *(const HibInstant *)due, error))
            return false;
    return true;
}

bool
hib_publish_schedule_many(HibDb *db, const HibPublishDesk *desk, const HibPost *posts, size_t n,
                          GError **error)
{
    HibArena *arena = hib_db_arena(db);
    size_t most = 0;
    for (size_t i = 0; i < n; i++)
        most += posts[i].n_variants;
    g_autoptr(GHashTable) last = g_hash_table_new(g_str_hash, g_str_equal);
    Rows rows = {.desk = desk,
                 .work = hib_arena_array(arena, HibSqlWorkInsertIn, most + 1),
                 .steps = hib_arena_array(arena, HibSqlStepFirstIn, most + 1),
                 .ids = hib_arena_array(arena, const char *, most + 1),
                 .due = hib_arena_array(arena, HibInstant, most + 1),
                 .last = last};
    for (size_t i = 0; i < n; i++) {
        const HibPost *sent = as_sent(desk, arena, &posts[i]);
        for (size_t v = 0; v < sent->n_variants; v++) {
            if (!check_account(desk, sent->variants[v].account_id, error))
                return false;
            add_row(&rows, arena, db, sent, v);
        }
    }
    g_autoptr(HibTx) tx = hib_tx_begin(db, error);
    if (!tx ||
        (rows.n && (!hib_sql_work_insert_many(db, rows.work, rows.n, error) ||
                    !hib_sql_step_first_many(db, rows.steps, rows.n, error) ||
                    !hib_jobs_add_many(db, HIB_JOB_DELIVER, rows.ids, rows.due, rows.n, error) ||
                    !note_accounts(db, last, error))))
        return false;
    for (size_t i = 0; i < n; i++)
        if (posts[i].n_media &&
            !hib_job_add(db, HIB_JOB_FIT, posts[i].id, posts[i].id, NULL, desk->now, NULL, error))
            return false;
    return hib_tx_commit(tx, error);
}
