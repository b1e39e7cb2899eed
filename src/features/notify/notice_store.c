/* Notices in the store: told once a person and event, read, and how each person wants to hear them. */
#include "base/json.h"
#include "notify/notify_private.h"
#include <string.h>

bool
hib_notice_choices(HibDb *db, const char *person, HibNoticeChoices *ret, GError **error)
{
    HibSqlChoiceList *rows;
    size_t n;
    for (int kind = 0; kind < HIB_NOTICE_KINDS; kind++)
        ret->ways[kind] = hib_notice_usual((HibNoticeKind)kind);
    if (!hib_sql_choice_list(db, person, &rows, &n, error))
        return false;
    for (size_t i = 0; i < n; i++)
        if (rows[i].kind >= 0 && rows[i].kind < HIB_NOTICE_KINDS)
            ret->ways[rows[i].kind] = (unsigned)rows[i].ways;
    return true;
}

bool
hib_notice_choose(HibDb *db, const char *person, const HibNoticeChoices *choices, GError **error)
{
    g_autoptr(HibTx) tx = hib_tx_begin(db, error);
    if (!tx)
        return false;
    for (int kind = 0; kind < HIB_NOTICE_KINDS; kind++)
        if (!hib_sql_choice_put(db, person, kind, choices->ways[kind], error))
            return false;
    return hib_tx_commit(tx, error);
}

bool
hib_notice_read(HibDb *db, const char *person, const char *const *ids, size_t n, GError **error)
{
    HibInstant now = hib_db_now(db);
    int64_t changed = 0, one;
    g_autoptr(HibTx) tx = hib_tx_begin(db, error);
    if (!tx || (!ids && !hib_sql_notice_mark_all(db, person, now, &changed, error)))
        return false;
    for (size_t i = 0; ids && i < n; i++, changed += one)
        if (!hib_sql_notice_mark(db, person, ids[i], now, &one, error))
            return false;
    return (!changed || hib_event_emit(db, "notice.read", person, NULL, error)) &&
           hib_tx_commit(tx, error);
}

/* --- telling ---------------------------------------------------------------------------------------------------------- */
static bool
add_send(HibDb *db, const char *notice, const char *way, GError **error)
{
    const char *json = hib_arena_printf(hib_db_arena(db), "{\"way\":\"%s\"}", way);
    return hib_job_add(db, HIB_NOTIFY_SEND, NULL, notice, json, hib_db_now(db), NULL, error);
}

static bool
tell_one(HibDb *db, const HibJob *job, const HibNotice *notice, GError **error)
{
    HibNoticeChoices choices;
    HibSqlHookRow *hook;
    const char *id = hib_db_new_id(db);
    HibInstant now = hib_db_now(db);
    int64_t is_new = 0, pruned;
    if (!hib_notice_choices(db, notice->person, &choices, error))
        return false;
    unsigned ways = choices.ways[notice->kind];
    if (!ways)
        return true;
    if (!hib_sql_notice_insert(db, id, notice->person, job->id, notice->kind, notice->word,
                               notice->who, notice->what, notice->place, (ways & HIB_WAY_APP) != 0,
                               now, &is_new, error))
        return false;
    if (!is_new)
        return true;
    if (!hib_sql_notice_prune(db, notice->person, now - HIB_NOTICE_KEEP, &pruned, error) ||
        !hib_sql_hook_get(db, notice->person, &hook, error))
        return false;
    return (!(ways & HIB_WAY_APP) ||
            hib_event_emit(db, "notice.created", notice->person, NULL, error)) &&
           (!(ways & HIB_WAY_MAIL) || add_send(db, id, "mail", error)) &&
           (!(ways & HIB_WAY_HOOK) || !hook || add_send(db, id, "hook", error));
}

/* Twice: see notify.c. */
bool
hib_notice_tell_run(HibDb *db, const HibJob *job, void *context G_GNUC_UNUSED, HibJobEnd *ret_end,
                    HibInstant *ret_at G_GNUC_UNUSED, GError **error)
{
    HibJson payload, data;
    const char *event, *subject, *text = NULL;
    HibNotice *notices;
    size_t n;
    *ret_end = HIB_JOB_DONE;
    if (!hib_json_parse(hib_db_arena(db), job->json, strlen(job->json), &payload, error) ||
        !hib_json_text(payload, "event", &event, error) ||
        !hib_json_text(payload, "subject", &subject, error) ||
        !hib_json_opt_object(payload, "data", &data, error))
        return false;
    g_autofree char *printed = data.value ? cJSON_PrintUnformatted(data.value) : NULL;
    text = hib_arena_strdup(hib_db_arena(db), printed ? printed : "");
    g_autoptr(HibTx) tx = hib_tx_begin(db, error);
    if (!tx || !hib_notice_audience(db, event, subject, text, &notices, &n, error))
        return false;
    for (size_t i = 0; i < n; i++)
        if (!tell_one(db, job, &notices[i], error))
            return false;
    return hib_tx_commit(tx, error);
}
