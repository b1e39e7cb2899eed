/* Inside networks/ only: the parts of the YouTube connector that its files share. */
#pragma once
#include "networks/audience.h"
#include "networks/call.h"
#include "networks/rival.h"
#include "networks/youtube.h"
#include "networks/youtube_limits.h"

/* The class of an answer of the API; `reason` as in error.errors[0].reason, or OAuth's error. Pure. */
HibNetClass hib_youtube_class(HibNetCallKind kind, int status, const char *reason);
/* The same of an upload session. Pure. */
HibNetClass hib_youtube_session_class(HibNetCallKind kind, int status, const char *reason);
void hib_youtube_read(HibArena *arena, HibNetCallKind kind, const HibHttpReply *reply, HibJson json,
                      HibInstant now, HibNetResult *out);
void hib_youtube_read_session(HibArena *arena, HibNetCallKind kind, const HibHttpReply *reply,
                              HibJson json, HibInstant now, HibNetResult *out);
/* When the quotas of a day begin anew: midnight on the Pacific coast. */
HibInstant hib_youtube_quota_reset(HibInstant now);

const char *hib_youtube_base(const HibNetContext *net, const char *service);
/* GET of the Data API; `path` with its query. */
HibNetResult hib_youtube_get(const HibNetContext *net, const HibGrant *grant, const char *path,
                             HibJson *ret);
/* POST or PUT of JSON; frees `body`. */
HibNetResult hib_youtube_send(const HibNetContext *net, const HibGrant *grant, HibNetCallKind kind,
                              const char *method, const char *path, cJSON *body, HibJson *ret);
/* The first of "items"; value NULL: there is none. */
HibJson hib_youtube_first(HibJson list);

const char *hib_youtube_authorize_url(const HibNetContext *net, const char *service,
                                      const char *redirect_uri, const char *state,
                                      const char *verifier);
HibNetResult hib_youtube_exchange(const HibNetContext *net, const char *service,
                                  const char *redirect_uri, const char *code, const char *verifier,
                                  HibGrant **ret_grants, size_t *ret_n);
HibNetResult hib_youtube_refresh(const HibNetContext *net, const HibGrant *grant, HibGrant *ret);

/* --- publishing (youtube_upload.c, youtube_comment.c, youtube_edit.c) --- */
HibNetStep hib_youtube_next_step(const HibNetSending *sending);
HibNetResult hib_youtube_upload(const HibNetContext *net, const HibGrant *grant,
                                HibNetSending *sending);
HibNetResult hib_youtube_find_upload(const HibNetContext *net, const HibGrant *grant,
                                     HibNetSending *sending, bool *ret_found);
HibNetResult hib_youtube_comment(const HibNetContext *net, const HibGrant *grant,
                                 HibNetSending *sending);
HibNetResult hib_youtube_find_comment(const HibNetContext *net, const HibGrant *grant,
                                      HibNetSending *sending, bool *ret_found);
HibNetResult hib_youtube_edit(const HibNetContext *net, const HibGrant *grant,
                              const char *remote_id, const HibNetPost *post, HibNetPublished *ret);
bool hib_youtube_check(const HibNetPost *post, const char **ret_reason, const char **ret_pointer);
/* Where an answer leads an upload: only to Google itself, or the practice network. NULL: anywhere else. */
const char *hib_youtube_session_url(const HibNetContext *net, const HibGrant *grant,
                                    const char *location);
/* What the video is said to be: {snippet, status, paidProductPlacementDetails}. */
cJSON *hib_youtube_video(HibArena *arena, const HibNetPost *post);
bool hib_youtube_flag(HibArena *arena, const HibNetPost *post, const char *name, bool otherwise);
/* 11 characters; what is longer is a comment. */
bool hib_youtube_is_video(const char *remote_id);
/* Letters, digits, - _ and . only. */
bool hib_youtube_is_id(const char *remote_id);

/* --- reading (youtube_read.c, youtube_talk.c, youtube_hook.c) --- */
HibNetResult hib_youtube_read_posts(const HibNetContext *net, const HibGrant *grant,
                                    const char *const *remote_ids, size_t n, HibNetReading *ret);
HibNetResult hib_youtube_read_account(const HibNetContext *net, const HibGrant *grant,
                                      HibNetReading *ret);
HibNetResult hib_youtube_read_audience(const HibNetContext *net, const HibGrant *grant,
                                       HibNetAudience *ret);
HibNetResult hib_youtube_read_talk(const HibNetContext *net, const HibGrant *grant,
                                   const char *const *posts, const char *cursor, HibNetTalk **ret,
                                   size_t *ret_n, const char **ret_cursor);
HibNetResult hib_youtube_search_tag(const HibNetContext *net, const HibGrant *grant,
                                    const char *tag, const char *cursor, HibNetTalk **ret,
                                    size_t *ret_n, const char **ret_cursor);
HibNetResult hib_youtube_read_rival(const HibNetContext *net, const HibGrant *grant,
                                    const char *who, HibInstant from, HibNetRival *ret);
bool hib_youtube_hook(HibArena *arena, const HibNetHookCall *call, HibNetHookAnswer *ret);

/* "YYYY-MM-DD" of the day on the Pacific coast. */
const char *hib_youtube_day(HibArena *arena, HibInstant at);
