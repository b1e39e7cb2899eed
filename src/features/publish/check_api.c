/* Everything wrong with a post before it is scheduled, each at its place and in words, over HTTP: for the composer. */
#include "base/error.h"
#include "base/messages.h"
#include "http/call.h"
#include "publish/publish.h"
#include "publish/schedule.h"

#define MOST 100

static const char *
sentence(HibCall *call, const HibPostProblem *problem)
{
    g_autoptr(GError) error = NULL;
    HibPostProblem told = *problem;
    if (told.is_fittable) /* nothing for a person to mend */
        told.reason = "post.media_fitted";
    hib_schedule_refuse(&told, &error);
    return hib_message_fill(hib_call_arena(call), hib_call_locale(call), error);
}

static bool
check(HibDb *db, const HibPost *post, HibPostProblem *rows, size_t *n, GError **error)
{
    for (size_t i = 0; i < post->n_variants; i++) {
        HibAccount *account;
        if (!hib_accounts_get(db, post->variants[i].account_id, &account, error))
            return false;
        const HibNetwork *network = hib_network_find(account->network);
        if (network)
            *n += hib_schedule_problems(hib_db_arena(db), post, i, network, rows + *n, MOST - *n);
    }
    return true;
}

static HibApiPostCost
cost_out(const HibPostCost *cost, const char *account)
{
    return (HibApiPostCost){.account_id = account,
                            .micros = cost->micros,
                            .currency = cost->currency,
                            .has_currency = cost->currency != NULL,
                            .has_link_price = cost->has_link,
                            .quota = cost->quota,
                            .has_quota = cost->quota != NULL,
                            .takes = cost->takes,
                            .has_takes = !cost->is_unknown,
                            .is_estimate = cost->is_estimate,
                            .left = cost->left,
                            .has_left = cost->has_left,
                            .resets_at = cost->resets_at,
                            .has_resets_at = cost->resets_at != 0};
}

static bool
find(HibDb *db, const HibPost *post, HibApiPostFinding **ret, size_t *ret_n, GError **error)
{
    HibPostFinding *rows;
    if (!hib_publish_findings(db, post, &rows, ret_n, error))
        return false;
    *ret = hib_arena_array(hib_db_arena(db), HibApiPostFinding, *ret_n + 1);
    for (size_t i = 0; i < *ret_n; i++)
        (*ret)[i] = (HibApiPostFinding){.pointer = rows[i].pointer,
                                        .account_id = rows[i].account_id,
                                        .has_account_id = rows[i].account_id != NULL,
                                        .finding = hib_check_finding_to_api(rows[i].finding)};
    return true;
}

/* `written`: as people see it; limits and prices are those of what is sent. */
static bool
reply(HibCall *call, const HibPost *written, GError **error)
{
    HibArena *arena = hib_call_arena(call);
    HibPost *post;
    if (!hib_plan_as_sent(hib_call_db(call), written, &post, error))
        return false;
    HibPostProblem *rows = hib_arena_array(arena, HibPostProblem, MOST + 1);
    HibApiPostProblem *out = hib_arena_array(arena, HibApiPostProblem, MOST + 1);
    size_t n = 0;
    if (!check(hib_call_db(call), post, rows, &n, error))
        return false;
    bool is_unreachable;
    if (!hib_schedule_unreachable(hib_call_db(call), hib_call_context(call), post, &rows[n],
                                  &is_unreachable, error))
        return false;
    n += is_unreachable;
    for (size_t i = 0; i < n; i++)
        out[i] = (HibApiPostProblem){.reason = rows[i].reason,
                                     .detail = sentence(call, &rows[i]),
                                     .pointer = rows[i].pointer,
                                     .limit = rows[i].limit,
                                     .has_limit = rows[i].limit > 0,
                                     .actual = rows[i].actual,
                                     .has_actual = rows[i].limit > 0,
                                     .is_fittable = rows[i].is_fittable,
                                     .network = rows[i].network->name,
                                     .account_id = rows[i].account_id};
    HibPostCost *costs;
    HibInstant now = hib_db_now(hib_call_db(call)),
               at = post->has_due_at ? MAX(post->due_at, now) : now;
    if (!hib_publish_costs(hib_call_db(call), post, at, &costs, error))
        return false;
    HibApiPostCost *taken = hib_arena_array(arena, HibApiPostCost, post->n_variants + 1);
    for (size_t i = 0; i < post->n_variants; i++)
        taken[i] = cost_out(&costs[i], post->variants[i].account_id);
    HibApiPostFinding *findings;
    size_t n_findings;
    if (!find(hib_call_db(call), written, &findings, &n_findings, error))
        return false;
    HibApiPostCaution *cautions;
    size_t n_cautions;
    if (!hib_care_to_api(call, written, &cautions, &n_cautions, error))
        return false;
    const HibApiPostCheck checked = {.problems = out,
                                     .n_problems = n,
                                     .costs = taken,
                                     .n_costs = post->n_variants,
                                     .findings = findings,
                                     .n_findings = n_findings,
                                     .cautions = cautions,
                                     .n_cautions = n_cautions};
    return hib_reply_post_check(call, 200, &checked);
}

bool
hib_on_check_post(HibCall *call, const char *id, GError **error)
{
    HibPost *post;
    return hib_plan_get(hib_call_db(call), id, false, &post, error) && reply(call, post, error);
}

bool
hib_on_check_draft(HibCall *call, const HibApiCheckDraftQuery *query, const HibApiPostDraft *in,
                   GError **error)
{
    const HibPostContent content = hib_plan_of_draft(hib_call_arena(call), in);
    HibPost *post;
    if (!hib_plan_imagine(hib_call_db(call), &content, &post, error))
        return false;
    post->id = query->has_post ? query->post : post->id;
    post->campaign_id = query->has_campaign ? query->campaign : NULL;
    return reply(call, post, error);
}

bool
hib_on_override_check(HibCall *call, const char *post, const HibApiCheckOverride *in,
                      GError **error)
{
    return hib_publish_override(hib_call_db(call), post, in->reason, error) &&
           hib_call_reply_empty(call, 204);
}
