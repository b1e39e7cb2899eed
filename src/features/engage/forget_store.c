/* What somebody said is forgotten: contacts/ deletes a person, and this is what of it stands in talk. */
#include "engage/engage_private.h"
#include "engage/forget.sql.h"

static bool
forget_author(HibDb *db, const char *account, const char *author, int64_t *ret_n, GError **error)
{
    return hib_sql_forget_corrections(db, account, author, error) &&
           hib_sql_forget_waits(db, account, author, error) &&
           hib_sql_forget_thread_notes(db, account, author, error) &&
           hib_sql_forget_threads(db, account, author, error) &&
           hib_sql_forget_last_words(db, account, author, error) &&
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
