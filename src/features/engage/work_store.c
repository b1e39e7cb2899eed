/* What the team knows of a thread: notes on it, who is writing, its clock, what rules did. */
#include "base/error.h"
#include "base/json.h"
#include "engage/desk.h"
#include "engage/rule.sql.h"
#include "engage/wait.sql.h"
#include "engage/work.sql.h"
#include "engage/work_private.h"
#include "team/team.h"
#include <string.h>

#define SHOWN 120
#define TYPING_LASTS (12 * HIB_SECOND)
#define MOST_LISTED 200

/* --- small things -------------------------------------------------------------------------------------------------------------- */
const char *
hib_work_excerpt(HibArena *arena, const char *text)
{
    g_autofree char *line = g_strdup(text);
    g_strdelimit(line, "\r\n\t", ' ');
    g_strstrip(line);
    if (g_utf8_strlen(line, -1) <= SHOWN)
        return hib_arena_strdup(arena, line);
    g_autofree char *cut = g_utf8_substring(line, 0, SHOWN - 1);
    return hib_arena_printf(arena, "%s…", cut);
}

const char *
hib_work_place(HibArena *arena, const char *thread)
{
    return hib_arena_printf(arena, "/inbox?thread=%s", thread);
}

const char *
hib_work_actor(HibDb *db)
{
    const char *id;
    return hib_db_actor(db, &id) == HIB_ACTOR_PERSON ? id : NULL;
}

static bool
get(HibDb *db, const char *thread, HibSqlWorkThread **ret, GError **error)
{
    if (!hib_sql_work_thread(db, thread, ret, error))
        return false;
    if (!*ret)
        hib_error_set(error, HIB_ERROR_NOT_FOUND, "engage.thread_unknown", "no thread %s", thread);
    return *ret != NULL;
}

/* A thread whose sleep is over. Twice: the second finds it awake. */
bool
hib_engage_wake_run(HibDb *db, const HibJob *job, void *context G_GNUC_UNUSED, HibJobEnd *ret_end,
                    HibInstant *ret_at G_GNUC_UNUSED, GError **error)
{
    int64_t changed;
    *ret_end = HIB_JOB_DONE;
    g_autoptr(HibTx) tx = hib_tx_begin(db, error);
    return tx && hib_sql_work_wake(db, job->subject, hib_db_now(db), &changed, error) &&
           (!changed || hib_event_emit(db, "thread.changed", job->subject, NULL, error)) &&
           hib_tx_commit(tx, error);
}

/* --- notes -------------------------------------------------------------------------------------------------------------------------- */
static HibNote
to_note(const HibSqlNoteRow *row)
{
    return (HibNote){.id = row->id,
                     .person_id = row->person_id,
                     .name = row->name ? row->name : "",
                     .text = row->text,
                     .at = row->at};
}

/* Who is called by name hears of it. */
static bool
tell_called(HibDb *db, const char *thread, const HibNote *note, GError **error)
{
    HibSqlWorkMembers *members;
    size_t n;
    if (!strchr(note->text, '@'))
        return true;
    if (!hib_sql_work_members(db, &members, &n, error))
        return false;
    for (size_t i = 0; i < n; i++) {
        g_autofree char *called = g_strconcat("@", members[i].name, NULL);
        if (!*members[i].name || !strstr(note->text, called) ||
            g_str_equal(members[i].role, "client"))
            continue;
        cJSON *json = cJSON_CreateObject();
        cJSON_AddStringToObject(json, "person", members[i].person_id);
        cJSON_AddStringToObject(json, "by", note->person_id ? note->person_id : "");
        cJSON_AddStringToObject(json, "name", note->name);
        cJSON_AddStringToObject(json, "what", hib_work_excerpt(hib_db_arena(db), note->text));
        cJSON_AddStringToObject(json, "place", hib_work_place(hib_db_arena(db), thread));
        if (!hib_event_emit(db, "note.mentioned", thread, hib_json_print(hib_db_arena(db), json),
                            error))
            return false;
    }
    return true;
}

bool
hib_note_add(HibDb *db, const char *thread, const char *text, HibNote *ret, GError **error)
{
    HibSqlWorkThread *row;
    HibSqlNoteRow *note;
    const char *id = hib_db_new_id(db);
    g_autofree char *tidy = g_strstrip(g_strdup(text));
    if (!*tidy) {
        hib_error_set_at(error, HIB_ERROR_INVALID, "note.empty", "/text", "an empty note");
        return false;
    }
    g_autoptr(HibTx) tx = hib_tx_begin(db, error);
    if (!tx || !get(db, thread, &row, error) ||
        !hib_sql_note_add(db, id, thread, hib_work_actor(db), tidy, hib_db_now(db), error) ||
        !hib_sql_note_get(db, id, &note, error))
        return false;
    *ret = to_note(note);
    return tell_called(db, thread, ret, error) &&
           hib_event_emit(db, "note.added", thread, NULL, error) &&
           hib_audit(db, "note.add", "thread", thread, NULL, NULL, error) &&
           hib_tx_commit(tx, error);
}

bool
hib_note_drop(HibDb *db, const char *note, GError **error)
{
    HibSqlNoteRow *row;
    int64_t changed;
    g_autoptr(HibTx) tx = hib_tx_begin(db, error);
    if (!tx || !hib_sql_note_get(db, note, &row, error))
        return false;
    if (!row) {
        hib_error_set(error, HIB_ERROR_NOT_FOUND, "note.unknown", "no note %s", note);
        return false;
    }
    if (g_strcmp0(row->person_id, hib_work_actor(db)) != 0) {
        hib_error_set(error, HIB_ERROR_FORBIDDEN, "note.not_yours", "somebody else's");
        return false;
    }
    return hib_sql_note_delete(db, note, &changed, error) &&
           hib_event_emit(db, "note.added", row->thread_id, NULL, error) &&
           hib_audit(db, "note.delete", "thread", row->thread_id, NULL, NULL, error) &&
           hib_tx_commit(tx, error);
}

/* --- typing --------------------------------------------------------------------------------------------------------------------------- */
bool
hib_work_type(HibDb *db, const char *thread, bool stops, GError **error)
{
    HibSqlWorkThread *row;
    const char *person = hib_work_actor(db);
    HibInstant now = hib_db_now(db);
    int64_t changed;
    g_autoptr(HibTx) tx = hib_tx_begin(db, error);
    if (!tx || !get(db, thread, &row, error))
        return false;
    if (!person)
        return true; /* programs do not type */
    return hib_sql_typing_gone(db, now, &changed, error) &&
           (stops ? hib_sql_typing_stop(db, thread, person, &changed, error)
                  : hib_sql_typing_set(db, thread, person, now + TYPING_LASTS, error)) &&
           hib_event_emit(db, "thread.typing", thread, NULL, error) && hib_tx_commit(tx, error);
}

/* --- all of it -------------------------------------------------------------------------------------------------------------------------- */
static bool
read_clock(HibDb *db, const HibSqlWorkThread *row, HibWork *out, GError **error)
{
    HibSla sla;
    HibInstant now = hib_db_now(db), next;
    if (!hib_sla_load(db, &sla, error))
        return false;
    out->waiting_since = row->has_waiting_since ? row->waiting_since : 0;
    out->due_at = row->has_due_at ? row->due_at : 0;
    out->level = hib_sla_level((int)row->urgency);
    out->is_open = hib_hours_is_open(&sla.hours, sla.zone, now, &next);
    out->changes_at = next == HIB_NEVER ? 0 : next;
    bool is_always = out->level == HIB_SLA_LEVELS - 1 && sla.now_always;
    if (!out->due_at)
        return true;
    if (is_always)
        out->left = out->due_at - now;
    else
        out->left = out->due_at >= now ? hib_hours_between(&sla.hours, sla.zone, now, out->due_at)
                                       : -hib_hours_between(&sla.hours, sla.zone, out->due_at, now);
    return true;
}

static bool
read_notes(HibDb *db, const char *thread, const char *person, HibWork *out, GError **error)
{
    HibSqlNoteRow *notes;
    HibSqlTypingOf *typing;
    size_t n;
    if (!hib_sql_note_list(db, thread, MOST_LISTED, &notes, &out->n_notes, error) ||
        !hib_sql_typing_of(db, thread, hib_db_now(db), &typing, &n, error))
        return false;
    out->notes = hib_arena_array(hib_db_arena(db), HibNote, out->n_notes + 1);
    out->typing = hib_arena_array(hib_db_arena(db), HibTyping, n + 1);
    for (size_t i = 0; i < out->n_notes; i++)
        out->notes[i] = to_note(&notes[i]);
    for (size_t i = 0; i < n; i++)
        if (g_strcmp0(typing[i].person_id, person) != 0)
            out->typing[out->n_typing++] =
                (HibTyping){typing[i].person_id, typing[i].name, typing[i].until_at};
    return true;
}

static bool
read_rules(HibDb *db, const char *thread, HibWork *out, GError **error)
{
    HibSqlRuleMetOf *met;
    HibSqlHideOf *hidden;
    if (!hib_sql_rule_met_of(db, thread, MOST_LISTED, &met, &out->n_met, error) ||
        !hib_sql_hide_of(db, thread, &hidden, &out->n_hidden, error))
        return false;
    out->met = hib_arena_array(hib_db_arena(db), HibRuleMet, out->n_met + 1);
    out->hidden = hib_arena_array(hib_db_arena(db), HibHidden, out->n_hidden + 1);
    for (size_t i = 0; i < out->n_met; i++)
        out->met[i] = (HibRuleMet){met[i].rule_id, met[i].talk_id, met[i].rule_name, met[i].at};
    for (size_t i = 0; i < out->n_hidden; i++)
        out->hidden[i] = (HibHidden){hidden[i].talk_id, hidden[i].reason, hidden[i].is_hidden,
                                     (HibHideState)hidden[i].state};
    return true;
}

bool
hib_work_of(HibDb *db, const char *thread, const char *person, HibWork *ret, GError **error)
{
    HibSqlWorkThread *row;
    HibSqlWaitRow *waits;
    *ret = (HibWork){0};
    if (!get(db, thread, &row, error) || !read_clock(db, row, ret, error) ||
        !read_notes(db, thread, person, ret, error) || !read_rules(db, thread, ret, error) ||
        !hib_wait_is_needed(db, row->account_id, &ret->needs_approval, error) ||
        !hib_sql_wait_of_thread(db, thread, MOST_LISTED, &waits, &ret->n_waits, error))
        return false;
    ret->is_held = row->is_held;
    ret->waits = hib_arena_array(hib_db_arena(db), HibReplyWait, ret->n_waits + 1);
    for (size_t i = 0; i < ret->n_waits; i++)
        ret->waits[i] = hib_wait_of_row(&waits[i]);
    return true;
}
