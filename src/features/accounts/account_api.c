/* Accounts over HTTP. The password a person types is used for one call and kept nowhere. */
#include "accounts/accounts_private.h"
#include "api.gen.h"
#include "http/call.h"

static void
to_api(const HibAccount *account, HibApiAccount *out)
{
    *out = (HibApiAccount){
        .id = account->id,
        .network = account->network,
        .handle = account->handle,
        .display_name = account->display_name,
        .url = account->url,
        .state = (int)account->state,
        .state_reason = account->state_reason,
        .has_state_reason = account->state_reason != NULL,
        .is_practice = account->is_practice,
        .connected_at = account->connected_at,
        .refresh_expires_at = account->refresh_expires_at,
        .has_refresh_expires_at = account->has_refresh_expires_at,
        .acts_at = account->acts_at,
        .has_acts_at = account->has_acts_at,
        .expiry = (int)account->expiry,
        .followers = account->followers,
        .has_followers = account->has_followers,
        .checked_at = account->checked_at,
        .has_checked_at = account->has_checked_at,
    };
}

static bool
reply(HibCall *call, int status, const HibAccount *account)
{
    HibApiAccount out;
    to_api(account, &out);
    return hib_reply_account(call, status, &out);
}

bool
hib_on_list_accounts(HibCall *call, GError **error)
{
    HibAccount *accounts = NULL;
    size_t n = 0;
    if (!hib_accounts_list(hib_call_db(call), &accounts, &n, error))
        return false;
    HibApiAccount *rows = hib_arena_array(hib_call_arena(call), HibApiAccount, n);
    for (size_t i = 0; i < n; i++)
        to_api(&accounts[i], &rows[i]);
    const HibApiAccountList out = {.accounts = rows, .n_accounts = n};
    return hib_reply_account_list(call, 200, &out);
}

bool
hib_on_connect_account(HibCall *call, const HibApiAccountDraft *in, GError **error)
{
    HibAccount *account = NULL;
    return hib_accounts_connect(hib_call_db(call), hib_call_context(call), in->network,
                                in->has_practice && in->practice ? HIB_ON_PRACTICE
                                : in->has_service                ? in->service
                                                                 : NULL,
                                in->handle, in->password, &account, error) &&
           reply(call, 201, account);
}

bool
hib_on_reconnect_account(HibCall *call, const char *account, const HibApiAccountReconnect *in,
                         GError **error)
{
    HibAccount *found = NULL;
    return hib_accounts_reconnect(hib_call_db(call), hib_call_context(call), account, in->password,
                                  &found, error) &&
           reply(call, 200, found);
}

bool
hib_on_disconnect_account(HibCall *call, const char *account, GError **error)
{
    return hib_accounts_disconnect(hib_call_db(call), account, error) &&
           hib_call_reply_empty(call, 204);
}
