/* All figures of a report, read once: the period and the one before it, each account, each post, the campaign. Through measure.h alone. */
#include "accounts/accounts.h"
#include "base/error.h"
#include "media/media.h"
#include "plan/plan.h"
#include "report/report_private.h"
#include "store/blobs.h"
#include "team/team.h"

#define LEARNT_ACCOUNTS                                                                            \
    1 /* the one with the most reactions; the others stand in measure's findings */
#define LEARNT_MOST 12

static bool
read_accounts(HibDb *db, const HibZone *zone, HibInstant from, int n_days, GHashTable *names,
              HibReportFigures *ret, GError **error)
{
    HibAccount *accounts;
    size_t n;
    if (!hib_accounts_list(db, &accounts, &n, error))
        return false;
    ret->accounts = hib_arena_array(hib_db_arena(db), HibReportAccount, n + 1);
    const char *only = ret->report->account_id;
    for (size_t i = 0; i < n; i++) {
        if (only && !g_str_equal(only, accounts[i].id))
            continue;
        HibReportAccount *one = &ret->accounts[ret->n_accounts++];
        one->name = *accounts[i].display_name ? accounts[i].display_name : accounts[i].handle;
        one->id = accounts[i].id;
        one->network = accounts[i].network;
        g_hash_table_insert(names, (gpointer)accounts[i].id, (gpointer)one->name);
        if (!hib_measure_period(db, zone, from, n_days, accounts[i].id, &one->of, error))
            return false;
    }
    return true;
}

/* Of those that are shown, at either end. */
static bool
read_urls(HibDb *db, HibReportFigures *ret, GError **error)
{
    const char *deliveries[2 * HIB_REPORT_SHOWN], *urls[2 * HIB_REPORT_SHOWN];
    size_t at[2 * HIB_REPORT_SHOWN], n = 0;
    ret->urls = hib_arena_array(hib_db_arena(db), const char *, ret->n_posts + 1);
    for (size_t i = 0; i < ret->n_posts; i++)
        if (i < HIB_REPORT_SHOWN || i + HIB_REPORT_SHOWN >= ret->n_posts) {
            deliveries[n] = ret->posts[i].delivery;
            at[n++] = i;
        }
    if (!hib_measure_urls(db, deliveries, n, urls, error))
        return false;
    for (size_t i = 0; i < n; i++)
        ret->urls[at[i]] = urls[i];
    return true;
}

static bool
read_posts(HibDb *db, GHashTable *names, HibReportFigures *ret, GError **error)
{
    HibArena *arena = hib_db_arena(db);
    if (!hib_measure_best(db, &ret->of, ret->report->account_id, HIB_REPORT_MOST_POSTS, &ret->posts,
                          &ret->n_posts, error))
        return false;
    size_t n = ret->n_posts;
    const char **ids = hib_arena_array(arena, const char *, n + 1);
    HibPostHead *heads = hib_arena_array(arena, HibPostHead, n + 1);
    for (size_t i = 0; i < n; i++)
        ids[i] = ret->posts[i].post;
    if (!hib_plan_heads(db, ids, n, heads, error))
        return false;
    g_autoptr(GHashTable) by_id = g_hash_table_new(g_str_hash, g_str_equal);
    for (size_t i = 0; i < n; i++) /* one post on two accounts: the head is told once */
        if (heads[i].id)
            g_hash_table_insert(by_id, (gpointer)heads[i].id, (gpointer)heads[i].head);
    ret->heads = hib_arena_array(arena, const char *, n + 1);
    ret->wheres = hib_arena_array(arena, const char *, n + 1);
    for (size_t i = 0; i < n; i++) {
        const char *head = g_hash_table_lookup(by_id, ids[i]),
                   *where = g_hash_table_lookup(names, ret->posts[i].account);
        ret->heads[i] = head ? head : "";
        ret->wheres[i] = where ? where : "";
    }
    return read_urls(db, ret, error);
}

static void
let_go(void *bytes)
{
    g_bytes_unref(bytes);
}

/* The picture media/ made of it: JPEG, of our own making. One that is gone is left out; the report goes on. */
static bool
read_logo(HibDb *db, const HibServices *services, HibReportFigures *ret, GError **error)
{
    HibMedia *logo;
    const char *id = ret->report->content.logo_id;
    GError *fault = NULL;
    if (!id)
        return true;
    if (!hib_media_get(db, id, &logo, &fault)) {
        bool is_gone =
            hib_error_is(fault, HIB_ERROR_NOT_FOUND) || hib_error_is(fault, HIB_ERROR_GONE);
        if (is_gone)
            g_error_free(fault);
        else
            g_propagate_error(error, fault);
        return is_gone;
    }
    if (!logo->thumb_sha256)
        return true;
    ret->logo = hib_blobs_get(services->blobs, logo->thumb_sha256, error);
    if (!ret->logo)
        return false;
    hib_arena_defer(hib_db_arena(db), let_go, ret->logo);
    return true;
}

static bool
read_campaign(HibDb *db, const HibZone *zone, HibReportFigures *ret, GError **error)
{
    HibCampaign *campaign;
    const char *id = ret->report->content.campaign_id;
    if (!id)
        return true;
    if (!hib_plan_campaign(db, id, &campaign, error) ||
        !hib_measure_campaign(db, zone, id, &ret->campaign, error))
        return false;
    ret->has_campaign = true;
    ret->campaign_name = campaign->content.name;
    return true;
}

/* A campaign that is gone has none. */
static bool
name_campaigns(HibDb *db, HibReportFigures *ret, GError **error)
{
    for (size_t i = 0; i < ret->n_groups; i++) {
        HibToldGroup *group = &ret->groups[i];
        HibCampaign *campaign = NULL;
        GError *fault = NULL;
        if (group->by != HIB_TOLD_BY_CAMPAIGN || !*group->key)
            continue;
        if (hib_plan_campaign(db, group->key, &campaign, &fault)) {
            group->name = campaign->content.name;
        } else if (hib_error_is(fault, HIB_ERROR_NOT_FOUND)) {
            g_error_free(fault);
        } else {
            g_propagate_error(error, fault);
            return false;
        }
    }
    return true;
}

/* Of the accounts with the most reactions in the period. */
static bool
read_learnt(HibDb *db, const HibZone *zone, HibReportFigures *ret, GError **error)
{
    bool is_done[64] = {false};
    size_t n_accounts = MIN(ret->n_accounts, G_N_ELEMENTS(is_done));
    ret->learnt = hib_arena_array(hib_db_arena(db), HibReportLearnt, LEARNT_MOST);
    for (int round = 0; round < LEARNT_ACCOUNTS; round++) {
        size_t best = n_accounts, n;
        int64_t most = 0;
        HibToldFinding *found;
        for (size_t i = 0; i < n_accounts; i++) {
            const HibMeasureOverview *of = &ret->accounts[i].of;
            int64_t gained = hib_report_gained(of->days, of->n_days, HIB_REPORT_ALL);
            if (!is_done[i] && gained > most) {
                most = gained;
                best = i;
            }
        }
        if (best == n_accounts)
            break;
        is_done[best] = true;
        if (!hib_measure_told_findings(db, zone, ret->accounts[best].id, &found, &n, error))
            return false;
        for (size_t i = 0; i < n && ret->n_learnt < LEARNT_MOST; i++)
            ret->learnt[ret->n_learnt++] =
                (HibReportLearnt){ret->accounts[best].name, ret->accounts[best].id, found[i]};
    }
    return true;
}

/* A page of figures has no sentences to tell them in. */
static bool
read_told(HibDb *db, const HibZone *zone, HibReportFigures *ret, GError **error)
{
    const HibReportContent *content = &ret->report->content;
    return ret->report->is_figures ||
           (hib_measure_told_goals(db, zone, content->from_day, content->until_day, &ret->goals,
                                   &ret->n_goals, error) &&
            hib_measure_told_unusual(db, content->from_day, content->until_day, &ret->unusual,
                                     &ret->n_unusual, error) &&
            read_learnt(db, zone, ret, error));
}

bool
hib_report_figures(HibDb *db, const HibServices *services, const HibReport *report,
                   HibReportFigures *ret, GError **error)
{
    const HibReportContent *content = &report->content;
    HibWorkspace *workspace;
    HibInstant from;
    g_autoptr(HibZone) zone = hib_measure_zone(db, error);
    g_autoptr(GHashTable) names = g_hash_table_new(g_str_hash, g_str_equal);
    if (!zone || !hib_team_workspace(db, &workspace, error))
        return false;
    const HibWall wall = {.year = content->from_day / 10000,
                          .month = content->from_day / 100 % 100,
                          .day = content->from_day % 100,
                          .hour = 12}; /* every day has a noon */
    if (!hib_wall_resolve(zone, &wall, &from, NULL)) {
        hib_error_set(error, HIB_ERROR_INVALID, "report.bad_period", "no such day");
        return false;
    }
    int n_days = hib_report_n_days(content);
    *ret = (HibReportFigures){.report = report,
                              .workspace = workspace->name,
                              .zone = hib_arena_strdup(hib_db_arena(db), hib_zone_name(zone)),
                              .made_at = hib_db_now(db)};
    return hib_measure_period(db, zone, from, n_days, report->account_id, &ret->of, error) &&
           hib_measure_source(db, report->account_id, &ret->source, &ret->is_partial, error) &&
           read_accounts(db, zone, from, n_days, names, ret, error) &&
           read_posts(db, names, ret, error) && read_campaign(db, zone, ret, error) &&
           hib_measure_told_groups(db, zone, ret->of.from, ret->of.to, report->account_id,
                                   &ret->groups, &ret->n_groups, error) &&
           name_campaigns(db, ret, error) && read_told(db, zone, ret, error) &&
           read_logo(db, services, ret, error);
}
