/* Inside networks/ only: what every connector does alike: one call, its answer as a HibNetResult, forms, multipart bodies, pieces of media.
 *
 * A connector brings one function that says what an answer means (HibNetRead); what a missing answer means follows from the kind
 * of the call alone, and is the same everywhere. */
#pragma once
#include "base/json.h"
#include "networks/network.h"

typedef enum {
    HIB_CALL_SIGN_IN, /* a refusal is the person's to mend */
    HIB_CALL_REFRESH, /* a refusal means that the grant is over */
    HIB_CALL_READ,    /* no effect: always repeatable */
    HIB_CALL_PREPARE, /* uploads, containers: an effect nobody sees */
    HIB_CALL_EFFECT,  /* an unknown outcome is read back first */
    HIB_CALL_REMOVE,  /* removing what is gone is fine: repeatable */
    HIB_CALL_N
} HibNetCallKind;

typedef struct {
    HibNetCallKind kind;
    const char *method, *url;
    const char *bearer;         /* access token; NULL: none */
    const char *const *headers; /* further ones, at most 8, ended by NULL; NULL: none */
    const char *content_type;
    const void *body;
    size_t n_body;
    const HibHttpPart *parts; /* a body in parts, instead of `body` */
    size_t n_parts;
    int total_ms; /* 0: 30 s; uploads say more */
} HibNetRequest;

/* What an answer means: fills class, code, message, retry_at, remaining, reset_at of *out (http_status is set; code and message are "").
 * `json.value` is NULL when the body is no JSON. */
typedef void (*HibNetRead)(HibArena *arena, HibNetCallKind kind, const HibHttpReply *reply,
                           HibJson json, HibInstant now, HibNetResult *out);

/* One call. *ret_reply (may be NULL) and *ret_json (may be NULL) are what came, also with a failure; json.value NULL when there is none. */
HibNetResult hib_net_call(const HibNetContext *net, const HibNetRequest *request, HibNetRead read,
                          HibHttpReply *ret_reply, HibJson *ret_json);

/* What an answer means, without the call: `read`, its words cleaned. Pure. */
HibNetResult hib_net_answer(HibArena *arena, HibNetCallKind kind, const HibHttpReply *reply,
                            HibInstant now, HibNetRead read, HibJson *ret_json);

HibNetResult hib_net_say(HibNetClass class, const char *code, const char *message);
/* What no answer means for a call of that kind; takes what hib_http_do said. */
HibNetResult hib_net_no_answer(HibArena *arena, HibNetCallKind kind, const GError *error);
/* A 2xx that cannot be understood: an effect is read back, anything else is FATAL. */
HibNetResult hib_net_nonsense(HibNetResult said, HibNetCallKind kind, const char *what);
/* The network's own words, safe to show and to log: valid UTF-8, at most 500 bytes, whole characters, what looks like a token blanked. */
const char *hib_net_clean(HibArena *arena, const char *text);
/* A number in a header; `otherwise` when absent or none. */
int64_t hib_net_header_int(const HibHttpReply *reply, const char *name_lower, int64_t otherwise);
/* When the retry-after header (seconds or a date) says; 0: it is not there. */
HibInstant hib_net_retry_after(const HibHttpReply *reply, HibInstant now);

/* "https://host" for an account of the network itself (`service` is its default), `service` for one of a practice network: there
 * one server plays all hosts of the network. */
const char *hib_net_host(HibArena *arena, const HibNetLimits *limits, const char *service,
                         const char *real_host);

/* "https://host[:port]" of the server a person named, without path; `otherwise` for an empty one. NULL: no base URL we would send a
 * secret to (no https, unless our own configuration named it). */
const char *hib_net_service(const HibNetContext *net, const char *typed, const char *otherwise);

/* "a=b&c=d" percent-encoded; pairs ended by NULL; a NULL value leaves the pair out. */
const char *hib_net_form(HibArena *arena, const char *name, ...) G_GNUC_NULL_TERMINATED;
/* S256 of a PKCE verifier, base64url without padding; with `is_hex` as hex (TikTok). */
const char *hib_net_challenge(HibArena *arena, const char *verifier, bool is_hex);
/* HMAC-SHA256 as base64 or hex; for webhooks. */
const char *hib_net_hmac(HibArena *arena, const char *key, const void *data, size_t n, bool is_hex);
bool hib_net_same(const char *a,
                  const char *b);          /* in constant time for equal lengths; false for NULL */
const char *hib_net_uuid(HibArena *arena); /* random, version 4 */

/* A multipart/form-data body: fields, then (or before them) one file of a medium's bytes [from, from + n). */
typedef struct {
    HibHttpPart parts[3];
    size_t n_parts;
    const char *content_type;
} HibNetMultipart;
void hib_net_multipart(HibArena *arena,
                       const char *const *pairs /* name, value …, NULL; a NULL value
                                                                  leaves the field out; or NULL */
                       ,
                       const char *file_field, const char *file_name, const HibNetMedia *media,
                       int64_t from, int64_t n, HibNetMultipart *ret);
/* Bytes [from, from + n) of a medium as a request part. */
HibHttpPart hib_net_piece(HibArena *arena, const HibNetMedia *media, int64_t from, int64_t n);

/* Progress as JSON: what is in it (a fresh object when it does not read), and back. Free with cJSON_Delete (g_autoptr works). */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(cJSON, cJSON_Delete)
cJSON *hib_net_progress(const char *progress);
const char *hib_net_progress_text(HibArena *arena, const cJSON *progress);
const char *hib_net_progress_get(HibArena *arena, const cJSON *progress,
                                 const char *key); /* text; NULL: none */

#define HIB_NET_CLOCKS_DIFFER (2 * HIB_MINUTE) /* the network's clock and ours */

/* One of the account's recent posts as the network lists it, and whether it is what was sent: text the same as a reader would call it
 * (hib_text_fingerprint), as many media, made within [sent_at - 2 min, …], not one of `taken`. The best match, nearest to sent_at; -1: none. */
typedef struct {
    const char *remote_id, *url, *text;
    HibInstant at; /* 0: not known */
    int n_media;   /* -1: not known */
} HibNetSeen;
int hib_net_match(HibArena *arena, const HibNetSending *sending, const HibNetSeen *seen, size_t n);
