/* Schedules as they are kept, each with the job that wakes it; and the webhook's address and secret, sealed. */
#include "base/error.h"
#include "base/json.h"
#include "media/media.h"
#include "notify/notify.h"
#include "report/delivery.h"
#include "team/team.h"
#include <string.h>

#define MOST 100
#define PURPOSE HIB_REPORT_HOOK_PURPOSE
#define SECRET_BYTES 32

static bool
refuse(GError **error, const char *reason, const char *pointer)
{
    hib_error_set_at(error, HIB_ERROR_INVALID, reason, pointer, "%s", reason);
    return false;
}

static const char *const *
texts_of(HibArena *arena, const char *json, size_t *ret_n)
{
    cJSON *list = cJSON_Parse(json);
    size_t n = (size_t)MAX(cJSON_GetArraySize(list), 0);
    const char **texts = hib_arena_array(arena, const char *, n + 1);
    for (size_t i = 0; i < n; i++) {
        const char *text = cJSON_GetStringValue(cJSON_GetArrayItem(list, (int)i));
        texts[i] = hib_arena_strdup(arena, text ? text : "");
    }
    cJSON_Delete(list);
    *ret_n = n;
    return texts;
}

static bool
with_rest(HibDb *db, HibSqlReportPlanRow *row, HibSchedule *ret, GError **error)
{
    HibSqlReportPlanOf *of;
    HibArena *arena = hib_db_arena(db);
    *ret = (HibSchedule){.row = row};
    if (!hib_sql_report_plan_of(db, row->id, &of, &ret->n_of, error))
        return false;
    const char **ids = hib_arena_array(arena, const char *, ret->n_of + 1);
    for (size_t i = 0; i < ret->n_of; i++)
        ids[i] = of[i].of_workspace;
    ret->of = ids;
    ret->mails = texts_of(arena, row->mails, &ret->n_mails);
    return true;
}

bool
hib_schedule_list(HibDb *db, HibSchedule **ret, size_t *ret_n, GError **error)
{
    HibSqlReportPlanRow *rows;
    if (!hib_sql_report_plan_list(db, MOST, &rows, ret_n, error))
        return false;
    *ret = hib_arena_array(hib_db_arena(db), HibSchedule, *ret_n + 1);
    for (size_t i = 0; i < *ret_n; i++)
        if (!with_rest(db, &rows[i], &(*ret)[i], error))
            return false;
    return true;
}

bool
hib_schedule_get(HibDb *db, const char *id, HibSchedule *ret, GError **error)
{
    HibSqlReportPlanRow *row;
    if (!hib_sql_report_plan_get(db, id, &row, error))
        return false;
    if (row)
        return with_rest(db, row, ret, error);
    hib_error_set(error, HIB_ERROR_NOT_FOUND, "report.schedule_unknown", "no schedule %s", id);
    return false;
}

HibReportRhythm
hib_schedule_rhythm(const HibSqlReportPlanRow *row)
{
    return (HibReportRhythm){(HibReportKind)row->kind, (int)row->on_day, (int)row->minute,
                             (HibReportShift)row->shift};
}

/* --- what may be ------------------------------------------------------------------------------------------------------- */
bool
hib_schedule_may_read(HibDb *db, const char *workspace, const char *person, bool *ret,
                      GError **error)
{
    const char *role = NULL;
    g_autoptr(HibDb) theirs = hib_db_open(hib_db_store(db), hib_db_arena(db), workspace);
    if (!hib_team_role(theirs, person, &role, error))
        return false;
    *ret = role && !g_str_equal(role, "client"); /* a report is the team's to make */
    return true;
}

static bool
may_read_all(HibDb *db, const HibScheduleDraft *draft, const char *person, GError **error)
{
    for (size_t i = 0; i < draft->n_of; i++) {
        bool may;
        if (!hib_schedule_may_read(db, draft->of[i], person, &may, error))
            return false;
        if (may)
            continue;
        g_autofree char *pointer = g_strdup_printf("/workspaces/%zu", i);
        hib_error_set_at(error, HIB_ERROR_NOT_FOUND, "team.workspace_unknown", pointer,
                         "no such workspace, or none of yours");
        return false;
    }
    return true;
}

static bool
are_addresses(const HibScheduleDraft *draft, GError **error)
{
    for (size_t i = 0; i < draft->n_mails; i++) {
        const char *text = draft->mails[i], *at = strchr(text, '@');
        bool is_good = at && at != text && at[1] && strlen(text) <= 254;
        for (const char *p = text; *p; p++)
            is_good = is_good && (unsigned char)*p > ' ' && !strchr("<>,;\"", *p) && *p != 0x7f;
        if (is_good)
            continue;
        g_autofree char *pointer = g_strdup_printf("/mails/%zu", i);
        return refuse(error, "report.bad_mail", pointer);
    }
    return true;
}

static bool
settle(HibDb *db, const HibScheduleDraft *draft, const char *person, GError **error)
{
    HibMedia *logo;
    GError *fault = NULL;
    if (!draft->n_mails && !draft->url && !draft->keeps_hook)
        return refuse(error, "report.nobody_gets_it", "/mails");
    if (!draft->link_days && (!draft->files || draft->n_of > 1))
        return refuse(error, "report.nothing_goes", "/link_days");
    if (!are_addresses(draft, error) || !may_read_all(db, draft, person, error))
        return false;
    if (!draft->logo_id || hib_media_get(db, draft->logo_id, &logo, &fault))
        return true;
    hib_error_set_pointer(fault, "/logo_id");
    g_propagate_error(error, fault);
    return false;
}

/* --- putting ------------------------------------------------------------------------------------------------------------ */
typedef struct {
    const char *url_sealed, *host, *secret_sealed, *secret;
} Hook;

static bool
hook_of(HibDb *db, const HibServices *services, const HibScheduleDraft *draft,
        const HibSqlReportPlanRow *before, Hook *ret, GError **error)
{
    HibArena *arena = hib_db_arena(db);
    *ret = (Hook){0};
    if (draft->keeps_hook && before) {
        *ret = (Hook){before->url_sealed, before->host, before->secret_sealed, NULL};
        return true;
    }
    if (!draft->url)
        return true;
    ret->host = hib_hook_host(arena, services, draft->url);
    if (!ret->host)
        return refuse(error, "notify.bad_url", "/url");
    ret->secret = hib_random_token(arena, SECRET_BYTES);
    ret->url_sealed = hib_seal(services->keys, arena, PURPOSE, draft->url);
    ret->secret_sealed = hib_seal(services->keys, arena, PURPOSE, ret->secret);
    return true;
}

static const char *
mails_json(HibArena *arena, const HibScheduleDraft *draft)
{
    cJSON *list = cJSON_CreateArray();
    for (size_t i = 0; i < draft->n_mails; i++)
        cJSON_AddItemToArray(list, cJSON_CreateString(draft->mails[i]));
    return hib_json_print(arena, list);
}

static const char *
described(HibDb *db, const HibScheduleDraft *draft, const HibInstant *next)
{
    char text[HIB_INSTANT_TEXT];
    cJSON *json = cJSON_CreateObject();
    cJSON_AddStringToObject(json, "name", draft->name);
    cJSON_AddNumberToObject(json, "mails", (double)draft->n_mails);
    cJSON_AddNumberToObject(json, "workspaces", (double)draft->n_of);
    if (next)
        cJSON_AddStringToObject(json, "next_at", hib_instant_format(*next, text));
    return hib_json_print(hib_db_arena(db), json);
}

static bool
put_row(HibDb *db, const char *id, int64_t version, bool is_new, const HibScheduleDraft *d,
        const Hook *hook, const HibInstant *next, const char *by, GError **error)
{
    const char *mails = mails_json(hib_db_arena(db), d);
    int64_t changed;
    if (is_new)
        return hib_sql_report_plan_put(
            db, id, d->name, d->rhythm.kind, d->rhythm.on_day, d->rhythm.minute, d->rhythm.shift,
            d->client, d->logo_id, d->accent, d->locale, d->files, d->link_days, mails,
            hook->url_sealed, hook->host, hook->secret_sealed, next, hib_db_now(db), by, error);
    if (!hib_sql_report_plan_change(db, id, version, d->name, d->rhythm.kind, d->rhythm.on_day,
                                    d->rhythm.minute, d->rhythm.shift, d->client, d->logo_id,
                                    d->accent, d->locale, d->files, d->link_days, mails,
                                    hook->url_sealed, hook->host, hook->secret_sealed, next,
                                    hib_db_now(db), by, &changed, error))
        return false;
    if (!changed)
        hib_error_set(error, HIB_ERROR_CONFLICT, "report.edited", "another version is stored");
    return changed > 0;
}

static bool
put_of(HibDb *db, const char *id, const HibScheduleDraft *draft, GError **error)
{
    if (!hib_sql_report_plan_of_drop(db, id, error))
        return false;
    for (size_t i = 0; i < draft->n_of; i++)
        if (!hib_sql_report_plan_of_put(db, id, draft->of[i], (int64_t)i, error))
            return false;
    return true;
}

bool
hib_schedule_put(HibDb *db, const HibServices *services, const char *id, int64_t version,
                 const HibScheduleDraft *draft, HibSchedule *ret, const char **ret_secret,
                 GError **error)
{
    HibSchedule before = {0};
    Hook hook;
    const char *person = NULL;
    bool is_new = !id;
    hib_db_actor(db, &person);
    g_autoptr(HibZone) zone = hib_measure_zone(db, error);
    if (!zone || (id && !hib_schedule_get(db, id, &before, error)) ||
        !settle(db, draft, person ? person : "", error))
        return false;
    HibInstant next = hib_report_next(&draft->rhythm, zone, hib_db_now(db)).at;
    const HibInstant *next_at = draft->is_paused ? NULL : &next;
    g_autoptr(HibTx) tx = hib_tx_begin(db, error);
    if (!tx || (id && !hib_schedule_get(db, id, &before, error)) ||
        !hook_of(db, services, draft, before.row, &hook, error))
        return false;
    if (is_new)
        id = hib_db_new_id(db);
    *ret_secret = hook.secret;
    return put_row(db, id, version, is_new, draft, &hook, next_at, person, error) &&
           put_of(db, id, draft, error) &&
           (next_at ? hib_job_add(db, HIB_REPORT_DUE, id, id, NULL, next, NULL, error)
                    : hib_jobs_cancel(db, HIB_REPORT_DUE, id, error)) &&
           hib_event_emit(db, "report.changed", id, NULL, error) &&
           hib_audit(db, "report.schedule", "report_schedule", id, NULL,
                     described(db, draft, next_at), error) &&
           hib_schedule_get(db, id, ret, error) && hib_tx_commit(tx, error);
}

bool
hib_schedule_drop(HibDb *db, const char *id, GError **error)
{
    HibSchedule before;
    int64_t gone;
    g_autoptr(HibTx) tx = hib_tx_begin(db, error);
    return tx && hib_schedule_get(db, id, &before, error) &&
           hib_sql_report_plan_of_drop(db, id, error) &&
           hib_sql_report_plan_drop(db, id, &gone, error) &&
           hib_jobs_cancel(db, HIB_REPORT_DUE, id, error) &&
           hib_event_emit(db, "report.changed", id, NULL, error) &&
           hib_audit(db, "report.unschedule", "report_schedule", id, NULL, NULL, error) &&
           hib_tx_commit(tx, error);
}
