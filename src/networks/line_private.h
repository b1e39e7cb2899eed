/* Inside networks/ only: the parts of the LINE connector that its files share. */
#pragma once
#include "networks/audience.h"
#include "networks/call.h"
#include "networks/line.h"

#define LINE_HOST "https://api.line.me"
#define LINE_DATA_HOST "https://api-data.line.me"
#define LINE_STICKER_HOST                                                                          \
    "https://stickershop.line-scdn.net" /* its stickers' pictures, for everybody */
#define LINE_STICKER "sticker:"         /* before a sticker's id: a content id */
#define LINE_HOUR_OF_JAPAN                                                                         \
    (9 * HIB_HOUR) /* LINE's days and months are Japan's, which keeps no summer time */

/* --- what an answer means (line_answer.c) ----------------------------------------------------------------- */
/* A HibNetRead. Codes, as LINE has none of its own: "Accepted" (under this retry key before), "MonthlyLimit", "RateLimit",
 * "InvalidReplyToken", "NotSent", "NotAvailable"; of the token endpoint its own ("invalid_client"). */
void hib_line_answer(HibArena *arena, HibNetCallKind kind, const HibHttpReply *reply, HibJson json,
                     HibInstant now, HibNetResult *out);
HibInstant hib_line_month_end(HibInstant now); /* when the quota starts anew */
const char *hib_line_day(HibArena *arena, HibInstant now, int days_ago); /* "20261124" */

/* --- calls (line_session.c) -------------------------------------------------------------------------------- */
typedef struct {
    HibNetCallKind kind;
    const char *path;      /* "/v2/bot/info?…" */
    const char *body;      /* JSON; NULL: a GET */
    const char *method;    /* with a body; NULL: POST */
    const char *retry_key; /* NULL: none */
} LineCall;
HibNetResult hib_line_call(const HibNetContext *net, const HibGrant *grant, const LineCall *call,
                           HibHttpReply *ret_reply, HibJson *ret_json);
HibNetResult hib_line_connect(const HibNetContext *net, const char *service, const char *handle,
                              const char *password, HibGrant *ret);
HibNetResult hib_line_refresh(const HibNetContext *net, const HibGrant *grant, HibGrant *ret);

/* --- the message (line_message.c, line_rich.c, line_audience.c) ------------------------------------------------ */
/* What is wrong with a post's options: slug and pointer, which last as long as the program; reason NULL: nothing. */
typedef struct {
    const char *reason, *pointer;
} LineFault;

typedef struct {
    HibArena *arena;
    const HibNetPost *post;
    LineFault fault;   /* the first one */
    uint32_t is_shown; /* bit i: media[i] is part of the rich message, no bubble of its own */
} LineBuild;
void hib_line_fault(LineBuild *build, const char *reason, const char *pointer);
/* "" where it is not there yet; a fault at `pointer` where it is no picture of the post. */
const char *hib_line_media_url(LineBuild *build, size_t i, const char *pointer);
/* A text of `in` with at most `most` of what a reader calls characters; NULL: absent. Faults at `pointer`. */
const char *hib_line_text(LineBuild *build, HibJson in, const char *key, size_t most,
                          bool is_needed, const char *pointer);
/* The rich message of options "rich", a LINE message object; NULL with a fault. */
cJSON *hib_line_rich(LineBuild *build, HibJson rich);
/* options "quick_replies" as LINE's items; NULL with a fault. */
cJSON *hib_line_quick_replies(LineBuild *build, HibJson list);
/* recipient, filter and limit of a narrowcast, put into `body`. */
void hib_line_audience(LineBuild *build, HibJson options, cJSON *body);
/* The whole request body of the post's format but a reply; NULL with what is wrong. Deterministic. */
cJSON *hib_line_body(HibArena *arena, const HibNetPost *post, LineFault *ret);
bool hib_line_check(const HibNetPost *post, const char **ret_reason, const char **ret_pointer);
int64_t hib_line_estimate(HibArena *arena, const HibNetPost *post, const char *options_json,
                          const char **ret_quota);

/* --- reading (line_read.c), webhooks (line_hook.c) ------------------------------------------------------------------ */
HibNetResult hib_line_read_posts(const HibNetContext *net, const HibGrant *grant,
                                 const char *const *remote_ids, size_t n, HibNetReading *ret);
HibNetResult hib_line_read_account(const HibNetContext *net, const HibGrant *grant,
                                   HibNetReading *ret);
HibNetResult hib_line_read_audience(const HibNetContext *net, const HibGrant *grant,
                                    HibNetAudience *ret);
HibNetResult hib_line_read_quota(const HibNetContext *net, const HibGrant *grant,
                                 HibNetQuota ret[8], size_t *ret_n);
HibNetResult hib_line_read_options(const HibNetContext *net, const HibGrant *grant,
                                   const char **ret_json);
bool hib_line_is_sticker(const char *id); /* a number, as all of them are */
HibNetResult hib_line_read_content(const HibNetContext *net, const HibGrant *grant,
                                   const char *content_id, HibNetContent *ret);
HibNetResult hib_line_read_author(const HibNetContext *net, const HibGrant *grant,
                                  const char *author_id, HibNetTalk *ret);
HibNetResult hib_line_set_hook(const HibNetContext *net, const HibGrant *grant, const char *url);
bool hib_line_hook(HibArena *arena, const HibNetHookCall *call, HibNetHookAnswer *ret);

/* A reply token travels with the time of its event ("TOKEN@1692251666727"): it is worth something for a minute only. */
const char *hib_line_reply_token(HibArena *arena, const char *text, HibInstant *ret_at);
