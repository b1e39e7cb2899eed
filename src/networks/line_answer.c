/* What an answer of LINE means: one table, read from the top, first row that fits.
 *
 * LINE has no error codes: the status, and for some the sentence, decide. Two of them matter most: 409 says that the call was
 * accepted before (so it is a success), and 429 is both "slow down" and "the month's messages are used up". */
#include "networks/line_private.h"

#include <string.h>

#define KIND(k) (1u << (k))
#define AUTH (KIND(HIB_CALL_SIGN_IN) | KIND(HIB_CALL_REFRESH))
#define EFFECT KIND(HIB_CALL_EFFECT)
#define WRITES (KIND(HIB_CALL_PREPARE) | EFFECT)
#define ANY 0xffu

static const struct {
    unsigned kinds;
    int from, to;     /* HTTP status */
    const char *says; /* part of the message; NULL: any */
    const char *code; /* ours; NULL: what the answer has */
    HibNetClass class;
} table[] = {
    {ANY, 200, 299, NULL, NULL, HIB_NET_OK},
    {EFFECT, 409, 409, NULL, "Accepted", HIB_NET_OK},

    {ANY, 429, 429, "monthly limit", "MonthlyLimit", HIB_NET_QUOTA},
    {ANY, 429, 429, NULL, "RateLimit", HIB_NET_RETRY_AFTER},

    /* Id, secret or token are not (or no longer) those of a channel. */
    {AUTH, 400, 403, NULL, NULL, HIB_NET_REAUTH_HUMAN},
    {ANY, 401, 401, NULL, "Unauthorized", HIB_NET_REFRESH_AUTH},

    {WRITES, 400, 400, "reply token", "InvalidReplyToken", HIB_NET_FIX_CONTENT},
    {WRITES, 400, 400, "failed to send", "NotSent", HIB_NET_FIX_CONTENT}, /* nobody of that id */
    {WRITES, 400, 400, NULL, "InvalidRequest", HIB_NET_FIX_CONTENT},
    {WRITES, 413, 413, NULL, "TooLarge", HIB_NET_FIX_CONTENT},
    {ANY, 403, 403, NULL, "NotAvailable", HIB_NET_FATAL}, /* the plan has no such function */

    /* LINE is not well. A message may have gone out before it said so. */
    {EFFECT, 408, 408, NULL, NULL, HIB_NET_RECONCILE},
    {ANY, 408, 408, NULL, NULL, HIB_NET_RETRY_SAME},
    {EFFECT, 500, 599, NULL, NULL, HIB_NET_RECONCILE},
    {ANY, 500, 599, NULL, NULL, HIB_NET_RETRY_SAME},
};

static bool
has_words(const char *message, const char *words)
{
    g_autofree char *folded = g_ascii_strdown(message, -1);
    return strstr(folded, words) != NULL;
}

/* --- LINE's calendar ----------------------------------------------------------------------------------------- */
HibInstant
hib_line_month_end(HibInstant now)
{
    HibWall wall = hib_wall_at(hib_zone_utc(), now + LINE_HOUR_OF_JAPAN);
    HibWall first = {.year = wall.month == 12 ? wall.year + 1 : wall.year,
                     .month = wall.month == 12 ? 1 : wall.month + 1,
                     .day = 1};
    HibInstant at = 0;
    return hib_wall_resolve(hib_zone_utc(), &first, &at, NULL) ? at - LINE_HOUR_OF_JAPAN : 0;
}

const char *
hib_line_day(HibArena *arena, HibInstant now, int days_ago)
{
    HibWall wall = hib_wall_at(hib_zone_utc(), now + LINE_HOUR_OF_JAPAN - days_ago * HIB_DAY);
    return hib_arena_printf(arena, "%04d%02d%02d", wall.year, wall.month, wall.day);
}

/* --- one answer ---------------------------------------------------------------------------------------------- */
/* {message, details[{message, property}]}; the token endpoints say {error, error_description}. */
static void
read_words(HibArena *arena, HibJson json, HibNetResult *out)
{
    HibJson details = {0};
    const char *what = NULL;
    const char *where = NULL;
    if (!cJSON_IsObject(json.value))
        return;
    (void)hib_json_opt_text(json, "message", &out->message, NULL);
    (void)hib_json_opt_text(json, "error", &out->code, NULL);
    (void)hib_json_opt_text(json, "error_description", &out->message, NULL);
    if (!hib_json_opt_array(json, "details", &details, NULL) || !details.value)
        return;
    HibJson first = hib_json_first(details);
    if (!cJSON_IsObject(first.value))
        return;
    (void)hib_json_opt_text(first, "message", &what, NULL);
    (void)hib_json_opt_text(first, "property", &where, NULL);
    if (what)
        out->message = hib_arena_printf(arena, "%s: %s%s%s", out->message, what,
                                        where ? " at " : "", where ? where : "");
}

void
hib_line_answer(HibArena *arena, HibNetCallKind kind, const HibHttpReply *reply, HibJson json,
                HibInstant now, HibNetResult *out)
{
    bool is_ok = reply->status >= 200 && reply->status <= 299;
    if (!is_ok)
        read_words(arena, json, out);
    for (size_t i = 0; i < G_N_ELEMENTS(table); i++) {
        if (!(table[i].kinds & KIND(kind)) || reply->status < table[i].from ||
            reply->status > table[i].to ||
            (table[i].says && !has_words(out->message, table[i].says)))
            continue;
        out->class = table[i].class;
        if (table[i].code)
            out->code = table[i].code;
        break;
    }
    if (out->class == HIB_NET_QUOTA)
        out->retry_at = out->reset_at = hib_line_month_end(now);
    else if (out->class == HIB_NET_RETRY_AFTER)
        out->retry_at = hib_net_retry_after(reply, now);
    if (out->class == HIB_NET_RETRY_AFTER && !out->retry_at)
        out->retry_at =
            now + HIB_MINUTE; /* LINE names no time; its windows are seconds to an hour */
}
