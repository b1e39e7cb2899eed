/* A network behind one interface. A connector is pure protocol: it builds requests, reads answers and says what they mean. It knows no
 * database, no schedule, no clock but the one given; base URLs come from the caller, so that each can be pointed at a test server.
 *
 * What changes often (limits, lifetimes, quotas) is data in rules/networks/NAME.json, dated and with its source. Every call ends in
 * one HibNetResult; its class, never the HTTP status alone, decides what happens next (research: retry classes). */
#pragma once
#include "base/arena.h"
#include "base/time.h"
#include "http/client.h"
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
    HIB_NET_WAIT_ASYNC,   /* accepted, not finished: ask again at retry_at */
    HIB_NET_NEW_HANDLE,   /* the handle expired before any effect: start over with a new one */
    HIB_NET_QUOTA,        /* daily or monthly quota is used up until retry_at */
    HIB_NET_FIX_CONTENT,  /* the network refuses this content: a person must change it */
    HIB_NET_BLOCKED,      /* spam or policy: pause the account, alert */
    HIB_NET_FATAL,        /* the network's answer makes no sense or is a final no */
} HibNetClass;

typedef struct {
    HibNetClass class;
    HibInstant retry_at; /* 0: not known */
    int http_status;     /* 0: no answer */
    const char *code;    /* the network's own error code ("InvalidSwap"), "" when none */
    const char
        *message; /* the network's own text, cut to 500 bytes, "" when none; never holds a token */
    int64_t remaining;   /* calls left in the rate window as the network says; -1: not said */
    HibInstant reset_at; /* when that window ends; 0: not said */
} HibNetResult;
const char *hib_net_class_name(HibNetClass class); /* "retry_after" … as in the contract */

/* What opens the account: kept sealed by accounts/, given to each call in the clear. */
typedef struct {
    const char *service;   /* base URL of the server the account lives on */
    const char *remote_id; /* the network's stable id of the account (did:plc:…) */
    const char *handle, *display_name, *avatar_url;
    const char *access, *refresh;
    HibInstant access_expires_at, refresh_expires_at; /* 0: not known */
} HibGrant;

typedef struct {
    const char *mime, *alt, *sha256; /* alt "" when none */
    const void *data;
    size_t n;
    int width, height; /* 0: not known */
} HibNetImage;

typedef struct {
    const char *text;         /* UTF-8, NFC */
    const char *const *langs; /* BCP 47, ended by NULL; NULL: none */
    const HibNetImage *images;
    size_t n_images;
    HibInstant
        created_at; /* what the post says; fixed when the delivery was prepared, so that a repeat is identical */
} HibNetPost;

typedef struct {
    const char *remote_id; /* at://… */
    const char *url;       /* where a person opens it */
} HibNetPublished;

typedef struct {
    const char *
        metric; /* "likes" "reposts" "replies" "quotes" "saves" "followers" … (field's standard names) */
    int64_t value;
} HibNetMetric;
typedef struct {
    const char *remote_id;
    bool is_gone; /* the network no longer has it */
    HibNetMetric metrics[12];
    size_t n_metrics;
} HibNetReading;

/* Limits as the network counts them; built in from rules/networks/NAME.json (tools/netlimits.py). */
typedef struct {
    int max_graphemes, max_bytes, max_images, max_alt_graphemes;
    int64_t max_image_bytes;
    const char *const *image_types; /* ended by NULL */
    const char *source, *as_of;     /* where the numbers stand and when they were read */
} HibNetLimits;

/* How a text counts on the network: what the composer shows beside the limit. */
typedef struct {
    int graphemes, bytes;
    bool is_over;
} HibNetCount;

typedef struct HibNetContext {
    HibHttp *http;
    HibArena *arena;
    HibClock *clock;
    bool may_be_private; /* the service URL comes from our own configuration, not from a person */
    bool
        may_lead_private; /* and so may where a service's answer leads: whoever owns the account wrote that, even where the service is ours */
} HibNetContext;

typedef struct HibNetwork HibNetwork;
struct HibNetwork {
    const char *name;  /* "bluesky" */
    const char *title; /* "Bluesky" */
    const HibNetLimits *(*limits)(void);
    HibNetCount (*count)(const char *text);

    /* Signs in with what a person typed. `service` may be NULL: the network's own. *ret in the arena. */
    HibNetResult (*connect)(const HibNetContext *net, const char *service, const char *handle,
                            const char *password, HibGrant *ret);
    /* *ret: the whole new grant; the caller stores it before it is used. Unset on anything but OK. */
    HibNetResult (*refresh)(const HibNetContext *net, const HibGrant *grant, HibGrant *ret);

    /* A fresh write-ahead handle (Bluesky: a TID record key): stored before the effect, and the effect is identified by it. */
    const char *(*new_handle)(const HibNetContext *net);
    /* Uploads one image; *ret_ref is opaque text to store (a finished step is not repeated). */
    HibNetResult (*upload)(const HibNetContext *net, const HibGrant *grant,
                           const HibNetImage *image, const char **ret_ref);
    /* Publishes under `handle`. image_refs: one per image, from upload. Harmless to repeat with the same handle and content where the
     * network allows it; when not, an unknown outcome is RECONCILE. */
    HibNetResult (*publish)(const HibNetContext *net, const HibGrant *grant, const char *handle,
                            const HibNetPost *post, const char *const *image_refs,
                            HibNetPublished *ret);
    /* Looks whether `handle` took effect. OK with *ret_found. */
    HibNetResult (*find)(const HibNetContext *net, const HibGrant *grant, const char *handle,
                         const HibNetPost *post, bool *ret_found, HibNetPublished *ret);
    HibNetResult (*remove)(const HibNetContext *net, const HibGrant *grant, const char *remote_id);

    /* Up to 25 posts at once; readings in the order asked. */
    HibNetResult (*read_posts)(const HibNetContext *net, const HibGrant *grant,
                               const char *const *remote_ids, size_t n, HibNetReading *ret);
    HibNetResult (*read_account)(const HibNetContext *net, const HibGrant *grant,
                                 HibNetReading *ret);

    /* Where a person opens the account's profile; in the arena. NULL: the network has none (then the service's address is shown). */
    const char *(*profile_url)(HibArena *arena, const char *remote_id, const char *handle);
};

extern const HibNetwork *const hib_networks[];        /* ended by NULL */
const HibNetwork *hib_network_find(const char *name); /* NULL: not built */
