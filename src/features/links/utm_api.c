/* How links are named, over HTTP. */
#include "api.gen.h"
#include "base/error.h"
#include "http/call.h"
#include "links/links_private.h"

static bool
reply(HibCall *call, const HibUtm *utm)
{
    HibApiUtmRule *rules = hib_arena_array(hib_call_arena(call), HibApiUtmRule, HIB_UTM_FIELDS);
    for (int i = 0; i < HIB_UTM_FIELDS; i++)
        rules[i] = (HibApiUtmRule){.field = i,
                                   .is_required = utm->rules[i].is_required,
                                   .allowed = (const char **)(uintptr_t)utm->rules[i].allowed,
                                   .n_allowed = utm->rules[i].n_allowed,
                                   .pattern = utm->rules[i].pattern,
                                   .has_pattern = utm->rules[i].pattern != NULL};
    const HibApiUtmRules out = {
        .is_lower = utm->is_lower, .rules = rules, .n_rules = HIB_UTM_FIELDS};
    return hib_reply_utm_rules(call, 200, &out);
}

bool
hib_on_get_utm_rules(HibCall *call, GError **error)
{
    HibUtm utm;
    return hib_links_utm(hib_call_db(call), &utm, error) && reply(call, &utm);
}

bool
hib_on_set_utm_rules(HibCall *call, const HibApiUtmRules *in, GError **error)
{
    HibUtm utm = {.is_lower = in->is_lower};
    for (size_t i = 0; i < in->n_rules; i++) {
        const HibApiUtmRule *rule = &in->rules[i];
        utm.rules[rule->field] =
            (HibUtmRule){.is_required = rule->is_required,
                         .allowed = (const char *const *)rule->allowed,
                         .n_allowed = rule->n_allowed,
                         .pattern = rule->has_pattern && *rule->pattern ? rule->pattern : NULL};
    }
    return hib_links_set_utm_rules(hib_call_db(call), &utm, error) &&
           hib_links_utm(hib_call_db(call), &utm, error) && reply(call, &utm);
}
