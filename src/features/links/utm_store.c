/* How links are named, as a workspace set it. */
#include "base/json.h"
#include "links/links_private.h"
#include "links/utm.sql.h"
#include "store/events.h"
#include "team/team.h"

static const char *const *
lines_of(HibArena *arena, const char *text, size_t *ret_n)
{
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    const char **out = hib_arena_array(arena, const char *, g_strv_length(lines) + 1);
    *ret_n = 0;
    for (size_t i = 0; lines[i]; i++)
        if (*lines[i])
            out[(*ret_n)++] = hib_arena_strdup(arena, lines[i]);
    return out;
}

static const char *
as_lines(HibArena *arena, const char *const *values, size_t n)
{
    g_autoptr(GString) out = g_string_new(NULL);
    for (size_t i = 0; i < n; i++)
        g_string_append_printf(out, "%s%s", i ? "\n" : "", values[i]);
    return hib_arena_strdup(arena, out->str);
}

/* Nobody chose yet: off, and the medium that analytics know. */
bool
hib_links_utm(HibDb *db, HibUtm *ret, GError **error)
{
    HibArena *arena = hib_db_arena(db);
    HibSqlUtmGet *row;
    HibSqlUtmRules *rules;
    size_t n;
    *ret = (HibUtm){.medium = "social"};
    if (!hib_sql_utm_get(db, &row, error) || !hib_sql_utm_rules(db, &rules, &n, error))
        return false;
    for (size_t i = 0; i < n; i++)
        if (rules[i].field >= 0 && rules[i].field < HIB_UTM_FIELDS) {
            HibUtmRule *rule = &ret->rules[rules[i].field];
            *rule = (HibUtmRule){.is_required = rules[i].is_required, .pattern = rules[i].pattern};
            rule->allowed = lines_of(arena, rules[i].allowed, &rule->n_allowed);
        }
    if (!row)
        return true;
    ret->is_on = row->is_on;
    ret->is_lower = row->is_lower;
    ret->medium = row->medium;
    ret->hosts = lines_of(arena, row->hosts, &ret->n_hosts);
    return true;
}

bool
hib_links_mark_hosts(HibDb *db, bool is_on, const char *const *hosts, size_t n_hosts,
                     const char *medium, GError **error)
{
    return hib_sql_utm_hosts_set(db, is_on, as_lines(hib_db_arena(db), hosts, n_hosts), medium,
                                 error);
}

/* --- rules ------------------------------------------------------------------------------------------------------------ */
static const char *
describe(HibDb *db, const HibUtm *utm)
{
    cJSON *out = cJSON_CreateObject();
    cJSON_AddBoolToObject(out, "is_lower", utm->is_lower);
    for (size_t i = 0; i < HIB_UTM_FIELDS; i++) {
        const HibUtmRule *rule = &utm->rules[i];
        cJSON *one = cJSON_AddObjectToObject(out, hib_utm_names[i]);
        cJSON_AddBoolToObject(one, "is_required", rule->is_required);
        cJSON_AddStringToObject(one, "allowed",
                                as_lines(hib_db_arena(db), rule->allowed, rule->n_allowed));
        cJSON_AddStringToObject(one, "pattern", rule->pattern ? rule->pattern : "");
    }
    return hib_json_print(hib_db_arena(db), out);
}

/* A rule's own words keep the rule: nobody could write a value that is refused for its case. */
static bool
check_words(const HibUtm *utm, HibUtmField field, GError **error)
{
    const HibUtmRule *rule = &utm->rules[field];
    HibUtm one = {.is_lower = utm->is_lower};
    one.rules[field].pattern = rule->pattern;
    for (size_t i = 0; i < rule->n_allowed; i++) {
        g_autofree char *pointer = g_strdup_printf("/rules/%d/allowed/%zu", (int)field, i);
        if (!hib_utm_check_value(&one, field, rule->allowed[i], pointer, error))
            return false;
    }
    return true;
}

bool
hib_links_set_utm_rules(HibDb *db, const HibUtm *utm, GError **error)
{
    HibUtm before;
    g_autoptr(HibTx) tx = hib_tx_begin(db, error);
    if (!tx || !hib_links_utm(db, &before, error) ||
        !hib_sql_utm_lower_set(db, utm->is_lower, error) || !hib_sql_utm_rules_drop(db, error))
        return false;
    for (HibUtmField i = 0; i < HIB_UTM_FIELDS; i++) {
        const HibUtmRule *rule = &utm->rules[i];
        if (!check_words(utm, i, error) ||
            !hib_sql_utm_rule_add(db, i, rule->is_required,
                                  as_lines(hib_db_arena(db), rule->allowed, rule->n_allowed),
                                  rule->pattern, error))
            return false;
    }
    return hib_audit(db, "link.utm_rules", "workspace", hib_db_workspace(db), describe(db, &before),
                     describe(db, utm), error) &&
           hib_event_emit(db, "kit.changed", hib_db_workspace(db), NULL, error) &&
           hib_tx_commit(tx, error);
}
