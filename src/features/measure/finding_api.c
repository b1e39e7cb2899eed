/* Findings over HTTP. */
#include "http/call.h"
#include "measure/finding.h"
#include "measure/measure_private.h"

bool
hib_on_list_findings(HibCall *call, const HibApiListFindingsQuery *query, GError **error)
{
    HibArena *arena = hib_call_arena(call);
    HibFindings all;
    g_autoptr(HibZone) zone = hib_measure_zone(hib_call_db(call), error);
    if (!zone || !hib_findings(hib_call_db(call), zone, query->account, &all, error))
        return false;
    HibApiFindingList list = {.n_posts = (int64_t)all.n_posts,
                              .per_week = all.per_week,
                              .since = all.since ? hib_measure_day_text(arena, all.since) : NULL,
                              .has_since = all.since != 0,
                              .findings = hib_arena_array(arena, HibApiFinding, all.n + 1)};
    for (; list.n_findings < all.n; list.n_findings++) {
        const HibFinding *one = &all.findings[list.n_findings];
        list.findings[list.n_findings] = (HibApiFinding){.kind = (int)one->kind,
                                                         .key = one->key,
                                                         .against = one->against,
                                                         .has_against = one->against != NULL,
                                                         .n = (int64_t)one->n,
                                                         .lift = one->lift,
                                                         .low = one->low,
                                                         .high = one->high,
                                                         .is_told = one->is_told,
                                                         .chance_none = all.chance_none[one->kind],
                                                         .test_posts = (int64_t)one->test_posts,
                                                         .has_test_posts = one->test_posts > 0,
                                                         .test_weeks = (int64_t)one->test_weeks,
                                                         .has_test_weeks = one->test_weeks > 0};
    }
    return hib_reply_finding_list(call, 200, &list);
}
