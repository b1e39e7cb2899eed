/* Inside practice/ only: what the files of LINE's face share. */
#pragma once
#include "base/secrets.h"
#include "practice/line_face.h"

#define LINE_MONTH_MESSAGES 30000 /* the standard plan */
#define LINE_AUDIENCES 3

/* A request that was taken: what 409, progress and insight speak of. */
typedef struct {
    char *post_id; /* NULL: a narrowcast that failed */
    char *way;     /* "broadcast" "narrowcast" "push" "multicast" "reply" */
    int64_t recipients;
    HibInstant at, ready_at;
    bool fails;
    int error_code; /* of a failed narrowcast */
} LineRequest;

typedef struct {
    char *user;
    HibInstant until;
    bool is_used;
} LineReplyToken;

/* What somebody sent that is no text: LINE hands it out under the message's id for a while. */
typedef struct {
    GBytes *bytes;
    char *mime;
    int n_not_ready; /* so often it is still being made ready */
    bool fails;      /* it never will be */
} LineContent;

typedef struct {
    GHashTable *contents;     /* message id → LineContent */
    GHashTable *requests;     /* request id → LineRequest */
    GHashTable *retry_keys;   /* "account key" → request id, and when: LineRetry */
    GHashTable *reply_tokens; /* token → LineReplyToken */
    GHashTable *told;      /* post id → number of comments already sent as messages, as pointer */
    GHashTable *endpoints; /* account → where its webhooks go */
    HibInstant told_at;
} LineState;

/* The channel whose token the call carries; every answer gets its request id. NULL after refusing. */
const HibPracticeAccount *hib_line_face_caller(HibPracticeCall *call);
const char *hib_line_face_request_id(HibPracticeCall *call); /* of this call's answer */
/* {"message", "details":[{"message","property"}]} with 400. */
void hib_line_face_invalid(HibPracticeCall *call, const char *message, const char *property);
const char *hib_line_face_bot(HibArena *arena, const HibPracticeAccount *account); /* "U…" */
/* Friends who do not block the account: whom a broadcast goes to. */
int64_t hib_line_face_friends(HibPracticeFace *face, const HibPracticeAccount *account);

typedef struct {
    int64_t id;
    const char *name;
    double share; /* of the friends */
} LineAudience;
extern const LineAudience hib_line_face_audiences[LINE_AUDIENCES];

/* line_face_message.c */
void hib_line_face_validate(HibPracticeCall *call);
void hib_line_face_send(HibPracticeCall *call);
void hib_line_face_progress(HibPracticeCall *call);
void hib_line_face_event_insight(HibPracticeCall *call);
/* line_face_talk.c: people write to the account; webhooks tell it. */
void hib_line_face_tell(HibPracticeCall *call,
                        const HibPracticeAccount *account); /* what has not been told yet */
/* control: {"text", "user"?}, or {"type", "name"?, "content"? (base64), "url"?, "not_ready"?, "fails"?, "is_gone"?}. */
void hib_line_face_say(HibPracticeCall *call);
void hib_line_face_content(HibPracticeCall *call);
void
hib_line_face_sticker(HibPracticeCall *call); /* the shop's picture of one; asks for no token */
void hib_line_face_transcoding(HibPracticeCall *call);
void hib_line_face_content_free(void *data);
void hib_line_face_profile(HibPracticeCall *call);
/* line_face_endpoint.c: where webhooks of a channel go. */
void hib_line_face_demographic(HibPracticeCall *call);
void hib_line_face_endpoint(HibPracticeCall *call); /* GET, PUT */
void hib_line_face_try_endpoint(HibPracticeCall *call);
bool hib_line_face_replay(HibPracticeFace *face, HibJson line);
/* NULL: nowhere. */
const char *hib_line_face_endpoint_of(HibPracticeCall *call, const HibPracticeAccount *account);
/* "x-line-signature: …", ended by NULL. */
const char *const *hib_line_face_signature(HibArena *arena, const HibPracticeAccount *account,
                                           const char *body);
