/* A workspace's care of the rules: what it switched and tuned, its own files, and which findings its people called wrong.
 *
 * Files are compiled once a content: the composer asks at every pause in typing. What was compiled is kept by the hash of its text, so it is never stale
 * and never mixed up between workspaces; a file that cannot be compiled is never stored. */
#include "check/check_private.h"

#include "base/error.h"
#include "base/json.h"
#include "base/secrets.h"
#include "check/house.sql.h"
#include "team/team.h"

#include <string.h>

/* --- compiled once ------------------------------------------------------------------------------------------------- */
#define KEPT 64

static GMutex kept_lock;
static struct {
    char *key;
    HibCheckRules *rules;
} kept[KEPT]; /* of any workspace; the oldest goes */
static size_t kept_next;

static HibCheckRules *
recall(const char *key)
{
    HibCheckRules *found = NULL;
    g_mutex_lock(&kept_lock);
    for (size_t i = 0; i < KEPT && !found; i++)
        if (kept[i].key && strcmp(kept[i].key, key) == 0)
            found = hib_check_rules_ref(kept[i].rules);
    g_mutex_unlock(&kept_lock);
    return found;
}

static void
remember(const char *key, HibCheckRules *rules)
{
    g_mutex_lock(&kept_lock);
    size_t at = kept_next++ % KEPT;
    g_free(kept[at].key);
    hib_check_rules_free(kept[at].rules);
    kept[at].key = g_strdup(key);
    kept[at].rules = hib_check_rules_ref(rules);
    g_mutex_unlock(&kept_lock);
}

static void
let_go(void *rules)
{
    hib_check_rules_free(rules);
}

/* All files of the workspace as one set of rules. NULL without an error: there are none. */
static bool
compile(HibArena *arena, const HibSqlCheckFileRow *rows, size_t n, const HibCheckRules **ret,
        GError **error)
{
    g_autoptr(GString) all = g_string_new("");
    *ret = NULL;
    for (size_t i = 0; i < n; i++)
        if (*rows[i].body)
            g_string_append_printf(all, "%s\n%zu\n%s\n", rows[i].name, strlen(rows[i].body),
                                   rows[i].body);
    if (all->len == 0)
        return true;
    const char *key = hib_sha256_hex(arena, all->str, all->len);
    HibCheckRules *rules = recall(key);
    if (!rules) {
        rules = hib_check_rules_new();
        for (size_t i = 0; i < n; i++) {
            if (*rows[i].body && !hib_check_rules_add(rules, rows[i].name, rows[i].body,
                                                      strlen(rows[i].body), error)) {
                hib_check_rules_free(rules);
                return false;
            }
        }
        hib_check_rules_build(rules);
        remember(key, rules);
    }
    hib_arena_defer(arena, let_go, rules);
    *ret = rules;
    return true;
}

bool
hib_check_house(HibDb *db, HibCheckHouse *ret, GError **error)
{
    HibSqlCheckTuneRow *rows;
    HibSqlCheckFileRow *files;
    size_t n_files;
    *ret = (HibCheckHouse){0};
    if (!hib_sql_check_tunes(db, &rows, &ret->n_tunes, error) ||
        !hib_sql_check_files(db, &files, &n_files, error) ||
        !compile(hib_db_arena(db), files, n_files, &ret->own, error))
        return false;
    HibCheckTune *tunes = hib_arena_array(hib_db_arena(db), HibCheckTune, ret->n_tunes + 1);
    for (size_t i = 0; i < ret->n_tunes; i++)
        tunes[i] = (HibCheckTune){rows[i].rule_id, rows[i].is_off, rows[i].has_severity,
                                  (HibCheckSeverity)rows[i].severity};
    ret->tunes = tunes;
    return true;
}

/* --- switching and tuning -------------------------------------------------------------------------------------------- */
static bool
knows(HibDb *db, const char *rule, HibCheckHouse *house, GError **error)
{
    if (!hib_check_house(db, house, error))
        return false;
    if (hib_check_rule(hib_check_rules(), rule) || (house->own && hib_check_rule(house->own, rule)))
        return true;
    hib_error_set(error, HIB_ERROR_NOT_FOUND, "check.unknown_rule", "no rule %s", rule);
    return false;
}

static const char *
tune_text(HibArena *arena, bool is_off, const HibCheckSeverity *severity)
{
    cJSON *out = cJSON_CreateObject();
    cJSON_AddBoolToObject(out, "is_off", is_off);
    if (severity)
        cJSON_AddStringToObject(out, "severity", hib_check_severity_name(*severity));
    return hib_json_print(arena, out);
}

bool
hib_check_tune(HibDb *db, const char *rule, bool is_off, const HibCheckSeverity *severity,
               GError **error)
{
    HibCheckHouse house;
    const char *before = NULL;
    const int64_t number = severity ? (int64_t)*severity : 0;
    g_autoptr(HibTx) tx = hib_tx_begin(db, error);
    if (!tx || !knows(db, rule, &house, error))
        return false;
    for (size_t i = 0; i < house.n_tunes; i++)
        if (strcmp(house.tunes[i].rule, rule) == 0)
            before = tune_text(hib_db_arena(db), house.tunes[i].is_off,
                               house.tunes[i].is_severity_set ? &house.tunes[i].severity : NULL);
    return hib_sql_check_tune_put(db, rule, is_off, severity ? &number : NULL, hib_db_now(db),
                                  error) &&
           hib_audit(db, "check.tune", "rule", rule, before,
                     tune_text(hib_db_arena(db), is_off, severity), error) &&
           hib_tx_commit(tx, error);
}

/* --- files ------------------------------------------------------------------------------------------------------------ */
static bool
file_known(const char *name, GError **error)
{
    if (strcmp(name, "rules") == 0 || strcmp(name, "terms") == 0)
        return true;
    hib_error_set(error, HIB_ERROR_NOT_FOUND, "check.unknown_file", "no file %s", name);
    return false;
}

static bool
find_file(HibDb *db, const char *name, HibCheckFileInfo *ret, GError **error)
{
    HibSqlCheckFileRow *rows;
    size_t n;
    *ret = (HibCheckFileInfo){.name = name, .text = ""};
    if (!hib_sql_check_files(db, &rows, &n, error))
        return false;
    for (size_t i = 0; i < n; i++)
        if (strcmp(rows[i].name, name) == 0)
            *ret =
                (HibCheckFileInfo){rows[i].name, rows[i].body, rows[i].n_rules, rows[i].updated_at};
    return true;
}

bool
hib_check_get_file(HibDb *db, const char *name, HibCheckFileInfo *ret, GError **error)
{
    return file_known(name, error) && find_file(db, name, ret, error);
}

static const char *
file_text(HibArena *arena, const HibCheckFileInfo *file)
{
    cJSON *out = cJSON_CreateObject();
    cJSON_AddNumberToObject(out, "n_rules", (double)file->n_rules);
    cJSON_AddNumberToObject(out, "n_bytes", (double)strlen(file->text));
    return hib_json_print(arena, out);
}

/* A rule of the one file may not have the name of one of Hibiki's, or of the other file. */
static bool
stands_alone(HibDb *db, const HibCheckRules *rules, const char *name, GError **error)
{
    for (size_t i = 0; i < hib_check_n_rules(rules); i++) {
        const char *id = hib_check_rule_at(rules, i)->id;
        if (!hib_check_rule(hib_check_rules(), id))
            continue;
        hib_error_set(error, HIB_ERROR_INVALID, "check.bad_rule", "%s: %s is one of Hibiki's", name,
                      id);
        if (error) {
            hib_error_set_detail(*error, "file", name);
            hib_error_set_detail(
                *error, "line",
                hib_arena_printf(hib_db_arena(db), "%zu", HIB_CHECK_COMPILED(rules, i)->line));
            hib_error_set_detail(*error, "key", id);
        }
        return false;
    }
    return true;
}

bool
hib_check_put_file(HibDb *db, const char *name, const char *text, HibCheckFileInfo *ret,
                   GError **error)
{
    HibCheckFileInfo before;
    HibCheckHouse house;
    g_autoptr(HibCheckRules) rules = NULL;
    if (!file_known(name, error))
        return false;
    if (*text && !(rules = hib_check_rules_parse(name, text, strlen(text), error)))
        return false;
    if (rules && !stands_alone(db, rules, name, error))
        return false;
    int64_t n_rules = rules ? (int64_t)hib_check_n_rules(rules) : 0;
    g_autoptr(HibTx) tx = hib_tx_begin(db, error);
    return tx && find_file(db, name, &before, error) &&
           hib_sql_check_file_put(db, name, text, n_rules, hib_db_now(db), error) &&
           hib_check_house(db, &house, error) && /* with the other file: their names must differ */
           find_file(db, name, ret, error) &&
           hib_audit(db, "check.file", "rules", name, file_text(hib_db_arena(db), &before),
                     file_text(hib_db_arena(db), ret), error) &&
           hib_tx_commit(tx, error);
}

/* --- how right a rule is ----------------------------------------------------------------------------------------------- */
bool
hib_check_counts(HibDb *db, HibCheckCount **ret, size_t *ret_n, GError **error)
{
    HibSqlCheckCountRow *rows;
    if (!hib_sql_check_counts(db, &rows, ret_n, error))
        return false;
    *ret = hib_arena_array(hib_db_arena(db), HibCheckCount, *ret_n + 1);
    for (size_t i = 0; i < *ret_n; i++)
        (*ret)[i] = (HibCheckCount){rows[i].rule_id, rows[i].n_told, rows[i].n_false};
    return true;
}

/* The same words in the same text are one finding, however often it is looked at. */
static const char *
fingerprint(HibDb *db, const char *text, const char *found)
{
    const char *both = hib_arena_printf(hib_db_arena(db), "%zu\n%s%s", strlen(found), found, text);
    return hib_sha256_hex(hib_db_arena(db), both, strlen(both));
}

bool
hib_check_told(HibDb *db, const char *text, const HibCheckResult *result, GError **error)
{
    g_autoptr(HibTx) tx = result->n ? hib_tx_begin(db, error) : NULL;
    if (result->n == 0)
        return true;
    for (size_t i = 0; tx && i < result->n; i++) {
        const HibCheckFinding *finding = &result->findings[i];
        if (!hib_sql_check_told_add(db, finding->rule->id, fingerprint(db, text, finding->found),
                                    finding->found, hib_db_now(db), error))
            return false;
    }
    return tx && hib_tx_commit(tx, error);
}

bool
hib_check_false_alarm(HibDb *db, const char *rule, const char *text, const char *found,
                      GError **error)
{
    HibCheckHouse house;
    return knows(db, rule, &house, error) &&
           hib_sql_check_told_false(db, rule, fingerprint(db, text, found), found, hib_db_now(db),
                                    error);
}
