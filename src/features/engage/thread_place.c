/* Which thread something said belongs to.
 *
 * The one idea: a thread is found by what it answers, and networks tell in any order. So a comment whose parent is not known yet stands under the parent's id;
 * when the parent comes it finds those who wait under it, takes their thread and gives it its own key. Two threads that turn out to be one are joined: who had
 * the one that goes has the other. */
#include "base/error.h"
#include "engage/engage_private.h"
#include "engage/thread.sql.h"

static const char *
key_of(HibDb *db, char kind, const char *id)
{
    return hib_arena_printf(hib_db_arena(db), "%c:%s", kind, id);
}

static bool
is_under_post(const HibNetTalk *talk)
{
    return !talk->parent_id || !*talk->parent_id || g_strcmp0(talk->parent_id, talk->post_id) == 0;
}

/* The thread of what it answers: said by somebody, or an answer of ours. *ret_is_post: it answers a post of ours, so it begins a thread. */
static bool
thread_of_parent(HibDb *db, const char *account, const char *parent, const char **ret,
                 bool *ret_is_post, GError **error)
{
    HibSqlThreadOfRemote *said;
    HibSqlThreadOfAnswer *ours = NULL;
    *ret = NULL;
    *ret_is_post = false;
    if (!hib_sql_thread_of_remote(db, account, parent, &said, error) ||
        (!said && !hib_sql_thread_of_answer(db, account, parent, &ours, error)))
        return false;
    *ret = said ? said->thread_id : ours ? ours->thread_id : NULL;
    *ret_is_post = ours && !ours->thread_id;
    return true;
}

/* What answers it is here already: its thread becomes this one's. */
static bool
adopt(HibDb *db, const char *account, const HibNetTalk *talk, const char *key,
      const HibThreadNow **ret, GError **error)
{
    HibSqlThreadOfFollowers *rows;
    HibSqlThreadNow *now = NULL;
    size_t n;
    if (!hib_sql_thread_of_followers(db, account, talk->remote_id, "", &rows, &n, error))
        return false;
    if (n && (!hib_sql_thread_now(db, rows[0].thread_id, &now, error) ||
              (now && !hib_sql_thread_rekey(db, now->id, key, talk->kind, error))))
        return false;
    *ret = now;
    return true;
}

const char *
hib_thread_message_key(HibDb *db, const HibNetTalk *talk)
{
    const char *with = talk->conversation ? talk->conversation : talk->author_id;
    return key_of(db, 'm', with && *with ? with : talk->remote_id);
}

bool
hib_thread_place(HibDb *db, const char *account, const HibNetTalk *talk, const HibThreadNow **ret,
                 const char **ret_key, GError **error)
{
    const char *thread = NULL;
    bool is_post = true;
    HibSqlThreadNow *now = NULL;
    *ret = NULL;
    if (talk->kind == HIB_TALK_MESSAGE) {
        *ret_key = hib_thread_message_key(db, talk);
        return hib_sql_thread_by_key(db, account, *ret_key, (HibSqlThreadNow **)ret, error);
    }
    if (!is_under_post(talk) &&
        !thread_of_parent(db, account, talk->parent_id, &thread, &is_post, error))
        return false;
    if (thread && !hib_sql_thread_now(db, thread, &now, error))
        return false;
    /* A comment waits under its parent's id for the parent; a mention's parent is mostly nobody's we hear of. */
    bool is_waiting = !now && !is_post && talk->kind == HIB_TALK_COMMENT;
    *ret_key = key_of(db, 'c', is_waiting ? talk->parent_id : talk->remote_id);
    if (!now && !hib_sql_thread_by_key(db, account, *ret_key, &now, error))
        return false;
    *ret = now;
    return now || adopt(db, account, talk, *ret_key, ret, error);
}

static bool
join(HibDb *db, const char *from, const char *to, GError **error)
{
    return hib_sql_thread_take_over(db, from, to, error) &&
           hib_sql_thread_move_talk(db, from, to, error) &&
           hib_sql_thread_move_answers(db, from, to, error) &&
           hib_sql_thread_move_notes(db, from, to, error) &&
           hib_sql_thread_move_met(db, from, to, error) &&
           hib_sql_thread_move_waits(db, from, to, error) &&
           hib_sql_thread_move_tags(db, from, to, error) &&
           hib_sql_thread_drop_tags(db, from, error) && hib_sql_thread_drop(db, from, error);
}

bool
hib_thread_gather(HibDb *db, const char *account, const HibNetTalk *talk, const char *thread,
                  size_t *ret_n, GError **error)
{
    HibSqlThreadOfFollowers *rows;
    *ret_n = 0;
    if (talk->kind == HIB_TALK_MESSAGE)
        return true;
    if (!hib_sql_thread_of_followers(db, account, talk->remote_id, thread, &rows, ret_n, error))
        return false;
    for (size_t i = 0; i < *ret_n; i++)
        if (!join(db, rows[i].thread_id, thread, error))
            return false;
    return true;
}
