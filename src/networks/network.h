/* A network behind one interface. A connector is pure protocol: it builds requests, reads answers and says what they mean. It knows no
 * database, no schedule, no clock but the one given; base URLs come from the caller, so that each can be pointed at a test server.
 *
 * Publishing is a row of steps. The connector says which step comes next (pure, from the post and what is done so far) and runs exactly
 * that one; what it learnt is text the caller stores before the next. A finished step is never repeated. Each step is one of three
 * kinds: PREPARE (nobody sees it; repeating is harmless), EFFECT (the post may be public after it: stored as dispatched before the
 * call, an unknown outcome is read back with `find`, never repeated blindly), CONFIRM (accepted; asks until the network has it out).
 *
 * What changes often (limits, lifetimes, quotas, prices) is data in rules/networks/NAME.json, dated and with its source: limits.h. Every
 * call ends in one HibNetResult; its class, never the HTTP status alone, decides what happens next (research: retry classes). */
#pragma once
#include "base/arena.h"
#include "base/time.h"
#include "http/client.h"
#include "networks/limits.h"
#include "networks/talk.h"
#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

typedef enum {
    HIB_NET_OK,
    HIB_NET_RETRY_SAME,   /* nothing happened, or repeating is harmless: same handle, back-off */
    HIB_NET_RETRY_AFTER,  /* rate limit: not before retry_at */
    HIB_NET_RECONCILE,    /* the effect is unknown: read back, never repeat blindly */
    HIB_NET_REFRESH_AUTH, /* access token is stale: refresh once, then the same call */
    HIB_NET_REAUTH_HUMAN, /* only a person can reconnect the account */
    HIB_NET_WAIT_ASYNC,   /* accepted, not finished: the same step again at retry_at */
    HIB_NET_NEW_HANDLE, /* container, session or upload expired before any effect: start over from the first step */
    HIB_NET_QUOTA,       /* daily or monthly quota is used up until retry_at */
    HIB_NET_FIX_CONTENT, /* the network refuses this content: a person must change it */
    HIB_NET_BLOCKED,     /* spam or policy: pause the account, alert */
    HIB_NET_FATAL,       /* the network's answer makes no sense or is a final no */
} HibNetClass;

typedef struct {
    HibNetClass class;
    HibInstant retry_at; /* 0: not known */
    int http_status;     /* 0: no answer */
    const char *code;    /* the network's own error code ("InvalidSwap"), "" when none */
    const char *message; /* its own text, cut to 500 bytes, "" when none; never holds a token */
    int64_t remaining;   /* calls left in the rate window as the network says; -1: not said */
    HibInstant reset_at; /* when that window ends; 0: not said */
} HibNetResult;
const char *hib_net_class_name(HibNetClass class); /* "retry_after" … as in the contract */

/* --- accounts ------------------------------------------------------------------------------------------------------------- */
/* The developer app a person registered with the network (Mastodon: made by itself, one an instance). */
typedef struct {
    const char *client_id, *client_secret; /* secret "" for a public client */
} HibNetApp;

/* What opens the account: kept sealed by accounts/, given to each call in the clear. */
typedef struct {
    /* service: base URL of the server the account lives on; a network's default_service, or a practice network.
     * remote_id: the network's stable id of the account (did:plc:…, page id, channel's bot id). */
    const char *service, *remote_id;
    const char *handle, *display_name, *avatar_url;
    const char *access, *refresh; /* refresh "" where the network has none */
    const char *extra; /* "" or the connector's own JSON (kind of login, bot id …); sealed too */
    HibInstant access_expires_at, refresh_expires_at; /* 0: not known, or never */
} HibGrant;

/* How an account is connected. Same order as the contract. */
typedef enum {
    HIB_NET_AUTH_PASSWORD, /* handle and app password (Bluesky) */
    HIB_NET_AUTH_OAUTH,    /* the person is sent to the network and comes back with a code */
    HIB_NET_AUTH_CHANNEL,  /* an id and a secret copied from the network's console (LINE) */
} HibNetAuth;

typedef struct HibNetContext {
    HibHttp *http;
    HibArena *arena;
    HibClock *clock;
    const HibNetApp *app; /* NULL: the network needs none */
    bool may_be_private;  /* the service URL comes from our own configuration, not from a person */
    bool
        may_lead_private; /* and so may where a service's answer leads, which the account's owner wrote */
} HibNetContext;

/* --- what is published ------------------------------------------------------------------------------------------------------ */
typedef enum { HIB_NET_IMAGE, HIB_NET_GIF, HIB_NET_VIDEO } HibNetMediaKind;

/* One picture or video, fitted to the network already. */
typedef struct HibNetMedia {
    HibNetMediaKind kind;
    const char *mime, *alt, *sha256; /* alt "" when none */
    int64_t bytes, duration_ms;
    int width, height; /* 0: not known */
    /* Copies up to n bytes from `offset` into `into`; how many, 0 at the end, -1 on a failure. Never the whole of a video at once. */
    int64_t (*read)(void *source, int64_t offset, void *into, size_t n);
    void *source;
    const char *
        url; /* where the network may fetch it for the next hours; NULL: this instance cannot be reached from outside */
    const char *preview_url; /* a JPEG of a video, same way; NULL: none */
    int64_t cover_ms;        /* the frame that stands for a video; -1: the network chooses */
} HibNetMedia;

/* One concept, mapped to each network's own flags. */
typedef struct {
    bool is_advertising; /* paid by somebody else: #PR, paid partnership */
    bool is_own_brand;   /* promotes one's own business (TikTok: "your brand") */
    bool is_ai_made;
} HibNetDisclosure;

typedef struct {
    HibNetFormat format;
    const char *text;         /* UTF-8, NFC; "" for none */
    const char *title;        /* videos; NULL: none */
    const char *const *langs; /* BCP 47, ended by NULL; NULL: none */
    const HibNetMedia *media;
    size_t n_media;
    HibNetDisclosure disclosure;
    const char *
        options; /* JSON object of the network's own choices, named as in rules/networks/NAME.json "options" ({"privacy":"public","topic":"珈琲"}); NULL: none */
    const char *
        reply_to; /* remote id of what this answers (a post: the next of a thread, or a comment on it; a comment); NULL: nothing */
    const char *reply_root; /* remote id of the thread's first post; NULL: same as reply_to */
    const char *
        recipient; /* HIB_FORMAT_MESSAGE: user or conversation; HIB_FORMAT_NARROWCAST: the audience; NULL */
    const char *reply_token; /* LINE: answers for free while it lives; NULL */
    const HibNetLimits *
        limits; /* of the account, from limits_of; NULL: those of the network. Counting and checking follow them */
    HibInstant
        created_at; /* what the post says; fixed when the delivery was prepared, so that a repeat is identical */
} HibNetPost;

typedef struct {
    const char *remote_id; /* at://… */
    const char *url;       /* where a person opens it; "" where nobody can (a LINE message) */
} HibNetPublished;

typedef enum { HIB_NET_STEP_PREPARE, HIB_NET_STEP_EFFECT, HIB_NET_STEP_CONFIRM } HibNetStepKind;
typedef struct {
    HibNetStepKind kind;
    const char
        *name;  /* static: "upload" "container" "process" "publish" "confirm"; for the timeline */
    int at, of; /* 2 of 4; 0, 0 for a single one */
} HibNetStep;

/* A post on its way. The caller keeps handle and progress; both are stored before the step that needs them. */
typedef struct {
    const char *handle; /* write-ahead handle, from new_handle */
    const char *
        progress; /* JSON object, at most HIB_NET_PROGRESS_BYTES; "{}" at the start. run_step puts what is to be stored here */
    const HibNetPost *post;
    const char *const *
        taken; /* remote ids known to be other posts of this account, ended by NULL; NULL: none. `find` never returns one */
    HibInstant sent_at; /* when the effect step was first called; 0: never */
    bool is_done;       /* set by run_step: nothing is left to do, `published` is set */
    HibNetPublished published;
} HibNetSending;
#define HIB_NET_PROGRESS_BYTES 65536

typedef struct HibNetwork HibNetwork;
struct HibNetwork {
    const char *name;  /* "bluesky" */
    const char *title; /* "Bluesky" */
    HibNetAuth auth;
    bool has_service; /* the person names the server (Bluesky, Mastodon) */
    bool needs_url;   /* media are fetched by the network from this instance */
    bool can_remove, can_reply, can_message;
    int free_reply_s; /* a reply token answers for free so long; 0: there is none */
    bool find_sends;  /* `find` repeats the call under its handle (LINE): never while held */
    bool
        find_shows; /* `find` also does what is left with the post's media (YouTube's thumbnail), where their bytes are at hand */
    const HibNetLimits *(*limits)(void);
    /* What holds for one account where its server sets other limits than the rest (Mastodon), from its grant's `extra`; in the arena. NULL:
     * limits() hold for all. Never NULL when called: what it does not know is as in limits(). */
    const HibNetLimits *(*limits_of)(HibArena *arena, const char *extra);

    /* --- connecting: those of its `auth` kind are set ------------------------------------------------ */
    /* Makes an app at the instance where that is possible (Mastodon); NULL: the person registers one by hand. */
    HibNetResult (*register_app)(const HibNetContext *net, const char *service,
                                 const char *redirect_uri, HibNetApp *ret);
    /* Where the person is sent. `verifier`: 43..128 unreserved characters, kept by the caller; the challenge is made of it. */
    const char *(*authorize_url)(const HibNetContext *net, const char *service,
                                 const char *redirect_uri, const char *state, const char *verifier);
    /* The code that came back → the accounts it opens (a person may have several pages), in the arena. */
    HibNetResult (*exchange)(const HibNetContext *net, const char *service,
                             const char *redirect_uri, const char *code, const char *verifier,
                             HibGrant **ret_grants, size_t *ret_n);
    /* Signs in with what a person typed (PASSWORD, CHANNEL). `service` may be NULL: the network's own. *ret in the arena. */
    HibNetResult (*connect)(const HibNetContext *net, const char *service, const char *handle,
                            const char *password, HibGrant *ret);
    /* *ret: the whole new grant; the caller stores it before it is used. Unset on anything but OK. NULL: grants never end. */
    HibNetResult (*refresh)(const HibNetContext *net, const HibGrant *grant, HibGrant *ret);

    /* --- publishing: see the top ---------------------------------------------------------------------- */
    /* A fresh write-ahead handle (Bluesky: record key; LINE: retry key; Mastodon: Idempotency-Key; others: a random id of ours). */
    const char *(*new_handle)(const HibNetContext *net);
    HibNetStep (*next_step)(const HibNetSending *sending); /* pure; never called once done */
    HibNetResult (*run_step)(const HibNetContext *net, const HibGrant *grant,
                             HibNetSending *sending);
    /* Whether the effect of `sending` is there. OK with *ret_found (and sending->published); WAIT_ASYNC while the network still works on it.
     * Not found counts only after limits()->settling_ms. */
    HibNetResult (*find)(const HibNetContext *net, const HibGrant *grant, HibNetSending *sending,
                         bool *ret_found);
    HibNetResult (*remove)(const HibNetContext *net, const HibGrant *grant, const char *remote_id);
    /* Hides what somebody said under an own post, or shows it again; twice is once. NULL: the network cannot. */
    HibNetResult (*hide)(const HibNetContext *net, const HibGrant *grant, const char *remote_id,
                         bool is_hidden);
    /* Replaces the text; some give it a new id. NULL: the network cannot. */
    HibNetResult (*edit)(const HibNetContext *net, const HibGrant *grant, const char *remote_id,
                         const HibNetPost *post, HibNetPublished *ret);
    /* What the usual checks (networks/check.h) do not know; NULL: nothing. False with *ret_reason ("post.option_missing") and a pointer. Pure. */
    bool (*check)(const HibNetPost *post, const char **ret_reason, const char **ret_pointer);

    /* --- reading ---------------------------------------------------------------------------------------- */
    size_t max_read; /* remote ids one read_posts takes */
    HibNetResult (*read_posts)(const HibNetContext *net, const HibGrant *grant,
                               const char *const *remote_ids, size_t n, HibNetReading *ret);
    HibNetResult (*read_account)(const HibNetContext *net, const HibGrant *grant,
                                 HibNetReading *ret);
    /* Newest talk since `cursor` (NULL: the last days), oldest first, with the cursor to go on from. `posts`: remote ids of own recent
     * posts, ended by NULL, for networks whose comments are read post by post. NULL: the network only sends it (LINE). */
    HibNetResult (*read_talk)(const HibNetContext *net, const HibGrant *grant,
                              const char *const *posts, const char *cursor, HibNetTalk **ret,
                              size_t *ret_n, const char **ret_cursor);
    /* What is left; NULL: the network does not say. */
    HibNetResult (*read_quota)(const HibNetContext *net, const HibGrant *grant, HibNetQuota ret[8],
                               size_t *ret_n);
    /* How much of a quota (*ret_quota: "messages") the post takes where price.h says -1, from what read_options said: shown and reserved
     * before it is scheduled. -1: not known. Pure. NULL: price.h knows it. */
    int64_t (*estimate)(HibArena *arena, const HibNetPost *post, const char *options_json,
                        const char **ret_quota);
    /* What the network's own choices are for this account (TikTok creator_info, LINE audiences), as a JSON object; NULL: nothing to ask. */
    HibNetResult (*read_options)(const HibNetContext *net, const HibGrant *grant,
                                 const char **ret_json);
    /* What an attachment's `content_id` leads to, into a file (content.h). WAIT_ASYNC: not ready. NULL: attachments have addresses. */
    HibNetResult (*read_content)(const HibNetContext *net, const HibGrant *grant,
                                 const char *content_id, HibNetContent *ret);
    /* Name and picture of somebody a webhook named by id only; into author_name and url of *ret. NULL: webhooks say it. */
    HibNetResult (*read_author)(const HibNetContext *net, const HibGrant *grant,
                                const char *author_id, HibNetTalk *ret);
    /* Says where webhooks of this account go and has it tried; FIX_CONTENT: not reached, or they go elsewhere (left so). NULL: by hand. */
    HibNetResult (*set_hook)(const HibNetContext *net, const HibGrant *grant, const char *url);
    /* NULL: no webhooks. Pure: checks the signature, reads the events. False: not understood (400). */
    bool (*hook)(HibArena *arena, const HibNetHookCall *call, HibNetHookAnswer *ret);
    /* Where a person opens the account's profile; in the arena. NULL: the network has none (then the service's address is shown). */
    const char *(*profile_url)(HibArena *arena, const char *remote_id, const char *handle);
};

extern const HibNetwork *const hib_networks[];        /* ended by NULL */
const HibNetwork *hib_network_find(const char *name); /* NULL: not built */

HibNetCount hib_net_count(const HibNetwork *network, HibNetFormat format, const char *text);
/* The limits that hold for an account; `extra` of its grant, NULL: not known. */
const HibNetLimits *hib_net_limits_of(HibArena *arena, const HibNetwork *network,
                                      const char *extra);
