/* Inside networks/ only: the parts of the X connector that its files share. */
#pragma once
#include "networks/call.h"
#include "networks/network_optional.h"
#include "networks/x.h"
#include "networks/x_limits.h"

/* The class of an answer. `code` is the last part of its problem type, its title, or OAuth's error; `message` the network's text. Pure. */
HibNetClass hib_x_class(HibNetCallKind kind, int status, const char *code, const char *message);
void hib_x_read(HibArena *arena, HibNetCallKind kind, const HibHttpReply *reply, HibJson json,
                HibInstant now, HibNetResult *out);

/* "https://api.x.com" or the practice network's. */
const char *hib_x_base(const HibNetContext *net, const char *service);
/* GET; `path` with its query. */
HibNetResult hib_x_get(const HibNetContext *net, const HibGrant *grant, const char *path,
                       HibJson *ret);
/* POST of JSON; frees `body`. */
HibNetResult hib_x_post(const HibNetContext *net, const HibGrant *grant, HibNetCallKind kind,
                        const char *path, cJSON *body, HibJson *ret);

const char *hib_x_authorize_url(const HibNetContext *net, const char *service,
                                const char *redirect_uri, const char *state, const char *verifier);
HibNetResult hib_x_exchange(const HibNetContext *net, const char *service, const char *redirect_uri,
                            const char *code, const char *verifier, HibGrant **ret_grants,
                            size_t *ret_n);
HibNetResult hib_x_refresh(const HibNetContext *net, const HibGrant *grant, HibGrant *ret);

/* --- publishing (x_upload.c, x_publish.c, x_find.c) --- */
typedef enum { X_START, X_SEGMENT, X_FINISH, X_STATUS, X_ALT, X_PUBLISH } XStage;
typedef struct {
    XStage stage;
    size_t medium;  /* which; n_media for X_PUBLISH */
    int segment;    /* of X_SEGMENT, from 0 */
    int n_segments; /* of this medium */
} XNext;
XNext hib_x_next(const HibNetSending *sending); /* pure */
HibNetResult hib_x_upload(const HibNetContext *net, const HibGrant *grant, HibNetSending *sending,
                          XNext next);
/* The media ids of finished uploads, in order, each added to `array` as a string. False: one is missing. */
bool hib_x_add_media(const HibNetSending *sending, cJSON *array);
/* Whether an upload may have expired by now. */
bool hib_x_has_expired(const HibNetSending *sending, HibInstant now);

HibNetStep hib_x_next_step(const HibNetSending *sending);
HibNetResult hib_x_run_step(const HibNetContext *net, const HibGrant *grant,
                            HibNetSending *sending);
HibNetResult hib_x_find(const HibNetContext *net, const HibGrant *grant, HibNetSending *sending,
                        bool *ret_found);
/* Also says whether an older post with the same words stands in the timeline, which explains a refused "duplicate". */
HibNetResult hib_x_look(const HibNetContext *net, const HibGrant *grant, HibNetSending *sending,
                        bool *ret_found, bool *ret_has_older);
HibNetPublished hib_x_place(HibArena *arena, const HibGrant *grant, const HibNetPost *post,
                            const char *id);
HibNetResult hib_x_edit(const HibNetContext *net, const HibGrant *grant, const char *remote_id,
                        const HibNetPost *post, HibNetPublished *ret);
bool hib_x_check(const HibNetPost *post, const char **ret_reason, const char **ret_pointer);
/* The choices of a poll, at most 4; 0: the post has none; -1: they are not as X wants them. */
int hib_x_poll(HibArena *arena, const HibNetPost *post, const char *ret_choices[4],
               int64_t *ret_minutes);

/* --- reading (x_read.c, x_talk.c, x_hook.c) --- */
HibNetResult hib_x_read_posts(const HibNetContext *net, const HibGrant *grant,
                              const char *const *remote_ids, size_t n, HibNetReading *ret);
HibNetResult hib_x_read_account(const HibNetContext *net, const HibGrant *grant,
                                HibNetReading *ret);
HibNetResult hib_x_read_talk(const HibNetContext *net, const HibGrant *grant,
                             const char *const *posts, const char *cursor, HibNetTalk **ret,
                             size_t *ret_n, const char **ret_cursor);
HibNetResult hib_x_search_tag(const HibNetContext *net, const HibGrant *grant, const char *tag,
                              const char *cursor, HibNetTalk **ret, size_t *ret_n,
                              const char **ret_cursor);
/* x_people.c */
HibNetResult hib_x_follows(const HibNetContext *net, const HibGrant *grant,
                           const char *const *people, size_t n, HibNetDone *ret);
HibNetResult hib_x_list_people(const HibNetContext *net, const HibGrant *grant, HibNetDeed deed,
                               const char *post, const char *cursor, const char ***ret,
                               size_t *ret_n, const char **ret_cursor);
/* x_rival.c */
HibNetResult hib_x_read_rival(const HibNetContext *net, const HibGrant *grant, const char *who,
                              HibInstant from, HibNetRival *ret);
bool hib_x_hook(HibArena *arena, const HibNetHookCall *call, HibNetHookAnswer *ret);

/* A post's own words: links as they were typed, "&amp;" undone, X's links to its pictures and its leading @names (`keep_names` false) left out. */
const char *hib_x_words(HibArena *arena, HibJson post, bool keep_names);
bool hib_x_is_id(const char *text); /* 1 to 19 digits */
/* When X made an id: they carry their time. 0: it is none. */
HibInstant hib_x_id_time(const char *id);

#define X_MESSAGE "dm/"  /* before the id of a direct message, so that it is told from a post */
#define X_GROUP "group/" /* before the id of a conversation of several */
/* The specification (2.167) calls them post.fields; the service's own guides, and the service, tweet.fields. */
#define X_FIELDS "tweet.fields"
