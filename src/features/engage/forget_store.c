/* What somebody said is forgotten: contacts/ deletes a person, and this is what of it stands in talk.
 *
 * What they said before may be on its way still: in a file of this process, of another one or of one that was killed, in a page a network was asked for. So who was deleted when is
 * kept, as a hash, for as long as something can be on its way, and whoever stores leaves out what they said before. Both hold the account (hib_sql_thread_lock_account): either
 * what was said is stored before and found here, or it comes after and finds this. */
#include "base/secrets.h"
#include "engage/engage_private.h"
#include "engage/forget.sql.h"
#include "store/search.h"

/* What the search would find it by. */
static bool
forget_words(HibDb *db, const char *account, const char *author, GError **error)
{
    HibSqlForgetTalkIds *talk;
    size_t n;
    if (!hib_sql_forget_talk_ids(db, account, author, &talk, &n, error))
        return false;
    for (size_t i = 0; i < n; i++)
        if (!hib_search_drop(db, HIB_SEARCH_TALK, talk[i].id, error))
            return false;
    return true;
}

static const char *
hash_of(HibDb *db, const char *account, const char *author)
{
    HibArena *arena = hib_db_arena(db);
    const char *both = hib_arena_printf(arena, "%s\n%s", account, author);
    return hib_sha256_hex(arena, both, strlen(both));
}

static bool
forget_author(HibDb *db, const char *account, const char *author, int64_t *ret_n, GError **error)
{
    return forget_words(db, account, author, error) &&
           hib_sql_forget_corrections(db, account, author, error) &&
           hib_sql_forget_waits(db, account, author, error) &&
           hib_sql_forget_thread_notes(db, account, author, error) &&
           hib_sql_forget_threads(db, account, author, error) &&
           hib_sql_forget_last_words(db, account, author, error) &&
           hib_attached_forget(db, account, author, error) &&
           hib_sql_forget_talk(db, account, author, ret_n, error);
}

bool
hib_engage_forget(HibDb *db, const HibForgotten *who, int64_t *ret_n, int64_t *ret_left,
                  GError **error)
{
    for (size_t i = 0; i < who->n_names; i++) {
        const HibForgottenName *name = &who->names[i];
        HibSqlForgetLeft *left;
        int64_t n = 0;
        if (!*name->author)
            continue;
        if (!hib_sql_thread_lock_account(db, name->account, error) ||
            !hib_sql_forget_gone_add(db, name->account, hash_of(db, name->account, name->author),
                                     hib_db_now(db), error))
            return false;
        for (size_t k = 0; k < who->n_threads; k++)
            if (!hib_sql_forget_places(db, who->threads[k], name->author, error))
                return false;
        if (!forget_author(db, name->account, name->author, &n, error) ||
            !hib_sql_forget_left(db, name->account, name->author, &left, error))
            return false;
        *ret_n += n;
        *ret_left += left->n;
    }
    return true;
}

/* --- what comes later ------------------------------------------------------------------------------------------ */
bool
hib_talk_gone_load(HibDb *db, const char *account, const HibNetTalk *talk, size_t n,
                   GHashTable **ret, GError **error)
{
    HibSqlForgetGoneSince *rows;
    size_t n_rows;
    HibInstant oldest = INT64_MAX;
    *ret = NULL;
    for (size_t i = 0; i < n; i++)
        oldest = MIN(oldest, talk[i].at ? talk[i].at : INT64_MAX);
    if (!hib_sql_forget_gone_since(db, account, oldest, &rows, &n_rows, error))
        return false;
    if (n_rows)
        *ret = g_hash_table_new(g_str_hash, g_str_equal);
    for (size_t i = 0; i < n_rows; i++)
        g_hash_table_insert(*ret, (char *)(uintptr_t)rows[i].author, &rows[i].at);
    return true;
}

static bool
was_before(HibDb *db, GHashTable *gone, const char *account, const char *who, HibInstant at)
{
    const HibInstant *deleted =
        who && *who ? g_hash_table_lookup(gone, hash_of(db, account, who)) : NULL;
    return deleted && at && at <= *deleted;
}

bool
hib_talk_is_gone(HibDb *db, GHashTable *gone, const char *account, const HibNetTalk *talk)
{
    return gone && (was_before(db, gone, account, talk->author_id, talk->at) ||
                    was_before(db, gone, account, talk->conversation, talk->at));
}
