/* Answers that somebody looks at first: kept as they were written, then sent like any other, or not. */
#include "base/error.h"
#include "base/json.h"
#include "engage/desk.h"
#include "engage/wait.sql.h"
#include "engage/work.sql.h"
#include "engage/work_private.h"
#include "team/team.h"
#include <string.h>

#define MOST_LISTED 200

/* --- which accounts ------------------------------------------------------------------------------------------------------------ */
bool
hib_wait_accounts(HibDb *db, const char *const **ret, size_t *ret_n, GError **error)
{
    HibSqlWaitAccounts *rows;
    if (!hib_sql_wait_accounts(db, &rows, ret_n, error))
        return false;
    const char **ids = hib_arena_array(hib_db_arena(db), const char *, *ret_n + 1);
    for (size_t i = 0; i < *ret_n; i++)
        ids[i] = rows[i].account_id;
    *ret = ids;
    return true;
}

bool
hib_wait_set_accounts(HibDb *db, const char *const *accounts, size_t n, GError **error)
{
    int64_t changed;
    g_autoptr(HibTx) tx = hib_tx_begin(db, error);
    if (!tx || !hib_sql_wait_no_accounts(db, &changed, error))
        return false;
    for (size_t i = 0; i < n; i++) {
        HibAccount *account;
        if (!hib_accounts_get(db, accounts[i], &account, error)) {
            g_autofree char *pointer = g_strdup_printf("/accounts/%zu", i);
            if (error && *error)
                hib_error_set_pointer(*error, pointer);
            return false;
        }
        if (!hib_sql_wait_add_account(db, accounts[i], error))
            return false;
    }
    return hib_audit(db, "wait.accounts", "workspace", NULL, NULL, NULL, error) &&
           hib_event_emit(db, "wait.accounts", NULL, NULL, error) && hib_tx_commit(tx, error);
}

/* Those who may approve need nobody's approval. A token is a program: it asks. */
static bool
may_approve(HibDb *db, bool *ret, GError **error)
{
    const char *id, *role = NULL;
    HibActorKind kind = hib_db_actor(db, &id);
    *ret = kind == HIB_ACTOR_SYSTEM;
    if (kind != HIB_ACTOR_PERSON)
        return true;
    if (!hib_team_role(db, id, &role, error))
        return false;
    *ret = role && (g_str_equal(role, "owner") || g_str_equal(role, "manager") ||
                    g_str_equal(role, "approver"));
    return true;
}

bool
hib_wait_is_needed(HibDb *db, const char *account, bool *ret, GError **error)
{
    HibSqlWaitHasAccount *row;
    bool may;
    if (!hib_sql_wait_has_account(db, account, &row, error) || !may_approve(db, &may, error))
        return false;
    *ret = row && !may;
    return true;
}

/* --- asking ---------------------------------------------------------------------------------------------------------------------- */
static const char *
told(HibDb *db, const char *person, const char *name, const char *what, const char *thread)
{
    cJSON *json = cJSON_CreateObject();
    const char *by = hib_work_actor(db);
    cJSON_AddStringToObject(json, "person", person);
    cJSON_AddStringToObject(json, "by", by ? by : "");
    cJSON_AddStringToObject(json, "name", name);
    cJSON_AddStringToObject(json, "what", hib_work_excerpt(hib_db_arena(db), what));
    cJSON_AddStringToObject(json, "place", hib_work_place(hib_db_arena(db), thread));
    return hib_json_print(hib_db_arena(db), json);
}

static bool
tell_approvers(HibDb *db, const char *wait, const char *text, const char *thread, GError **error)
{
    HibSqlWorkMembers *members;
    const char *by = hib_work_actor(db), *name = "";
    size_t n;
    if ((by && !hib_team_person_name(db, by, &name, error)) ||
        !hib_sql_work_members(db, &members, &n, error))
        return false;
    for (size_t i = 0; i < n; i++)
        if (strstr("owner manager approver", members[i].role) &&
            !hib_event_emit(db, "reply.asked", wait,
                            told(db, members[i].person_id, name, text, thread), error))
            return false;
    return true;
}

bool
hib_wait_ask(HibDb *db, const char *talk, const char *text, bool again, GError **error)
{
    HibSqlWaitTalk *said;
    int64_t added = 0;
    const char *id = hib_db_new_id(db);
    if (!hib_sql_wait_talk(db, talk, &said, error) ||
        (said && !hib_sql_wait_add(db, id, talk, said->thread_id, said->account_id, text, again,
                                   hib_work_actor(db), hib_db_now(db), &added, error)))
        return false;
    if (!added) {
        hib_error_set(error, HIB_ERROR_CONFLICT, "wait.waiting", "one waits already");
        return false;
    }
    return tell_approvers(db, id, text, said->thread_id, error) &&
           hib_event_emit(db, "reply.waiting", said->thread_id, NULL, error) &&
           hib_audit(db, "reply.ask", "talk", talk, NULL, NULL, error);
}

bool
hib_wait_gate(HibDb *db, const char *talk, const char *text, bool again, bool *ret_waits,
              GError **error)
{
    HibSqlWaitTalk *said;
    HibSqlWorkThread *thread;
    *ret_waits = false;
    if (!hib_sql_wait_talk(db, talk, &said, error) ||
        (said && !hib_sql_work_thread(db, said->thread_id, &thread, error)))
        return false;
    if (said && thread && thread->is_held) {
        hib_error_set(error, HIB_ERROR_CONFLICT, "engage.held", "thread %s is held",
                      said->thread_id);
        return false;
    }
    return !said || (hib_wait_is_needed(db, said->account_id, ret_waits, error) &&
                     (!*ret_waits || hib_wait_ask(db, talk, text, again, error)));
}

/* --- reading ----------------------------------------------------------------------------------------------------------------------- */
HibReplyWait
hib_wait_of_row(const HibSqlWaitRow *row)
{
    return (HibReplyWait){.id = row->id,
                          .talk_id = row->talk_id,
                          .thread_id = row->thread_id,
                          .account_id = row->account_id,
                          .text = row->text,
                          .person_id = row->person_id,
                          .name = row->name ? row->name : "",
                          .at = row->at,
                          .state = (HibWaitState)row->state,
                          .decided_name = row->decided_name,
                          .decided_at = row->has_decided_at ? row->decided_at : 0,
                          .note = row->note,
                          .sent_text = row->sent_text,
                          .delivery_id = row->delivery_id,
                          .said = row->said};
}

bool
hib_wait_list(HibDb *db, HibReplyWait **ret, size_t *ret_n, GError **error)
{
    HibSqlWaitRow *rows;
    if (!hib_sql_wait_open(db, MOST_LISTED, &rows, ret_n, error))
        return false;
    *ret = hib_arena_array(hib_db_arena(db), HibReplyWait, *ret_n + 1);
    for (size_t i = 0; i < *ret_n; i++)
        (*ret)[i] = hib_wait_of_row(&rows[i]);
    return true;
}

/* --- deciding ---------------------------------------------------------------------------------------------------------------------- */
static bool
get(HibDb *db, const char *wait, HibSqlWaitRow **ret, GError **error)
{
    if (!hib_sql_wait_get(db, wait, ret, error))
        return false;
    if (!*ret)
        hib_error_set(error, HIB_ERROR_NOT_FOUND, "wait.unknown", "no such answer %s", wait);
    return *ret != NULL;
}

static bool
may_decide(HibDb *db, const HibSqlWaitRow *row, HibWaitState verdict, const char *note,
           GError **error)
{
    bool may, is_own = row->person_id && g_strcmp0(row->person_id, hib_work_actor(db)) == 0;
    if (!may_approve(db, &may, error))
        return false;
    if (verdict == HIB_WAIT_WITHDRAWN ? !is_own : !may) {
        hib_error_set(error, HIB_ERROR_FORBIDDEN, "wait.not_yours", "not the caller's to decide");
        return false;
    }
    if (verdict == HIB_WAIT_REFUSED && (!note || !*note)) {
        hib_error_set_at(error, HIB_ERROR_INVALID, "wait.no_reason", "/note", "why?");
        return false;
    }
    return true;
}

static bool
settle(HibDb *db, const HibSqlWaitRow *row, HibWaitState verdict, const char *text,
       const char *note, GError **error)
{
    int64_t changed;
    HibTalk *after;
    if (!hib_sql_wait_decide(db, row->id, verdict, hib_work_actor(db), hib_db_now(db), note,
                             verdict == HIB_WAIT_APPROVED ? text : NULL, &changed, error))
        return false;
    if (!changed) {
        hib_error_set(error, HIB_ERROR_CONFLICT, "wait.decided", "somebody decided already");
        return false;
    }
    if (verdict != HIB_WAIT_APPROVED)
        return true;
    return hib_engage_reply(db, row->talk_id, text, row->again, &after, error) &&
           hib_sql_wait_sent(db, row->id, after->answer_id, &changed, error);
}

static bool
tell_asker(HibDb *db, const HibSqlWaitRow *row, HibWaitState verdict, const char *note,
           GError **error)
{
    const char *by = hib_work_actor(db), *name = "";
    if (!row->person_id || verdict == HIB_WAIT_WITHDRAWN)
        return true;
    if (by && !hib_team_person_name(db, by, &name, error))
        return false;
    bool is_refused = verdict == HIB_WAIT_REFUSED;
    return hib_event_emit(
        db, is_refused ? "reply.refused" : "reply.approved", row->id,
        told(db, row->person_id, name, is_refused ? note : row->text, row->thread_id), error);
}

bool
hib_wait_decide(HibDb *db, const char *wait, HibWaitState verdict, const char *text,
                const char *note, HibReplyWait *ret, GError **error)
{
    static const char *const acts[] = {"", "reply.approve", "reply.refuse", "reply.withdraw"};
    HibSqlWaitRow *row;
    g_autoptr(HibTx) tx = hib_tx_begin(db, error);
    if (!tx || !get(db, wait, &row, error) || !may_decide(db, row, verdict, note, error) ||
        !settle(db, row, verdict, text ? text : row->text, note, error) ||
        !tell_asker(db, row, verdict, note, error) || !get(db, wait, &row, error))
        return false;
    *ret = hib_wait_of_row(row);
    return hib_event_emit(db, "reply.waiting", row->thread_id, NULL, error) &&
           hib_audit(db, acts[verdict], "talk", row->talk_id, NULL, NULL, error) &&
           hib_tx_commit(tx, error);
}
