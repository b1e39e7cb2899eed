/* An account's health and its network's own choices, over HTTP. */
#include "accounts/accounts_private.h"
#include "api.gen.h"
#include "http/call.h"

static HibApiAccountQuota *
quotas_of(HibArena *arena, const HibAccountHealth *health)
{
    HibApiAccountQuota *rows = hib_arena_array(arena, HibApiAccountQuota, health->n_quotas);
    for (size_t i = 0; i < health->n_quotas; i++) {
        const HibAccountQuota *one = &health->quotas[i];
        rows[i] = (HibApiAccountQuota){
            .name = one->name,
            .used = one->used,
            .limit = one->limit,
            .has_limit = one->limit >= 0,
            .resets_at = one->resets_at,
            .has_resets_at = one->resets_at > 0,
            .as_of = one->as_of,
            .has_as_of = one->as_of > 0,
        };
    }
    return rows;
}

static void
fill_last_words(const HibAccountHealth *health, HibApiAccountHealth *out)
{
    out->has_last_error = health->error_at > 0;
    out->last_error = (HibApiAccountFailure){
        .class = (int)health->error_class,
        .http_status = health->error_status,
        .code = health->error_code,
        .message = health->error_text,
        .at = health->error_at,
    };
    out->has_rate = health->rate_as_of > 0;
    out->rate = (HibApiAccountRate){
        .remaining = health->rate_remaining,
        .reset_at = health->rate_reset_at,
        .has_reset_at = health->rate_reset_at > 0,
        .as_of = health->rate_as_of,
    };
    out->has_hook = health->hook_url != NULL;
    out->hook = (HibApiAccountHook){
        .url = health->hook_url,
        .taken = health->hook_n_taken,
        .refused = health->hook_n_refused,
        .taken_at = health->hook_taken_at,
        .has_taken_at = health->hook_taken_at > 0,
        .refused_at = health->hook_refused_at,
        .has_refused_at = health->hook_refused_at > 0,
    };
}

static bool
reply(HibCall *call, const char *account, GError **error)
{
    HibAccountHealth *health = NULL;
    if (!hib_account_health(hib_call_db(call), hib_call_context(call), account, &health, error))
        return false;
    HibApiAccountHealth out = {
        .account_id = account,
        .network = health->network,
        .state = (int)health->state,
        .state_reason = health->state_reason,
        .has_state_reason = health->state_reason != NULL,
        .expiry = (int)health->expiry,
        .acts_at = health->acts_at,
        .has_acts_at = health->acts_at > 0,
        .access_expires_at = health->access_expires_at,
        .has_access_expires_at = health->access_expires_at > 0,
        .refresh_expires_at = health->refresh_expires_at,
        .has_refresh_expires_at = health->refresh_expires_at > 0,
        .connected_at = health->connected_at,
        .checked_at = health->checked_at,
        .has_checked_at = health->checked_at > 0,
        .quotas = quotas_of(hib_call_arena(call), health),
        .n_quotas = health->n_quotas,
    };
    fill_last_words(health, &out);
    return hib_reply_account_health(call, 200, &out);
}

bool
hib_on_get_account_health(HibCall *call, const char *account, GError **error)
{
    return reply(call, account, error);
}

bool
hib_on_check_account(HibCall *call, const char *account, GError **error)
{
    return hib_account_check(hib_call_db(call), hib_call_context(call), account, error) &&
           reply(call, account, error);
}

bool
hib_on_get_account_options(HibCall *call, const char *account, GError **error)
{
    HibApiAccountOptions out = {0};
    if (!hib_account_options(hib_call_db(call), hib_call_context(call), account, &out.options,
                             &out.as_of, error))
        return false;
    out.has_options = out.options != NULL;
    return hib_reply_account_options(call, 200, &out);
}
