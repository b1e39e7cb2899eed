/* Signing in and staying signed in: what a person typed becomes a grant, and a grant is renewed or left as it was. */
#include "networks/bluesky_limits.h"
#include "networks/bluesky_private.h"

#include <string.h>

HibNetResult
hib_bluesky_call(const HibNetContext *net, const char *service, const BlueskyRequest *request,
                 HibJson *ret_in)
{
    const HibNetRequest call = {
        .kind = request->kind,
        .method = request->body || request->content || request->is_post ? "POST" : "GET",
        .url = hib_arena_printf(net->arena, "%s/xrpc/%s%s%s", service, request->method,
                                request->query ? "?" : "", request->query ? request->query : ""),
        .bearer = request->token,
        .content_type = request->content_type,
        .body = request->body,
        .n_body = request->n_body,
        .parts = request->content,
        .n_parts = request->content ? 1 : 0,
        .total_ms = request->total_ms  ? request->total_ms
                    : request->content ? 120000
                                       : 0,
    };
    HibHttpReply reply = {0};
    HibNetResult said = hib_net_call(net, &call, hib_bluesky_read, &reply, ret_in);
    if (said.class != HIB_NET_OK || cJSON_IsObject(ret_in->value) ||
        (reply.n_body == 0 && request->kind == HIB_CALL_REMOVE))
        return said;
    *ret_in = (HibJson){.arena = net->arena, .path = ""};
    return hib_net_nonsense(said, request->kind,
                            "the server's answer is not the JSON object it should be");
}

/* For calls to where an answer led. */
static HibNetContext
led_from(const HibNetContext *net)
{
    HibNetContext led = *net;
    led.may_be_private = net->may_lead_private;
    return led;
}

const char *
hib_bluesky_pds(const HibNetContext *net, HibJson session, const char *fallback)
{
    HibJson doc = {0};
    HibJson services = {0};
    if (!hib_json_opt_object(session, "didDoc", &doc, NULL) || !doc.value ||
        !hib_json_array(doc, "service", &services, NULL))
        return fallback;
    for (HibJson s = hib_json_first(services); s.value; s = hib_json_next(services, s)) {
        const char *id = NULL;
        const char *type = NULL;
        const char *endpoint = NULL;
        if (!cJSON_IsObject(s.value) || !hib_json_opt_text(s, "id", &id, NULL) ||
            !hib_json_opt_text(s, "type", &type, NULL) ||
            !hib_json_opt_text(s, "serviceEndpoint", &endpoint, NULL))
            continue;
        if (!id || !g_str_has_suffix(id, "#atproto_pds") ||
            g_strcmp0(type, "AtprotoPersonalDataServer") != 0 || !endpoint)
            continue;
        HibNetContext led = led_from(net);
        const char *base = hib_net_service(&led, endpoint, NULL);
        return base ? base : fallback;
    }
    return fallback;
}

HibInstant
hib_bluesky_token_end(HibArena *arena, const char *token)
{
    const char *from = token ? strchr(token, '.') : NULL;
    const char *to = from ? strchr(from + 1, '.') : NULL;
    if (!to || to - from > 4096)
        return 0;
    g_autoptr(GString) part = g_string_new_len(from + 1, to - from - 1);
    g_string_replace(part, "-", "+", 0);
    g_string_replace(part, "_", "/", 0);
    while (part->len % 4)
        g_string_append_c(part, '=');
    gsize n = 0;
    g_autofree guchar *plain = g_base64_decode(part->str, &n);
    HibJson in = {0};
    int64_t exp_s = 0;
    if (!plain || !hib_json_parse(arena, (const char *)plain, n, &in, NULL) ||
        !cJSON_IsObject(in.value) || !hib_json_opt_int(in, "exp", &exp_s, NULL))
        return 0;
    return exp_s > 0 && exp_s < INT64_C(100000000000) ? exp_s * HIB_SECOND : 0;
}

/* Takes what createSession and refreshSession both answer. Never an empty token: that would lock the account out. */
static bool
read_session(const HibNetContext *net, HibJson in, HibGrant *out)
{
    const char *did = NULL;
    const char *handle = NULL;
    const char *access = NULL;
    const char *refresh = NULL;
    if (!hib_json_text(in, "did", &did, NULL) || !hib_json_text(in, "handle", &handle, NULL) ||
        !hib_json_text(in, "accessJwt", &access, NULL) ||
        !hib_json_text(in, "refreshJwt", &refresh, NULL))
        return false;
    if (!g_str_has_prefix(did, "did:") || !*handle || !*access || !*refresh)
        return false;
    if (strpbrk(access, "\r\n ") || strpbrk(refresh, "\r\n ") || strpbrk(did, "/?#\r\n ") ||
        strpbrk(handle, "/?#\r\n "))
        return false; /* they go into headers and addresses */
    out->remote_id = did;
    out->handle = handle;
    out->access = access;
    out->refresh = refresh;
    out->access_expires_at = hib_bluesky_token_end(net->arena, access);
    out->refresh_expires_at = hib_bluesky_token_end(net->arena, refresh);
    return true;
}

/* A session of an account that may not act is no success. */
static HibNetClass
standing(HibJson in)
{
    const cJSON *active = cJSON_GetObjectItemCaseSensitive(in.value, "active");
    if (!cJSON_IsFalse(active))
        return HIB_NET_OK;
    const cJSON *status = cJSON_GetObjectItemCaseSensitive(in.value, "status");
    const char *word = cJSON_IsString(status) ? status->valuestring : "";
    return !strcmp(word, "takendown") || !strcmp(word, "suspended") ? HIB_NET_BLOCKED
                                                                    : HIB_NET_REAUTH_HUMAN;
}

static const char *
typed_handle(const HibNetContext *net, const char *service, const char *typed)
{
    g_autofree char *text = g_strstrip(g_strdup(typed ? typed : ""));
    const char *handle = *text == '@' ? text + 1 : text;
    const char *ending =
        !strpbrk(handle, ".@:") && !strcmp(service, HIB_BLUESKY_SERVICE) ? ".bsky.social" : "";
    return hib_arena_printf(net->arena, "%s%s", handle, ending);
}

HibNetResult
hib_bluesky_connect(const HibNetContext *net, const char *service, const char *handle,
                    const char *password, HibGrant *ret)
{
    const char *base = hib_net_service(net, service, HIB_BLUESKY_SERVICE);
    if (!base)
        return hib_net_say(HIB_NET_FATAL, "InvalidService",
                           "the server's address is not an https address");
    cJSON *body = cJSON_CreateObject();
    cJSON_AddStringToObject(body, "identifier", typed_handle(net, base, handle));
    cJSON_AddStringToObject(body, "password", password ? password : "");
    const char *text = hib_json_print(net->arena, body);
    const BlueskyRequest request = {.kind = HIB_CALL_SIGN_IN,
                                    .method = "com.atproto.server.createSession",
                                    .content_type = "application/json",
                                    .body = text,
                                    .n_body = strlen(text)};
    HibJson in;
    HibNetResult said = hib_bluesky_call(net, base, &request, &in);
    if (said.class != HIB_NET_OK)
        return said;
    HibGrant grant = {.display_name = "", .avatar_url = "", .extra = ""};
    if (!read_session(net, in, &grant))
        return hib_net_nonsense(said, HIB_CALL_SIGN_IN, "the server's session lacks its tokens");
    said.class = standing(in);
    if (said.class != HIB_NET_OK) {
        said.code = "AccountInactive";
        return said;
    }
    grant.service = hib_bluesky_pds(net, in, base);

    /* The name to show is a courtesy: the account is connected without it too. */
    const BlueskyRequest profile = {
        .kind = HIB_CALL_READ,
        .method = "app.bsky.actor.getProfile",
        .token = grant.access,
        .query =
            hib_arena_printf(net->arena, "actor=%s", hib_url_escape(net->arena, grant.remote_id))};
    HibJson who;
    HibNetContext led = strcmp(grant.service, base) == 0 ? *net : led_from(net);
    if (hib_bluesky_call(&led, grant.service, &profile, &who).class == HIB_NET_OK) {
        (void)hib_json_opt_text(who, "displayName", &grant.display_name, NULL);
        (void)hib_json_opt_text(who, "avatar", &grant.avatar_url, NULL);
    }
    *ret = grant;
    return said;
}

HibNetResult
hib_bluesky_refresh(const HibNetContext *net, const HibGrant *grant, HibGrant *ret)
{
    const BlueskyRequest request = {.kind = HIB_CALL_REFRESH,
                                    .method = "com.atproto.server.refreshSession",
                                    .is_post = true,
                                    .token = grant->refresh};
    HibJson in;
    HibNetResult said = hib_bluesky_call(net, grant->service, &request, &in);
    if (said.class != HIB_NET_OK)
        return said;
    HibGrant fresh = *grant;
    if (!read_session(net, in, &fresh) || strcmp(fresh.remote_id, grant->remote_id) != 0)
        return hib_net_nonsense(said, HIB_CALL_REFRESH,
                                "the renewed session lacks its tokens or is another account's");
    said.class = standing(in);
    if (said.class != HIB_NET_OK) {
        said.code = "AccountInactive";
        return said;
    }
    *ret = fresh;
    return said;
}
