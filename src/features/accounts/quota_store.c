/* Quotas and health: what is left, and how an account is.
 *
 * The one idea: the network's own count is the truth when it tells one, and what we took since is added to it; where it tells none, our own
 * notes of the window stand alone against the limit in rules/networks. So there is an answer at any moment without asking, it errs only towards
 * "less is left", and every reading puts it right. */
#include "accounts/account.sql.h"
#include "accounts/accounts_private.h"
#include "accounts/app.sql.h"
#include "accounts/quota.sql.h"
#include "base/error.h"
#include "base/json.h"

#define MONTH (31 * HIB_DAY)        /* of a calendar month nobody counts for us */
#define ASK_AGAIN (15 * HIB_MINUTE) /* where nobody knows when it resets */
#define GATHER HIB_MINUTE           /* many posts scheduled at once cause one reading */
#define KEEP_OPTIONS (10 * HIB_MINUTE)
#define MAX_OPTIONS_BYTES (64 * 1024)

/* --- counting --------------------------------------------------------------------------------------- */
static const HibNetQuotaRule *
rule_of(const HibNetwork *network, const char *name)
{
    const HibNetLimits *limits = network ? network->limits() : NULL;
    for (int i = 0; limits && i < limits->n_quotas; i++)
        if (g_str_equal(limits->quotas[i].name, name))
            return &limits->quotas[i];
    return NULL;
}

static bool
count_one(HibDb *db, const char *account, const HibNetwork *network, const char *name,
          const HibSqlQuotaRow *told, HibAccountQuota *out, GError **error)
{
    HibInstant now = hib_db_now(db);
    const HibNetQuotaRule *rule = rule_of(network, name);
    HibDuration window = rule && rule->window_s ? rule->window_s * HIB_SECOND : MONTH;
    HibInstant since = now - window;
    *out = (HibAccountQuota){.name = name, .limit = rule && rule->limit ? rule->limit : -1};
    if (told) {
        bool is_over = told->has_resets_at ? told->resets_at <= now : told->as_of <= since;
        out->limit = told->most;
        out->used = is_over ? 0 : told->used;
        out->as_of = told->as_of;
        out->resets_at = told->has_resets_at && !is_over ? told->resets_at : 0;
        since = MAX(since, is_over && told->has_resets_at ? told->resets_at : told->as_of);
    }
    HibSqlQuotaUsedSince *taken = NULL;
    if (!hib_sql_quota_used_since(db, account, name, since, &taken, error))
        return false;
    out->used = MAX(out->used + taken->used, 0);
    if (!told && taken->has_first_at)
        out->resets_at = taken->first_at + window;
    return true;
}

bool
hib_accounts_quotas(HibDb *db, const char *account, HibAccountQuota **ret, size_t *ret_n,
                    GError **error)
{
    HibAccount *about = NULL;
    HibSqlQuotaRow *told = NULL;
    size_t n_told = 0;
    if (!hib_accounts_get(db, account, &about, error) ||
        !hib_sql_quota_list(db, account, &told, &n_told, error))
        return false;
    const HibNetwork *network = hib_network_find(about->network);
    const HibNetLimits *limits = network ? network->limits() : NULL;
    size_t n_rules = limits ? (size_t)limits->n_quotas : 0;
    *ret = hib_arena_array(hib_db_arena(db), HibAccountQuota, n_told + n_rules);
    *ret_n = 0;
    for (size_t i = 0; i < n_told; i++)
        if (!count_one(db, account, network, told[i].name, &told[i], &(*ret)[(*ret_n)++], error))
            return false;
    for (size_t i = 0; i < n_rules; i++) {
        bool is_told = false;
        for (size_t k = 0; k < n_told; k++)
            is_told |= g_str_equal(told[k].name, limits->quotas[i].name);
        if (!is_told && !count_one(db, account, network, limits->quotas[i].name, NULL,
                                   &(*ret)[(*ret_n)++], error))
            return false;
    }
    return true;
}

bool
hib_accounts_quota_room(HibDb *db, const char *account, const char *name, int64_t n,
                        HibInstant *ret_at, GError **error)
{
    HibAccount *about = NULL;
    HibSqlQuotaRow *told = NULL;
    HibAccountQuota quota;
    if (!hib_accounts_get(db, account, &about, error) ||
        !hib_sql_quota_get(db, account, name, &told, error) ||
        !count_one(db, account, hib_network_find(about->network), name, told, &quota, error))
        return false;
    HibInstant now = hib_db_now(db);
    *ret_at = 0;
    if (quota.limit >= 0 && quota.used + n > quota.limit)
        *ret_at = quota.resets_at > now ? quota.resets_at : now + ASK_AGAIN;
    return true;
}

bool
hib_accounts_quota_take(HibDb *db, const char *account, const char *name, int64_t n, GError **error)
{
    return hib_sql_quota_use_add(db, account, name, hib_db_now(db), hib_db_new_id(db), n, error);
}

/* --- asking the network ----------------------------------------------------------------------------- */
typedef struct {
    HibNetQuota rows[8];
    size_t n;
} Quotas;

static HibNetResult
ask_quota(const HibNetContext *net, const HibNetwork *network, const HibGrant *grant, void *data)
{
    Quotas *out = data;
    return network->read_quota(net, grant, out->rows, &out->n);
}

bool
hib_quota_read(HibDb *db, const HibServices *services, const char *account, HibNetResult *ret,
               GError **error)
{
    HibAccount *about = NULL;
    Quotas told = {0};
    if (!hib_accounts_get(db, account, &about, error))
        return false;
    const HibNetwork *network = hib_network_find(about->network);
    HibInstant asked_at = hib_db_now(db); /* what is taken while it answers counts on top */
    *ret = (HibNetResult){.class = HIB_NET_OK, .code = "", .message = "", .remaining = -1};
    if (!network || !network->read_quota)
        return true;
    if (!hib_accounts_call(db, services, account, ask_quota, &told, ret, error))
        return false;
    if (ret->class != HIB_NET_OK)
        return true;
    g_autoptr(HibTx) tx = hib_tx_begin(db, error);
    if (!tx)
        return false;
    for (size_t i = 0; i < MIN(told.n, G_N_ELEMENTS(told.rows)); i++) {
        const HibNetQuota *one = &told.rows[i];
        if (!hib_sql_quota_set(db, account, one->name, one->used, MAX(one->limit, -1),
                               one->resets_at > 0 ? &one->resets_at : NULL, asked_at, error))
            return false;
    }
    return hib_tx_commit(tx, error);
}

bool
hib_accounts_posting(HibDb *db, const char *account, HibInstant until, GError **error)
{
    HibAccount *about = NULL;
    int64_t changed = 0;
    if (!hib_sql_accounts_posting(db, account, until, &changed, error))
        return false;
    if (!changed)
        return true;
    if (!hib_accounts_get(db, account, &about, error))
        return false;
    const HibNetwork *network = hib_network_find(about->network);
    if (!network || !network->read_quota)
        return true;
    return hib_job_add(db, HIB_ACCOUNTS_QUOTA, account, account, NULL, hib_db_now(db) + GATHER,
                       NULL, error);
}

bool
hib_quota_posting_until(HibDb *db, const char *account, HibInstant *ret, GError **error)
{
    HibSqlAccountsHealth *row = NULL;
    *ret = 0;
    if (!hib_sql_accounts_health(db, account, &row, error))
        return false;
    if (row && row->state != HIB_ACCOUNT_NEEDS_RECONNECT)
        *ret = row->has_posting_until ? row->posting_until : 1;
    return true;
}

bool
hib_quota_uses_sweep(HibDb *db, HibInstant until, GError **error)
{
    return hib_sql_quota_use_sweep(db, until, error);
}

static HibNetResult
ask_profile(const HibNetContext *net, const HibNetwork *network, const HibGrant *grant, void *data)
{
    return network->read_account(net, grant, data);
}

bool
hib_account_check(HibDb *db, const HibServices *services, const char *account, GError **error)
{
    HibNetReading reading = {0};
    HibNetResult said;
    HibInstant as_of = hib_db_now(db);
    if (!hib_accounts_call(db, services, account, ask_profile, &reading, &said, error))
        return false;
    if (said.class != HIB_NET_OK) /* the health tells it */
        return true;
    for (size_t i = 0; i < reading.n_metrics; i++)
        if (g_str_equal(reading.metrics[i].metric, "followers") &&
            !hib_accounts_set_followers(db, account, reading.metrics[i].value, as_of, error))
            return false;
    return hib_quota_read(db, services, account, &said, error);
}

/* --- health ----------------------------------------------------------------------------------------- */
static bool
fill_hook(HibDb *db, const HibServices *services, const char *account,
          const HibSqlAccountsHealth *row, HibAccountHealth *out, GError **error)
{
    const HibNetwork *network = hib_network_find(row->network);
    HibSqlHookState *hook = NULL;
    bool is_channel = network && network->auth == HIB_NET_AUTH_CHANNEL;
    if (is_channel ? !hib_sql_hook_of_account(db, account, &hook, error)
                   : !hib_sql_hook_of_app(db, row->network, row->service, &hook, error))
        return false;
    if (!hook)
        return true;
    out->hook_url = hib_hook_url(hib_db_arena(db), services, row->network, hook->key);
    out->hook_n_taken = hook->n_taken;
    out->hook_n_refused = hook->n_refused;
    out->hook_taken_at = hook->has_taken_at ? hook->taken_at : 0;
    out->hook_refused_at = hook->has_refused_at ? hook->refused_at : 0;
    return true;
}

bool
hib_account_health(HibDb *db, const HibServices *services, const char *account,
                   HibAccountHealth **ret, GError **error)
{
    HibSqlAccountsHealth *row = NULL;
    if (!hib_sql_accounts_health(db, account, &row, error))
        return false;
    if (!row) {
        hib_error_set(error, HIB_ERROR_NOT_FOUND, "accounts.unknown", "no account %s", account);
        return false;
    }
    HibAccountHealth *out = hib_arena_new0(hib_db_arena(db), HibAccountHealth);
    HibInstant acts_at = row->has_acts_at ? row->acts_at : 0;
    *out = (HibAccountHealth){
        .network = row->network,
        .state = (HibAccountState)row->state,
        .state_reason = row->state_reason,
        .expiry = hib_account_expiry((HibAccountState)row->state, row->granted_at, acts_at,
                                     hib_db_now(db)),
        .connected_at = row->connected_at,
        .checked_at = row->has_checked_at ? row->checked_at : 0,
        .access_expires_at = row->has_access_expires_at ? row->access_expires_at : 0,
        .refresh_expires_at = row->has_refresh_expires_at ? row->refresh_expires_at : 0,
        .acts_at = acts_at,
        .error_at = row->has_error_at ? row->error_at : 0,
        .error_class = (HibNetClass)row->error_class,
        .error_status = (int)row->error_status,
        .error_code = row->error_code,
        .error_text = row->error_text,
        .rate_as_of = row->has_rate_as_of ? row->rate_as_of : 0,
        .rate_reset_at = row->has_rate_reset_at ? row->rate_reset_at : 0,
        .rate_remaining = row->rate_remaining,
    };
    *ret = out;
    return hib_accounts_quotas(db, account, &out->quotas, &out->n_quotas, error) &&
           fill_hook(db, services, account, row, out, error);
}

/* --- options ---------------------------------------------------------------------------------------- */
static HibNetResult
ask_options(const HibNetContext *net, const HibNetwork *network, const HibGrant *grant, void *data)
{
    return network->read_options(net, grant, data);
}

static bool
is_object(HibArena *arena, const char *text)
{
    HibJson json;
    size_t n = text ? strlen(text) : 0;
    return n > 0 && n <= MAX_OPTIONS_BYTES && hib_json_parse(arena, text, n, &json, NULL) &&
           cJSON_IsObject(json.value);
}

static void
set_unread(const HibNetResult *said, GError **error)
{
    if (said->class == HIB_NET_REAUTH_HUMAN || said->class == HIB_NET_BLOCKED) {
        hib_error_set(error, HIB_ERROR_CONFLICT, "accounts.needs_reconnect", "%s", said->code);
        return;
    }
    if (said->class == HIB_NET_RETRY_AFTER || said->class == HIB_NET_QUOTA) {
        hib_error_set(error, HIB_ERROR_TOO_MANY, "network.rate_limited", "%s", said->code);
        if (error && said->retry_at > 0)
            hib_error_set_retry_at(*error, said->retry_at);
        return;
    }
    hib_error_set(error, HIB_ERROR_UPSTREAM, "accounts.unreachable", "no usable answer (%s, %s)",
                  hib_net_class_name(said->class), said->code);
}

bool
hib_account_options(HibDb *db, const HibServices *services, const char *account,
                    const char **ret_json, HibInstant *ret_as_of, GError **error)
{
    HibSqlAccountsHealth *row = NULL;
    HibNetResult said;
    HibInstant now = hib_db_now(db);
    if (!hib_sql_accounts_health(db, account, &row, error))
        return false;
    const HibNetwork *network = row ? hib_network_find(row->network) : NULL;
    if (!network) {
        hib_error_set(error, HIB_ERROR_NOT_FOUND, "accounts.unknown", "no account %s", account);
        return false;
    }
    *ret_json = row->options;
    *ret_as_of = row->has_options_as_of ? row->options_as_of : now;
    if (!network->read_options || (row->options && now - row->options_as_of < KEEP_OPTIONS))
        return true;
    const char *fresh = NULL;
    if (!hib_accounts_call(db, services, account, ask_options, &fresh, &said, error))
        return false;
    if (said.class == HIB_NET_OK && is_object(hib_db_arena(db), fresh)) {
        *ret_json = fresh;
        *ret_as_of = now;
        return hib_sql_accounts_set_options(db, account, fresh, now, error);
    }
    if (row->options) /* what it said last, with its time, is better than nothing */
        return true;
    set_unread(&said, error);
    return false;
}
