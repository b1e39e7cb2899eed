/* Inside practice/ only: what the files of X's face share. */
#pragma once
#include "practice/rival.h"
#include "practice/x_face.h"

#define X_TEXT 280
#define X_LONG_TEXT 25000
#define X_PRIVATE_LIFE (30 * HIB_DAY) /* how long an author may read a post's private numbers */
#define X_PROBLEM "https://api.x.com/2/problems/"

/* An upload, and what it is once it is finished. */
typedef struct {
    char *account, *mime, *category, *sha256, *alt;
    int64_t total;
    GHashTable *segments; /* index → XSegment */
    HibInstant ready_at, expires_at;
    bool is_finished, fails;
} XMedium;

typedef struct {
    int64_t size;
    char *sha256;
} XSegment;

/* What somebody outside said to an account: a mention that answers nothing, or a direct message. Kept over a restart. */
typedef struct {
    char *id, *account, *handle, *name, *text;
    char *parent; /* the account's post it answers; NULL: none */
    HibInstant at;
    bool is_message;
} XSaid;

typedef struct {
    char *id, *url;
    HibInstant at;
} XWebhook;

typedef struct {
    char *id, *kind, *user, *webhook, *tag; /* tag NULL: none */
    HibInstant at;
} XSubscription;

typedef struct {
    GHashTable *media;  /* id → XMedium */
    GPtrArray *said;    /* XSaid, oldest first */
    GHashTable *hidden; /* ids of replies that an account hid; kept over a restart */
    GPtrArray *webhooks, *subscriptions;
    uint64_t n_events;
} XState;

/* A post as X shows it, whoever wrote it. */
typedef struct {
    const char *id, *text, *lang;
    const char *author, *handle, *name;                 /* of who wrote it */
    const char *parent, *parent_author, *parent_handle; /* what it answers; NULL: nothing */
    const char *root;                                   /* the conversation */
    HibInstant at;
    const char *picture, *picture_alt; /* of the audience's; NULL: none */
    const HibPracticePost *own;        /* a practice account's; NULL: somebody else's */
    const HibFaceRivalPost *other;     /* of x_others.c; NULL: no such one */
} XPost;

/* What a reading asks for, and what is shown beside its data. */
typedef struct {
    const HibPracticeAccount *viewer; /* NULL: the app */
    const char *const *post, *const *expand, *const *user, *const *media;
    bool
        is_new; /* asked with post.fields, the specification's newer names, instead of tweet.fields */
    cJSON *users, *media_list, *polls, *errors;
} XAsk;

/* --- x_face.c --- */
/* The account of the call, its window counted; `scopes`: one or more, with blanks. NULL after refusing. */
const HibPracticeAccount *hib_x_face_caller(HibPracticeCall *call, const char *scopes);
/* The same for readings an app may make: *ret_account NULL then. False after refusing. */
bool hib_x_face_reader(HibPracticeCall *call, const char *scopes,
                       const HibPracticeAccount **ret_account);
bool hib_x_face_app(HibPracticeCall *call); /* an app's token is needed; false after refusing */
/* {title, detail, type, status}. `type` NULL: "about:blank"; else the last part of a problem type. */
void hib_x_face_problem(HibPracticeCall *call, int status, const char *type, const char *title,
                        const char *detail);
/* 400 with errors[{message, parameters:{NAME:[VALUE]}}]. */
void hib_x_face_invalid(HibPracticeCall *call, const char *name, const char *value,
                        const char *message);
const char *hib_x_face_id(HibPracticeCall *call); /* X's ids carry their time since November 2010 */
const char *hib_x_face_id_at(HibArena *arena, HibInstant at, uint64_t low);
HibInstant hib_x_face_id_time(const char *id); /* 0: no id */
bool hib_x_face_is_id(const char *text);
int hib_x_face_compare_ids(const char *a, const char *b); /* by number */
bool hib_x_face_is_premium(HibPracticeFace *face, const HibPracticeAccount *account);
/* The network's own fields of a post, in the arena; never NULL. */
const cJSON *hib_x_face_extra(HibArena *arena, const HibPracticePost *post);
void hib_x_face_add_time(cJSON *out, const char *name, HibInstant at);
void hib_x_face_data(HibPracticeCall *call, int status, cJSON *data); /* {"data": …} */

/* --- x_face_read.c --- */
const char *hib_x_face_user_id(HibArena *arena, const char *handle); /* of the audience */
/* Any user: a practice account where it is one. */
cJSON *hib_x_face_user_json(HibPracticeCall *call, const char *id, const char *handle,
                            const char *name, const XAsk *ask);
bool hib_x_face_ask(HibPracticeCall *call, const HibPracticeAccount *viewer, XAsk *ret);
bool hib_x_face_wants(const char *const *list, const char *name);
void hib_x_face_include_user(HibPracticeCall *call, XAsk *ask, const char *id, const char *handle,
                             const char *name);
void hib_x_face_answer(HibPracticeCall *call, XAsk *ask, cJSON *data, cJSON *meta);
void hib_x_face_users_me(HibPracticeCall *call);
void hib_x_face_user(HibPracticeCall *call);
void hib_x_face_tweets(HibPracticeCall *call);
void hib_x_face_tweet(HibPracticeCall *call);
void hib_x_face_timeline(HibPracticeCall *call);
void hib_x_face_mentions(HibPracticeCall *call);
void hib_x_face_search(HibPracticeCall *call);

/* --- x_face_people.c --- */
void hib_x_face_retweeted_by(HibPracticeCall *call);
void hib_x_face_liking_users(HibPracticeCall *call);
void hib_x_face_users(HibPracticeCall *call);

/* --- x_others.c --- */
/* By handle or by id; NULL: none. */
const HibFaceRival *hib_x_face_other(HibPracticeCall *call, const char *handle, const char *id);
/* What X says instead of what is private or suspended; NULL: it says all. */
cJSON *hib_x_face_other_error(HibPracticeCall *call, const HibFaceRival *other,
                              const char *parameter, const char *value);
cJSON *hib_x_face_other_json(HibPracticeCall *call, const HibFaceRival *other, const XAsk *ask);
void hib_x_face_other_posts(HibPracticeCall *call, const HibFaceRival *other, bool no_replies,
                            GArray *into); /* XPost */

/* --- x_face_json.c --- */
/* As X writes it down: names before an answer, t.co for links and pictures, entities for & < >. */
const char *hib_x_face_text(HibArena *arena, const XPost *post, const char *media, cJSON *entities);
cJSON *hib_x_face_post_json(HibPracticeCall *call, const XPost *post, XAsk *ask);

/* --- x_face_talk.c --- */
XPost hib_x_face_own(HibPracticeCall *call, const HibPracticePost *post);
XPost hib_x_face_reply(HibPracticeFace *face, HibArena *arena, const HibPracticePost *post,
                       const HibComment *comment);
XPost hib_x_face_said(HibPracticeFace *face, HibArena *arena, const XSaid *said);
void hib_x_face_set_hidden(XState *state, const char *id, bool is_hidden);
bool hib_x_face_find(HibPracticeCall *call, const char *id, XPost *ret);
void hib_x_face_collect_mentions(HibPracticeCall *call, const HibPracticeAccount *account,
                                 HibInstant since, GArray *into); /* XPost */
void hib_x_face_hidden(HibPracticeCall *call); /* control: which replies are hidden */
void hib_x_face_say(HibPracticeCall *call);    /* control: {"text", "kind"?, "user"?, "account"?} */
void hib_x_face_dm_send(HibPracticeCall *call);
void hib_x_face_dm_events(HibPracticeCall *call);
void hib_x_face_dm_delete(HibPracticeCall *call);

/* --- x_face_media.c, x_face_post.c --- */
void hib_x_face_media_initialize(HibPracticeCall *call);
void hib_x_face_media_append(HibPracticeCall *call);
void hib_x_face_media_finalize(HibPracticeCall *call);
void hib_x_face_media_status(HibPracticeCall *call);
void hib_x_face_media_upload(HibPracticeCall *call);
void hib_x_face_media_metadata(HibPracticeCall *call);
void hib_x_face_medium_free(void *medium);
/* An upload of the account that may be shown; NULL: "Your media IDs are invalid." */
const XMedium *hib_x_face_medium(HibPracticeCall *call, const HibPracticeAccount *account,
                                 const char *id);
const char *hib_x_face_medium_type(const char *mime); /* "photo" "animated_gif" "video" */
const char *hib_x_face_media_key(HibArena *arena, const char *mime, const char *id);
void hib_x_face_create(HibPracticeCall *call);
void hib_x_face_delete(HibPracticeCall *call);
void hib_x_face_hide(HibPracticeCall *call);

/* --- x_face_hook.c --- */
void hib_x_face_happened(HibPracticeFace *face, const HibPracticeHappening *what);
/* Tells one event of `account` to whoever subscribed, or to the one address set for all. Frees `payload` and `includes` (NULL: none). */
void hib_x_face_tell(HibPracticeFace *face, HibArena *arena, const char *account, const char *kind,
                     cJSON *payload, cJSON *includes);
void hib_x_face_tell_message(HibPracticeFace *face, HibArena *arena, const char *account,
                             const XSaid *message, const char *recipient);
void hib_x_face_webhooks(HibPracticeCall *call);
void hib_x_face_webhook(HibPracticeCall *call);
void hib_x_face_subscriptions(HibPracticeCall *call);
void hib_x_face_unsubscribe(HibPracticeCall *call);
void hib_x_face_webhook_free(void *webhook);
void hib_x_face_subscription_free(void *subscription);
bool hib_x_face_hook_replay(HibPracticeFace *face, HibJson line, const char *what);
