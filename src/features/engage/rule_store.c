/* Moderation rules in the store: a list that runs from the top. */
#include "base/error.h"
#include "base/json.h"
#include "engage/desk.h"
#include "engage/rule.sql.h"
#include "team/team.h"
#include <string.h>

#define MOST 100
#define COUNTED (30 * HIB_DAY)

static bool
to_rule(HibDb *db, const HibSqlRuleRow *row, HibModerationRule *ret, GError **error)
{
    *ret = (HibModerationRule){.rule = {.id = row->id, .name = row->name, .is_any = row->is_any},
                               .is_on = row->is_on,
                               .updated_at = row->updated_at,
                               .version = row->version};
    return hib_rule_read(hib_db_arena(db), row->conditions, row->actions, &ret->rule, error);
}

bool
hib_moderation_list(HibDb *db, HibModerationRule **ret, size_t *ret_n, GError **error)
{
    HibSqlRuleRow *rows;
    HibSqlRuleCounts *counts;
    size_t n_counts;
    if (!hib_sql_rule_list(db, &rows, ret_n, error) ||
        !hib_sql_rule_counts(db, hib_db_now(db) - COUNTED, &counts, &n_counts, error))
        return false;
    *ret = hib_arena_array(hib_db_arena(db), HibModerationRule, *ret_n + 1);
    for (size_t i = 0; i < *ret_n; i++) {
        HibModerationRule *one = &(*ret)[i];
        if (!to_rule(db, &rows[i], one, error))
            return false;
        for (size_t k = 0; k < n_counts; k++)
            if (g_str_equal(counts[k].rule_id, rows[i].id)) {
                one->n_met = counts[k].n;
                one->met_at = counts[k].last_at;
            }
    }
    return true;
}

/* --- what is asked of a rule -------------------------------------------------------------------------------------------------- */
static bool
check_member(HibDb *db, const char *person, const char *pointer, GError **error)
{
    const char *role;
    if (!hib_team_role(db, person, &role, error))
        return false;
    if (!role)
        hib_error_set_at(error, HIB_ERROR_INVALID, "rule.not_member", pointer, "%s", person);
    return role != NULL;
}

static bool
check_values(HibDb *db, const HibRuleCondition *condition, size_t i, GError **error)
{
    for (size_t k = 0; k < condition->n_values; k++) {
        g_autofree char *pointer = g_strdup_printf("/conditions/%zu/values/%zu", i, k);
        HibAccount *account = NULL;
        HibCampaign *campaign;
        if (condition->on == HIB_RULE_ACCOUNT) {
            if (!hib_accounts_find(db, condition->values[k], &account, error))
                return false;
            if (!account) {
                hib_error_set_at(error, HIB_ERROR_INVALID, "rule.bad_value", pointer, "no account");
                return false;
            }
        }
        if (condition->on == HIB_RULE_CAMPAIGN &&
            !hib_plan_campaign(db, condition->values[k], &campaign, error)) {
            if (error && *error)
                hib_error_set_pointer(*error, pointer);
            return false;
        }
    }
    return true;
}

bool
hib_moderation_check(HibDb *db, const HibRule *rule, GError **error)
{
    const char *pointer, *reason = hib_rule_wrong(hib_db_arena(db), rule, &pointer);
    const HibRuleActions *actions = &rule->actions;
    if (reason) {
        hib_error_set_at(error, HIB_ERROR_INVALID, reason, pointer, "not a rule");
        return false;
    }
    for (size_t i = 0; i < rule->n_conditions; i++)
        if (!check_values(db, &rule->conditions[i], i, error))
            return false;
    for (size_t i = 0; i < actions->n_people; i++) {
        g_autofree char *at = g_strdup_printf("/actions/people/%zu", i);
        if (!check_member(db, actions->people[i], at, error))
            return false;
    }
    return !actions->assignee || check_member(db, actions->assignee, "/actions/assignee", error);
}

/* --- writing ------------------------------------------------------------------------------------------------------------------------- */
static bool
get(HibDb *db, const char *id, HibSqlRuleRow **ret, GError **error)
{
    if (!hib_sql_rule_get(db, id, ret, error))
        return false;
    if (!*ret)
        hib_error_set(error, HIB_ERROR_NOT_FOUND, "rule.unknown", "no rule %s", id);
    return *ret != NULL;
}

static const char *
take_name(HibDb *db, const char *id, const char *given, GError **error)
{
    HibSqlRuleNamed *other;
    g_autofree char *name = g_strstrip(g_strdup(given));
    if (!*name || strpbrk(name, "\r\n\t")) {
        hib_error_set_at(error, HIB_ERROR_INVALID, "rule.bad_name", "/name", "no name");
        return NULL;
    }
    if (!hib_sql_rule_named(db, name, id ? id : "", &other, error))
        return NULL;
    if (!other)
        return hib_arena_strdup(hib_db_arena(db), name);
    hib_error_set_at(error, HIB_ERROR_CONFLICT, "rule.name_taken", "/name", "taken");
    return NULL;
}

static bool
add(HibDb *db, const char *id, const char *name, const HibModerationRule *draft, GError **error)
{
    HibArena *arena = hib_db_arena(db);
    HibSqlRuleNext *next;
    if (!hib_sql_rule_next(db, &next, error))
        return false;
    if (next->n >= MOST) {
        hib_error_set(error, HIB_ERROR_CONFLICT, "rule.too_many", "%d rules", MOST);
        return false;
    }
    return hib_sql_rule_insert(db, id, name, draft->is_on, next->ordinal, draft->rule.is_any,
                               hib_rule_conditions_json(arena, &draft->rule),
                               hib_rule_actions_json(arena, &draft->rule.actions), hib_db_now(db),
                               error);
}

static bool
change(HibDb *db, const char *id, int64_t version, const char *name, const HibModerationRule *draft,
       GError **error)
{
    HibArena *arena = hib_db_arena(db);
    int64_t changed;
    if (!hib_sql_rule_update(db, id, version, name, draft->is_on, draft->rule.is_any,
                             hib_rule_conditions_json(arena, &draft->rule),
                             hib_rule_actions_json(arena, &draft->rule.actions), hib_db_now(db),
                             &changed, error))
        return false;
    if (!changed)
        hib_error_set(error, HIB_ERROR_CONFLICT, "rule.edited", "somebody changed it");
    return changed > 0;
}

static const char *
described(HibArena *arena, const HibSqlRuleRow *row)
{
    cJSON *json = cJSON_CreateObject();
    cJSON_AddStringToObject(json, "name", row->name);
    cJSON_AddBoolToObject(json, "is_on", row->is_on);
    cJSON_AddStringToObject(json, "conditions", row->conditions);
    cJSON_AddStringToObject(json, "actions", row->actions);
    return hib_json_print(arena, json);
}

bool
hib_moderation_put(HibDb *db, const char *id, int64_t version, const HibModerationRule *draft,
                   HibModerationRule *ret, GError **error)
{
    HibSqlRuleRow *row;
    const char *is = id ? id : hib_db_new_id(db);
    g_autoptr(HibTx) tx = hib_tx_begin(db, error);
    if (!tx || (id && !get(db, id, &row, error)))
        return false;
    const char *name = take_name(db, id, draft->rule.name, error);
    return name && hib_moderation_check(db, &draft->rule, error) &&
           (id ? change(db, id, version, name, draft, error) : add(db, is, name, draft, error)) &&
           get(db, is, &row, error) && to_rule(db, row, ret, error) &&
           hib_event_emit(db, "rule.changed", is, NULL, error) &&
           hib_audit(db, id ? "rule.change" : "rule.create", "rule", is, NULL,
                     described(hib_db_arena(db), row), error) &&
           hib_tx_commit(tx, error);
}

bool
hib_moderation_drop(HibDb *db, const char *id, GError **error)
{
    HibSqlRuleRow *row;
    int64_t changed;
    g_autoptr(HibTx) tx = hib_tx_begin(db, error);
    return tx && get(db, id, &row, error) && hib_sql_rule_delete(db, id, &changed, error) &&
           hib_event_emit(db, "rule.changed", id, NULL, error) &&
           hib_audit(db, "rule.delete", "rule", id, described(hib_db_arena(db), row), NULL,
                     error) &&
           hib_tx_commit(tx, error);
}
