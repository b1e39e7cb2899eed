/* Moderation rules over HTTP, and trying one on what was said. */
#include "engage/desk.h"
#include "engage/engage_private.h"
#include "http/call.h"
#include "http/services.h"

/* --- in --------------------------------------------------------------------------------------------------------------------- */
static HibRule
rule_in(HibArena *arena, const HibApiModerationRuleDraft *in)
{
    HibRuleCondition *conditions = hib_arena_array(arena, HibRuleCondition, in->n_conditions + 1);
    for (size_t i = 0; i < in->n_conditions; i++) {
        const HibApiRuleCondition *one = &in->conditions[i];
        conditions[i] =
            (HibRuleCondition){.on = (HibRuleOn)one->field,
                               .is_not = one->has_is_not && one->is_not,
                               .values = one->has_values ? (const char *const *)one->values : NULL,
                               .n_values = one->has_values ? one->n_values : 0};
    }
    const HibApiRuleActions *actions = &in->actions;
    return (HibRule){.name = in->name,
                     .is_any = in->is_any,
                     .conditions = conditions,
                     .n_conditions = in->n_conditions,
                     .actions = {.hides = actions->hides,
                                 .is_done = actions->is_done,
                                 .holds = actions->holds,
                                 .tags = (const char *const *)actions->tags,
                                 .n_tags = actions->n_tags,
                                 .assignee = actions->has_assignee ? actions->assignee : NULL,
                                 .people = (const char *const *)actions->people,
                                 .n_people = actions->n_people}};
}

/* --- out -------------------------------------------------------------------------------------------------------------------- */
static const char **
texts_out(HibArena *arena, const char *const *texts, size_t n)
{
    const char **out = hib_arena_array(arena, const char *, n + 1);
    for (size_t i = 0; i < n; i++)
        out[i] = texts[i];
    return out;
}

static HibApiModerationRule
rule_out(HibArena *arena, const HibModerationRule *given)
{
    const HibRule *rule = &given->rule;
    const HibRuleActions *actions = &rule->actions;
    HibApiRuleCondition *conditions =
        hib_arena_array(arena, HibApiRuleCondition, rule->n_conditions + 1);
    for (size_t i = 0; i < rule->n_conditions; i++) {
        const HibRuleCondition *one = &rule->conditions[i];
        conditions[i] =
            (HibApiRuleCondition){.field = (int)one->on,
                                  .has_is_not = true,
                                  .is_not = one->is_not,
                                  .has_values = true,
                                  .values = texts_out(arena, one->values, one->n_values),
                                  .n_values = one->n_values};
    }
    return (HibApiModerationRule){
        .id = rule->id,
        .name = rule->name,
        .is_on = given->is_on,
        .is_any = rule->is_any,
        .conditions = conditions,
        .n_conditions = rule->n_conditions,
        .actions = {.hides = actions->hides,
                    .is_done = actions->is_done,
                    .holds = actions->holds,
                    .tags = texts_out(arena, actions->tags, actions->n_tags),
                    .n_tags = actions->n_tags,
                    .has_assignee = actions->assignee != NULL,
                    .assignee = actions->assignee,
                    .people = texts_out(arena, actions->people, actions->n_people),
                    .n_people = actions->n_people},
        .n_met = given->n_met,
        .has_met_at = given->met_at != 0,
        .met_at = given->met_at,
        .updated_at = given->updated_at,
        .version = given->version};
}

/* --- operations -------------------------------------------------------------------------------------------------------------- */
bool
hib_on_list_moderation_rules(HibCall *call, GError **error)
{
    HibModerationRule *rows;
    size_t n;
    if (!hib_moderation_list(hib_call_db(call), &rows, &n, error))
        return false;
    HibApiModerationRule *out = hib_arena_array(hib_call_arena(call), HibApiModerationRule, n + 1);
    for (size_t i = 0; i < n; i++)
        out[i] = rule_out(hib_call_arena(call), &rows[i]);
    const HibApiModerationRuleList list = {.rules = out, .n_rules = n};
    return hib_reply_moderation_rule_list(call, 200, &list);
}

static bool
put(HibCall *call, int status, const char *id, int64_t version, const HibApiModerationRuleDraft *in,
    GError **error)
{
    HibModerationRule now;
    const HibModerationRule draft = {.rule = rule_in(hib_call_arena(call), in), .is_on = in->is_on};
    if (!hib_moderation_put(hib_call_db(call), id, version, &draft, &now, error))
        return false;
    const HibApiModerationRule out = rule_out(hib_call_arena(call), &now);
    return hib_reply_moderation_rule(call, status, &out);
}

bool
hib_on_create_moderation_rule(HibCall *call, const HibApiModerationRuleDraft *in, GError **error)
{
    return put(call, 201, NULL, 0, in, error);
}

bool
hib_on_change_moderation_rule(HibCall *call, const char *moderation_rule,
                              const HibApiModerationRuleUpdate *in, GError **error)
{
    return put(call, 200, moderation_rule, in->version, &in->rule, error);
}

bool
hib_on_delete_moderation_rule(HibCall *call, const char *moderation_rule, GError **error)
{
    return hib_moderation_drop(hib_call_db(call), moderation_rule, error) &&
           hib_call_reply_empty(call, 204);
}

bool
hib_on_try_moderation_rule(HibCall *call, const HibApiModerationTry *in, GError **error)
{
    HibArena *arena = hib_call_arena(call);
    const HibRule rule = rule_in(arena, &in->rule);
    HibRuleTrial trial;
    if (!hib_moderation_try(hib_call_db(call), &rule, (int)in->days, &trial, error))
        return false;
    HibApiModerationSample *samples =
        hib_arena_array(arena, HibApiModerationSample, trial.n_samples + 1);
    for (size_t i = 0; i < trial.n_samples; i++) {
        const HibRuleSample *one = &trial.samples[i];
        samples[i] = (HibApiModerationSample){.talk_id = one->talk,
                                              .has_thread_id = one->thread != NULL,
                                              .thread_id = one->thread,
                                              .network = one->network,
                                              .author = one->author,
                                              .text = one->text,
                                              .at = one->at,
                                              .can_hide = one->can_hide};
    }
    const HibApiModerationTrial out = {.n_seen = trial.n_seen,
                                       .n_met = trial.n_met,
                                       .n_cannot_hide = trial.n_cannot_hide,
                                       .since = trial.since,
                                       .is_cut = trial.is_cut,
                                       .samples = samples,
                                       .n_samples = trial.n_samples};
    return hib_reply_moderation_trial(call, 200, &out);
}
