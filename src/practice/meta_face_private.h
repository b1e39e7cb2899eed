/* Inside practice/ only: what the faces of Instagram, Facebook Pages and Threads share, because all three are Meta's Graph: its errors, its
 * fields and pages of lists, its tokens, containers, numbers and webhooks.
 *
 * The one idea: what such a face remembers beside posts (containers, uploads, messages, who subscribed) are small JSON objects under a
 * key, written down as they change, so that a restart forgets nothing. */
#pragma once
#include "practice/face_oauth.h"
#include "practice/face_posts.h"

G_DEFINE_AUTOPTR_CLEANUP_FUNC(cJSON, cJSON_Delete)

typedef struct {
    int status; /* 0: 400 */
    int code, subcode;
    const char *type; /* NULL: "OAuthException" */
    const char *message, *title, *user_message;
    bool is_transient;
} MetaError;

/* An own post or comment, or what somebody of the audience said under an own post. */
typedef struct {
    const char *id;
    const HibPracticePost *post; /* itself; or what `said` stands under */
    const HibComment *said;      /* NULL: our own */
} MetaRow;

typedef struct {
    const char *object;            /* of webhooks: "instagram" "page" "threads" */
    const char *field;             /* of webhooks about comments */
    const char *usage;             /* in X-Business-Use-Case-Usage */
    const char *scope;             /* every call of an account needs it; NULL: none */
    bool needs_subscription;       /* events only for accounts that called subscribed_apps */
    const MetaError *refusals;     /* HIB_REFUSE_N of them */
    const char *comment_separator; /* between a post's number and a comment's: "" or "_" */
    cJSON *(*comment_event)(HibPracticeCall *call, const MetaRow *row); /* "value" of a webhook */
    /* Tells what time has brought when the account calls; NULL: nothing. */
    void (*tell)(HibPracticeCall *call, const HibPracticeAccount *account);
} MetaFace;

/* --- meta_face_graph.c: state, errors, callers, fields, lists ---------------------------------------------------------------- */
void *hib_meta_face_open(const MetaFace *kind);
void hib_meta_face_close(void *state);
bool hib_meta_face_replay(HibPracticeFace *face, HibJson line);
const MetaFace *hib_meta_face_kind(HibPracticeFace *face);
/* What is kept under "kind id"; NULL: nothing. It is the face's: change it, then keep it again. */
cJSON *hib_meta_face_kept(HibPracticeFace *face, const char *kind, const char *id);
/* Keeps and writes down; `owned` may be what is kept already, changed. */
void hib_meta_face_keep(HibPracticeFace *face, const char *kind, const char *id, cJSON *owned);
/* All ids of a kind, in no order; ended by NULL. */
const char **hib_meta_face_ids(HibPracticeCall *call, const char *kind);
const char *hib_meta_face_text(const cJSON *object, const char *name); /* NULL: none */
int64_t hib_meta_face_int(const cJSON *object, const char *name);      /* 0: none */
void hib_meta_face_set(cJSON *object, const char *name, const char *text);
void hib_meta_face_set_int(cJSON *object, const char *name, int64_t value);

void hib_meta_face_error(HibPracticeCall *call, const MetaError *error);
void hib_meta_face_refuse(HibPracticeCall *call, HibPracticeRefusal why, const char *message);
void hib_meta_face_rate_headers(HibPracticeCall *call);
/* code 100: "(#100) …" */
void hib_meta_face_invalid(HibPracticeCall *call, const char *message);
/* code 100, subcode 33: no such object, or none of the caller's. */
void hib_meta_face_missing(HibPracticeCall *call, const char *id);
void hib_meta_face_success(HibPracticeCall *call);
void hib_meta_face_id(HibPracticeCall *call, const char *id); /* {"id"} */

/* The caller, its calls of the day counted. `scope` NULL: any. NULL after refusing. */
const HibPracticeAccount *hib_meta_face_caller(HibPracticeCall *call, const char *scope);
/* The caller, where {id} of the path is its own id or "me". */
const HibPracticeAccount *hib_meta_face_own(HibPracticeCall *call, const char *scope);
const char *hib_meta_face_time(HibArena *arena, HibInstant at); /* "2026-11-23T01:02:03+0000" */
void hib_meta_face_add_time(HibPracticeCall *call, cJSON *out, const char *name, HibInstant at);
void hib_meta_face_add(cJSON *out, const char *name, const char *text); /* null where NULL */
void hib_meta_face_add_int(cJSON *out, const char *name, int64_t value);

/* A parameter that is a list: "a,b" or ["a","b"], in the query, a form or the body's JSON. Ended by NULL; empty where it is absent. */
char **hib_meta_face_words(HibPracticeCall *call, const char *name); /* g_strfreev */
/* Answers with the fields that were asked for; members that are null are known but absent. A name that is no member is refused. `usual`:
 * the fields where none are asked for. */
void hib_meta_face_node(HibPracticeCall *call, cJSON *owned, const char *usual);
/* A page of rows as the call asks (limit, after), with its paging. */
void hib_meta_face_list(HibPracticeCall *call, const MetaRow *rows, size_t n,
                        cJSON *(*json)(HibPracticeCall *call, const MetaRow *row),
                        const char *usual);

/* --- meta_face_token.c ------------------------------------------------------------------------------------------------------------ */
/* Instagram Login and Threads: POST /oauth/access_token, GET /access_token, GET /refresh_access_token. */
void hib_meta_face_code(HibPracticeCall *call);
void hib_meta_face_long(HibPracticeCall *call);
void hib_meta_face_renew(HibPracticeCall *call);
/* Facebook: /{version}/oauth/access_token. */
void hib_meta_face_facebook_token(HibPracticeCall *call);
#define META_LONG_LIFE (60 * HIB_DAY)
#define META_SHORT_LIFE HIB_HOUR

/* --- meta_face_container.c: what is fetched, uploaded, processed, published ------------------------------------------------------------ */
/* Whether the network could fetch it: https is believed, loopback is asked. `*ret_mime` NULL: not known. */
bool hib_meta_face_fetch(HibPracticeCall *call, const char *url, const char **ret_mime);
/* Keeps `facts` (owned) as a new container, ready in `usual`; its id. */
const char *hib_meta_face_container_new(HibPracticeCall *call, const HibPracticeAccount *account,
                                        cJSON *facts, HibDuration usual);
cJSON *hib_meta_face_container(HibPracticeCall *call, const HibPracticeAccount *account,
                               const char *id);
/* "IN_PROGRESS" "FINISHED" "ERROR" "EXPIRED" "PUBLISHED" */
const char *hib_meta_face_container_status(HibPracticeFace *face, const cJSON *container);
/* The children of a carousel: false after refusing. *ret: their ids as an array, owned. */
bool hib_meta_face_children(HibPracticeCall *call, const HibPracticeAccount *account, int most,
                            cJSON **ret);
/* What became of it: its media's id is noted. */
void hib_meta_face_container_published(HibPracticeCall *call, const char *id, const char *media);
/* POST of bytes to the upload server: {id} of a container or video. */
void hib_meta_face_upload(HibPracticeCall *call);
#define META_PROCESSING (15 * HIB_SECOND)

/* --- meta_face_talk.c: comments, messages, webhooks --------------------------------------------------------------------------------------- */
bool hib_meta_face_row(HibPracticeCall *call, const HibPracticeAccount *account, const char *id,
                       MetaRow *ret);
HibInstant hib_meta_face_row_at(const MetaRow *row);
/* What stands right under it, newest first. */
size_t hib_meta_face_under(HibPracticeCall *call, const MetaRow *row, MetaRow **ret);
/* All that stands under it, answers to answers too down to `depth`, newest first. */
size_t hib_meta_face_gather(HibPracticeCall *call, const MetaRow *row, int depth, MetaRow **ret);
#define META_DEEPEST 20
void hib_meta_face_turn(MetaRow *rows, size_t n);                    /* oldest first */
const char *hib_meta_face_user(HibArena *arena, const char *handle); /* an id of the audience's */
/* {id, username} or {id, name} of who said it. */
cJSON *hib_meta_face_from(HibPracticeCall *call, const MetaRow *row, const char *name_field);
bool hib_meta_face_is_hidden(HibPracticeCall *call, const char *id);
void hib_meta_face_hide(HibPracticeCall *call, const char *id, bool is_hidden);
/* Our own post or comment, or somebody's comment, is gone; false: there was none. */
bool hib_meta_face_delete(HibPracticeCall *call, const MetaRow *row);
/* The newest of ours under `parent` (NULL: the account's posts) says the same: Meta's 506. */
bool hib_meta_face_is_twin(HibPracticeCall *call, const HibPracticeAccount *account,
                           const char *kind, const char *parent, const char *text);
void hib_meta_face_happened(HibPracticeFace *face, const HibPracticeHappening *what);
/* Sends {"object","entry":[{"id","time", `name`: [change]}]}, signed; nothing where nobody asked for it. */
void hib_meta_face_event(HibPracticeCall *call, const HibPracticeAccount *account, const char *name,
                         cJSON *change);
void hib_meta_face_subscribe_account(HibPracticeCall *call); /* POST …/subscribed_apps */
void hib_meta_face_subscribe_app(HibPracticeCall *call);     /* POST /{app}/subscriptions */

/* --- meta_face_message.c: direct messages ---------------------------------------------------------------------------------------------------- */
void hib_meta_face_conversations(HibPracticeCall *call);
void hib_meta_face_send_message(HibPracticeCall *call);
void hib_meta_face_say(HibPracticeCall *call); /* control: {"text", "user"?, "account"?} */

/* --- meta_face_number.c ------------------------------------------------------------------------------------------------------------------------ */
typedef struct {
    const char *name;  /* the network's */
    const char *what;  /* "views" "reach" "interactions" "watch_ms" …: see hib_meta_face_number */
    unsigned products; /* bits of what it is known for */
} MetaMetric;
int64_t hib_meta_face_number(const HibAudienceNumbers *numbers, const char *what);
/* Answers the metrics asked for of one object; `product`: its bit. */
void hib_meta_face_insights(HibPracticeCall *call, const char *id, const MetaMetric *metrics,
                            size_t n, unsigned product, const char *unknown,
                            const HibAudienceNumbers *numbers);
/* Keeps what the account has in all, once a day: a day is the difference of two. */
void hib_meta_face_note_day(HibPracticeCall *call, const HibPracticeAccount *account);
/* follower_demographics by the one part that `breakdown` names; nothing below 100 followers. False: something else was asked. */
bool hib_meta_face_demographics(HibPracticeCall *call, const HibPracticeAccount *account);
/* The metrics of an account's day, the one that `since` names or yesterday: metric_type=total_value gives one value, else a value with its end. */
void hib_meta_face_day_insights(HibPracticeCall *call, const HibPracticeAccount *account,
                                const MetaMetric *metrics, size_t n, const char *unknown);
