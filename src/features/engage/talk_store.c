/* Talk in the store: read page by page, answered through publish/; and how reading an account stands. */
#include "base/error.h"
#include "base/id.h"
#include "base/limits.h"
#include "engage/desk.h"
#include "engage/engage_private.h"
#include "engage/talk.sql.h"
#include "engage/thread.sql.h"
#include "team/team.h"
#include <string.h>

#define PAGE_USUAL 50
#define OWN_POSTS 25
#define OWN_POSTS_AGE (14 * HIB_DAY)

/* --- how reading stands ------------------------------------------------------------------------------------------------------ */
bool
hib_talk_state_get(HibDb *db, const char *account, HibTalkState *ret, GError **error)
{
    HibSqlTalkAccount *row;
    *ret = (HibTalkState){0};
    if (!hib_sql_talk_account(db, account, &row, error))
        return false;
    if (row)
        *ret = (HibTalkState){.cursor = row->cursor,
                              .read_at = row->has_read_at ? row->read_at : 0,
                              .failures = row->failures};
    return true;
}

bool
hib_talk_state_set(HibDb *db, const char *account, const HibTalkState *state,
                   const HibNetTalk *talk, size_t n, GError **error)
{
    size_t n_new;
    g_autoptr(HibTx) tx = hib_tx_begin(db, error);
    return tx && hib_engage_store(db, account, talk, n, &n_new, error) &&
           hib_sql_talk_set_account(db, account, state->cursor,
                                    state->read_at ? &state->read_at : NULL, state->failures,
                                    error) &&
           hib_tx_commit(tx, error);
}

bool
hib_talk_own_posts(HibDb *db, const char *account, const char *const **ret, GError **error)
{
    HibSqlTalkOwnPosts *rows;
    size_t n;
    if (!hib_sql_talk_own_posts(db, account, hib_db_now(db) - OWN_POSTS_AGE, OWN_POSTS, &rows, &n,
                                error))
        return false;
    const char **ids = hib_arena_array(hib_db_arena(db), const char *, n + 1);
    for (size_t i = 0; i < n; i++)
        ids[i] = rows[i].remote_id;
    *ret = ids;
    return true;
}

/* --- reading ----------------------------------------------------------------------------------------------------------------- */
static HibTalkReading
reading_of(const HibSqlTalkRow *row)
{
    if (!row->has_intent)
        return (HibTalkReading){.reasons = ""};
    return (HibTalkReading){.is_read = true,
                            .sentiment = (HibSentiment)row->sentiment,
                            .intent = (HibIntent)row->intent,
                            .likely_intent = (HibIntent)row->likely_intent,
                            .probability = row->probability,
                            .urgency = (int)row->urgency,
                            .reasons = row->reasons ? row->reasons : "",
                            .from = row->because_from,
                            .to = row->because_to,
                            .corrected_by = row->corrected_by};
}

/* LINE's token answers for free once, a minute long from when it was given ("TOKEN@MS", networks/line_hook.c). */
static HibInstant
free_until(HibDb *db, const HibNetwork *network, const HibSqlTalkRow *row)
{
    const char *given = network && row->reply_token ? strrchr(row->reply_token, '@') : NULL;
    HibInstant until = given ? g_ascii_strtoll(given + 1, NULL, 10) * HIB_MILLISECOND +
                                   network->free_reply_s * HIB_SECOND
                             : 0;
    return until > hib_db_now(db) ? until : 0;
}

/* Who wrote the answer, and when. */
static bool
read_writer(HibDb *db, HibTalk *talk, GError **error)
{
    HibSqlTalkAnsweredBy *row;
    if (!talk->answer_id)
        return true;
    if (!hib_sql_talk_answered_by(db, talk->answer_id, &row, error))
        return false;
    talk->answer_by = row ? row->name : NULL;
    talk->answer_at = row ? row->at : 0;
    return true;
}

static bool
fill(HibDb *db, const HibSqlTalkRow *rows, size_t n, HibTalk **ret, GError **error)
{
    *ret = hib_arena_array(hib_db_arena(db), HibTalk, n + 1);
    for (size_t i = 0; i < n; i++) {
        HibAccount *account;
        if (!hib_accounts_find(db, rows[i].account_id, &account, error))
            return false;
        const HibNetwork *network = account ? hib_network_find(account->network) : NULL;
        bool is_message = rows[i].kind == HIB_TALK_MESSAGE;
        (*ret)[i] = (HibTalk){
            .id = rows[i].id,
            .thread_id = rows[i].thread_id ? rows[i].thread_id : "",
            .account_id = rows[i].account_id,
            .network = network ? network->name : "",
            .kind = (HibNetTalkKind)rows[i].kind,
            .text = rows[i].text,
            .author_handle = rows[i].author_handle,
            .author_name = rows[i].author_name,
            .url = rows[i].url,
            .post_id = rows[i].post_id,
            .at = rows[i].at,
            .is_own = rows[i].is_own,
            .is_deleted = rows[i].is_deleted,
            .is_hidden = rows[i].is_hidden,
            .edited_at = rows[i].has_edited_at ? rows[i].edited_at : 0,
            .free_until = free_until(db, network, &rows[i]),
            .reading = reading_of(&rows[i]),
            .can_reply = network && !rows[i].is_own && !rows[i].is_deleted &&
                         (is_message ? network->can_message : network->can_reply),
            .answer_id = rows[i].answer_id,
            .answer_text = rows[i].answer_text,
            .answer_state = (HibDeliveryState)rows[i].answer_state,
        };
        HibNetAttachment *attachments;
        if (!read_writer(db, &(*ret)[i], error))
            return false;
        hib_net_attachments_read(hib_db_arena(db), rows[i].attachments, &attachments,
                                 &(*ret)[i].n_attachments);
        (*ret)[i].attachments = attachments;
    }
    return hib_attached_fill(db, *ret, n, error);
}

static bool
get_row(HibDb *db, const char *talk, HibSqlTalkRow **ret, GError **error)
{
    if (!hib_sql_talk_get(db, talk, ret, error))
        return false;
    if (*ret)
        return true;
    hib_error_set(error, HIB_ERROR_NOT_FOUND, "engage.unknown", "nothing said of id %s", talk);
    return false;
}

bool
hib_engage_get(HibDb *db, const char *talk, HibTalk **ret, GError **error)
{
    HibSqlTalkRow *row;
    return get_row(db, talk, &row, error) && fill(db, row, 1, ret, error);
}

static bool
read_cursor(const char *cursor, HibInstant *at, char id[HIB_ID_TEXT], GError **error)
{
    *at = INT64_MAX;
    id[0] = '\0';
    if (!cursor)
        return true;
    char *rest = NULL;
    *at = g_ascii_strtoll(cursor, &rest, 10);
    if (rest != cursor && *rest == '.' && hib_id_valid(rest + 1)) {
        g_strlcpy(id, rest + 1, HIB_ID_TEXT);
        return true;
    }
    hib_error_set_at(error, HIB_ERROR_INVALID, "engage.bad_cursor", "?cursor", "no cursor of ours");
    return false;
}

/* Where the next page begins, when there is one more row than the page takes. */
static const char *
cut_page(HibDb *db, const HibSqlTalkRow *rows, size_t *n, int64_t most)
{
    if (*n <= (size_t)most)
        return NULL;
    *n = (size_t)most;
    return hib_arena_printf(hib_db_arena(db), "%" G_GINT64_FORMAT ".%s", rows[most - 1].at,
                            rows[most - 1].id);
}

static int
newest_first(const void *a, const void *b)
{
    HibInstant one = ((const HibSqlTalkRow *)a)->at, other = ((const HibSqlTalkRow *)b)->at;
    return one < other ? 1 : one > other ? -1 : 0;
}

bool
hib_engage_thread_talk(HibDb *db, const char *thread, const char *cursor, int limit,
                       HibTalk **ret_rows, size_t *ret_n, const char **ret_next, GError **error)
{
    HibSqlTalkRow *rows;
    HibThread *found;
    HibInstant before;
    char id[HIB_ID_TEXT];
    int64_t most = CLAMP(limit ? limit : PAGE_USUAL, 1, HIB_LIMIT_PAGE);
    *ret_next = NULL;
    if (!hib_engage_thread(db, thread, &found, error) || !read_cursor(cursor, &before, id, error) ||
        !hib_sql_talk_of_thread(db, thread, before, id, most + 1, &rows, ret_n, error))
        return false;
    *ret_next = cut_page(db, rows, ret_n, most);
    return fill(db, rows, *ret_n, ret_rows, error);
}

/* Under a post of ours: what was said on each of its networks. */
static bool
list_of_post(HibDb *db, const char *post, int64_t most, HibSqlTalkRow **ret, size_t *ret_n,
             GError **error)
{
    const HibDeliveryQuery query = {.post = post};
    HibDelivery *deliveries;
    HibPost *found;
    const char *next;
    size_t n;
    if (!hib_plan_get(db, post, false, &found, error) ||
        !hib_publish_list(db, &query, &deliveries, &n, &next, error))
        return false;
    g_autoptr(GArray) all = g_array_new(FALSE, FALSE, sizeof(HibSqlTalkRow));
    for (size_t i = 0; i < n; i++) {
        HibSqlTalkRow *rows;
        size_t n_rows;
        if (!deliveries[i].remote_id)
            continue;
        if (!hib_sql_talk_of_remote(db, deliveries[i].account_id, deliveries[i].remote_id,
                                    INT64_MAX, "", most, &rows, &n_rows, error))
            return false;
        g_array_append_vals(all, rows, (guint)n_rows);
    }
    g_array_sort(all, newest_first);
    *ret_n = MIN(all->len, (size_t)most);
    *ret = hib_arena_array(hib_db_arena(db), HibSqlTalkRow, *ret_n + 1);
    if (*ret_n)
        memcpy(*ret, all->data, *ret_n * sizeof **ret);
    return true;
}

bool
hib_engage_list(HibDb *db, const HibTalkQuery *query, HibTalk **ret_rows, size_t *ret_n,
                const char **ret_next, GError **error)
{
    HibSqlTalkRow *rows;
    HibInstant before;
    char id[HIB_ID_TEXT];
    int64_t most = CLAMP(query->limit ? query->limit : PAGE_USUAL, 1, HIB_LIMIT_PAGE);
    *ret_next = NULL;
    if (!read_cursor(query->cursor, &before, id, error))
        return false;
    if (query->post)
        return list_of_post(db, query->post, most, &rows, ret_n, error) &&
               fill(db, rows, *ret_n, ret_rows, error);
    if (!hib_sql_talk_list(db, before, id, query->is_open, most + 1, &rows, ret_n, error))
        return false;
    *ret_next = cut_page(db, rows, ret_n, most);
    return fill(db, rows, *ret_n, ret_rows, error);
}

/* --- answering ------------------------------------------------------------------------------------------------------------------ */
static bool
may_answer(const HibSqlTalkRow *row, bool again, GError **error)
{
    bool is_answered = row->answer_id && row->has_answer_state &&
                       row->answer_state != HIB_DELIVERY_FAILED &&
                       row->answer_state != HIB_DELIVERY_CANCELLED;
    if (row->is_deleted)
        hib_error_set(error, HIB_ERROR_CONFLICT, "engage.deleted", "its author took it away");
    else if (is_answered && !again)
        hib_error_set(error, HIB_ERROR_CONFLICT, "engage.answered", "answered by delivery %s",
                      row->answer_id);
    else
        return true;
    return false;
}

static bool
set_answer(HibDb *db, const HibSqlTalkRow *row, const char *delivery, GError **error)
{
    int64_t changed;
    const char *person = NULL, *thread = row->thread_id;
    hib_db_actor(db, &person);
    if (!hib_sql_talk_set_answer(db, row->id, delivery, row->answer_id, &changed, error))
        return false;
    if (changed)
        return hib_sql_talk_answer_add(db, delivery, row->id, thread, hib_db_now(db), person,
                                       error) &&
               hib_sql_thread_answered(db, thread, error) &&
               hib_thread_refresh(db, thread, error) &&
               hib_event_emit(db, "thread.changed", thread, NULL, error);
    hib_error_set(error, HIB_ERROR_CONFLICT, "engage.answered", "somebody answered meanwhile");
    return false;
}

bool
hib_engage_reply(HibDb *db, const char *talk, const char *text, bool again, HibTalk **ret,
                 GError **error)
{
    HibSqlTalkRow *row;
    HibDelivery *delivery;
    bool waits;
    g_autoptr(HibTx) tx = hib_tx_begin(db, error);
    if (!tx || !get_row(db, talk, &row, error) || !may_answer(row, again, error) ||
        !hib_wait_gate(db, talk, text, again, &waits, error))
        return false;
    if (waits)
        return hib_engage_get(db, talk, ret, error) && hib_tx_commit(tx, error);
    bool is_message = row->kind == HIB_TALK_MESSAGE;
    const HibReplyDraft draft = {.account = row->account_id,
                                 .text = text,
                                 .reply_to = is_message ? NULL : row->remote_id,
                                 .reply_root = is_message ? NULL : row->post_remote_id,
                                 .recipient = is_message ? row->conversation : NULL,
                                 .reply_token = row->reply_token};
    return hib_publish_reply(db, &draft, &delivery, error) &&
           set_answer(db, row, delivery->id, error) &&
           hib_audit(db, "talk.reply", "talk", talk, NULL, NULL, error) &&
           hib_engage_get(db, talk, ret, error) && hib_tx_commit(tx, error);
}

bool
hib_talk_answered(HibDb *db, const char *delivery, GError **error)
{
    HibSqlTalkAnswer *answer;
    int64_t dropped;
    if (!hib_sql_talk_answer(db, delivery, &answer, error))
        return false;
    if (!answer)
        return true; /* of a post */
    bool is_refused =
        answer->state == HIB_DELIVERY_FAILED || answer->state == HIB_DELIVERY_CANCELLED;
    g_autoptr(HibTx) tx = hib_tx_begin(db, error);
    return tx && hib_sql_talk_drop_echo(db, delivery, &dropped, error) &&
           (!is_refused || hib_sql_thread_opened(db, answer->thread_id, error)) &&
           hib_thread_refresh(db, answer->thread_id, error) &&
           hib_event_emit(db, "thread.changed", answer->thread_id, NULL, error) &&
           hib_tx_commit(tx, error);
}
