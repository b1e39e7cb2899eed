/* Inside networks/ only: the parts of the Bluesky connector that its files share. */
#pragma once
#include "base/json.h"
#include "networks/bluesky.h"
#include "networks/call.h"
#include "networks/network_optional.h"

/* The class of an answer; code "" when none. Pure. */
HibNetClass hib_bluesky_class(HibNetCallKind call, int status, const char *code);
/* The same with everything else of a result: code, message, rate window. */
void hib_bluesky_read(HibArena *arena, HibNetCallKind kind, const HibHttpReply *reply, HibJson json,
                      HibInstant now, HibNetResult *out);
#include "networks/rival.h"

/* One XRPC call. `token` NULL: none; `body` NULL: none. *ret_in is the JSON object of a 2xx answer (value NULL otherwise). */
typedef struct {
    HibNetCallKind kind;
    const char *method; /* "com.atproto.repo.putRecord" */
    const char *
        query; /* "a=b", escaped; NULL: none; a call without body is a GET, with `is_post` a POST */
    bool is_post;
    const char *token, *content_type;
    const void *body;
    size_t n_body;
    const HibHttpPart
        *content; /* one part instead of `body`: a picture or video, read as it is sent */
    int total_ms; /* 0: 30 s, with content 120 s */
} BlueskyRequest;
HibNetResult hib_bluesky_call(const HibNetContext *net, const char *service,
                              const BlueskyRequest *request, HibJson *ret_in);

/* The post as its record (app.bsky.feed.post), as the JSON body of putRecord. Resolves mentions; OK or the result that stops us. */
HibNetResult hib_bluesky_record_body(const HibNetContext *net, const HibGrant *grant,
                                     const HibNetSending *sending, const char **ret_body);

/* Uploads; *ret_blob (the caller's to delete) is unset on anything but OK. */
HibNetResult hib_bluesky_upload_blob(const HibNetContext *net, const HibGrant *grant,
                                     const HibNetMedia *media, cJSON **ret_blob);
/* The same for a video: the blob, or {"job": id} to ask about. */
HibNetResult hib_bluesky_upload_video(const HibNetContext *net, const HibGrant *grant,
                                      const HibNetMedia *media, cJSON **ret_entry);
HibNetResult hib_bluesky_ask_video(const HibNetContext *net, const HibGrant *grant, const char *job,
                                   cJSON **ret_blob);
/* The step of an answer: what the record of an answer must name (post and thread, each with the id of its content), into progress. */
HibNetResult hib_bluesky_parent(const HibNetContext *net, const HibGrant *grant,
                                HibNetSending *sending);
HibNetResult hib_bluesky_read_content(const HibNetContext *net, const HibGrant *grant,
                                      const char *content_id, HibNetContent *ret);
HibNetResult hib_bluesky_read_talk(const HibNetContext *net, const HibGrant *grant,
                                   const char *const *posts, const char *cursor, HibNetTalk **ret,
                                   size_t *ret_n, const char **ret_cursor);
HibNetResult hib_bluesky_read_rival(const HibNetContext *net, const HibGrant *grant,
                                    const char *who, HibInstant from, HibNetRival *ret);
HibNetResult hib_bluesky_search_tag(const HibNetContext *net, const HibGrant *grant,
                                    const char *tag, const char *cursor, HibNetTalk **ret,
                                    size_t *ret_n, const char **ret_cursor);
/* bluesky_people.c */
HibNetResult hib_bluesky_follows(const HibNetContext *net, const HibGrant *grant,
                                 const char *const *people, size_t n, HibNetDone *ret);
HibNetResult hib_bluesky_list_people(const HibNetContext *net, const HibGrant *grant,
                                     HibNetDeed deed, const char *post, const char *cursor,
                                     const char ***ret, size_t *ret_n, const char **ret_cursor);

/* The account's own server as its DID document names it; `fallback` when it does not. */
const char *hib_bluesky_pds(const HibNetContext *net, HibJson session, const char *fallback);
/* When a JWT ends; 0 when it does not say. */
HibInstant hib_bluesky_token_end(HibArena *arena, const char *token);

HibNetResult hib_bluesky_connect(const HibNetContext *net, const char *service, const char *handle,
                                 const char *password, HibGrant *ret);
HibNetResult hib_bluesky_refresh(const HibNetContext *net, const HibGrant *grant, HibGrant *ret);
HibNetResult hib_bluesky_read_posts(const HibNetContext *net, const HibGrant *grant,
                                    const char *const *remote_ids, size_t n, HibNetReading *ret);
HibNetResult hib_bluesky_read_account(const HibNetContext *net, const HibGrant *grant,
                                      HibNetReading *ret);
/* The record key of at://did/collection/rkey; NULL when it is not one of a post of `did`. */
const char *hib_bluesky_rkey(const HibGrant *grant, const char *remote_id);
/* Whether the account's own server still has the record; *ret_in (may be NULL) what it says of it. */
HibNetResult hib_bluesky_has_record(const HibNetContext *net, const HibGrant *grant,
                                    const char *rkey, bool *ret_has, HibJson *ret_in);

#define BLUESKY_POSTS "app.bsky.feed.post"
