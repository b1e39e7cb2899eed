/* A campaign people take part in: what it asks, what it gives, and whether the law lets it give that. */
#include "base/error.h"
#include "base/json.h"
#include "engage/engage.h"
#include "team/team.h"
#include "ugc/condition_private.h"
#include "ugc/search_private.h"
#include "ugc/ugc_private.h"
#include <string.h>

bool
hib_contest(HibDb *db, const char *contest, HibContest **ret, GError **error)
{
    if (!hib_sql_contest_get(db, contest, ret, error))
        return false;
    if (!*ret)
        hib_error_set(error, HIB_ERROR_NOT_FOUND, "ugc.campaign_unknown", "no %s", contest);
    return *ret != NULL;
}

bool
hib_contest_prizes(HibDb *db, const char *contest, HibPrize **ret, size_t *ret_n, GError **error)
{
    return hib_sql_prize_list(db, contest, ret, ret_n, error);
}

bool
hib_contest_ticks(HibDb *db, const char *contest, HibTick **ret, size_t *ret_n, GError **error)
{
    return hib_sql_tick_list(db, contest, ret, ret_n, error);
}

bool
hib_contests(HibDb *db, HibContest **ret, size_t *ret_n, GError **error)
{
    return hib_sql_contest_list(db, ret, ret_n, error);
}

bool
hib_contest_counts(HibDb *db, const char *contest, HibContestCounts *ret, GError **error)
{
    HibSqlEntryCounts *entries;
    HibSqlWinnerTold *told;
    if (!hib_sql_entry_counts(db, contest, &entries, error) ||
        !hib_sql_winner_told(db, contest, &told, error))
        return false;
    *ret = (HibContestCounts){.n = entries->n,
                              .n_eligible = entries->n_eligible,
                              .n_unmet = entries->n_unmet,
                              .n_unchecked = entries->n_unchecked,
                              .n_told = told->n};
    return true;
}

bool
hib_contest_entries(HibDb *db, const char *contest, HibInstant after, const char *after_id,
                    const int64_t *reason, int64_t most, HibEntry **ret, size_t *ret_n,
                    GError **error)
{
    return hib_sql_entry_list(db, contest, after, after_id, reason, most, ret, ret_n, error);
}

/* --- writing ----------------------------------------------------------------------------------------------------------------- */
static bool
check(HibDb *db, const HibContest *in, size_t n_prizes, GError **error)
{
    HibCampaign *campaign;
    HibPost *post;
    if (in->closes_at <= in->opens_at)
        hib_error_set_at(error, HIB_ERROR_INVALID, "ugc.bad_span", "/contest/closes_at",
                         "ends before it begins");
    else if (!n_prizes)
        hib_error_set_at(error, HIB_ERROR_INVALID, "ugc.no_prize", "/contest/prizes", "none");
    else if (!in->post_id &&
             (hib_contest_asks(in, HIB_NET_REPOSTED) || hib_contest_asks(in, HIB_NET_LIKED)))
        hib_error_set_at(error, HIB_ERROR_INVALID, "ugc.no_post", "/contest/post_id",
                         "nothing to repost or like");
    else if (in->way == HIB_WAY_HASHTAG && !*in->tag)
        hib_error_set_at(error, HIB_ERROR_INVALID, "ugc.no_tag", "/contest/tag", "none");
    else
        return (!in->campaign_id || hib_plan_campaign(db, in->campaign_id, &campaign, error)) &&
               (!in->post_id || hib_plan_get(db, in->post_id, false, &post, error));
    return false;
}

static bool
put_prizes(HibDb *db, const char *contest, const HibPrize *prizes, size_t n, GError **error)
{
    if (!hib_sql_prize_clear(db, contest, error))
        return false;
    for (size_t i = 0; i < n; i++)
        if (!hib_sql_prize_add(db, contest, (int64_t)i, prizes[i].name, prizes[i].n,
                               prizes[i].value_yen, error))
            return false;
    return true;
}

static bool
tell(HibDb *db, const char *action, const char *contest, GError **error)
{
    return hib_audit(db, action, "ugc_campaign", contest, NULL, NULL, error) &&
           hib_event_emit(db, "ugc.changed", contest, NULL, error);
}

bool
hib_contest_add(HibDb *db, const HibContest *in, const HibPrize *prizes, size_t n,
                const char **ret_id, GError **error)
{
    const char *id = hib_db_new_id(db), *actor = NULL;
    const char *person = hib_db_actor(db, &actor) == HIB_ACTOR_PERSON ? actor : NULL;
    const char *from = hib_ugc_talk_at(hib_db_arena(db), in->opens_at - 7 * HIB_DAY);
    g_autoptr(HibTx) tx = hib_tx_begin(db, error);
    *ret_id = id;
    return tx && check(db, in, n, error) &&
           hib_sql_contest_insert(db, id, in->campaign_id, in->name, in->premium, in->price_yen,
                                  in->sales_yen, in->opens_at, in->closes_at, in->way, in->tag,
                                  in->post_id, in->networks, in->also, in->staff, in->blocked,
                                  in->n_substitutes, in->wording, in->answer_days, in->checked,
                                  in->asks, from, hib_db_now(db), person, error) &&
           put_prizes(db, id, prizes, n, error) && hib_promotion_tick(db, id, in->checked, error) &&
           tell(db, "ugc_campaign.create", id, error) && hib_tx_commit(tx, error);
}

static bool
is_same_prizes(const HibPrize *a, size_t n_a, const HibPrize *b, size_t n_b)
{
    bool is_same = n_a == n_b;
    for (size_t i = 0; is_same && i < n_a; i++)
        is_same = g_str_equal(a[i].name, b[i].name) && a[i].n == b[i].n &&
                  a[i].value_yen == b[i].value_yen;
    return is_same;
}

/* What people took part for stays once it is open. */
static bool
may_change(const HibContest *was, const HibContest *in, bool is_same_prize, GError **error)
{
    bool is_kept = was->opens_at == in->opens_at && was->way == in->way &&
                   g_str_equal(was->tag, in->tag) && g_strcmp0(was->post_id, in->post_id) == 0 &&
                   g_str_equal(was->networks, in->networks) && was->premium == in->premium &&
                   was->price_yen == in->price_yen && was->sales_yen == in->sales_yen &&
                   g_str_equal(was->also, in->also) && g_str_equal(was->asks, in->asks) &&
                   in->closes_at >= was->closes_at && is_same_prize;
    bool is_over = was->state >= HIB_CONTEST_CLOSED;
    bool is_list = g_str_equal(was->staff, in->staff) && g_str_equal(was->blocked, in->blocked) &&
                   was->closes_at == in->closes_at && was->n_substitutes == in->n_substitutes;
    if (was->state == HIB_CONTEST_DRAFT || (is_kept && (!is_over || is_list)))
        return true;
    hib_error_set(error, HIB_ERROR_CONFLICT, "ugc.frozen", "state %" G_GINT64_FORMAT, was->state);
    return false;
}

bool
hib_contest_change(HibDb *db, const char *contest, int64_t version, const HibContest *in,
                   const HibPrize *prizes, size_t n, GError **error)
{
    HibContest *was;
    HibPrize *old;
    size_t n_old;
    int64_t changed = 0;
    g_autoptr(HibTx) tx = hib_tx_begin(db, error);
    if (!tx || !hib_contest(db, contest, &was, error) ||
        !hib_contest_prizes(db, contest, &old, &n_old, error) || !check(db, in, n, error) ||
        !may_change(was, in, is_same_prizes(old, n_old, prizes, n), error))
        return false;
    bool is_moved = was->opens_at != in->opens_at;
    const char *from =
        is_moved ? hib_ugc_talk_at(hib_db_arena(db), in->opens_at - 7 * HIB_DAY) : was->talk_id;
    if (!hib_sql_contest_update(db, contest, version, in->campaign_id, in->name, in->premium,
                                in->price_yen, in->sales_yen, in->opens_at, in->closes_at, in->way,
                                in->tag, in->post_id, in->networks, in->also, in->staff,
                                in->blocked, in->n_substitutes, in->wording, in->answer_days,
                                in->checked, in->asks, from, &changed, error))
        return false;
    if (!changed) {
        hib_error_set(error, HIB_ERROR_CONFLICT, "ugc.edited", "another version is stored");
        return false;
    }
    return put_prizes(db, contest, prizes, n, error) &&
           hib_promotion_tick(db, contest, in->checked, error) &&
           tell(db, "ugc_campaign.change", contest, error) && hib_tx_commit(tx, error) &&
           (was->state != HIB_CONTEST_OPEN ||
            (hib_contest(db, contest, &was, error) && hib_contest_judge(db, was, error)));
}

/* --- opening ----------------------------------------------------------------------------------------------------------------- */
HibContestCap
hib_contest_cap(const HibContest *contest, const HibPrize *prizes, size_t n)
{
    HibContestCap out = {.cap = hib_check_premium((HibPremiumKind)contest->premium,
                                                  contest->price_yen, contest->sales_yen)};
    for (size_t i = 0; i < n; i++) { /* 50 × 100,000 × 10⁹ fits */
        out.dearest_yen = MAX(out.dearest_yen, prizes[i].value_yen);
        out.sum_yen += prizes[i].n * prizes[i].value_yen;
    }
    out.is_over = (out.cap.has_each && out.dearest_yen > out.cap.each_yen) ||
                  (out.cap.has_total && out.sum_yen > out.cap.total_yen);
    return out;
}

static void
refuse_cap(const HibContestCap *cap, GError **error)
{
    bool is_each = cap->cap.has_each && cap->dearest_yen > cap->cap.each_yen;
    hib_error_set_at(error, HIB_ERROR_INVALID, "ugc.over_cap",
                     is_each ? "/contest/prizes" : "/contest/sales_yen", "above the cap");
    if (!error)
        return;
    g_autofree char *limit =
        g_strdup_printf("%" G_GINT64_FORMAT, is_each ? cap->cap.each_yen : cap->cap.total_yen);
    g_autofree char *actual =
        g_strdup_printf("%" G_GINT64_FORMAT, is_each ? cap->dearest_yen : cap->sum_yen);
    hib_error_set_detail(*error, "limit", limit);
    hib_error_set_detail(*error, "actual", actual);
    hib_error_set_detail(*error, "source", cap->cap.source);
}

bool
hib_contest_open(HibDb *db, const char *contest, GError **error)
{
    HibContest *row;
    HibPrize *prizes;
    size_t n;
    int64_t is_draft = 0, changed;
    g_autoptr(HibTx) tx = hib_tx_begin(db, error);
    /* Held before it is read: prizes that are changed at the same time would open above the cap. */
    if (!tx || !hib_sql_contest_hold(db, contest, HIB_CONTEST_DRAFT, &is_draft, error) ||
        !hib_contest(db, contest, &row, error) ||
        !hib_contest_prizes(db, contest, &prizes, &n, error))
        return false;
    if (!is_draft) {
        hib_error_set(error, HIB_ERROR_CONFLICT, "ugc.not_draft", "state %" G_GINT64_FORMAT,
                      row->state);
        return false;
    }
    const HibContestCap cap = hib_contest_cap(row, prizes, n);
    if (cap.is_over) {
        refuse_cap(&cap, error);
        return false;
    }
    return hib_promotion_answered(db, row, error) &&
           hib_sql_contest_move(db, contest, HIB_CONTEST_DRAFT, HIB_CONTEST_OPEN, &changed,
                                error) &&
           hib_job_add(db, HIB_JOB_UGC_GATHER, "", NULL, NULL, hib_db_now(db), NULL, error) &&
           (row->way != HIB_WAY_HASHTAG ||
            (hib_sql_ugc_search_anew(db, row->tag, error) && hib_ugc_search_soon(db, error))) &&
           tell(db, "ugc_campaign.open", contest, error) && hib_tx_commit(tx, error);
}
