/* What comes back from a network: numbers of posts and accounts, what people say, what is left of a quota, and the webhooks it sends. */
#pragma once
#include "base/arena.h"
#include "base/time.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* --- what is read ------------------------------------------------------------------------------------------------------------ */
typedef struct {
    const char *
        metric; /* "likes" "reposts" "replies" "quotes" "saves" "shares" "clicks" "views" "reach" "impressions" "watch_ms" "followers" … (field's standard names) */
    int64_t value;
} HibNetMetric;
typedef struct {
    const char *remote_id;
    bool is_gone;             /* the network no longer has it */
    HibNetMetric metrics[24]; /* what the network did not say is not in it: missing is not zero */
    size_t n_metrics;
} HibNetReading;

typedef enum {
    HIB_TALK_COMMENT,
    HIB_TALK_MENTION,
    HIB_TALK_MESSAGE
} HibNetTalkKind; /* comment or reply under an own post; mention elsewhere; direct message */
typedef enum {
    HIB_ATTACH_IMAGE,
    HIB_ATTACH_VIDEO,
    HIB_ATTACH_AUDIO,
    HIB_ATTACH_FILE,
    HIB_ATTACH_STICKER,
    HIB_ATTACH_LOCATION,
    HIB_ATTACH_LINK /* a post, a story or a page that was shared */
} HibNetAttachKind;
typedef struct {
    HibNetAttachKind kind;
    const char *url; /* where it lies; NULL: only `content_id` leads to it */
    const char *preview_url;
    const char
        *content_id;     /* what HibNetwork.read_content takes while the network keeps it; NULL */
    const char *title;   /* name of the file or place, alternative text, words of the sticker */
    const char *address; /* of a place */
    double latitude, longitude;
    bool has_place;
} HibNetAttachment;
typedef struct HibNetContent HibNetContent; /* content.h */
#define HIB_NET_ATTACHMENTS 20              /* of one thing said, at most */
/* As JSON, and back: what does not read is left out. NULL: none. */
const char *hib_net_attachments_text(HibArena *arena, const HibNetAttachment *rows, size_t n);
void hib_net_attachments_read(HibArena *arena, const char *text, HibNetAttachment **ret,
                              size_t *ret_n);

/* Something somebody said to the account (or the account itself said elsewhere). */
typedef struct {
    HibNetTalkKind kind;
    const char *remote_id, *text;
    const char *post_id;   /* remote id of the own post it stands under; NULL: none */
    const char *parent_id; /* what it answers; NULL: the post itself */
    const char
        *conversation; /* of a direct message: what HibNetPost.recipient takes to answer; NULL */
    const char *author_id, *author_handle, *author_name, *url;
    const char *reply_token; /* LINE; NULL */
    HibInstant at;
    bool is_own, is_deleted;
    bool is_edited; /* the network says that its author changed it */
    const HibNetAttachment *attachments;
    size_t n_attachments;
} HibNetTalk;

typedef struct {
    const char *name;     /* as in HibNetQuotaRule */
    int64_t used, limit;  /* limit -1: none */
    HibInstant resets_at; /* 0: not known (a rolling window) */
} HibNetQuota;

/* --- webhooks: what the network sends to us ------------------------------------------------------------------------------------ */
typedef struct {
    const char *method, *query;                                /* query without "?" */
    const char *(*header)(void *data, const char *name_lower); /* NULL when absent */
    void *data;
    const char *body;
    size_t n_body;
    const char *secret;       /* app secret, channel secret */
    const char *verify_token; /* ours, typed into the network's console */
    HibInstant now;
} HibNetHookCall;
typedef struct {
    const char *id; /* unique among the account's network: the same event again has the same id */
    const char
        *kind; /* "talk" "publish" "follow" "unfollow" "deauthorized" "quota" "numbers" "other" */
    const char
        *account; /* remote id of the account it is for; NULL: of the channel it came in by */
    const char *remote_id; /* publish: which post (or publish handle); follow: whom */
    HibNetTalk talk;       /* of kind "talk" */
    HibNetReading
        reading; /* of kind "numbers": what can be read only now (a story's last numbers) */
    HibInstant at;
} HibNetHookEvent;
typedef struct {
    bool is_refused; /* signature missing or wrong, or too old: answer 401 or 403 and do nothing */
    const char *reply, *reply_type; /* what to answer, with 200 (a challenge); NULL: an empty 200 */
    HibNetHookEvent *events;
    size_t n_events;
} HibNetHookAnswer;
