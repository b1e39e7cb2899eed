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

/* Said by somebody, or an answer of ours. */
bool
hib_thread_parent(HibDb *db, const char *account, const HibNetTalk *talk, HibThreadParent *ret,
                  GError **error)
{
    HibSqlThreadOfRemote *said;
    HibSqlThreadOfAnswer *ours = NULL;
    *ret = (HibThreadParent){.is_post = true};
    if (talk->kind == HIB_TALK_MESSAGE || is_under_post(talk))
        return true;
    if (!hib_sql_thread_of_remote(db, account, talk->parent_id, &said, error) ||
        (!said && !hib_sql_thread_of_answer(db, account, talk->parent_id, &ours, error)))
        return false;
    ret->thread = said ? said->thread_id : ours ? ours->thread_id : NULL;
    ret->is_post = ours && !ours->thread_id;
    return true;
}

/* A message stands where an answer goes. A comment waits under its parent's id for the parent; a mention's parent is mostly nobody's we hear of. */
const char *
hib_thread_key(HibDb *db, const HibNetTalk *talk, bool has_thread, const HibThreadParent *parent)
{
    const char *with = talk->conversation ? talk->conversation : talk->author_id;
    const bool is_waiting = !has_thread && !parent->is_post && talk->kind == HIB_TALK_COMMENT;
    return talk->kind == HIB_TALK_MESSAGE
               ? key_of(db, 'm', with && *with ? with : talk->remote_id)
               : key_of(db, 'c', is_waiting ? talk->parent_id : talk->remote_id);
}

bool
hib_thread_is_followed(HibDb *db, const char *account, const HibNetTalk *talk, bool *ret,
                       GError **error)
{
    HibSqlThreadOfFollowers *rows;
    size_t n = 0;
    if (talk->kind != HIB_TALK_MESSAGE &&
        !hib_sql_thread_of_followers(db, account, talk->remote_id, "", &rows, &n, error))
        return false;
    *ret = n > 0;
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

bool
hib_thread_place(HibDb *db, const char *account, const HibNetTalk *talk, const HibThreadNow **ret,
                 const char **ret_key, GError **error)
{
    HibThreadParent parent;
    HibSqlThreadNow *now = NULL;
    *ret = NULL;
    if (!hib_thread_parent(db, account, talk, &parent, error) ||
        (parent.thread && !hib_sql_thread_now(db, parent.thread, &now, error)))
        return false;
    *ret_key = hib_thread_key(db, talk, now != NULL, &parent);
    if (!now && !hib_sql_thread_by_key(db, account, *ret_key, &now, error))
        return false;
    *ret = now;
    return now || talk->kind == HIB_TALK_MESSAGE || adopt(db, account, talk, *ret_key, ret, error);
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
