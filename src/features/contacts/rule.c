/* A segment's rule: conditions joined by all or any, in groups within groups, three deep. Checked whole before anything is counted; kept as JSON. */
#include "base/error.h"
#include "base/json.h"
#include "contacts/contacts_private.h"
#include <string.h>

static const char *const field_names[] = {
    "tag",       "consent",  "network", "sentiment",   "intent", "link",
    "campaign",  "did",      "city",    "language",    "note",   "first_seen",
    "last_seen", "messages", "clicks",  "conversions", "revenue"};
static const char *const op_names[] = {"is", "is_not", "at_least", "at_most"};

const char *
hib_segment_rule_mark(HibSegmentField field)
{
    if (field == HIB_FIELD_CONSENT)
        return "given";
    return field < HIB_FIELD_NOTE ? field_names[field] : NULL;
}

static bool
is_good(const HibCondition *condition)
{
    if (condition->field > HIB_FIELD_NOTE)
        return condition->op >= HIB_OP_AT_LEAST && condition->number >= 0;
    return condition->op <= HIB_OP_IS_NOT && condition->text && *condition->text;
}

static bool
check(const HibSegmentRule *rule, const char *path, int depth, size_t *n, GError **error)
{
    const char *fault = depth > HIB_SEGMENT_DEPTH                             ? "too deep"
                        : !rule->n_conditions && !rule->n_groups              ? "nothing in it"
                        : (*n += rule->n_conditions) > HIB_SEGMENT_CONDITIONS ? "too many"
                                                                              : NULL;
    if (fault) {
        hib_error_set_at(error, HIB_ERROR_INVALID, "segment.bad_rule", path, "%s", fault);
        return false;
    }
    for (size_t i = 0; i < rule->n_conditions; i++)
        if (!is_good(&rule->conditions[i])) {
            g_autofree char *at = g_strdup_printf("%s/conditions/%zu", path, i);
            hib_error_set_at(error, HIB_ERROR_INVALID, "segment.bad_rule", at, "no condition");
            return false;
        }
    for (size_t i = 0; i < rule->n_groups; i++) {
        g_autofree char *at = g_strdup_printf("%s/groups/%zu", path, i);
        if (!check(&rule->groups[i], at, depth + 1, n, error))
            return false;
    }
    return true;
}

bool
hib_segment_rule_check(const HibSegmentRule *rule, GError **error)
{
    size_t n = 0;
    return check(rule, "/rule", 1, &n, error);
}

/* --- as JSON --------------------------------------------------------------------------------------------------------- */
static cJSON *
to_json(const HibSegmentRule *rule)
{
    cJSON *out = cJSON_CreateObject();
    cJSON_AddStringToObject(out, "match", rule->is_any ? "any" : "all");
    cJSON *conditions = cJSON_AddArrayToObject(out, "conditions");
    for (size_t i = 0; i < rule->n_conditions; i++) {
        const HibCondition *one = &rule->conditions[i];
        cJSON *condition = cJSON_CreateObject();
        cJSON_AddStringToObject(condition, "field", field_names[one->field]);
        cJSON_AddStringToObject(condition, "op", op_names[one->op]);
        cJSON_AddStringToObject(condition, "text", one->text ? one->text : "");
        cJSON_AddNumberToObject(condition, "number", (double)one->number);
        cJSON_AddItemToArray(conditions, condition);
    }
    cJSON *groups = cJSON_AddArrayToObject(out, "groups");
    for (size_t i = 0; i < rule->n_groups; i++)
        cJSON_AddItemToArray(groups, to_json(&rule->groups[i]));
    return out;
}

const char *
hib_segment_rule_print(HibArena *arena, const HibSegmentRule *rule)
{
    return hib_json_print(arena, to_json(rule));
}

static int
name_at(const char *const *names, size_t n, const char *name)
{
    for (size_t i = 0; i < n; i++)
        if (g_str_equal(names[i], name))
            return (int)i;
    return -1;
}

static bool
read_condition(HibJson in, HibCondition *ret, GError **error)
{
    const char *field, *op;
    if (!hib_json_text(in, "field", &field, error) || !hib_json_text(in, "op", &op, error) ||
        !hib_json_text(in, "text", &ret->text, error) ||
        !hib_json_int(in, "number", &ret->number, error))
        return false;
    const int at = name_at(field_names, G_N_ELEMENTS(field_names), field),
              by = name_at(op_names, G_N_ELEMENTS(op_names), op);
    if (at < 0 || by < 0) {
        hib_error_set(error, HIB_ERROR_CORRUPT, "store.failed", "a segment's rule does not read");
        return false;
    }
    ret->field = (HibSegmentField)at;
    ret->op = (HibSegmentOp)by;
    return true;
}

static bool
from_json(HibJson in, HibSegmentRule *ret, GError **error)
{
    const char *match;
    HibJson conditions, groups;
    if (!hib_json_text(in, "match", &match, error) ||
        !hib_json_array(in, "conditions", &conditions, error) ||
        !hib_json_array(in, "groups", &groups, error))
        return false;
    ret->is_any = g_str_equal(match, "any");
    ret->conditions = hib_arena_array(in.arena, HibCondition, hib_json_count(conditions) + 1);
    ret->groups = hib_arena_array(in.arena, HibSegmentRule, hib_json_count(groups) + 1);
    for (HibJson e = hib_json_first(conditions); e.value; e = hib_json_next(conditions, e))
        if (!read_condition(e, &ret->conditions[ret->n_conditions++], error))
            return false;
    for (HibJson e = hib_json_first(groups); e.value; e = hib_json_next(groups, e))
        if (!from_json(e, &ret->groups[ret->n_groups++], error))
            return false;
    return true;
}

bool
hib_segment_rule_read(HibArena *arena, const char *json, HibSegmentRule **ret, GError **error)
{
    HibJson in;
    *ret = hib_arena_new0(arena, HibSegmentRule);
    return hib_json_parse(arena, json, strlen(json), &in, error) && from_json(in, *ret, error);
}
