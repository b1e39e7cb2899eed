/* Inside practice/ only: the state of the Bluesky face, and what its files share. Everything in HibFace is guarded by `lock`. */
#pragma once
#include "base/arena.h"
#include "base/error.h"
#include "base/json.h"
#include "base/secrets.h"
#include "practice/bluesky_face.h"
#include "practice/crowd.h"
#include "practice/face_late.h"
#include <inttypes.h>
#include <microhttpd.h>
#include <pthread.h>
#include <stdio.h>

#define FACE_POSTS "app.bsky.feed.post"

typedef struct {
    char rkey[14];
    char *text, *record, *cid, *topic; /* record: its JSON; topic NULL: none */
    HibInstant created_at, arrived_at;
    int graphemes, n_images;
} FacePost;

typedef struct {
    char *handle, *password, *display_name, *did;
    HibCrowd *crowd;
    GTree *posts; /* rkey → FacePost, oldest key first */
    int64_t n_tokens, stale_below,
        ended_below; /* numbers of tokens: below them access is stale, sessions are over */
    int64_t window, n_in_window,
        n_signs_in_window; /* calls in the rate window that began at `window` (s) */
} FaceAccount;

struct HibFace {
    pthread_mutex_t lock;
    struct MHD_Daemon *daemon;
    char *url;
    HibClock *clock;
    FaceAccount *accounts;
    size_t n_accounts;
    GHashTable *blobs;      /* cid → size as int64_t */
    GHashTable *pictured;   /* cid → seed of the picture the audience sent, as text */
    GHashTable *keys_ever;  /* "did rkey" → times it came into being */
    GHashTable *live_texts; /* "did\ntext" → live posts with it */
    HibFaceCounts counts;
    HibFaceFault fault;
    char *fault_method;
    HibSeeded dice;
    int64_t rate_limit;
    bool has_control;
    FILE *journal;
    struct FaceLate *late;
};

/* One call from its first byte to its answer. */
typedef struct {
    GString *body;
    bool is_too_large, is_ready, is_cut;
    int status;
    char *reply;         /* JSON */
    const void *picture; /* instead of it: a PNG that lives as long as the call; NULL: none */
    size_t n_picture;
    int64_t rate_limit, rate_remaining, rate_reset_s; /* limit 0: not said */
    int64_t rate_window_s;
    HibArena *arena;
    struct MHD_Connection *connection;
    const char *method; /* after /xrpc/, or the control path */
    bool is_post;
} FaceCall;

void hib_face_reply(FaceCall *call, int status, cJSON *owned);
void hib_face_refuse(FaceCall *call, int status, const char *code, const char *format, ...)
    G_GNUC_PRINTF(4, 5);

/* bluesky_state.c */
FaceAccount *hib_face_account(HibFace *face, const char *did_or_handle); /* NULL: unknown */
FacePost *hib_face_post(const FaceAccount *account, const char *rkey);   /* NULL: none */
void hib_face_state_open(HibFace *face, const HibFaceOptions *options);
void hib_face_state_close(HibFace *face);
typedef struct {
    const char *rkey, *text, *record, *topic;
    HibInstant created_at, arrived_at;
    int graphemes, n_images;
} FaceFacts;
/* Creates or changes; the same record again is no effect. Counts it. The post as it now is. */
const FacePost *hib_face_put(HibFace *face, FaceAccount *account, const FaceFacts *facts);
bool hib_face_delete(HibFace *face, FaceAccount *account, const char *rkey, HibInstant at);
/* "bafy…" of a record, "bafkrei…" of a blob. */
char *hib_face_cid(HibArena *arena, bool is_blob, const void *data, size_t n);

/* bluesky_journal.c */
bool hib_face_journal_open(HibFace *face, const char *path, GError **error); /* reads it first */
void hib_face_journal_put(HibFace *face, const FaceAccount *account, const FacePost *post);
void hib_face_journal_delete(HibFace *face, const FaceAccount *account, const char *rkey,
                             HibInstant at);

/* bluesky_token.c */
char *hib_face_token_new(HibFace *face, HibArena *arena, FaceAccount *account, bool is_refresh);
/* The account a call's bearer token opens; NULL after it refused the call. */
FaceAccount *hib_face_token_open(HibFace *face, FaceCall *call, bool is_refresh);

/* bluesky_record.c: what a real server refuses, it refuses. False after refusing the call. */
bool hib_face_record_read(HibFace *face, FaceCall *call, HibJson record, FaceFacts *ret);

/* bluesky_talk.c */
cJSON *hib_face_answer(HibFace *face, FaceCall *call, const char *key); /* NULL: there is none */
void hib_face_blob(HibFace *face, FaceCall *call, const char *cid);
/* bluesky_search.c: posts of the audience with a hashtag; a picture they show */
/* Others' accounts (bluesky_others.c). False: there is none of that name. */
bool hib_face_rival_profile(HibFace *face, FaceCall *call, const char *actor);
bool hib_face_rival_feed(HibFace *face, FaceCall *call, const char *actor, size_t most);
void hib_face_search(HibFace *face, FaceCall *call, FaceAccount *account, HibJson in);
void hib_face_picture(HibFace *face, FaceCall *call, FaceAccount *account, HibJson in);
cJSON *hib_face_tagged(HibFace *face, FaceCall *call, const char *rkey); /* NULL: none of these */
/* bluesky_people.c */
void hib_face_relationships(HibFace *face, FaceCall *call, FaceAccount *account, HibJson in);
void hib_face_reposted_by(HibFace *face, FaceCall *call, FaceAccount *account, HibJson in);
void hib_face_likes(HibFace *face, FaceCall *call, FaceAccount *account, HibJson in);
void hib_face_notifications(HibFace *face, FaceCall *call, FaceAccount *account, HibJson in);

/* bluesky_xrpc.c and bluesky_control.c: one call, under the lock. */
void hib_face_xrpc(HibFace *face, FaceCall *call);
void hib_face_control(HibFace *face, FaceCall *call);
void hib_face_set_fault(HibFace *face, const HibFaceFault *fault); /* under the lock */
