/* Somebody is deleted: to whom answers went. */
#include "publish/delivery.sql.h"
#include "publish/publish_private.h"

bool
hib_publish_forget(HibDb *db, const HibForgotten *who, int64_t *ret_n, int64_t *ret_left,
                   GError **error)
{
    for (size_t i = 0; i < who->n_answers; i++) {
        int64_t n = 0;
        HibSqlAnswerLeft *left;
        if (!hib_sql_answer_forget(db, who->answers[i], &n, error) ||
            !hib_sql_answer_left(db, who->answers[i], &left, error))
            return false;
        *ret_n += n;
        *ret_left += left->n;
    }
    return true;
}
