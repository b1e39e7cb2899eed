/* Inside practice/ only: what the framework's files share. Everything in HibPracticeFace is guarded by `lock`, which a thread may take
 * again, so that handlers call the same functions as tests. */
#pragma once
#include "base/arena.h"
#include "base/error.h"
#include "base/secrets.h"
#include "practice/face_late.h"
#include "practice/face_posts.h"
#include "practice/face_run.h"
#include <inttypes.h>
#include <microhttpd.h>
#include <pthread.h>
#include <stdio.h>

#define FACE_FAULTS 16
#define FACE_PATH_PARTS 24

typedef struct {
    HibPracticePost post; /* its texts are the face's own */
    int64_t serial;       /* order of arrival: tells posts of one instant apart */
    uint64_t key;         /* what the audience knows it by */
} FacePostRow;

typedef struct {
    HibPracticeAccount about;
    HibCrowd *crowd;
    GArray *heard; /* HibCrowdEvent that wait to be told; NULL: nobody listens */
    HibInstant heard_from;
    GTree *posts; /* FacePostRow by (at, serial), oldest first */
    HibPracticeCounts counts;
} FaceAccountRow;

typedef struct {
    int64_t used;
    HibInstant began_at;
    HibDuration length;
    bool is_quota; /* written down */
} FaceWindow;

struct HibPracticeFace {
    const HibPracticeNetwork *network;
    pthread_mutex_t lock;
    struct MHD_Daemon *daemon;
    char *url;
    HibClock *clock;
    HibInstant since;
    FaceAccountRow *accounts;
    size_t n_accounts;
    GHashTable *posts;      /* id → FacePostRow, owned */
    GHashTable *by_key;     /* the audience's key → FacePostRow */
    GHashTable *live_texts; /* what makes a duplicate → live posts with it */
    GHashTable *windows;    /* key → FaceWindow */
    HibPracticeCounts counts;
    HibPracticeFault faults[FACE_FAULTS];
    size_t n_faults;
    HibSeeded dice;
    uint64_t seed;
    int64_t serial, n_opened, n_ids;
    HibInstant last_id_at;
    bool has_limits, has_control, is_replaying;
    FILE *journal;
    struct FaceLate *late;
    struct FaceOauth *oauth;
    struct FaceHooks *hooks;
    char *hook_url;        /* NULL: nowhere */
    struct FaceTick *tick; /* NULL: nobody listens */
    void *state;           /* the network's own */
};

/* A value with its name, in a list that grows: fields of forms, headers of an answer. */
typedef struct {
    const char *name, *value;
} FacePair;

typedef struct FacePartIn FacePartIn; /* face_body.c: a part while it comes in */

struct FaceInside {
    struct MHD_Connection *connection;
    struct MHD_PostProcessor *forms; /* NULL: the body is no form */
    FacePartIn *body;
    GPtrArray *parts; /* FacePartIn of a form */
    GArray *params;   /* FacePair */
    GArray *headers;  /* FacePair of the answer */
    int64_t n_gathered;
    bool is_too_large, is_broken, is_ready, is_cut;
    int wait_ms;
    int status;
    const char *mime;
    const void *reply;
    size_t n_reply;
    bool is_control;
    const HibPracticeAccount *acts_for;
    HibPracticeFault fault; /* that this call meets */
};

/* face_body.c: what comes in. */
void hib_face_body_begin(HibPracticeCall *call);
void hib_face_body_more(HibPracticeCall *call, const char *data, size_t n);
void hib_face_body_end(HibPracticeCall *call); /* fills call->body, parts, json */
void hib_face_body_free(HibPracticeCall *call);

/* face_route.c */
const HibPracticeRoute *hib_face_route(HibPracticeCall *call, const HibPracticeRoute *routes,
                                       size_t n, const char *path);

/* face_faults.c */
HibPracticeFault hib_face_fault_take(HibPracticeCall *call); /* fault NONE: the call meets none */
bool hib_face_fault_hooks(HibPracticeFace *face,
                          HibFault which); /* whether the next webhook meets it */
void hib_face_faults_clear(HibPracticeFace *face);

/* face_state.c */
HibPracticeFace *hib_face_new(const HibPracticeNetwork *network, const HibPracticeOptions *options);
void hib_face_free(HibPracticeFace *face);
void hib_face_crowds_open(HibPracticeFace *face); /* anew, before any post is told */
FaceAccountRow *hib_face_account_row(HibPracticeFace *face, const char *id_or_handle);

/* face_posts.c */
bool hib_face_post_delete(HibPracticeFace *face, const char *id, HibInstant at);
GTree *hib_face_tree_new(void); /* FacePostRow by (at, serial) */
void hib_face_posts_open(HibPracticeFace *face);
void hib_face_posts_close(HibPracticeFace *face);

/* face_windows.c */
void hib_face_window_replay(HibPracticeFace *face, const char *key, int64_t n, HibInstant began_at,
                            HibDuration length);

/* face_journal.c */
bool hib_face_notes_open(HibPracticeFace *face, const char *path,
                         GError **error); /* reads it first */
void hib_face_note(HibPracticeFace *face, const char *op, cJSON *owned);
cJSON *hib_face_post_json(const HibPracticePost *post);

/* face_hook.c */
void hib_face_hooks_open(HibPracticeFace *face);
void hib_face_hooks_close(HibPracticeFace *face);

/* face_tick.c */
void hib_face_tick_start(HibPracticeFace *face); /* after everything else stands */
void hib_face_tick_stop(HibPracticeFace *face);

/* face_control.c */
void hib_face_control_run(HibPracticeCall *call);
