/* A rule's conditions and actions as the JSON that is stored; named as in the contract. */
#include "base/json.h"
#include "engage/desk.h"
#include <string.h>

const char *const hib_rule_ons[HIB_RULE_ONS + 1] = {
    "text",    "sentiment", "intent", "urgency",  "author",   "author_new", "network",
    "account", "kind",      "link",   "language", "campaign", NULL};

/* --- out ------------------------------------------------------------------------------------------------------------------ */
static void
put_texts(cJSON *to, const char *key, const char *const *texts, size_t n)
{
    cJSON *list = cJSON_AddArrayToObject(to, key);
    for (size_t i = 0; i < n; i++)
        cJSON_AddItemToArray(list, cJSON_CreateString(texts[i]));
}

const char *
hib_rule_conditions_json(HibArena *arena, const HibRule *rule)
{
    cJSON *list = cJSON_CreateArray();
    for (size_t i = 0; i < rule->n_conditions; i++) {
        const HibRuleCondition *one = &rule->conditions[i];
        cJSON *item = cJSON_CreateObject();
        cJSON_AddStringToObject(item, "on", hib_rule_ons[one->on]);
        cJSON_AddBoolToObject(item, "is_not", one->is_not);
        put_texts(item, "values", one->values, one->n_values);
        cJSON_AddItemToArray(list, item);
    }
    cJSON *out = cJSON_CreateObject();
    cJSON_AddItemToObject(out, "conditions", list);
    return hib_json_print(arena, out);
}

const char *
hib_rule_actions_json(HibArena *arena, const HibRuleActions *actions)
{
    cJSON *out = cJSON_CreateObject();
    cJSON_AddBoolToObject(out, "hides", actions->hides);
    cJSON_AddBoolToObject(out, "is_done", actions->is_done);
    cJSON_AddBoolToObject(out, "holds", actions->holds);
    if (actions->assignee)
        cJSON_AddStringToObject(out, "assignee", actions->assignee);
    put_texts(out, "tags", actions->tags, actions->n_tags);
    put_texts(out, "people", actions->people, actions->n_people);
    return hib_json_print(arena, out);
}

/* --- in -------------------------------------------------------------------------------------------------------------------- */
static const char *const *
take_texts(HibArena *arena, HibJson in, const char *key, size_t *ret_n, GError **error)
{
    HibJson list;
    if (!hib_json_array(in, key, &list, error))
        return NULL;
    *ret_n = 0;
    const char **out = hib_arena_array(arena, const char *, hib_json_count(list) + 1);
    for (HibJson e = hib_json_first(list); e.value; e = hib_json_next(list, e))
        if (cJSON_IsString(e.value))
            out[(*ret_n)++] = e.value->valuestring;
    return out;
}

static bool
take_condition(HibArena *arena, HibJson in, HibRuleCondition *ret, GError **error)
{
    const char *on;
    if (!hib_json_text(in, "on", &on, error) || !hib_json_bool(in, "is_not", &ret->is_not, error))
        return false;
    for (int i = 0; i < HIB_RULE_ONS; i++)
        if (g_str_equal(on, hib_rule_ons[i]))
            ret->on = (HibRuleOn)i;
    ret->values = take_texts(arena, in, "values", &ret->n_values, error);
    return ret->values != NULL;
}

static bool
take_conditions(HibArena *arena, const char *json, HibRule *ret, GError **error)
{
    HibJson whole, list;
    if (!hib_json_parse(arena, json, strlen(json), &whole, error) ||
        !hib_json_array(whole, "conditions", &list, error))
        return false;
    HibRuleCondition *out = hib_arena_array(arena, HibRuleCondition, hib_json_count(list) + 1);
    for (HibJson e = hib_json_first(list); e.value; e = hib_json_next(list, e))
        if (!take_condition(arena, e, &out[ret->n_conditions++], error))
            return false;
    ret->conditions = out;
    return true;
}

static bool
take_actions(HibArena *arena, const char *json, HibRuleActions *ret, GError **error)
{
    HibJson in;
    if (!hib_json_parse(arena, json, strlen(json), &in, error) ||
        !hib_json_bool(in, "hides", &ret->hides, error) ||
        !hib_json_bool(in, "is_done", &ret->is_done, error) ||
        !hib_json_bool(in, "holds", &ret->holds, error) ||
        !hib_json_opt_text(in, "assignee", &ret->assignee, error))
        return false;
    ret->tags = take_texts(arena, in, "tags", &ret->n_tags, error);
    ret->people = ret->tags ? take_texts(arena, in, "people", &ret->n_people, error) : NULL;
    return ret->people != NULL;
}

bool
hib_rule_read(HibArena *arena, const char *conditions, const char *actions, HibRule *ret,
              GError **error)
{
    return take_conditions(arena, conditions, ret, error) &&
           take_actions(arena, actions, &ret->actions, error);
}
