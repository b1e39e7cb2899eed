/* Who the friends of a LINE account are: GET /v2/bot/insight/demographic, shares only, in LINE's own words ("from15to19", "within7days").
 *
 * `available` false: LINE tells nothing of this account (too few friends, another country). */
#include "networks/line_private.h"

#include <stdio.h>
#include <string.h>

static const struct {
    const char *list, *name;
    HibNetAudiencePart part;
} parts[] = {{"ages", "age", HIB_NET_AGE},
             {"genders", "gender", HIB_NET_GENDER},
             {"areas", "area", HIB_NET_AREA},
             {"appTypes", "appType", HIB_NET_SYSTEM},
             {"subscriptionPeriods", "subscriptionPeriod", HIB_NET_FRIEND_FOR}};

/* "from15to19" → "15-19", "from50" → "50+", "within7days" → "under_7", "over365days" → "over_365"; others as they are. */
static const char *
in_our_words(HibArena *arena, const char *said)
{
    int from = 0, to = 0;
    if (sscanf(said, "from%dto%d", &from, &to) == 2)
        return hib_arena_printf(arena, "%d-%d", from, to);
    if (sscanf(said, "from%d", &from) == 1)
        return hib_arena_printf(arena, "%d+", from);
    if (sscanf(said, "within%ddays", &from) == 1)
        return hib_arena_printf(arena, "under_%d", from);
    if (sscanf(said, "over%ddays", &from) == 1)
        return hib_arena_printf(arena, "over_%d", from);
    return !strcmp(said, "others") ? "other" : said;
}

static void
take(HibArena *arena, HibJson in, size_t part, HibNetAudience *ret)
{
    HibJson list = {0};
    if (!hib_json_opt_array(in, parts[part].list, &list, NULL) || !list.value)
        return;
    for (HibJson tile = hib_json_first(list); tile.value; tile = hib_json_next(list, tile)) {
        const char *name = NULL;
        double percentage = 0;
        if (cJSON_IsObject(tile.value) && hib_json_text(tile, parts[part].name, &name, NULL) &&
            hib_json_real(tile, "percentage", &percentage, NULL))
            hib_net_audience_add(ret, (HibNetAudienceGroup){.part = parts[part].part,
                                                            .name = in_our_words(arena, name),
                                                            .share = percentage / 100,
                                                            .count = -1});
    }
}

HibNetResult
hib_line_read_audience(const HibNetContext *net, const HibGrant *grant, HibNetAudience *ret)
{
    const LineCall call = {.kind = HIB_CALL_READ, .path = "/v2/bot/insight/demographic"};
    HibJson in;
    bool is_available = false;
    *ret = hib_net_audience(net->arena);
    HibNetResult said = hib_line_call(net, grant, &call, NULL, &in);
    if (said.class != HIB_NET_OK)
        return said;
    if (!cJSON_IsObject(in.value) || !hib_json_opt_bool(in, "available", &is_available, NULL))
        return hib_net_nonsense(said, HIB_CALL_READ, "the friends do not read");
    for (size_t i = 0; is_available && i < G_N_ELEMENTS(parts); i++)
        take(net->arena, in, i, ret);
    hib_net_audience_end(ret);
    return said;
}
