/* See test_network.h. The wrapped hib_network_find knows these three and asks the real one for all others. */
#include "test_network.h"
#include <string.h>

HibTestNet hib_test_net;

void
hib_test_net_reset(void)
{
    const HibNetResult ok = {.code = "", .message = "", .remaining = -1};
    hib_test_net = (HibTestNet){.exchange = ok,
                                .refresh = ok,
                                .connect = ok,
                                .quota = ok,
                                .options = ok,
                                .profile = ok,
                                .n_grants = 1,
                                .followers = 120};
    hib_test_net.grants[0] = (HibGrant){.remote_id = "remote-1",
                                        .handle = "one",
                                        .display_name = "一号店",
                                        .access = "access-1",
                                        .refresh = "refresh-1",
                                        .extra = "{\"page\":\"1\"}"};
    hib_test_net.refreshed = (HibGrant){.access = "access-2", .refresh = "refresh-2"};
}

static void
note(char *into, size_t n, const char *text)
{
    g_strlcpy(into, text ? text : "", n);
}
#define NOTE(field, text) note(hib_test_net.field, sizeof hib_test_net.field, text)

/* As a network does: what it gives lives in the call's arena. */
static HibGrant
copied(HibArena *arena, const HibGrant *grant)
{
    HibGrant out = *grant;
    const char **texts[] = {&out.service,    &out.remote_id, &out.handle,  &out.display_name,
                            &out.avatar_url, &out.access,    &out.refresh, &out.extra};
    for (size_t i = 0; i < G_N_ELEMENTS(texts); i++)
        *texts[i] = *texts[i] ? hib_arena_strdup(arena, *texts[i]) : NULL;
    return out;
}

static HibNetResult
register_app(const HibNetContext *net, const char *service, const char *redirect_uri,
             HibNetApp *ret)
{
    g_atomic_int_inc(&hib_test_net.n_registers);
    NOTE(service, service);
    NOTE(redirect, redirect_uri);
    *ret = (HibNetApp){.client_id = "made-by-itself", .client_secret = "secret-made-by-itself"};
    return (HibNetResult){.code = "", .message = "", .remaining = -1};
}

static const char *
authorize_url(const HibNetContext *net, const char *service, const char *redirect_uri,
              const char *state, const char *verifier)
{
    NOTE(app, net->app ? net->app->client_id : "");
    NOTE(service, service);
    NOTE(redirect, redirect_uri);
    NOTE(state, state);
    NOTE(verifier, verifier);
    return hib_arena_printf(net->arena, "%s/authorize?client_id=%s&state=%s", service,
                            net->app ? net->app->client_id : "", state);
}

static HibNetResult
exchange(const HibNetContext *net, const char *service, const char *redirect_uri, const char *code,
         const char *verifier, HibGrant **ret_grants, size_t *ret_n)
{
    g_atomic_int_inc(&hib_test_net.n_exchanges);
    NOTE(app, net->app ? net->app->client_secret : "");
    NOTE(code, code);
    if (hib_test_net.during)
        hib_test_net.during(hib_test_net.data);
    if (strcmp(verifier, hib_test_net.verifier) != 0)
        return (HibNetResult){.class = HIB_NET_FATAL,
                              .http_status = 400,
                              .code = "bad_verifier",
                              .message = "",
                              .remaining = -1};
    *ret_n = hib_test_net.n_grants;
    *ret_grants = hib_arena_array(net->arena, HibGrant, *ret_n);
    for (size_t i = 0; i < *ret_n; i++)
        (*ret_grants)[i] = copied(net->arena, &hib_test_net.grants[i]);
    return hib_test_net.exchange;
}

static HibNetResult
connect_channel(const HibNetContext *net, const char *service, const char *handle,
                const char *password, HibGrant *ret)
{
    g_atomic_int_inc(&hib_test_net.n_connects);
    NOTE(login, handle);
    NOTE(service, service);
    if (strcmp(password, HIB_TEST_CHANNEL_SECRET) != 0)
        return (HibNetResult){.class = HIB_NET_REAUTH_HUMAN,
                              .http_status = 401,
                              .code = "invalid_client",
                              .message = "",
                              .remaining = -1};
    *ret = copied(net->arena, &hib_test_net.grants[0]);
    return hib_test_net.connect;
}

static HibNetResult
refresh(const HibNetContext *net, const HibGrant *grant, HibGrant *ret)
{
    g_atomic_int_inc(&hib_test_net.n_refreshes);
    NOTE(app, net->app ? net->app->client_secret : "");
    if (hib_test_net.refresh.class == HIB_NET_OK)
        *ret = copied(net->arena, &hib_test_net.refreshed);
    return hib_test_net.refresh;
}

static HibNetResult
read_account(const HibNetContext *net, const HibGrant *grant, HibNetReading *ret)
{
    *ret = (HibNetReading){.metrics[0] = {"followers", hib_test_net.followers}, .n_metrics = 1};
    return hib_test_net.profile;
}

static HibNetResult
read_quota(const HibNetContext *net, const HibGrant *grant, HibNetQuota ret[8], size_t *ret_n)
{
    g_atomic_int_inc(&hib_test_net.n_quota_reads);
    for (size_t i = 0; i < hib_test_net.n_quotas; i++)
        ret[i] = hib_test_net.quotas[i];
    *ret_n = hib_test_net.n_quotas;
    return hib_test_net.quota;
}

static HibNetResult
read_options(const HibNetContext *net, const HibGrant *grant, const char **ret_json)
{
    g_atomic_int_inc(&hib_test_net.n_option_reads);
    *ret_json = hib_test_net.choices;
    return hib_test_net.options;
}

/* --- webhooks --------------------------------------------------------------------------------------- */
static const char *
part(char **parts, guint n, guint i, HibArena *arena)
{
    return i < n && *parts[i] ? hib_arena_strdup(arena, parts[i]) : NULL;
}

static bool
hook(HibArena *arena, const HibNetHookCall *call, HibNetHookAnswer *ret)
{
    g_autofree char *body = g_strndup(call->body, call->n_body);
    const char *signature = call->header(call->data, "x-test-signature");
    if (strcmp(call->method, "GET") == 0) {
        ret->is_refused = !strstr(call->query, call->verify_token);
        ret->reply = ret->is_refused ? NULL : "the challenge";
        return true;
    }
    ret->is_refused = !signature || strcmp(signature, call->secret) != 0;
    if (ret->is_refused)
        return true;
    g_auto(GStrv) lines = g_strsplit(g_strstrip(body), "\n", -1);
    ret->events = hib_arena_array(arena, HibNetHookEvent, g_strv_length(lines));
    for (size_t i = 0; lines[i]; i++) {
        g_auto(GStrv) parts = g_strsplit(lines[i], "|", -1);
        guint n = g_strv_length(parts);
        if (n < 6)
            return false;
        HibNetHookEvent *out = &ret->events[ret->n_events++];
        *out = (HibNetHookEvent){.id = part(parts, n, 0, arena),
                                 .kind = part(parts, n, 1, arena),
                                 .account = part(parts, n, 2, arena),
                                 .remote_id = part(parts, n, 3, arena),
                                 .at = g_ascii_strtoll(parts[5], NULL, 10)};
        if (strcmp(out->kind ? out->kind : "", "numbers") == 0)
            out->reading =
                (HibNetReading){.remote_id = out->remote_id,
                                .metrics[0] = {"reach", g_ascii_strtoll(parts[4], NULL, 10)},
                                .metrics[1] = {"replies", 2},
                                .n_metrics = 2};
        out->talk = (HibNetTalk){.kind = HIB_TALK_MESSAGE,
                                 .remote_id = out->remote_id,
                                 .text = part(parts, n, 4, arena),
                                 .conversation = "conversation-1",
                                 .reply_token = "reply-token-1",
                                 .author_id = "somebody"};
    }
    return true;
}

/* --- the networks ----------------------------------------------------------------------------------- */
static const char *const image_types[] = {"image/jpeg", NULL};
static const HibNetFormatLimits formats[] = {
    {.format = HIB_FORMAT_POST, .max_media = 4, .max_text = 100, .image = {.types = image_types}},
    {.format = HIB_FORMAT_STORY,
     .min_media = 1,
     .max_media = 1,
     .image = {.types = image_types},
     .safe_top = 250},
};
static const HibNetQuotaRule quotas[] = {{"posts", 3, 86400}, {"units", 0, 0}};
static const HibNetLimits limits = {
    .formats = formats,
    .n_formats = 2,
    .unit = HIB_UNIT_CHARS,
    .max_text = 100,
    .max_thread = 1,
    .quotas = quotas,
    .n_quotas = 2,
    .options = "[]",
    .default_service = "https://testnet.example",
    .source = "https://testnet.example/limits",
    .as_of = "2026-11-25",
};

static const HibNetLimits *
limits_of(void)
{
    return &limits;
}

#define COMMON                                                                                     \
    .limits = limits_of, .refresh = refresh, .read_account = read_account,                         \
    .read_quota = read_quota, .read_options = read_options, .hook = hook
static const HibNetwork testnet = {.name = "testnet",
                                   .title = "Testnet",
                                   .auth = HIB_NET_AUTH_OAUTH,
                                   .authorize_url = authorize_url,
                                   .exchange = exchange,
                                   COMMON};
static const HibNetwork testinst = {.name = "testinst",
                                    .title = "Testinst",
                                    .auth = HIB_NET_AUTH_OAUTH,
                                    .has_service = true,
                                    .register_app = register_app,
                                    .authorize_url = authorize_url,
                                    .exchange = exchange,
                                    COMMON};
static const HibNetwork testline = {.name = "testline",
                                    .title = "Testline",
                                    .auth = HIB_NET_AUTH_CHANNEL,
                                    .connect = connect_channel,
                                    COMMON};

const HibNetwork *__real_hib_network_find(const char *name);
const HibNetwork *__wrap_hib_network_find(const char *name);

const HibNetwork *
__wrap_hib_network_find(const char *name)
{
    static const HibNetwork *const mine[] = {&testnet, &testinst, &testline};
    for (size_t i = 0; name && i < G_N_ELEMENTS(mine); i++)
        if (strcmp(mine[i]->name, name) == 0)
            return mine[i];
    return __real_hib_network_find(name);
}
