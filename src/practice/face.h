/* A face: one practice network's HTTP server on loopback. The framework here reads calls, finds their route, meets faults, keeps
 * posts, counts every effect and remembers over a restart; a network brings its routes, its own words and its own state.
 *
 * The one idea: a handler runs alone (under the face's lock), acts at once and replies; whatever happens to the answer afterwards is a
 * fault's business. So an effect is counted exactly when it happened, and a test can prove that a post came out once.
 * All functions may be called from any thread and from handlers. docs/adding.md, "A face", shows one. Posts and
 * counts: face_posts.h; starting and faults: face_run.h; OAuth: face_oauth.h; webhooks: face_hook.h. */
#pragma once
#include "base/json.h"
#include "base/time.h"
#include "practice/audience.h"
#include "practice/fault.h"
#include <glib.h>
#include <stdbool.h>

typedef struct HibPracticeFace HibPracticeFace;
typedef struct HibPracticeCall HibPracticeCall;

/* --- a network: what one file fills ---------------------------------------------------------------------- */
typedef enum {
    HIB_PRACTICE_EFFECT = 1,  /* a reader sees what it does: 2xx answers are counted as n_effects */
    HIB_PRACTICE_UPLOAD = 2,  /* 2xx answers are counted as n_uploads */
    HIB_PRACTICE_NO_FAULT = 4 /* pages for people: faults pass by */
} HibPracticeRouteFlags;

typedef struct {
    const char *verb; /* "GET"; "*": any */
    const char *
        path; /* "/2/tweets/{id}"; a last "{name*}" takes the rest. The first row that fits answers */
    const char *
        step; /* what it is in a post's life ("upload" "publish" "status" "token" …): names it for faults and counts */
    void (*run)(HibPracticeCall *call);
    unsigned flags;
} HibPracticeRoute;

/* Why the framework itself says no; each network says it in its own words and status. */
typedef enum {
    HIB_REFUSE_NO_ROUTE,      /* 404 */
    HIB_REFUSE_BAD_REQUEST,   /* 400 malformed */
    HIB_REFUSE_TOO_LARGE,     /* 413 */
    HIB_REFUSE_NO_TOKEN,      /* 401 none, or none of ours */
    HIB_REFUSE_EXPIRED_TOKEN, /* refreshing helps */
    HIB_REFUSE_ENDED_GRANT,   /* only reconnecting helps */
    HIB_REFUSE_SCOPE,         /* 403 the grant does not reach so far */
    HIB_REFUSE_RATE,          /* 429; call->rate says which window */
    HIB_REFUSE_QUOTA,         /* day's or month's; call->rate too */
    HIB_REFUSE_CONTENT,       /* the content is refused */
    HIB_REFUSE_ERROR,         /* 500 */
    HIB_REFUSE_N
} HibPracticeRefusal;

typedef struct {
    int64_t limit, used; /* limit 0: no window */
    HibInstant resets_at;
    HibDuration length;
} HibPracticeWindow;

typedef struct {
    const char *id;     /* the network's stable id */
    const char *handle; /* what a person knows it by */
    const char *name, *password;
    int64_t followers; /* on the first day */
} HibPracticeAccount;

typedef struct HibPracticeOauth HibPracticeOauth;         /* face_oauth.h */
typedef struct HibPracticeHappening HibPracticeHappening; /* face_posts.h */

typedef struct {
    const char *name, *title;
    const HibPracticeOauth *oauth; /* NULL: usual lifetimes */
    const HibPracticeRoute *routes;
    size_t n_routes;
    /* The id and handle that account number `i` has here (both in the arena); the rest of *account is filled. NULL: as they are. */
    void (*account)(HibArena *arena, size_t i, HibPracticeAccount *account);
    /* The network's own state; NULL: none. Opened before the journal is read. */
    void *(*open)(HibPracticeFace *face);
    void (*close)(void *state);
    /* Reads back one line of hib_practice_note. False: it is damaged. */
    bool (*replay)(HibPracticeFace *face, HibJson line);
    /* Answers a refusal in the network's own words. Not NULL. */
    void (*refuse)(HibPracticeCall *call, HibPracticeRefusal why, const char *message);
    /* Adds the network's rate headers from call->rate to any answer; NULL: it has none. */
    void (*rate_headers)(HibPracticeCall *call);
    /* Control of its own under /practice/own/…; NULL: none. */
    const HibPracticeRoute *controls;
    size_t n_controls;
    /* Something the audience did a moment ago (webhooks, notifications); never what it did before this start. NULL: nobody listens. */
    void (*happened)(HibPracticeFace *face, const HibPracticeHappening *what);
} HibPracticeNetwork;

extern const HibPracticeNetwork *const hib_practice_networks[];   /* ended by NULL; networks.c */
const HibPracticeNetwork *hib_practice_network(const char *name); /* NULL: none */

/* --- a call ------------------------------------------------------------------------------------------------ */
#define HIB_PRACTICE_BODY_MAX (64 * 1024 * 1024) /* more is HIB_REFUSE_TOO_LARGE */
#define HIB_PRACTICE_KEPT                                                                          \
    (1024 * 1024) /* bytes kept of a body or part; JSON and forms are kept whole up to 8 MiB */

/* Bytes that came: all are counted and hashed, the head is kept. */
typedef struct {
    const char *name, *file_name, *mime; /* of a multipart part; "" when not said */
    const char *head;                    /* NUL-terminated */
    size_t n_head;
    int64_t size;
    const char *sha256; /* hex */
} HibPracticePart;

struct HibPracticeCall {
    HibPracticeFace *face;
    HibArena *arena; /* lives until the answer is out */
    const HibPracticeRoute *route;
    const char *verb, *path; /* path decoded, without query */
    HibPracticePart body;    /* mime: the Content-Type without parameters */
    HibJson json;            /* value NULL: the body is no JSON object or array */
    const HibPracticePart *
        parts; /* of a form, urlencoded or multipart: fields and files in order, repeated names too */
    size_t n_parts;
    HibPracticeWindow rate;
    struct FaceInside *inside;
};

const char *hib_practice_param(const HibPracticeCall *call,
                               const char *name); /* {name} of the path */
const char *hib_practice_query(const HibPracticeCall *call, const char *name); /* NULL: absent */
const char *hib_practice_query_at(const HibPracticeCall *call, const char *name,
                                  int i); /* the i-th of a name */
const char *hib_practice_form(const HibPracticeCall *call, const char *name); /* a form's field */
/* Query, form or JSON member of the top level (text, number, boolean as text), in this order: what Meta takes anywhere. */
const char *hib_practice_field(const HibPracticeCall *call, const char *name);
const char *hib_practice_header_in(const HibPracticeCall *call, const char *name);
const HibPracticePart *hib_practice_part(const HibPracticeCall *call, const char *name);
/* "bytes 0-1048575/4194304" of Content-Range, or "bytes * /N" (without the blank; then from = to = -1). False: absent or malformed. */
bool hib_practice_content_range(const HibPracticeCall *call, int64_t *ret_from, int64_t *ret_to,
                                int64_t *ret_total);

/* One answer a call; the last one said counts. `owned` is freed. */
void hib_practice_json(HibPracticeCall *call, int status, cJSON *owned);
void hib_practice_text(HibPracticeCall *call, int status, const char *mime, const char *text);
/* `bytes` live as long as the answer. */
void hib_practice_bytes(HibPracticeCall *call, int status, const char *mime, const void *bytes,
                        size_t n);
/* The same, copied into the answer. */
void hib_practice_content(HibPracticeCall *call, int status, const char *mime, GBytes *bytes);
void hib_practice_empty(HibPracticeCall *call, int status);
void hib_practice_redirect(HibPracticeCall *call, int status, const char *url);
void hib_practice_header(HibPracticeCall *call, const char *name, const char *format, ...)
    G_GNUC_PRINTF(3, 4);
void hib_practice_refuse(HibPracticeCall *call, HibPracticeRefusal why, const char *format, ...)
    G_GNUC_PRINTF(3, 4);

/* Takes `n` of a window that begins with its first use; false after refusing (HIB_REFUSE_RATE or _QUOTA, call->rate filled). Quotas
 * are remembered over a restart. Always true, and unlimited, where the face runs without limits. */
bool hib_practice_take(HibPracticeCall *call, HibPracticeRefusal why, const char *key,
                       int64_t limit, HibDuration length, int64_t n);
HibPracticeWindow hib_practice_window(HibPracticeFace *face, const char *key, int64_t limit,
                                      HibDuration length); /* without taking */
/* Gives back what a refused call took. */
void hib_practice_give_back(HibPracticeFace *face, const char *key, int64_t n);

/* When something processed from now on is ready: `usual` later, longer with HIB_FAULT_SLOW. *ret_fails: HIB_FAULT_PROCESSING_FAILED. */
HibInstant hib_practice_ready_at(HibPracticeCall *call, HibDuration usual, bool *ret_fails);

/* --- the face as a handler sees it -------------------------------------------------------------------------- */
void *hib_practice_state(HibPracticeFace *face);
HibInstant hib_practice_now(HibPracticeFace *face);
const char *hib_practice_url(const HibPracticeFace *face); /* "http://127.0.0.1:PORT" */
/* By id or handle; NULL: unknown. */
const HibPracticeAccount *hib_practice_account(HibPracticeFace *face, const char *id_or_handle);
const HibPracticeAccount *hib_practice_account_at(HibPracticeFace *face,
                                                  size_t i); /* NULL: no more */
/* A new id, 18 or 19 digits, ascending by time, never twice, not after a restart either. */
const char *hib_practice_id(HibPracticeCall *call);
/* Keeps a line of the network's own over a restart: replay gets it back, in order. */
void hib_practice_note(HibPracticeFace *face, cJSON *owned);
