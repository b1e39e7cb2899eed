/* Check over HTTP: a text through the rules, the two calculators. */
#include "check/check.h"

#include "base/error.h"
#include "http/call.h"

static HibApiCheckText
both(const HibCheckText *text)
{
    return (HibApiCheckText){.ja = text->ja, .en = text->en};
}

HibApiCheckFinding
hib_check_finding_to_api(const HibCheckFinding *finding)
{
    const HibCheckRule *rule = finding->rule;
    return (HibApiCheckFinding){.rule = rule->id,
                                .severity = (int)finding->severity,
                                .start = (int64_t)finding->span.start,
                                .end = (int64_t)finding->span.end,
                                .utf16_start = (int64_t)finding->span.utf16_start,
                                .utf16_end = (int64_t)finding->span.utf16_end,
                                .found = finding->found,
                                .has_replacement = finding->replacement != NULL,
                                .replacement = finding->replacement,
                                .message = both(&rule->message),
                                .fix = both(&rule->fix),
                                .law = both(&rule->law),
                                .source = rule->source,
                                .as_of = rule->as_of,
                                .is_stale = finding->is_stale};
}

/* Texts of the contract → ended by NULL. */
static const char *const *
list(HibArena *arena, const char *const *items, size_t n)
{
    const char **all = hib_arena_array(arena, const char *, n + 1);
    for (size_t i = 0; i < n; i++)
        all[i] = items[i];
    return all;
}

bool
hib_on_check_text(HibCall *call, const HibApiCheckRequest *in, GError **error)
{
    HibArena *arena = hib_call_arena(call);
    HibDb *db = hib_call_db(call);
    HibCheckHouse house;
    HibCheckResult result;
    HibCheckSetting setting;
    bool is_election;
    if (!hib_check_house(db, &house, error) || !hib_check_setting(db, &setting, error) ||
        !hib_check_is_election(db, &setting, hib_db_now(db), &is_election, error))
        return false;
    const HibCheckSubject subject = {
        .text = in->text,
        .networks = list(arena, in->networks, in->n_networks),
        .industries = list(arena, in->industries, in->n_industries),
        .relation = in->has_relation ? (HibCheckRelation)in->relation : HIB_RELATION_UNSAID,
        .has_image = in->has_has_image && in->has_image,
        .has_video = in->has_has_video && in->has_video,
        .disclosure_at_ms = in->has_disclosure_at_ms ? in->disclosure_at_ms : -1,
        .disclosure_for_ms = in->has_disclosure_for_ms ? in->disclosure_for_ms : -1,
        .is_switched = in->has_is_switched && in->is_switched,
        .is_disaster = in->has_is_disaster && in->is_disaster,
        .is_election = is_election || (in->has_is_election && in->is_election),
        .now = hib_db_now(db)};
    hib_check(arena, &house, &subject, &result);
    if (in->has_is_final && in->is_final && !hib_check_told(db, in->text, &result, error))
        return false;
    HibApiCheckFinding *out = hib_arena_array(arena, HibApiCheckFinding, result.n + 1);
    for (size_t i = 0; i < result.n; i++)
        out[i] = hib_check_finding_to_api(&result.findings[i]);
    const HibApiCheckReport report = {.findings = out,
                                      .n_findings = result.n,
                                      .is_cut = result.is_cut,
                                      .has_gravest = result.n > 0,
                                      .gravest = (int)hib_check_gravest(&result)};
    return hib_reply_check_report(call, 200, &report);
}

bool
hib_on_compute_premium(HibCall *call, const HibApiPremiumRequest *in, GError **error G_GNUC_UNUSED)
{
    const HibPremiumCap cap =
        hib_check_premium((HibPremiumKind)in->kind, in->price_yen, in->sales_yen);
    const HibApiPremiumCap out = {.has_each_yen = cap.has_each,
                                  .each_yen = cap.each_yen,
                                  .has_total_yen = cap.has_total,
                                  .total_yen = cap.total_yen,
                                  .has_below_yen = cap.below_yen > 0,
                                  .below_yen = cap.below_yen,
                                  .has_times = cap.times > 0,
                                  .times = cap.times,
                                  .has_least_yen = cap.least_yen > 0,
                                  .least_yen = cap.least_yen,
                                  .has_most_yen = cap.most_yen > 0,
                                  .most_yen = cap.most_yen,
                                  .has_percent = cap.percent > 0,
                                  .percent = cap.percent,
                                  .has_total_percent = cap.total_percent > 0,
                                  .total_percent = cap.total_percent,
                                  .source = cap.source,
                                  .as_of = cap.as_of};
    return hib_reply_premium_cap(call, 200, &out);
}

static bool
day_of(const char *text, const char *pointer, int64_t *ret, GError **error)
{
    HibInstant at;
    g_autofree char *whole = g_strdup_printf("%sT00:00:00Z", text);
    if (strlen(text) == 10 && hib_instant_parse(whole, &at)) {
        *ret = at / HIB_DAY;
        return true;
    }
    hib_error_set_at(error, HIB_ERROR_INVALID, "check.bad_day", pointer, "not a day: %s", text);
    return false;
}

bool
hib_on_compare_price(HibCall *call, const HibApiPriceRequest *in, GError **error)
{
    HibArena *arena = hib_call_arena(call);
    HibPricePeriod *periods = hib_arena_array(arena, HibPricePeriod, in->n_periods + 1);
    int64_t sale;
    if (!day_of(in->sale_day, "/sale_day", &sale, error))
        return false;
    for (size_t i = 0; i < in->n_periods; i++) {
        const HibApiPricePeriod *period = &in->periods[i];
        periods[i].price_yen = period->price_yen;
        if (!day_of(period->from_day, hib_arena_printf(arena, "/periods/%zu/from_day", i),
                    &periods[i].from_day, error) ||
            !day_of(period->to_day, hib_arena_printf(arena, "/periods/%zu/to_day", i),
                    &periods[i].to_day, error))
            return false;
    }
    const HibPriceTest test = hib_check_price(in->price_yen, sale, periods, in->n_periods);
    const HibApiPriceTest out = {.n_window = test.n_window,
                                 .n_sold = test.n_sold,
                                 .n_at_price = test.n_at_price,
                                 .has_n_since = test.n_since >= 0,
                                 .n_since = test.n_since,
                                 .least_days = test.least_days,
                                 .since_days = test.since_days,
                                 .is_majority = test.is_majority,
                                 .is_two_weeks = test.is_two_weeks,
                                 .is_recent = test.is_recent,
                                 .is_fair = test.is_fair,
                                 .source = test.source,
                                 .as_of = test.as_of};
    return hib_reply_price_test(call, 200, &out);
}

static bool
reply_setting(HibCall *call, GError **error)
{
    HibCheckSetting setting;
    if (!hib_check_setting(hib_call_db(call), &setting, error))
        return false;
    HibApiCheckElection *elections =
        hib_arena_array(hib_call_arena(call), HibApiCheckElection, setting.n_elections + 1);
    for (size_t i = 0; i < setting.n_elections; i++)
        elections[i] = (HibApiCheckElection){.from_day = setting.elections[i].from_day,
                                             .to_day = setting.elections[i].to_day};
    const HibApiCheckSetting out = {.industries = (const char **)(void *)setting.industries,
                                    .n_industries =
                                        g_strv_length((char **)(void *)setting.industries),
                                    .has_elections = true,
                                    .elections = elections,
                                    .n_elections = setting.n_elections};
    return hib_reply_check_setting(call, 200, &out);
}

bool
hib_on_get_check_setting(HibCall *call, GError **error)
{
    return reply_setting(call, error);
}

bool
hib_on_put_check_setting(HibCall *call, const HibApiCheckSetting *in, GError **error)
{
    HibArena *arena = hib_call_arena(call);
    HibCheckElection *elections = hib_arena_array(arena, HibCheckElection, in->n_elections + 1);
    for (size_t i = 0; i < in->n_elections; i++)
        elections[i] = (HibCheckElection){in->elections[i].from_day, in->elections[i].to_day};
    const HibCheckSetting setting = {list(arena, in->industries, in->n_industries), elections,
                                     in->n_elections};
    return hib_check_set_setting(hib_call_db(call), &setting, error) && reply_setting(call, error);
}
