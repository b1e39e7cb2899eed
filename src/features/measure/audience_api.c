/* Who follows an account over HTTP. */
#include "http/call.h"
#include "measure/audience.h"
#include "measure/measure_private.h"

#define WHOLE 0.995 /* shares are rounded by the networks */

static HibApiAudienceGroup
group_of(const HibAudienceGroup *is)
{
    return (HibApiAudienceGroup){.name = is->group.name,
                                 .share = is->group.share,
                                 .count = is->group.count,
                                 .has_count = is->group.count >= 0,
                                 .share_before = is->before,
                                 .has_share_before = is->has_before};
}

/* The groups lie by part: each run of them is one. True: one comes to less than all. */
static bool
take_parts(HibArena *arena, const HibMeasuredAudience *is, HibApiAudience *out)
{
    bool is_partial = false;
    out->parts = hib_arena_array(arena, HibApiAudiencePart, HIB_NET_AUDIENCE_PARTS);
    for (size_t i = 0; i < is->n;) {
        HibApiAudiencePart *part = &out->parts[out->n_parts++];
        part->part = (int)is->groups[i].group.part;
        part->groups = hib_arena_array(arena, HibApiAudienceGroup, is->n - i);
        for (; i < is->n && (int)is->groups[i].group.part == (int)part->part; i++) {
            part->groups[part->n_groups++] = group_of(&is->groups[i]);
            part->told += is->groups[i].group.share;
        }
        part->told = MIN(part->told, 1);
        is_partial |= part->told < WHOLE;
    }
    return is_partial;
}

bool
hib_on_get_audience(HibCall *call, const char *account, GError **error)
{
    HibMeasuredAudience is;
    if (!hib_measure_audience(hib_call_db(call), account, &is, error))
        return false;
    HibApiAudience out = {.account_id = account,
                          .network = is.network,
                          .state = (int)is.state,
                          .of = is.rule && is.rule->is_of_viewers,
                          .total = is.total,
                          .has_total = is.total >= 0,
                          .least = is.rule ? is.rule->least : 0,
                          .has_least = is.rule && is.rule->least,
                          .source = is.is_practice ? "practice" : is.network,
                          .fetched_at = is.read_at,
                          .has_fetched_at = is.read_at,
                          .before_at = is.before_at,
                          .has_before_at = is.before_at,
                          .next_at = is.next_at,
                          .has_next_at = is.next_at,
                          .reason = is.reason,
                          .has_reason = *is.reason};
    out.is_partial = take_parts(hib_call_arena(call), &is, &out) ||
                     (is.read_at && is.state != HIB_AUDIENCE_TOLD);
    return hib_reply_audience(call, 200, &out);
}
