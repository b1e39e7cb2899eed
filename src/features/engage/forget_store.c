/* What somebody said is forgotten: contacts/ deletes a person, and this is what of it stands in talk. */
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
