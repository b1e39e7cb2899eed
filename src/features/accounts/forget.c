/* Somebody is deleted: what networks told of them by webhooks. */
#include "accounts/accounts_private.h"
#include "accounts/hook.sql.h"

bool
hib_accounts_forget(HibDb *db, const HibForgotten *who, int64_t *ret_n, int64_t *ret_left,
                    GError **error)
{
    for (size_t i = 0; i < who->n_names; i++) {
        const HibForgottenName *name = &who->names[i];
        int64_t n = 0;
        HibSqlHookLeft *left;
        if (!*name->author)
            continue;
        if (!hib_sql_hook_forget(db, name->network, name->account, name->author, &n, error) ||
            !hib_sql_hook_left(db, name->network, name->account, name->author, &left, error))
            return false;
        *ret_n += n;
        *ret_left += left->n;
    }
    return true;
}
