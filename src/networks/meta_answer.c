/* What an answer of Meta's Graph means: one table, read from the top, first row that fits.
 *
 * Nearly every refusal is an HTTP 400; code and subcode say which. Meta's own word for "try again" (is_transient, codes 1 and 2) says
 * nothing about whether a publish happened: on an effect it means to look. Facts: research/platforms.md §1.2-1.4 and Meta's page "Error
 * Codes" of the Instagram platform (2026-06-02). */
#include "networks/meta.h"

#include <string.h>

#define CALL(k) (1u << (k))
#define ALL 0x3fu
#define LOGIN (CALL(HIB_CALL_SIGN_IN) | CALL(HIB_CALL_REFRESH))
#define EFFECT CALL(HIB_CALL_EFFECT)
#define WRITES (CALL(HIB_CALL_PREPARE) | EFFECT)
#define READS (CALL(HIB_CALL_READ) | CALL(HIB_CALL_REMOVE))
#define ANY INT64_MIN

static const struct {
    unsigned calls;
    int64_t from, to, subcode; /* codes; ANY as subcode: any */
    HibNetClass class;
} table[] = {
    /* The grant. An expired token cannot be renewed: renewing needs a living one. */
    {ALL, 190, 190, ANY, HIB_NET_REAUTH_HUMAN},
    {ALL, 102, 102, ANY, HIB_NET_REAUTH_HUMAN},

    /* Spam and policy before rates: 4/2207051 is no rate limit. */
    {ALL, ANY, ANY, 2207051, HIB_NET_BLOCKED},
    {ALL, 25, 25, 2207050, HIB_NET_BLOCKED}, /* the Instagram account is restricted */
    {ALL, 368, 368, ANY, HIB_NET_BLOCKED},

    /* Slow down. */
    {ALL, 9, 9, 2207042, HIB_NET_QUOTA},
    {ALL, 4, 4, ANY, HIB_NET_RETRY_AFTER},
    {ALL, 17, 17, ANY, HIB_NET_RETRY_AFTER},
    {ALL, 32, 32, ANY, HIB_NET_RETRY_AFTER},
    {ALL, 341, 341, ANY, HIB_NET_RETRY_AFTER},
    {ALL, 613, 613, ANY, HIB_NET_RETRY_AFTER},
    {ALL, 80000, 80014, ANY,
     HIB_NET_RETRY_AFTER}, /* business use case limits; 80002 is Instagram's */

    /* Containers. */
    {WRITES, 9007, 9007, ANY, HIB_NET_RETRY_AFTER}, /* not ready: nothing was published */
    {WRITES, 24, 24, 4279009, HIB_NET_RETRY_AFTER}, /* Threads: published too early */
    {WRITES, -2, -2, 2207020, HIB_NET_NEW_HANDLE},  /* expired */
    {WRITES, -1, -1, 2207032, HIB_NET_NEW_HANDLE},
    {WRITES, -1, -1, 2207053, HIB_NET_NEW_HANDLE},
    {WRITES, 24, 24, 2207006, HIB_NET_NEW_HANDLE},
    {WRITES, 24, 24, 2207008, HIB_NET_NEW_HANDLE},
    /* Fetching took too long, or did not work: we may have been away for a moment. meta_container.c counts how often. */
    {CALL(HIB_CALL_PREPARE), ANY, ANY, 2207003, HIB_NET_RETRY_SAME},
    {CALL(HIB_CALL_PREPARE), ANY, ANY, 2207052, HIB_NET_RETRY_SAME},
    {EFFECT, -2, -2, 2207003, HIB_NET_NEW_HANDLE},
    {EFFECT, 9004, 9004, 2207052, HIB_NET_FIX_CONTENT},
    {WRITES, 352, 352, ANY, HIB_NET_FIX_CONTENT},     /* kind of video */
    {WRITES, 36000, 36004, ANY, HIB_NET_FIX_CONTENT}, /* size, kind, shape of a picture; caption */
    {WRITES, 1, 1, 2207057, HIB_NET_FIX_CONTENT},     /* cover frame beyond the end */
    /* The same, where a failed container says only the subcode. */
    {WRITES, 0, 0, 2207001, HIB_NET_NEW_HANDLE},
    {WRITES, 0, 0, 2207020, HIB_NET_NEW_HANDLE},
    {WRITES, 0, 0, 2207032, HIB_NET_NEW_HANDLE},
    {WRITES, 0, 0, 2207053, HIB_NET_NEW_HANDLE},

    /* Messages: outside the 24 hours, or nobody there. */
    {EFFECT, 10, 10, 2018278, HIB_NET_FIX_CONTENT},
    {EFFECT, 10, 10, 2018065, HIB_NET_FIX_CONTENT},
    {EFFECT, 10, 10, 2534022, HIB_NET_FIX_CONTENT},
    {EFFECT, 551, 551, ANY, HIB_NET_FIX_CONTENT},

    /* A post that is there already. */
    {EFFECT, 506, 506, ANY, HIB_NET_RECONCILE},
    {CALL(HIB_CALL_PREPARE), 506, 506, ANY, HIB_NET_FIX_CONTENT},
    {WRITES, 1609005, 1609005, ANY, HIB_NET_FIX_CONTENT}, /* the link cannot be read */

    /* Rights. To read without one is a number less, not a broken account. */
    {READS, 10, 10, ANY, HIB_NET_FATAL},
    {READS, 200, 299, ANY, HIB_NET_FATAL},
    {ALL, 10, 10, ANY, HIB_NET_REAUTH_HUMAN},
    {ALL, 200, 299, ANY, HIB_NET_REAUTH_HUMAN},
    {ALL, 3, 3, ANY, HIB_NET_REAUTH_HUMAN},

    /* The object is not there. */
    {CALL(HIB_CALL_REMOVE), 100, 100, 33, HIB_NET_OK},
    {CALL(HIB_CALL_REMOVE), 803, 803, ANY, HIB_NET_OK},
    {ALL & ~LOGIN, 100, 100, 33, HIB_NET_FATAL},
    {WRITES, 100, 100, ANY, HIB_NET_FIX_CONTENT},

    /* Meta is not well. It may have acted before it said so. */
    {EFFECT, -1, -1, ANY, HIB_NET_RECONCILE},
    {EFFECT, 1, 2, ANY, HIB_NET_RECONCILE},
    {ALL, -2, -1, ANY, HIB_NET_RETRY_SAME},
    {ALL, 1, 2, ANY, HIB_NET_RETRY_SAME},
};

/* What the HTTP status says where the code says nothing. */
static HibNetClass
by_status(HibNetCallKind kind, int status)
{
    bool is_effect = kind == HIB_CALL_EFFECT;
    if (status >= 200 && status < 300)
        return HIB_NET_OK;
    if (status == 429)
        return HIB_NET_RETRY_AFTER;
    if (status == 408 || status >= 500)
        return is_effect ? HIB_NET_RECONCILE : HIB_NET_RETRY_SAME;
    if (kind == HIB_CALL_REMOVE && status == 404)
        return HIB_NET_OK;
    if (status == 401 || (kind == HIB_CALL_SIGN_IN && status >= 400))
        return HIB_NET_REAUTH_HUMAN;
    if ((kind == HIB_CALL_PREPARE || is_effect) && (status == 413 || status == 415))
        return HIB_NET_FIX_CONTENT;
    return HIB_NET_FATAL;
}

HibNetClass
hib_meta_class(HibNetCallKind kind, int status, int64_t code, int64_t subcode, bool is_transient)
{
    if (code == 0 && subcode == 0)
        return is_transient && kind != HIB_CALL_EFFECT ? HIB_NET_RETRY_SAME
                                                       : by_status(kind, status);
    for (size_t i = 0; i < G_N_ELEMENTS(table); i++)
        if (table[i].calls & CALL(kind) &&
            (table[i].from == ANY || (code >= table[i].from && code <= table[i].to)) &&
            (table[i].subcode == ANY || subcode == table[i].subcode))
            return table[i].class;
    if (is_transient)
        return kind == HIB_CALL_EFFECT ? HIB_NET_RECONCILE : HIB_NET_RETRY_SAME;
    if (kind == HIB_CALL_SIGN_IN)
        return HIB_NET_REAUTH_HUMAN;
    if (subcode && (kind == HIB_CALL_PREPARE || kind == HIB_CALL_EFFECT) && status < 500)
        return HIB_NET_FIX_CONTENT; /* a subcode is Meta's way to say what is wrong with the content */
    HibNetClass class = by_status(kind, status);
    return class == HIB_NET_OK ? HIB_NET_FATAL : class; /* an error in a 200 is an error */
}

/* --- words and rates ------------------------------------------------------------------------------------------------------------- */
typedef struct {
    int64_t code, subcode;
    bool is_transient;
    const char *name, *message;
} Said;

/* The Graph's error object, what api.instagram.com says instead, and what the upload server says. */
static Said
read_error(HibJson json)
{
    Said said = {.name = "", .message = ""};
    HibJson error = hib_meta_get(json, "error");
    HibJson upload = hib_meta_get(json, "debug_info");
    const char *text = NULL;
    if (cJSON_IsObject(error.value)) {
        said.code = hib_meta_int(error, "code", 0);
        said.subcode = hib_meta_int(error, "error_subcode", 0);
        said.is_transient = hib_meta_int(error, "is_transient", 0) != 0;
        text = hib_meta_text(error, "error_user_msg");
        said.message = text && *text ? text : hib_meta_text(error, "message");
    } else if (cJSON_IsObject(upload.value)) {
        said.is_transient = hib_meta_int(upload, "retriable", 0) != 0;
        said.name = hib_meta_text(upload, "type");
        said.message = hib_meta_text(upload, "message");
    } else if ((text =
                    hib_meta_text(json, "error_type"))) { /* its "code" is the HTTP status again */
        said.name = text;
        said.message = hib_meta_text(json, "error_message");
    }
    said.name = said.name ? said.name : "";
    said.message = said.message ? said.message : "";
    return said;
}

/* The fullest of the three gauges, in hundredths. */
static int64_t
fullest(HibJson usage)
{
    int64_t most = hib_meta_int(usage, "call_count", 0);
    most = MAX(most, hib_meta_int(usage, "total_time", 0));
    return MAX(most, hib_meta_int(usage, "total_cputime", 0));
}

/* X-App-Usage {…} and X-Business-Use-Case-Usage {"id":[{…}]}: hundredths used, and minutes until calls pass again. No number of calls is
 * ever said, so `remaining` knows only "none". */
static void
read_usage(HibArena *arena, const HibHttpReply *reply, HibInstant now, HibNetResult *out)
{
    HibJson in;
    int64_t most = 0, minutes = 0;
    const char *text = hib_http_header(reply, "x-app-usage");
    if (text && hib_json_parse(arena, text, strlen(text), &in, NULL))
        most = fullest(in);
    text = hib_http_header(reply, "x-business-use-case-usage");
    if (text && hib_json_parse(arena, text, strlen(text), &in, NULL) && cJSON_IsObject(in.value))
        for (const cJSON *of = in.value->child; of; of = of->next)
            for (const cJSON *row = cJSON_IsArray(of) ? of->child : NULL; row; row = row->next) {
                HibJson usage = {.value = row, .path = "", .arena = arena};
                most = MAX(most, fullest(usage));
                minutes = MAX(minutes, hib_meta_int(usage, "estimated_time_to_regain_access", 0));
            }
    if (most >= 100)
        out->remaining = 0;
    if (minutes > 0 && minutes < 60 * 24 * 31)
        out->reset_at = now + minutes * HIB_MINUTE;
}

void
hib_meta_read(HibArena *arena, HibNetCallKind kind, const HibHttpReply *reply, HibJson json,
              HibInstant now, HibNetResult *out)
{
    Said said = read_error(json);
    bool is_refused = said.code || said.subcode || *said.message;
    int status = is_refused && reply->status < 300 ? 400 : reply->status;
    out->class = hib_meta_class(kind, status, said.code, said.subcode, said.is_transient);
    if (!strcmp(said.name, "NotAuthorizedError"))
        out->class = HIB_NET_REAUTH_HUMAN;
    out->message = said.message;
    out->code = said.name;
    if (said.subcode)
        out->code = hib_arena_printf(arena, "%" G_GINT64_FORMAT "/%" G_GINT64_FORMAT, said.code,
                                     said.subcode);
    else if (said.code)
        out->code = hib_arena_printf(arena, "%" G_GINT64_FORMAT, said.code);
    read_usage(arena, reply, now, out);
    if (out->class != HIB_NET_RETRY_AFTER && out->class != HIB_NET_QUOTA)
        return;
    HibInstant named = hib_net_retry_after(reply, now);
    if (said.code == 9007 || said.subcode == 4279009)
        out->retry_at = now + 30 * HIB_SECOND;
    else if (named || out->reset_at > now)
        out->retry_at = MAX(named, out->reset_at);
    else if (out->class == HIB_NET_RETRY_AFTER)
        out->retry_at = now + 5 * HIB_MINUTE; /* Meta's windows roll over an hour */
}
