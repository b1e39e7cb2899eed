/* What an answer of X means: one table, read from the top, first row that fits.
 *
 * X says much in words only: a text it already has, an account it locked, a reply it does not allow are all 403. So a row may ask for words,
 * and whatever has no row of its own is a refusal a person must look at, never a reason to repeat. */
#include "networks/x_private.h"

#include <stdlib.h>
#include <string.h>

#define CALL(c) (1u << (c))
#define ANY_CALL (CALL(HIB_CALL_REMOVE + 1) - 1)
#define AUTH (CALL(HIB_CALL_SIGN_IN) | CALL(HIB_CALL_REFRESH))
#define EFFECT CALL(HIB_CALL_EFFECT)
#define PREPARE CALL(HIB_CALL_PREPARE)
#define WRITES (EFFECT | PREPARE)

static const struct {
    unsigned calls;
    int from, to;     /* HTTP status */
    const char *code; /* NULL: any */
    const char *word; /* in the message, any case; NULL: any */
    HibNetClass class;
} table[] = {
    {ANY_CALL, 200, 299, NULL, NULL, HIB_NET_OK},

    /* Money and windows. */
    {ANY_CALL, 402, 402, NULL, NULL, HIB_NET_QUOTA}, /* CreditsDepleted, SpendCapReached */
    {ANY_CALL, 400, 499, "usage-capped", NULL, HIB_NET_QUOTA},
    {ANY_CALL, 429, 429, NULL, NULL, HIB_NET_RETRY_AFTER},

    /* Tokens. */
    {AUTH, 400, 401, NULL, NULL, HIB_NET_REAUTH_HUMAN},
    {AUTH, 403, 403, NULL, NULL, HIB_NET_REAUTH_HUMAN},
    {ANY_CALL, 401, 401, NULL, NULL, HIB_NET_REFRESH_AUTH},
    {ANY_CALL, 403, 403, "unsupported-authentication", NULL, HIB_NET_REAUTH_HUMAN},
    {ANY_CALL, 403, 403, "oauth1-permissions", NULL, HIB_NET_REAUTH_HUMAN},
    {ANY_CALL, 403, 403, NULL, "scope", HIB_NET_REAUTH_HUMAN},

    /* The account or the app. */
    {ANY_CALL, 403, 403, "client-forbidden", NULL, HIB_NET_BLOCKED},
    {ANY_CALL, 403, 403, NULL, "suspended", HIB_NET_BLOCKED},
    {ANY_CALL, 403, 403, NULL, "temporarily locked", HIB_NET_BLOCKED},
    {ANY_CALL, 403, 403, NULL, "automated", HIB_NET_BLOCKED},

    /* A text it already has: of this post, sent before without an answer, or of another. */
    {EFFECT, 400, 403, NULL, "duplicate content", HIB_NET_RECONCILE},
    {EFFECT, 422, 422, NULL, "duplicate content", HIB_NET_RECONCILE},
    {EFFECT, 409, 409, NULL, NULL, HIB_NET_RECONCILE},

    /* The content. "Media IDs invalid": expired, or a video X does not take; the caller knows which. */
    {EFFECT, 400, 400, NULL, "media ids are invalid", HIB_NET_NEW_HANDLE},
    {PREPARE, 404, 404, NULL, NULL, HIB_NET_NEW_HANDLE},
    {WRITES, 400, 400, NULL, NULL, HIB_NET_FIX_CONTENT},
    {WRITES, 403, 404, NULL, NULL, HIB_NET_FIX_CONTENT},
    {WRITES, 413, 415, NULL, NULL, HIB_NET_FIX_CONTENT},
    {WRITES, 422, 422, NULL, NULL, HIB_NET_FIX_CONTENT},
    {CALL(HIB_CALL_REMOVE), 404, 404, NULL, NULL, HIB_NET_OK},

    /* X is not well. It may have acted before it said so. */
    {EFFECT, 408, 408, NULL, NULL, HIB_NET_RECONCILE},
    {EFFECT, 500, 599, NULL, NULL, HIB_NET_RECONCILE},
    {ANY_CALL, 408, 408, NULL, NULL, HIB_NET_RETRY_SAME},
    {ANY_CALL, 500, 599, NULL, NULL, HIB_NET_RETRY_SAME},
};

HibNetClass
hib_x_class(HibNetCallKind kind, int status, const char *code, const char *message)
{
    g_autofree char *words = g_ascii_strdown(message, -1);
    for (size_t i = 0; i < G_N_ELEMENTS(table); i++)
        if ((table[i].calls & CALL(kind)) && status >= table[i].from && status <= table[i].to &&
            (!table[i].code || !strcmp(table[i].code, code)) &&
            (!table[i].word || strstr(words, table[i].word)))
            return table[i].class;
    return HIB_NET_FATAL;
}

static const char *
text_of(HibJson in, const char *key)
{
    const char *out = NULL;
    return in.value && cJSON_IsObject(in.value) && hib_json_opt_text(in, key, &out, NULL) ? out
                                                                                          : NULL;
}

/* {title, detail, type}, OAuth's {error, error_description}, or the old {errors: [{code, message}]}. */
static void
read_words(HibArena *arena, HibJson json, HibNetResult *out)
{
    HibJson errors = {0};
    HibJson first = {0};
    if (!json.value || !cJSON_IsObject(json.value))
        return;
    if (hib_json_opt_array(json, "errors", &errors, NULL) && errors.value)
        first = hib_json_first(errors);
    const char *type = text_of(json, "type");
    const char *kind = type && strstr(type, "/problems/") ? strrchr(type, '/') + 1 : NULL;
    int64_t number = 0;
    const char *code = kind ? kind : text_of(json, "title");
    if (!code)
        code = text_of(json, "error");
    if (!code && first.value && cJSON_IsObject(first.value) &&
        hib_json_opt_int(first, "code", &number, NULL) && number)
        code = hib_arena_printf(arena, "%d", (int)number);
    const char *detail = text_of(json, "detail");
    if (!detail)
        detail = text_of(json, "error_description");
    const char *more = text_of(first, "message");
    if (more && detail && !strstr(detail, more))
        detail = hib_arena_printf(arena, "%s %s", detail, more);
    else if (!detail)
        detail = more ? more : text_of(json, "title");
    out->code = code && strlen(code) <= 100 ? code : "";
    out->message = detail ? detail : "";
}

static HibInstant
epoch_header(const HibHttpReply *reply, const char *name)
{
    int64_t at_s = hib_net_header_int(reply, name, 0);
    return at_s > 0 && at_s < INT64_C(100000000000) ? at_s * HIB_SECOND : 0;
}

/* The 15-minute window stands in x-rate-limit-…; the days of a user and of the app in headers of their own. */
static void
read_windows(const HibHttpReply *reply, HibInstant now, HibNetResult *out)
{
    static const char *const days[] = {"x-user-limit-24hour", "x-app-limit-24hour"};
    out->remaining = hib_net_header_int(reply, "x-rate-limit-remaining", -1);
    out->reset_at = epoch_header(reply, "x-rate-limit-reset");
    if (out->class == HIB_NET_QUOTA) /* bought credits end it; looked at again every hour */
        out->retry_at = now + HIB_HOUR;
    if (out->class != HIB_NET_RETRY_AFTER)
        return;
    HibInstant after = hib_net_retry_after(reply, now);
    out->retry_at = after ? after : out->reset_at > now ? out->reset_at : now + HIB_MINUTE;
    for (size_t i = 0; i < G_N_ELEMENTS(days); i++) {
        g_autofree char *left = g_strconcat(days[i], "-remaining", NULL);
        g_autofree char *reset = g_strconcat(days[i], "-reset", NULL);
        HibInstant until = epoch_header(reply, reset);
        if (hib_net_header_int(reply, left, -1) == 0 && until > out->retry_at) {
            out->class = HIB_NET_QUOTA;
            out->retry_at = until;
        }
    }
}

void
hib_x_read(HibArena *arena, HibNetCallKind kind, const HibHttpReply *reply, HibJson json,
           HibInstant now, HibNetResult *out)
{
    if (reply->status < 200 || reply->status > 299)
        read_words(arena, json, out);
    out->class = hib_x_class(kind, reply->status, out->code, out->message);
    read_windows(reply, now, out);
}
