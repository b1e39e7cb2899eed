/* The X connector: what it can do, in one table. x.h has the idea, x_answer.c what answers mean, x_upload.c and x_publish.c the steps. */
#include "networks/x.h"
#include "networks/x_private.h"

#include <string.h>

static const HibNetLimits *
limits(void)
{
    return &x_limits;
}

/* An account with X Premium may write long posts and change them; one without may do neither. What X did not say stays as it is for all. */
static const HibNetLimits *
limits_of(HibArena *arena, const char *extra)
{
    HibJson in = {0};
    const char *plan = NULL;
    if (!extra || !hib_json_parse(arena, extra, strlen(extra), &in, NULL) ||
        !cJSON_IsObject(in.value) || !hib_json_opt_text(in, "subscription", &plan, NULL) || !plan)
        return &x_limits;
    HibNetLimits *out = hib_arena_new0(arena, HibNetLimits);
    *out = x_limits;
    if (g_str_equal(plan, "None")) {
        out->edit_s = 0;
        return out;
    }
    HibNetFormatLimits *formats =
        hib_arena_array(arena, HibNetFormatLimits, (size_t)x_limits.n_formats);
    for (int i = 0; i < x_limits.n_formats; i++) {
        formats[i] = x_limits.formats[i];
        if (formats[i].format == HIB_FORMAT_POST)
            formats[i].max_text = HIB_X_LONG_TEXT;
    }
    out->formats = formats;
    out->max_text = HIB_X_LONG_TEXT;
    return out;
}

/* X knows nothing of it; it names the delivery in our own timeline. */
static const char *
new_handle(const HibNetContext *net)
{
    return hib_net_uuid(net->arena);
}

static HibNetResult
take_back(const HibNetContext *net, const HibGrant *grant, const char *remote_id)
{
    bool is_message = g_str_has_prefix(remote_id, X_MESSAGE);
    const char *id = remote_id + (is_message ? strlen(X_MESSAGE) : 0);
    if (!hib_x_is_id(id))
        return hib_net_say(HIB_NET_FATAL, "NotOurPost", "this is no post of X");
    const HibNetRequest request = {.kind = HIB_CALL_REMOVE,
                                   .method = "DELETE",
                                   .url = hib_arena_printf(net->arena, "%s/2/%s/%s",
                                                           hib_x_base(net, grant->service),
                                                           is_message ? "dm_events" : "tweets", id),
                                   .bearer = grant->access};
    return hib_net_call(net, &request, hib_x_read, NULL, NULL);
}

/* A 200 of X may hold errors and no data: only what it says of the reply counts. */
static HibNetResult
as_said(HibNetResult said, HibJson in, bool is_hidden)
{
    HibJson data = {0};
    HibJson errors = {0};
    bool is_now = !is_hidden;
    if (!cJSON_IsObject(in.value)) /* no answer of X's; to repeat it is harmless */
        return hib_net_nonsense(said, HIB_CALL_READ, "the answer is not the object it should be");
    if (hib_json_opt_object(in, "data", &data, NULL) && data.value &&
        hib_json_opt_bool(data, "hidden", &is_now, NULL) && is_now == is_hidden)
        return said;
    said.class = HIB_NET_FATAL;
    said.code = "NotDone";
    said.message = "X did not do what was asked";
    if (hib_json_opt_array(in, "errors", &errors, NULL) && errors.value) {
        HibJson first = hib_json_first(errors);
        if (cJSON_IsObject(first.value))
            (void)hib_json_opt_text(first, "detail", &said.message, NULL);
    }
    said.message = hib_net_clean(in.arena, said.message);
    return said;
}

/* Only replies in a conversation that the account began; a message cannot be hidden. */
static HibNetResult
hide(const HibNetContext *net, const HibGrant *grant, const char *remote_id, bool is_hidden)
{
    const char *body = is_hidden ? "{\"hidden\":true}" : "{\"hidden\":false}";
    if (!hib_x_is_id(remote_id))
        return hib_net_say(HIB_NET_FATAL, "NotOurPost", "this is no post of X");
    const HibNetRequest request = {.kind = HIB_CALL_REMOVE,
                                   .method = "PUT",
                                   .url =
                                       hib_arena_printf(net->arena, "%s/2/tweets/%s/hidden",
                                                        hib_x_base(net, grant->service), remote_id),
                                   .bearer = grant->access,
                                   .content_type = "application/json",
                                   .body = body,
                                   .n_body = strlen(body)};
    HibJson in = {0};
    HibNetResult said = hib_net_call(net, &request, hib_x_read, NULL, &in);
    return said.class == HIB_NET_OK && said.http_status < 300 ? as_said(said, in, is_hidden) : said;
}

static const char *
profile_url(HibArena *arena, const char *remote_id, const char *handle)
{
    return *handle ? hib_arena_printf(arena, "https://x.com/%s", handle)
                   : hib_arena_printf(arena, "https://x.com/i/user/%s", remote_id);
}

const HibNetwork hib_x = {
    .name = "x",
    .title = HIB_X_TITLE,
    .auth = HIB_NET_AUTH_OAUTH,
    .can_remove = true,
    .can_reply = true,
    .can_message = true,
    .limits = limits,
    .limits_of = limits_of,
    .authorize_url = hib_x_authorize_url,
    .exchange = hib_x_exchange,
    .refresh = hib_x_refresh,
    .new_handle = new_handle,
    .next_step = hib_x_next_step,
    .run_step = hib_x_run_step,
    .find = hib_x_find,
    .remove = take_back,
    .hide = hide,
    .edit = hib_x_edit,
    .check = hib_x_check,
    .max_read = 100,
    .read_posts = hib_x_read_posts,
    .read_account = hib_x_read_account,
    .read_talk = hib_x_read_talk,
    .hook = hib_x_hook,
    .profile_url = profile_url,
};
