/* What a workspace says once of all its texts (its industries, the elections it minds), and what a person let pass for a reason. */
#include "check/check.h"

#include "base/error.h"
#include "base/json.h"
#include "check/house.sql.h"
#include "team/team.h"

#include <string.h>

static const char *const *
words_of(HibArena *arena, const char *text)
{
    g_auto(GStrv) words = g_strsplit(text, " ", -1);
    const char **all = hib_arena_array(arena, const char *, g_strv_length(words) + 1);
    size_t n = 0;
    for (size_t i = 0; words[i]; i++)
        if (*words[i])
            all[n++] = hib_arena_strdup(arena, words[i]);
    return all;
}

bool
hib_check_setting(HibDb *db, HibCheckSetting *ret, GError **error)
{
    HibSqlCheckSettingGet *row;
    HibArena *arena = hib_db_arena(db);
    if (!hib_sql_check_setting_get(db, &row, error))
        return false;
    const char *const *spans = words_of(arena, row ? row->elections : "");
    size_t n = g_strv_length((char **)(void *)spans);
    HibCheckElection *elections = hib_arena_array(arena, HibCheckElection, n + 1);
    for (size_t i = 0; i < n; i++)
        elections[i] = (HibCheckElection){hib_arena_strndup(arena, spans[i], 10),
                                          spans[i] + strlen("2026-07-09..")};
    *ret = (HibCheckSetting){words_of(arena, row ? row->industries : ""), elections, n};
    return true;
}

static const char *
audit_text(HibArena *arena, const char *key, const char *value, const char *other, const char *more)
{
    cJSON *out = cJSON_CreateObject();
    cJSON_AddStringToObject(out, key, value);
    if (other)
        cJSON_AddStringToObject(out, other, more);
    return hib_json_print(arena, out);
}

static bool
is_day(const char *day)
{
    HibInstant at;
    g_autofree char *whole = g_strdup_printf("%sT00:00:00Z", day);
    return strlen(day) == 10 && hib_instant_parse(whole, &at);
}

/* "from..to from..to"; NULL with an error where one is no span. */
static char *
spans_of(const HibCheckSetting *setting, GError **error)
{
    g_autoptr(GString) all = g_string_new("");
    for (size_t i = 0; i < setting->n_elections; i++) {
        const HibCheckElection *one = &setting->elections[i];
        g_autofree char *at = g_strdup_printf("/elections/%zu", i);
        if (!is_day(one->from_day) || !is_day(one->to_day)) {
            hib_error_set_at(error, HIB_ERROR_INVALID, "check.bad_day", at, "not days: %s, %s",
                             one->from_day, one->to_day);
            return NULL;
        }
        if (strcmp(one->from_day, one->to_day) > 0) {
            hib_error_set_at(error, HIB_ERROR_INVALID, "check.bad_span", at, "%s is before %s",
                             one->to_day, one->from_day);
            return NULL;
        }
        g_string_append_printf(all, "%s%s..%s", all->len ? " " : "", one->from_day, one->to_day);
    }
    return g_string_free(g_steal_pointer(&all), FALSE);
}

bool
hib_check_set_setting(HibDb *db, const HibCheckSetting *setting, GError **error)
{
    HibSqlCheckSettingGet *before;
    g_autofree char *industries = g_strjoinv(" ", (char **)(void *)setting->industries);
    g_autofree char *elections = spans_of(setting, error);
    g_autoptr(HibTx) tx = elections ? hib_tx_begin(db, error) : NULL;
    return tx && hib_sql_check_setting_get(db, &before, error) &&
           hib_sql_check_setting_put(db, industries, elections, hib_db_now(db), error) &&
           hib_audit(db, "check.setting", "workspace", hib_db_workspace(db),
                     audit_text(hib_db_arena(db), "industries", before ? before->industries : "",
                                "elections", before ? before->elections : ""),
                     audit_text(hib_db_arena(db), "industries", industries, "elections", elections),
                     error) &&
           hib_tx_commit(tx, error);
}

bool
hib_check_election_on(const HibCheckSetting *setting, const HibZone *zone, HibInstant at)
{
    const HibWall wall = hib_wall_at(zone, at);
    char day[32];
    bool is_on = false;
    g_snprintf(day, sizeof day, "%04d-%02d-%02d", wall.year, wall.month, wall.day);
    for (size_t i = 0; i < setting->n_elections; i++)
        is_on |= strcmp(setting->elections[i].from_day, day) <= 0 &&
                 strcmp(day, setting->elections[i].to_day) <= 0;
    return is_on;
}

bool
hib_check_is_election(HibDb *db, const HibCheckSetting *setting, HibInstant at, bool *ret,
                      GError **error)
{
    HibWorkspace *workspace;
    *ret = false;
    if (!setting->n_elections)
        return true;
    if (!hib_team_workspace(db, &workspace, error))
        return false;
    g_autoptr(HibZone) zone = hib_zone_open(workspace->zone);
    *ret = hib_check_election_on(setting, zone ? zone : hib_zone_utc(), at);
    return true;
}

bool
hib_check_override(HibDb *db, const char *subject, const char *fingerprint, const char *rules,
                   const char *reason, GError **error)
{
    g_autofree char *text = g_strstrip(g_strdup(reason));
    if (!*text) {
        hib_error_set_at(error, HIB_ERROR_INVALID, "check.no_reason", "/reason", "an empty reason");
        return false;
    }
    g_autoptr(HibTx) tx = hib_tx_begin(db, error);
    return tx &&
           hib_sql_check_override_put(db, subject, fingerprint, text, hib_db_now(db), error) &&
           hib_audit(db, "check.override", "post", subject, NULL,
                     audit_text(hib_db_arena(db), "reason", text, "rules", rules), error) &&
           hib_tx_commit(tx, error);
}

bool
hib_check_override_copy(HibDb *db, const char *from, const char *to, GError **error)
{
    return hib_sql_check_override_copy(db, from, to, error);
}

bool
hib_check_overridden(HibDb *db, const char *subject, const char *fingerprint, bool *ret,
                     GError **error)
{
    HibSqlCheckOverrideGet *row;
    if (!hib_sql_check_override_get(db, subject, fingerprint, &row, error))
        return false;
    *ret = row != NULL;
    return true;
}
