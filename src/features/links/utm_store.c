/* How links are named, as a workspace set it. */
#include "links/links_private.h"
#include "links/utm.sql.h"

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
