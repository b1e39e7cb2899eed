/* Calls to Meta's Graph, and reading what comes: fields that may be missing, ids larger than a double, times in three dialects.
 *
 * The access token goes into the Authorization header, never into an address, but for the exchanges where Meta takes it only there. */
#include "networks/meta.h"

#include <string.h>

const char *
hib_meta_host(const char *service, const char *real_host)
{
    /* Any of the Graph's own hosts stands for the network itself: which one says only how a person signed in. */
    return !service || !*service || g_str_has_prefix(service, "https://graph.") ? real_host
                                                                                : service;
}

HibNetResult
hib_meta_ok(void)
{
    return hib_net_say(HIB_NET_OK, "", "");
}

HibNetResult
hib_meta_call_text(const HibNetContext *net, const HibMetaCall *call, HibJson *ret,
                   const char **ret_body)
{
    bool is_post = g_str_equal(call->method, "POST");
    bool has_query = call->form && !is_post;
    HibHttpReply reply;
    const HibNetRequest request = {
        .kind = call->kind,
        .method = call->method,
        .url = has_query ? hib_arena_printf(net->arena, "%s?%s", call->url, call->form) : call->url,
        .bearer = call->token,
        .content_type = is_post ? "application/x-www-form-urlencoded" : NULL,
        .body = is_post ? (call->form ? call->form : "") : NULL,
        .n_body = is_post && call->form ? strlen(call->form) : 0,
    };
    HibNetResult said = hib_net_call(net, &request, hib_meta_read, &reply, ret);
    *ret_body = reply.body ? reply.body : "";
    if (said.class == HIB_NET_OK && call->kind != HIB_CALL_REMOVE && !cJSON_IsObject(ret->value))
        return hib_net_nonsense(said, call->kind, "the answer is not the object it should be");
    return said;
}

HibNetResult
hib_meta_call(const HibNetContext *net, const HibMetaCall *call, HibJson *ret)
{
    const char *body;
    return hib_meta_call_text(net, call, ret, &body);
}

/* The upload server takes the rest of the file in one go and says afterwards how much arrived: that is its way of resuming. */
HibNetResult
hib_meta_upload(const HibNetContext *net, const HibGrant *grant, const char *where,
                const HibNetMedia *media, int64_t offset)
{
    const char *path = where ? strstr(where, "://") : NULL;
    path = path ? strchr(path + 3, '/') : where;
    if (!path || *path != '/' || offset < 0 || offset > media->bytes)
        return hib_net_say(HIB_NET_NEW_HANDLE, "NoUploadAddress",
                           "the network did not say where to upload to");
    int64_t left = media->bytes - offset;
    const HibHttpPart part = hib_net_piece(net->arena, media, offset, left);
    const char *const headers[] = {
        hib_arena_printf(net->arena, "Authorization: OAuth %s", grant->access),
        hib_arena_printf(net->arena, "offset: %" G_GINT64_FORMAT, offset),
        hib_arena_printf(net->arena, "file_size: %" G_GINT64_FORMAT, media->bytes), NULL};
    const HibNetRequest request = {
        .kind = HIB_CALL_PREPARE,
        .method = "POST",
        .url =
            hib_arena_printf(net->arena, "%s%s",
                             hib_meta_host(grant->service, "https://rupload.facebook.com"), path),
        .headers = headers,
        .content_type = "application/octet-stream",
        .parts = &part,
        .n_parts = 1,
        .total_ms = (int)MIN(60000 + left / 256, 1500000), /* 256 kB/s is a slow line */
    };
    return hib_net_call(net, &request, hib_meta_read, NULL, NULL);
}

/* --- fields ------------------------------------------------------------------------------------------------------------------------ */
HibJson
hib_meta_get(HibJson in, const char *path)
{
    char key[64];
    for (const char *at = path; in.value;) {
        size_t n = strcspn(at, ".");
        if (n >= sizeof key)
            return (HibJson){.arena = in.arena, .path = ""};
        memcpy(key, at, n);
        key[n] = '\0';
        in.value = cJSON_IsObject(in.value) ? cJSON_GetObjectItemCaseSensitive(in.value, key)
                   : cJSON_IsArray(in.value) && g_ascii_isdigit(*key)
                       ? cJSON_GetArrayItem(in.value, *key - '0')
                       : NULL;
        if (!at[n])
            break;
        at += n + 1;
    }
    in.path = "";
    return in;
}

const char *
hib_meta_text(HibJson in, const char *path)
{
    const cJSON *value = hib_meta_get(in, path).value;
    return cJSON_IsString(value) ? value->valuestring : NULL;
}

int64_t
hib_meta_int(HibJson in, const char *path, int64_t otherwise)
{
    const cJSON *value = hib_meta_get(in, path).value;
    if (cJSON_IsBool(value))
        return cJSON_IsTrue(value);
    if (cJSON_IsNumber(value))
        return value->valuedouble > -9e15 && value->valuedouble < 9e15 ? (int64_t)value->valuedouble
                                                                       : otherwise;
    if (!cJSON_IsString(value))
        return otherwise;
    char *end;
    int64_t number = g_ascii_strtoll(value->valuestring, &end, 10);
    return end == value->valuestring || *end ? otherwise : number;
}

bool
hib_meta_is_id(const char *text)
{
    size_t n =
        text ? strspn(text, "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_-") : 0;
    return n > 0 && n <= 200 && !text[n];
}

const char *
hib_meta_id(HibJson in, const char *key, const char *body)
{
    const cJSON *value = hib_meta_get(in, key).value;
    const char *id = cJSON_IsString(value) ? value->valuestring : NULL;
    const char *name = strrchr(key, '.') ? strrchr(key, '.') + 1 : key;
    if (cJSON_IsNumber(value)) { /* 17841405309211844 is beyond what a double tells apart */
        g_autofree char *quoted = g_strdup_printf("\"%s\"", name);
        const char *at = strstr(body, quoted);
        at = at ? at + strlen(quoted) : "";
        at += strspn(at, " \t\r\n:");
        id = hib_arena_strndup(in.arena, at, strspn(at, "0123456789"));
    }
    return hib_meta_is_id(id) ? id : NULL;
}

HibInstant
hib_meta_time(HibJson in, const char *path)
{
    const char *text = hib_meta_text(in, path);
    HibInstant at = 0;
    if (!text) {
        int64_t number = hib_meta_int(in, path, 0);
        if (number <= 0 || number > INT64_C(100000000000000))
            return 0;
        return number > INT64_C(100000000000) ? number * HIB_MILLISECOND : number * HIB_SECOND;
    }
    size_t n = strlen(text); /* "+0000" wants its colon */
    if (n > 5 && n < 64 && (text[n - 5] == '+' || text[n - 5] == '-') && !strchr(text + n - 4, ':'))
        text = hib_arena_printf(in.arena, "%.*s:%s", (int)n - 2, text, text + n - 2);
    return hib_instant_parse(text, &at) ? at : 0;
}

const char *
hib_meta_option(HibArena *arena, const HibNetPost *post, const char *name)
{
    HibJson in;
    if (!post->options || !hib_json_parse(arena, post->options, strlen(post->options), &in, NULL))
        return NULL;
    const cJSON *value = cJSON_GetObjectItemCaseSensitive(in.value, name);
    if (cJSON_IsBool(value))
        return cJSON_IsTrue(value) ? "true" : "false";
    return cJSON_IsString(value) && *value->valuestring ? value->valuestring : NULL;
}

const char *
hib_meta_or_empty(const char *text)
{
    return text ? text : "";
}

bool
hib_meta_refuse(const char **ret_reason, const char **ret_pointer, const char *reason,
                const char *pointer)
{
    *ret_reason = reason;
    *ret_pointer = pointer;
    return false;
}

const char *
hib_meta_media_place(size_t i)
{
    static const char *const places[] = {
        "/media/0",  "/media/1",  "/media/2",  "/media/3",  "/media/4",  "/media/5",  "/media/6",
        "/media/7",  "/media/8",  "/media/9",  "/media/10", "/media/11", "/media/12", "/media/13",
        "/media/14", "/media/15", "/media/16", "/media/17", "/media/18", "/media/19"};
    return places[MIN(i, G_N_ELEMENTS(places) - 1)];
}

/* --- a second try ---------------------------------------------------------------------------------------------------------------------- */
void
hib_meta_mark_tried(const HibNetContext *net, HibNetSending *sending)
{
    g_autoptr(cJSON) progress = hib_net_progress(sending->progress);
    hib_meta_put(progress, "tried", "yes");
    sending->progress = hib_net_progress_text(net->arena, progress);
}

bool
hib_meta_was_tried(const HibNetSending *sending)
{
    g_autoptr(cJSON) progress = hib_net_progress(sending->progress);
    return cJSON_HasObjectItem(progress, "tried");
}

HibNetResult
hib_meta_twin(HibNetResult said, const HibNetSending *sending)
{
    bool is_twin = !strcmp(said.code, "506") || g_str_has_prefix(said.code, "506/");
    if (said.class == HIB_NET_RECONCILE && is_twin && !hib_meta_was_tried(sending))
        said.class = HIB_NET_FIX_CONTENT;
    return said;
}

/* --- waiting --------------------------------------------------------------------------------------------------------------------------- */
HibInstant
hib_meta_ask_again(const HibNetContext *net, int64_t n)
{
    static const int waits_s[] = {3, 5, 10, 20, 30};
    int wait_s = n < (int64_t)G_N_ELEMENTS(waits_s) ? waits_s[MAX(n, 0)] : 60;
    return hib_clock_now(net->clock) + wait_s * HIB_SECOND;
}

int64_t
hib_meta_count_ask(cJSON *progress)
{
    cJSON *asked = cJSON_GetObjectItemCaseSensitive(progress, "asked");
    int64_t n = cJSON_IsNumber(asked) ? (int64_t)asked->valuedouble : 0;
    cJSON_DeleteItemFromObjectCaseSensitive(progress, "asked");
    cJSON_AddNumberToObject(progress, "asked", (double)(n + 1));
    return n;
}

void
hib_meta_put(cJSON *progress, const char *key, const char *value)
{
    cJSON_DeleteItemFromObjectCaseSensitive(progress, key);
    if (value)
        cJSON_AddStringToObject(progress, key, value);
}

/* Setting it twice is setting it once, so it may be repeated like a removal. */
HibNetResult
hib_meta_hide(const HibNetContext *net, const char *url, const char *name, bool is_hidden,
              const char *token)
{
    HibJson in;
    const HibMetaCall call = {
        .kind = HIB_CALL_REMOVE,
        .method = "POST",
        .url = url,
        .form = hib_net_form(net->arena, name, is_hidden ? "true" : "false", NULL),
        .token = token};
    HibNetResult said = hib_meta_call(net, &call, &in);
    if (said.class != HIB_NET_OK || said.http_status >= 300) /* gone: nothing to see of it */
        return said;
    if (!cJSON_IsObject(in.value)) /* no answer of Meta's */
        return hib_net_nonsense(said, HIB_CALL_READ, "the answer is not the object it should be");
    if (!hib_meta_int(in, "success", true)) {
        said.class = HIB_NET_FATAL;
        said.code = "NotDone";
        said.message = "Meta did not do what was asked";
    }
    return said;
}
