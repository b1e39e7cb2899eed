/* Threads as the team handles them: who has one, how it stands, what is noted on it, who is writing. */
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
#define SNOOZE_MOST (366 * HIB_DAY)
#define TAG_CHARS 40
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

/* --- changing -------------------------------------------------------------------------------------------------------------------- */
static bool
refuse(GError **error, const char *reason, const char *pointer, const char *what)
{
    hib_error_set_at(error, HIB_ERROR_INVALID, reason, pointer, "%s", what);
    return false;
}

static bool
check_tags(const char *const *tags, size_t n, GError **error)
{
    for (size_t i = 0; i < n; i++)
        if (!*tags[i] || strpbrk(tags[i], "\r\n\t,") || g_ascii_isspace(*tags[i]) ||
            g_utf8_strlen(tags[i], -1) > TAG_CHARS) {
            g_autofree char *pointer = g_strdup_printf("/add_tags/%zu", i);
            return refuse(error, "work.bad_tag", pointer, "no tag");
        }
    return true;
}

static bool
check(HibDb *db, const HibWorkChange *change, GError **error)
{
    const char *role = "";
    HibInstant now = hib_db_now(db), until = change->snoozed_until;
    if (!change->has_status && !change->has_assignee && !change->has_snooze && !change->has_hold &&
        !change->n_add_tags && !change->n_drop_tags)
        return refuse(error, "work.nothing", "", "nothing to change");
    if (change->has_snooze && until && (until <= now || until > now + SNOOZE_MOST))
        return refuse(error, "work.bad_snooze", "/snoozed_until", "not within the next year");
    if (change->has_assignee && change->assignee &&
        !hib_team_role(db, change->assignee, &role, error))
        return false;
    if (!role || g_str_equal(role, "client"))
        return refuse(error, "work.not_member", "/assignee", "not of the team");
    return check_tags(change->add_tags, change->n_add_tags, error);
}

/* Whoever is given a thread by somebody else hears of it. */
static bool
assigned(HibDb *db, const char *thread, const char *assignee, GError **error)
{
    HibSqlWorkThread *row;
    const char *by = hib_work_actor(db), *name = "";
    if (!hib_sql_work_thread(db, thread, &row, error) || !row ||
        (by && !hib_team_person_name(db, by, &name, error)))
        return false;
    cJSON *json = cJSON_CreateObject();
    cJSON_AddStringToObject(json, "person", assignee);
    cJSON_AddStringToObject(json, "by", by ? by : "");
    cJSON_AddStringToObject(json, "name", name);
    cJSON_AddStringToObject(json, "what", row->with_name);
    cJSON_AddStringToObject(json, "place", hib_work_place(hib_db_arena(db), thread));
    return hib_event_emit(db, "thread.assigned", thread, hib_json_print(hib_db_arena(db), json),
                          error);
}

static bool
apply_tags(HibDb *db, const char *thread, const HibWorkChange *change, int64_t *sum, GError **error)
{
    int64_t changed;
    for (size_t i = 0; i < change->n_add_tags; i++) {
        if (!hib_sql_work_add_tag(db, thread, change->add_tags[i], &changed, error))
            return false;
        *sum += changed;
    }
    for (size_t i = 0; i < change->n_drop_tags; i++) {
        if (!hib_sql_work_drop_tag(db, thread, change->drop_tags[i], &changed, error))
            return false;
        *sum += changed;
    }
    return true;
}

static bool
apply(HibDb *db, const char *thread, const HibWorkChange *change, int64_t *sum, GError **error)
{
    const HibInstant *until = change->snoozed_until ? &change->snoozed_until : NULL;
    int64_t status = 0, snooze = 0, hold = 0, person = 0;
    if ((change->has_status &&
         !hib_sql_work_set_status(db, thread, change->status, &status, error)) ||
        (change->has_snooze && !hib_sql_work_set_snooze(db, thread, until, &snooze, error)) ||
        (change->has_hold && !hib_sql_work_set_held(db, thread, change->is_held, &hold, error)) ||
        (change->has_assignee &&
         !hib_sql_work_set_assignee(db, thread, change->assignee, &person, error)) ||
        !apply_tags(db, thread, change, sum, error))
        return false;
    *sum += status + snooze + hold + person;
    return !person || !change->assignee || assigned(db, thread, change->assignee, error);
}

bool
hib_work_apply(HibDb *db, const char *thread, const HibWorkChange *change, GError **error)
{
    int64_t sum = 0;
    return apply(db, thread, change, &sum, error);
}

static bool
wakes(HibDb *db, const char *thread, const HibWorkChange *change, GError **error)
{
    return !change->has_snooze || !change->snoozed_until ||
           hib_job_add(db, HIB_JOB_WAKE, thread, thread, NULL, change->snoozed_until, NULL, error);
}

static const char *
described(HibArena *arena, const HibWorkChange *change)
{
    static const char *const names[] = {"open", "waiting", "done"};
    cJSON *json = cJSON_CreateObject();
    if (change->has_status)
        cJSON_AddStringToObject(json, "status", names[change->status]);
    if (change->has_assignee)
        cJSON_AddStringToObject(json, "assignee", change->assignee ? change->assignee : "");
    if (change->has_snooze)
        cJSON_AddBoolToObject(json, "is_snoozed", change->snoozed_until != 0);
    if (change->has_hold)
        cJSON_AddBoolToObject(json, "is_held", change->is_held);
    for (size_t i = 0; i < change->n_add_tags; i++)
        cJSON_AddStringToObject(json, "tag", change->add_tags[i]);
    return hib_json_print(arena, json);
}

bool
hib_work_change(HibDb *db, const char *const *threads, size_t n, const HibWorkChange *change,
                size_t *ret_n, GError **error)
{
    *ret_n = 0;
    g_autoptr(HibTx) tx = hib_tx_begin(db, error);
    if (!tx || !check(db, change, error))
        return false;
    for (size_t i = 0; i < n; i++) {
        HibSqlWorkThread *row;
        int64_t sum = 0;
        if (!get(db, threads[i], &row, error)) {
            g_autofree char *pointer = g_strdup_printf("/threads/%zu", i);
            if (error && hib_error_is(*error, HIB_ERROR_NOT_FOUND))
                hib_error_set_pointer(*error, pointer);
            return false;
        }
        if (!apply(db, threads[i], change, &sum, error) || !wakes(db, threads[i], change, error))
            return false;
        if (!sum)
            continue;
        ++*ret_n;
        if (!hib_event_emit(db, "thread.changed", threads[i], NULL, error) ||
            !hib_audit(db, "thread.change", "thread", threads[i], NULL,
                       described(hib_db_arena(db), change), error))
            return false;
    }
    return hib_tx_commit(tx, error);
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
    if (!*tidy)
        return refuse(error, "note.empty", "/text", "an empty note");
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
