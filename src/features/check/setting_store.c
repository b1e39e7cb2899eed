/* What a workspace says once of all its texts (its industries), and what a person let pass for a reason. */
#include "check/check.h"

#include "base/error.h"
#include "base/json.h"
#include "check/house.sql.h"
#include "team/team.h"

bool
hib_check_industries(HibDb *db, const char *const **ret, GError **error)
{
    HibSqlCheckSettingGet *row;
    if (!hib_sql_check_setting_get(db, &row, error))
        return false;
    g_auto(GStrv) words = g_strsplit(row ? row->industries : "", " ", -1);
    const char **all = hib_arena_array(hib_db_arena(db), const char *, g_strv_length(words) + 1);
    size_t n = 0;
    for (size_t i = 0; words[i]; i++)
        if (*words[i])
            all[n++] = hib_arena_strdup(hib_db_arena(db), words[i]);
    *ret = all;
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

bool
hib_check_set_industries(HibDb *db, const char *const *industries, GError **error)
{
    const char *const *before;
    g_autofree char *joined = g_strjoinv(" ", (char **)(void *)industries);
    g_autoptr(HibTx) tx = hib_tx_begin(db, error);
    if (!tx || !hib_check_industries(db, &before, error))
        return false;
    g_autofree char *old = g_strjoinv(" ", (char **)(void *)before);
    return hib_sql_check_setting_put(db, joined, hib_db_now(db), error) &&
           hib_audit(db, "check.setting", "workspace", hib_db_workspace(db),
                     audit_text(hib_db_arena(db), "industries", old, NULL, NULL),
                     audit_text(hib_db_arena(db), "industries", joined, NULL, NULL), error) &&
           hib_tx_commit(tx, error);
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
hib_check_overridden(HibDb *db, const char *subject, const char *fingerprint, bool *ret,
                     GError **error)
{
    HibSqlCheckOverrideGet *row;
    if (!hib_sql_check_override_get(db, subject, fingerprint, &row, error))
        return false;
    *ret = row != NULL;
    return true;
}
