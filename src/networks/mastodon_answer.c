/* What an answer of a Mastodon server (or one that speaks its API) means: one table, read from the top, first row that fits.
 *
 * Errors have no codes but for signing in; what tells two 403 or two 422 apart are words that stand in the server's code in English whatever
 * language it speaks. Other software leaves the body empty or says something else: then the status decides, carefully. */
#include "networks/mastodon_private.h"

#include <string.h>

#define CALL(c) (1u << (c))
#define ANY_CALL (CALL(HIB_CALL_N) - 1)
#define AUTH (CALL(HIB_CALL_SIGN_IN) | CALL(HIB_CALL_REFRESH))
#define SIGNED_IN (ANY_CALL & ~AUTH)
#define WRITES (CALL(HIB_CALL_PREPARE) | CALL(HIB_CALL_EFFECT))
#define NOTHING_SAID ""

static const struct {
    unsigned calls;
    int from, to;      /* HTTP status */
    const char *words; /* NULL: any; else a part of what was said, in small letters */
    HibNetClass class;
} table[] = {
    {ANY_CALL, 200, 299, NULL, HIB_NET_OK},
    {ANY_CALL, 429, 429, NULL, HIB_NET_RETRY_AFTER}, /* always before the effect */

    /* The account itself. */
    {ANY_CALL, 403, 403, "login is currently disabled", HIB_NET_BLOCKED},
    {ANY_CALL, 403, 403, "suspended", HIB_NET_BLOCKED},
    {ANY_CALL, 403, 403, "pending approval", HIB_NET_REAUTH_HUMAN},
    {ANY_CALL, 403, 403, "confirmed e-mail", HIB_NET_REAUTH_HUMAN},
    {ANY_CALL, 403, 403, "authorized scopes", HIB_NET_REAUTH_HUMAN},

    /* Tokens. They do not end by themselves on most servers, so a refusal is usually a person's doing. */
    {AUTH, 400, 401, NULL, HIB_NET_REAUTH_HUMAN},
    {AUTH, 403, 403, NULL, HIB_NET_REAUTH_HUMAN},
    {AUTH, 422, 422, NULL, HIB_NET_REAUTH_HUMAN},
    {SIGNED_IN, 401, 401, NULL, HIB_NET_REFRESH_AUTH},
    {SIGNED_IN, 422, 422, "requires an authenticated user", HIB_NET_REFRESH_AUTH},
    {SIGNED_IN, 422, 422, NOTHING_SAID, HIB_NET_REFRESH_AUTH}, /* snac, for a bad token */

    /* What is not there. */
    {CALL(HIB_CALL_REMOVE), 404, 404, NULL, HIB_NET_OK},
    {CALL(HIB_CALL_REMOVE), 410, 410, NULL, HIB_NET_OK},
    {CALL(HIB_CALL_PREPARE), 404, 404, NULL,
     HIB_NET_NEW_HANDLE}, /* an upload is forgotten after a day */
    {CALL(HIB_CALL_EFFECT), 404, 404, NULL, HIB_NET_FIX_CONTENT}, /* the post this one answers */

    /* The content. */
    {WRITES, 400, 400, NULL, HIB_NET_FIX_CONTENT},
    {WRITES, 413, 413, NULL, HIB_NET_FIX_CONTENT},
    {WRITES, 415, 415, NULL, HIB_NET_FIX_CONTENT},
    {WRITES, 422, 422, NULL, HIB_NET_FIX_CONTENT},
    {WRITES, 403, 403, "not allowed", HIB_NET_FIX_CONTENT},
    {WRITES, 403, 403, NULL, HIB_NET_BLOCKED}, /* something before the server refuses us */
    {CALL(HIB_CALL_PREPARE), 500, 500, "processing thumbnail", HIB_NET_FIX_CONTENT},

    /* The server is not well. It may have acted before it said so. */
    {CALL(HIB_CALL_EFFECT), 408, 408, NULL, HIB_NET_RECONCILE},
    {ANY_CALL, 408, 408, NULL, HIB_NET_RETRY_SAME},
    {ANY_CALL, 501, 501, NULL, HIB_NET_FATAL},
    {CALL(HIB_CALL_EFFECT), 500, 599, NULL, HIB_NET_RECONCILE},
    {ANY_CALL, 500, 599, NULL, HIB_NET_RETRY_SAME},
};

HibNetClass
hib_mastodon_class(HibNetCallKind kind, int status, const char *words)
{
    g_autofree char *said = g_ascii_strdown(words, -1);
    for (size_t i = 0; i < G_N_ELEMENTS(table); i++) {
        const char *wanted = table[i].words;
        if (!(table[i].calls & CALL(kind)) || status < table[i].from || status > table[i].to)
            continue;
        if (!wanted || (*wanted ? strstr(said, wanted) != NULL : !*said))
            return table[i].class;
    }
    return HIB_NET_FATAL;
}

/* "invalid_grant" is a code, "The access token is invalid" is not. */
static bool
is_code(const char *text)
{
    size_t n = strspn(text, "abcdefghijklmnopqrstuvwxyz_");
    return n > 0 && n <= 60 && !text[n];
}

/* ISO 8601 on Mastodon, seconds since 1970 on some others; 0: not said. */
static HibInstant
reset_at(const HibHttpReply *reply)
{
    const char *text = hib_http_header(reply, "x-ratelimit-reset");
    HibInstant at = 0;
    if (text && hib_instant_parse(text, &at))
        return at;
    int64_t s = hib_net_header_int(reply, "x-ratelimit-reset", 0);
    return s > 0 && s < INT64_C(100000000000) ? s * HIB_SECOND : 0;
}

void
hib_mastodon_answer(HibArena *arena, HibNetCallKind kind, const HibHttpReply *reply, HibJson json,
                    HibInstant now, HibNetResult *out)
{
    const char *error = NULL, *description = NULL;
    bool is_refused = reply->status < 200 || reply->status > 299;
    if (is_refused && cJSON_IsObject(json.value)) {
        (void)hib_json_opt_text(json, "error", &error, NULL);
        (void)hib_json_opt_text(json, "error_description", &description, NULL);
    }
    if (error && is_code(error))
        out->code = error;
    else if (error)
        out->message = error;
    if (description)
        out->message = description;
    out->class = hib_mastodon_class(kind, reply->status, error ? error : "");
    out->remaining = hib_net_header_int(reply, "x-ratelimit-remaining", -1);
    out->reset_at = reset_at(reply);
    if (out->class != HIB_NET_RETRY_AFTER)
        return;
    out->retry_at = hib_net_retry_after(reply, now);
    if (!out->retry_at)
        out->retry_at = out->reset_at > now ? out->reset_at : now + HIB_MINUTE;
}

/* Of <https://host/path?limit=80&max_id=7>; rel="next", … */
static const char *
next_of(HibArena *arena, const HibHttpReply *reply)
{
    const char *links = hib_http_header(reply, "link");
    g_auto(GStrv) all = g_strsplit(links ? links : "", ",", 8);
    for (size_t i = 0; all[i]; i++) {
        const char *at = strstr(all[i], "rel=\"next\"") ? strstr(all[i], "max_id=") : NULL;
        if (at)
            return hib_arena_strndup(arena, at + 7, strcspn(at + 7, "&>"));
    }
    return NULL;
}

HibNetResult
hib_mastodon_call(const HibNetContext *net, const char *service, const MastodonRequest *request,
                  HibJson *ret_in)
{
    const char *const headers[] = {
        request->key ? hib_arena_printf(net->arena, "Idempotency-Key: %s", request->key) : NULL,
        NULL};
    const char *body = request->json ? hib_json_print(net->arena, request->json) : request->form;
    const HibNetRequest call = {
        .kind = request->kind,
        .method = request->method,
        .url = hib_arena_printf(net->arena, "%s%s", service, request->path),
        .bearer = request->token,
        .headers = headers,
        .content_type = request->parts  ? request->parts->content_type
                        : request->json ? "application/json"
                        : body          ? "application/x-www-form-urlencoded"
                                        : NULL,
        .body = body,
        .n_body = body ? strlen(body) : 0,
        .parts = request->parts ? request->parts->parts : NULL,
        .n_parts = request->parts ? request->parts->n_parts : 0,
        .total_ms = request->parts ? 600000 : 0,
    };
    HibHttpReply reply = {0};
    HibNetResult said = hib_net_call(net, &call, hib_mastodon_answer, &reply, ret_in);
    if (request->next)
        *request->next = said.class == HIB_NET_OK ? next_of(net->arena, &reply) : NULL;
    bool is_what_it_should_be =
        request->is_list ? cJSON_IsArray(ret_in->value) : cJSON_IsObject(ret_in->value);
    if (said.class != HIB_NET_OK || is_what_it_should_be || request->kind == HIB_CALL_REMOVE)
        return said;
    *ret_in = (HibJson){.arena = net->arena, .path = ""};
    return hib_net_nonsense(said, request->kind, "the server's answer is not what it should be");
}
