/* What somebody said is forgotten: contacts/ deletes a person, and this is what of it stands in talk. */
#include "engage/engage.h"
#include "engage/forget.sql.h"

bool
hib_engage_forget(HibDb *db, const char *account, const char *author, int64_t *ret_n,
                  GError **error)
{
    g_autoptr(HibTx) tx = hib_tx_begin(db, error);
    *ret_n = 0;
    return tx && hib_sql_forget_corrections(db, account, author, error) &&
           hib_sql_forget_thread_notes(db, account, author, error) &&
           hib_sql_forget_threads(db, account, author, error) &&
           hib_sql_forget_last_words(db, account, author, error) &&
           hib_sql_forget_talk(db, account, author, ret_n, error) && hib_tx_commit(tx, error);
}
