/* Inside networks/ only: the parts of the TikTok connector that its files share. */
#pragma once
#include "networks/call.h"
#include "networks/tiktok.h"

#define TIKTOK_HOST "https://open.tiktokapis.com"
#define TIKTOK_PAGE "https://www.tiktok.com"
#define TIKTOK_PENDING                                                                             \
    "publish:" /* a remote id of a post that has no id of its own (yet): the publish id follows */

/* --- what an answer means (tiktok_answer.c) -------------------------------------------------------------------- */
void hib_tiktok_answer(HibArena *arena, HibNetCallKind kind, const HibHttpReply *reply,
                       HibJson json, HibInstant now, HibNetResult *out);
/* Of a piece of a video put to its upload address. */
void hib_tiktok_upload_answer(HibArena *arena, HibNetCallKind kind, const HibHttpReply *reply,
                              HibJson json, HibInstant now, HibNetResult *out);
/* The class of a post that FAILED for that reason. NEW_HANDLE: TikTok's own trouble, start over. */
HibNetClass hib_tiktok_fail_class(const char *reason);
/* The first id under `key` in the raw text of an answer, number, string or list of them: ids have 19 digits, which JSON numbers do not
 * hold. NULL: none. */
const char *hib_tiktok_id(HibArena *arena, const char *body, const char *key);

/* --- calls (tiktok_session.c) ------------------------------------------------------------------------------------- */
typedef struct {
    HibNetCallKind kind;
    const char *path; /* with its query */
    const char *body; /* JSON; NULL: none */
    bool is_get;
} TiktokCall;
/* *ret_data: the object "data" of a good answer. */
HibNetResult hib_tiktok_call(const HibNetContext *net, const HibGrant *grant,
                             const TiktokCall *call, HibHttpReply *ret_reply, HibJson *ret_data);
const char *hib_tiktok_authorize_url(const HibNetContext *net, const char *service,
                                     const char *redirect_uri, const char *state,
                                     const char *verifier);
HibNetResult hib_tiktok_exchange(const HibNetContext *net, const char *service,
                                 const char *redirect_uri, const char *code, const char *verifier,
                                 HibGrant **ret_grants, size_t *ret_n);
HibNetResult hib_tiktok_refresh(const HibNetContext *net, const HibGrant *grant, HibGrant *ret);

/* --- what is sent (tiktok_post.c) -------------------------------------------------------------------------------------- */
typedef struct {
    const char *privacy; /* NULL: not chosen */
    bool may_comment, may_duet, may_stitch, has_music, is_draft;
    int64_t cover; /* of the photos, from 0 */
} TiktokChoices;
TiktokChoices hib_tiktok_choices(HibArena *arena, const HibNetPost *post);
bool hib_tiktok_is_video(const HibNetPost *post);
/* How a video is cut: pieces of `size` bytes, the last with the rest. */
typedef struct {
    int64_t size, n;
} TiktokCut;
TiktokCut hib_tiktok_cut(int64_t bytes);
/* What init takes; `creator` is what creator_info said (progress), NULL for drafts. */
const char *hib_tiktok_init_body(HibArena *arena, const HibNetPost *post, const cJSON *creator);
const char *hib_tiktok_init_path(const HibNetPost *post, bool is_draft);
bool hib_tiktok_check(const HibNetPost *post, const char **ret_reason, const char **ret_pointer);

/* --- reading (tiktok_read.c), webhooks (tiktok_hook.c) -------------------------------------------------------------------- */
/* What the account may do now; the answer's own object. */
HibNetResult hib_tiktok_creator(const HibNetContext *net, const HibGrant *grant,
                                HibNetCallKind kind, HibJson *ret);
/* The post as the account's list of public posts has it; *ret_found false: not in the newest 40. */
HibNetResult hib_tiktok_find_listed(const HibNetContext *net, const HibGrant *grant,
                                    HibNetSending *sending, bool *ret_found);
HibNetResult hib_tiktok_read_posts(const HibNetContext *net, const HibGrant *grant,
                                   const char *const *remote_ids, size_t n, HibNetReading *ret);
HibNetResult hib_tiktok_read_account(const HibNetContext *net, const HibGrant *grant,
                                     HibNetReading *ret);
HibNetResult hib_tiktok_read_options(const HibNetContext *net, const HibGrant *grant,
                                     const char **ret_json);
bool hib_tiktok_hook(HibArena *arena, const HibNetHookCall *call, HibNetHookAnswer *ret);
