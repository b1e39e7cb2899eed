/* What TikTok sends: how a post stands, and that somebody took the permission back.
 *
 * The signature covers the time and the body. TikTok delivers at least once and tries for 72 hours; so does the window: a copy inside
 * it has the same id as the first and does nothing. The body names no id; the event itself is one. */
#include "base/secrets.h"
#include "networks/tiktok_limits.h"
#include "networks/tiktok_private.h"

#include <string.h>

/* Value of `name` in "t=1633174587,s=18494715…"; NULL: none. */
static const char *
part_of(HibArena *arena, const char *header, const char *name)
{
    g_auto(GStrv) parts = g_strsplit(header ? header : "", ",", 8);
    for (size_t i = 0; parts[i]; i++) {
        const char *part = g_strstrip(parts[i]);
        if (g_str_has_prefix(part, name) && part[strlen(name)] == '=')
            return hib_arena_strdup(arena, part + strlen(name) + 1);
    }
    return NULL;
}

static bool
is_signed(HibArena *arena, const HibNetHookCall *call)
{
    const char *header = call->header(call->data, "tiktok-signature");
    const char *at = part_of(arena, header, "t");
    const char *sign = part_of(arena, header, "s");
    size_t n_at = at ? strlen(at) : 0;
    if (!call->secret || !*call->secret || !sign || n_at < 1 || n_at > 12 ||
        strspn(at, "0123456789") != n_at)
        return false;
    g_autoptr(GString) text = g_string_new(at);
    g_string_append_c(text, '.');
    g_string_append_len(text, call->body, (gssize)call->n_body);
    if (!hib_net_same(sign, hib_net_hmac(arena, call->secret, text->str, text->len, true)))
        return false;
    HibInstant then = g_ascii_strtoll(at, NULL, 10) * HIB_SECOND;
    return then <= call->now + 5 * HIB_MINUTE &&
           then >= call->now - HIB_TIKTOK_HOOK_WINDOW_S * HIB_SECOND;
}

static const char *
event_id(HibArena *arena, const char *event, const char *account, int64_t at_s, const char *content)
{
    const char *whole =
        hib_arena_printf(arena, "%s\n%s\n%" G_GINT64_FORMAT "\n%s", event, account, at_s, content);
    return hib_sha256_hex(arena, whole, strlen(whole));
}

/* `content` is JSON within a text. */
static void
read_content(HibArena *arena, const char *event, const char *content, HibNetHookEvent *out)
{
    HibJson in = {0};
    if (g_str_equal(event, "authorization.removed"))
        out->kind = "deauthorized";
    if (!g_str_has_prefix(event, "post.publish.") ||
        !hib_json_parse(arena, content, strlen(content), &in, NULL) || !cJSON_IsObject(in.value))
        return;
    (void)hib_json_opt_text(in, "publish_id", &out->remote_id, NULL);
    out->talk.post_id = hib_tiktok_id(arena, content, "post_id");
    if (out->remote_id)
        out->kind = "publish";
}

bool
hib_tiktok_hook(HibArena *arena, const HibNetHookCall *call, HibNetHookAnswer *ret)
{
    HibJson in = {0};
    const char *event = NULL, *account = NULL, *content = "";
    int64_t at_s = 0;
    *ret = (HibNetHookAnswer){.is_refused = !is_signed(arena, call)};
    if (ret->is_refused)
        return true;
    if (!hib_json_parse(arena, call->body, call->n_body, &in, NULL) || !cJSON_IsObject(in.value) ||
        !hib_json_text(in, "event", &event, NULL) ||
        !hib_json_text(in, "user_openid", &account, NULL))
        return false;
    (void)hib_json_opt_int(in, "create_time", &at_s, NULL);
    (void)hib_json_opt_text(in, "content", &content, NULL);
    at_s = at_s > 0 && at_s < INT64_C(100000000000) ? at_s : 0;
    ret->events = hib_arena_new0(arena, HibNetHookEvent);
    ret->events[0] = (HibNetHookEvent){.id = event_id(arena, event, account, at_s, content),
                                       .kind = "other",
                                       .account = account,
                                       .at = at_s * HIB_SECOND};
    read_content(arena, event, content, &ret->events[0]);
    ret->n_events = 1;
    return true;
}
