/* Inside networks/ only: the parts of the Bluesky connector that its files share. */
#pragma once
#include "base/error.h"
#include "base/json.h"
#include "networks/bluesky.h"

/* What a call does decides what a missing answer means. */
typedef enum {
    BLUESKY_SIGN_IN, /* createSession: a refusal is the person's to mend */
    BLUESKY_REFRESH, /* refreshSession: a refusal means the session is over */
    BLUESKY_READ,    /* no effect: always repeatable */
    BLUESKY_UPLOAD,  /* a blob nobody refers to has no effect anybody sees */
    BLUESKY_PUBLISH, /* the effect: an unknown outcome is read back first */
    BLUESKY_REMOVE,  /* removing what is gone is fine */
    BLUESKY_CALL_N
} BlueskyCall;

typedef enum {
    BLUESKY_ANSWERED,
    BLUESKY_NOT_SENT,
    BLUESKY_NO_ANSWER,
    BLUESKY_REFUSED_HERE
} BlueskyReach;

/* The class of an outcome. `status` and `code` count only for BLUESKY_ANSWERED; code "" when none. Pure. */
HibNetClass hib_bluesky_class(BlueskyCall call, BlueskyReach reach, int status, const char *code);

/* Fills everything of a result from an answer: class, code, message (cut, tokens blanked), rate window. */
HibNetResult hib_bluesky_result(HibArena *arena, BlueskyCall call, const HibHttpReply *reply,
                                HibInstant now);
/* The same where no answer came; takes what hib_http_do said. */
HibNetResult hib_bluesky_no_answer(HibArena *arena, BlueskyCall call, const GError *error);
/* A 2xx that cannot be understood. */
HibNetResult hib_bluesky_nonsense(HibNetResult said, BlueskyCall call, const char *what);

/* One XRPC call. `token` NULL: none; `body` NULL: none. *ret_in is the JSON object of a 2xx answer (value NULL otherwise). */
typedef struct {
    BlueskyCall kind;
    const char *method; /* "com.atproto.repo.putRecord" */
    const char *
        query; /* "a=b", escaped; NULL: none; a call without body is a GET, with `is_post` a POST */
    bool is_post;
    const char *token, *content_type;
    const void *body;
    size_t n_body;
    const HibHttpPart
        *content; /* one part instead of `body`: a picture or video, read as it is sent */
} BlueskyRequest;
HibNetResult hib_bluesky_call(const HibNetContext *net, const char *service,
                              const BlueskyRequest *request, HibJson *ret_in);

/* The post as its record (app.bsky.feed.post), as the JSON body of putRecord. Resolves mentions; OK or the result that stops us. */
HibNetResult hib_bluesky_record_body(const HibNetContext *net, const HibGrant *grant,
                                     const HibNetSending *sending, const char **ret_body);

/* "https://host[:port]" of what a person typed; NULL when it is no base URL we would send a password to. */
const char *hib_bluesky_service(const HibNetContext *net, const char *typed);
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
/* Whether the account's own server still has the record. */
HibNetResult hib_bluesky_has_record(const HibNetContext *net, const HibGrant *grant,
                                    const char *rkey, bool *ret_has);

#define BLUESKY_POSTS "app.bsky.feed.post"
