/* Care for what happens around a post: disaster mode, sensitive days, and what says nearly the same.
 *
 * It is looked at twice. Before scheduling a person is told (hib_publish_cautions). Just before the post goes out the day is looked at once more,
 * because posts are moved, days are added, and nobody may be looking: where the workspace wants it, what falls due on a day that asks to hold
 * waits as if it were held, until a person clears it or moves it. Disaster mode is a switch like the others (hold.c) that lets cleared posts through;
 * nothing ends it but a person. */
#include "accounts/accounts.h"
#include "base/error.h"
#include "base/json.h"
#include "publish/hold.sql.h"
#include "publish/publish_private.h"
#include "publish/repeat.h"
#include "publish/series.h"
#include "publish/work.sql.h"
#include "team/team.h"

#include <stdlib.h>
#include <string.h>

#define AROUND_MOMENT 60 /* minutes */

bool
hib_publish_care(HibDb *db, bool *ret_holds_days, GError **error)
{
    HibSqlCareGet *row;
    if (!hib_sql_care_get(db, &row, error))
        return false;
    *ret_holds_days = row && row->holds_days;
    return true;
}

bool
hib_publish_set_care(HibDb *db, bool holds_days, GError **error)
{
    bool before;
    g_autoptr(HibTx) tx = hib_tx_begin(db, error);
    return tx && hib_publish_care(db, &before, error) && hib_sql_care_set(db, holds_days, error) &&
           hib_audit(db, "publish.care", "workspace", hib_db_workspace(db),
                     before ? "{\"holds_days\":true}" : "{\"holds_days\":false}",
                     holds_days ? "{\"holds_days\":true}" : "{\"holds_days\":false}", error) &&
           hib_tx_commit(tx, error);
}

bool
hib_publish_clear(HibDb *db, const char *post, const char *reason, GError **error)
{
    HibPost *found;
    const char *by = NULL;
    HibActorKind actor = hib_db_actor(db, &by);
    cJSON *json = cJSON_CreateObject();
    cJSON_AddStringToObject(json, "reason", reason);
    const char *after = hib_json_print(hib_db_arena(db), json);
    g_autofree char *said = g_strstrip(g_strdup(reason));
    if (!*said) {
        hib_error_set_at(error, HIB_ERROR_INVALID, "hold.no_reason", "/reason", "no reason given");
        return false;
    }
    g_autoptr(HibTx) tx = hib_tx_begin(db, error);
    return tx && hib_plan_get(db, post, false, &found, error) &&
           hib_sql_care_clear(db, post, said, hib_db_now(db), actor == HIB_ACTOR_PERSON ? by : NULL,
                              error) &&
           hib_publish_wake_released(db, error) &&
           hib_event_emit(db, "hold.changed", hib_db_workspace(db), NULL, error) &&
           hib_audit(db, "publish.clear", "post", post, NULL, after, error) &&
           hib_tx_commit(tx, error);
}

/* --- just before it goes out -------------------------------------------------------------------------------------------------- */
static bool
zone_of(HibDb *db, HibZone **ret, GError **error)
{
    HibWorkspace *workspace;
    if (!hib_team_workspace(db, &workspace, error))
        return false;
    *ret = hib_zone_open(workspace->zone);
    if (!*ret)
        *ret = hib_zone_utc();
    return true;
}

bool
hib_care_holds(HibDb *db, const HibDeliverWork *work, const HibDay **ret_day, GError **error)
{
    bool holds_days;
    HibSqlCareCleared *cleared;
    HibDay *days;
    size_t n;
    g_autoptr(HibZone) zone = NULL;
    *ret_day = NULL;
    if (work->kind != HIB_KIND_POST) /* what follows a post follows it */
        return true;
    if (!hib_publish_care(db, &holds_days, error))
        return false;
    if (!holds_days)
        return true;
    if (!zone_of(db, &zone, error))
        return false;
    hib_days_care(hib_db_arena(db), hib_day_at(zone, hib_db_now(db)), work->text, &days, &n);
    if (!n || days[0].care != HIB_CARE_HOLD)
        return true;
    if (!hib_sql_care_cleared(db, work->post_id, &cleared, error))
        return false;
    if (!cleared)
        *ret_day = &days[0];
    return true;
}

/* NULL: nothing keeps it back. */
static bool
why_careful(HibDb *db, const HibDeliverWork *work, const char **ret, GError **error)
{
    const HibDay *day;
    const HibCheckRule *rule;
    if (!hib_care_holds(db, work, &day, error) || !hib_rights_hold(db, work, &rule, error))
        return false;
    *ret = day ? day->name.ja : rule ? rule->id : NULL;
    return true;
}

bool
hib_deliver_mark_careful(HibDb *db, const HibDeliverWork *work, bool *ret_waits, GError **error)
{
    int64_t changed;
    const char *why;
    HibInstant now = hib_db_now(db);
    *ret_waits = false;
    if (!why_careful(db, work, &why, error))
        return false;
    if (!why)
        return true;
    /* Whoever clears it looks for what may go again: asked once more behind the same lock, none is marked after that look. */
    g_autoptr(HibTx) tx = hib_tx_begin(db, error);
    if (!tx || !hib_sql_hold_lock(db, error) || !why_careful(db, work, &why, error))
        return false;
    if (!why)
        return true;
    *ret_waits = true;
    if (!hib_sql_work_mark_held(db, work->id, now, &changed, error))
        return false;
    if (changed && (!hib_publish_did(db, work->id, now, HIB_DID_HELD, why, error) ||
                    !hib_deliver_emit(db, "delivery.waiting", work->id, work->post_id,
                                      work->account_id, error)))
        return false;
    return hib_tx_commit(tx, error);
}

/* --- before it is scheduled ------------------------------------------------------------------------------------------------------ */
typedef struct {
    HibDb *db;
    const HibPost *post;
    HibInstant at;
    GArray *found; /* HibPostCaution */
} Look;

static void
add(Look *look, HibPostCaution caution)
{
    g_array_append_val(look->found, caution);
}

bool
hib_publish_is_disaster(HibDb *db, bool *ret, GError **error)
{
    HibSqlHoldRow *row;
    if (!hib_sql_hold_get(db, HIB_HOLD_DISASTER, "", &row, error))
        return false;
    *ret = row && row->is_held;
    return true;
}

static bool
look_at_disaster(Look *look, GError **error)
{
    HibSqlHoldRow *row;
    if (!hib_sql_hold_get(look->db, HIB_HOLD_DISASTER, "", &row, error))
        return false;
    if (row && row->is_held)
        add(look, (HibPostCaution){.kind = HIB_CAUTION_DISASTER,
                                   .severity = HIB_CAUTION_BLOCK,
                                   .reason = row->reason});
    return true;
}

/* All texts that go out, for days that matter only to some words. */
static const char *
all_texts(const Look *look)
{
    g_autoptr(GString) all = g_string_new(look->post->text);
    for (size_t i = 0; i < look->post->n_variants; i++)
        if (look->post->variants[i].text)
            g_string_append_printf(all, "\n%s", look->post->variants[i].text);
    return hib_arena_strdup(hib_db_arena(look->db), all->str);
}

static bool
look_at_day(Look *look, GError **error)
{
    HibDay *days;
    size_t n;
    g_autoptr(HibZone) zone = NULL;
    if (!zone_of(look->db, &zone, error))
        return false;
    HibWall wall = hib_wall_at(zone, look->at);
    hib_days_care(hib_db_arena(look->db), hib_day_at(zone, look->at), all_texts(look), &days, &n);
    for (size_t i = 0; i < n; i++) {
        bool is_moment = days[i].moment >= 0 &&
                         ABS(wall.hour * 60 + wall.minute - days[i].moment) <= AROUND_MOMENT;
        add(look, (HibPostCaution){.kind = is_moment ? HIB_CAUTION_MOMENT : HIB_CAUTION_DAY,
                                   .severity = days[i].care == HIB_CARE_HOLD ? HIB_CAUTION_WARN
                                                                             : HIB_CAUTION_INFO,
                                   .day = &days[i]});
    }
    return true;
}

/* *ret NULL: the account is gone. */
static bool
network_of(HibDb *db, const char *account, const char **ret, GError **error)
{
    g_autoptr(GError) failed = NULL;
    HibAccount *found;
    *ret = NULL;
    if (hib_accounts_get(db, account, &found, &failed)) {
        *ret = found->network;
        return true;
    }
    if (g_error_matches(failed, HIB_ERROR, HIB_ERROR_NOT_FOUND))
        return true;
    g_propagate_error(error, g_steal_pointer(&failed));
    return false;
}

/* The network both posts go to; NULL: none. */
static bool
shared_network(HibDb *db, const HibPost *a, const HibPost *b, const char **ret, GError **error)
{
    *ret = NULL;
    for (size_t i = 0; i < a->n_variants && !*ret; i++)
        for (size_t k = 0; k < b->n_variants && !*ret; k++) {
            const char *x, *y;
            if (!network_of(db, a->variants[i].account_id, &x, error) ||
                !network_of(db, b->variants[k].account_id, &y, error))
                return false;
            *ret = x && y && g_str_equal(x, y) ? x : NULL;
        }
    return true;
}

static bool
look_at_likes(Look *look, HibPlanLikes *likes, GError **error)
{
    HibPlanLike *found;
    size_t n;
    if (!hib_plan_likes(look->db, likes, look->post, &found, &n, error))
        return false;
    for (size_t i = 0; i < n; i++) {
        HibPostCaution caution = {.kind = found[i].post ? HIB_CAUTION_LIKE : HIB_CAUTION_TRACKED,
                                  .severity = HIB_CAUTION_WARN,
                                  .like = &found[i]};
        if (found[i].post && found[i].share >= HIB_REPEAT_SHARE &&
            ABS(found[i].post->due_at - look->at) < HIB_REPEAT_WITHIN) {
            if (!shared_network(look->db, look->post, found[i].post, &caution.network, error))
                return false;
            caution.kind = caution.network ? HIB_CAUTION_REPEAT : HIB_CAUTION_LIKE;
        }
        add(look, caution);
    }
    return true;
}

/* --- what stands beside it -------------------------------------------------------------------------------------------------- */
#define MOST_BESIDE 500

static bool
has_account(const HibPostSpot *spot, const char *account)
{
    for (size_t i = 0; i < spot->n_accounts; i++)
        if (g_str_equal(spot->accounts[i], account))
            return true;
    return false;
}

/* The nearest other post of the account within its gap. */
static bool
look_beside(Look *look, const char *account, HibDuration gap, GError **error)
{
    HibPostSpot *spots;
    const HibPostSpot *nearest = NULL;
    HibPostCaution caution = {.kind = HIB_CAUTION_SLOT, .severity = HIB_CAUTION_WARN};
    size_t n;
    bool is_cut;
    if (!hib_plan_spots(look->db, look->at - gap + 1, look->at + gap, MOST_BESIDE, &spots, &n,
                        &is_cut, error))
        return false;
    for (size_t i = 0; i < n; i++) {
        bool counts = spots[i].state != HIB_POST_FAILED && has_account(&spots[i], account) &&
                      !g_str_equal(spots[i].id, look->post->id);
        if (counts &&
            (!nearest || ABS(spots[i].due_at - look->at) < ABS(nearest->due_at - look->at)))
            nearest = &spots[i];
    }
    if (!nearest)
        return true;
    if (!network_of(look->db, account, &caution.network, error))
        return false;
    caution.spot = nearest;
    add(look, caution);
    return true;
}

static bool
look_at_slot(Look *look, GError **error)
{
    HibAccountGap *gaps;
    size_t n;
    if (!look->post->has_due_at)
        return true;
    if (!hib_slots_gaps(look->db, &gaps, &n, error))
        return false;
    for (size_t i = 0; i < look->post->n_variants; i++)
        for (size_t k = 0; k < n; k++)
            if (g_str_equal(gaps[k].account_id, look->post->variants[i].account_id) &&
                gaps[k].minutes &&
                !look_beside(look, gaps[k].account_id, gaps[k].minutes * HIB_MINUTE, error))
                return false;
    return true;
}

static int
by_kind(const void *a, const void *b)
{
    const HibPostCaution *x = a, *y = b;
    if (x->kind != y->kind)
        return x->kind < y->kind ? -1 : 1;
    if (x->like && y->like && x->like->share != y->like->share)
        return x->like->share > y->like->share ? -1 : 1;
    return (int)y->severity - (int)x->severity;
}

bool
hib_publish_cautions(HibDb *db, HibPlanLikes *likes, const HibPost *post, HibPostCaution **ret,
                     size_t *ret_n, GError **error)
{
    g_autoptr(GArray) found = g_array_new(FALSE, FALSE, sizeof(HibPostCaution));
    HibInstant now = hib_db_now(db);
    Look look = {.db = db,
                 .post = post,
                 .at = post->has_due_at ? MAX(post->due_at, now) : now,
                 .found = found};
    if (!look_at_disaster(&look, error) || !look_at_day(&look, error) ||
        !look_at_likes(&look, likes, error) || !look_at_slot(&look, error))
        return false;
    *ret_n = found->len;
    *ret = hib_arena_array(hib_db_arena(db), HibPostCaution, found->len + 1);
    if (!found->len)
        return true;
    qsort(found->data, found->len, sizeof(HibPostCaution), by_kind);
    memcpy(*ret, found->data, found->len * sizeof(HibPostCaution));
    return true;
}
