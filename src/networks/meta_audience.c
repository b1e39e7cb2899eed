/* Who follows an account of Instagram or Threads: follower_demographics, one part a question (Threads takes no more).
 *
 * Counts come in total_value.breakdowns[0].results, each with its dimension_values. Below 100 followers there is nothing, as an empty list. */
#include "networks/meta.h"

#include <string.h>

static const struct {
    const char *breakdown;
    HibNetAudiencePart part;
} parts[] = {{"age", HIB_NET_AGE},
             {"gender", HIB_NET_GENDER},
             {"country", HIB_NET_COUNTRY},
             {"city", HIB_NET_CITY}};

static const char *
name_of(HibNetAudiencePart part, const char *said)
{
    static const char *const genders[][2] = {{"F", "female"}, {"M", "male"}, {"U", "unknown"}};
    for (size_t i = 0; part == HIB_NET_GENDER && said && i < G_N_ELEMENTS(genders); i++)
        if (!strcmp(genders[i][0], said))
            return genders[i][1];
    return said;
}

static void
take(HibJson in, HibNetAudiencePart part, HibNetAudience *ret)
{
    HibJson rows = hib_meta_get(in, "data.0.total_value.breakdowns.0.results");
    for (HibJson row = hib_json_first(rows); row.value; row = hib_json_next(rows, row)) {
        const int64_t count = hib_meta_int(row, "value", -1);
        if (count >= 0)
            hib_net_audience_add(
                ret, (HibNetAudienceGroup){
                         .part = part,
                         .name = name_of(part, hib_meta_text(row, "dimension_values.0")),
                         .count = count});
    }
}

HibNetResult
hib_meta_audience(const HibNetContext *net, const HibGrant *grant, const char *url,
                  const char *form, int64_t total, HibNetAudience *ret)
{
    HibNetResult said = hib_meta_ok(), refused = said;
    size_t n_refused = 0;
    *ret = hib_net_audience(net->arena);
    ret->total = total;
    for (size_t i = 0; i < G_N_ELEMENTS(parts); i++) {
        const HibMetaCall call = {
            .kind = HIB_CALL_READ,
            .method = "GET",
            .url = url,
            .token = grant->access,
            .form = hib_arena_printf(net->arena, "metric=follower_demographics%s&breakdown=%s",
                                     form, parts[i].breakdown)};
        HibJson in;
        said = hib_meta_call(net, &call, &in);
        if (said.class == HIB_NET_FATAL) {
            refused = said;
            n_refused++;
        } else if (said.class != HIB_NET_OK) {
            return said;
        } else {
            take(in, parts[i].part, ret);
        }
    }
    hib_net_audience_end(ret);
    return n_refused == G_N_ELEMENTS(parts) ? refused : hib_meta_ok();
}
