/* Inside practice/ only: what the files of TikTok's face share. */
#pragma once
#include "practice/tiktok_face.h"

#define TIKTOK_PUBLIC "PUBLIC_TO_EVERYONE"
#define TIKTOK_ALONE "SELF_ONLY"

/* What a publish id speaks of: from init on. Kept over a restart, field by field. */
typedef struct {
    char *id, *account;
    char *medium; /* "video" "photo" */
    char *mode;   /* "direct" "inbox" */
    char *source; /* "FILE_UPLOAD" "PULL_FROM_URL" */
    char *text, *title, *privacy;
    char *upload_token; /* "": nothing is uploaded */
    char *digest;       /* of what came, or of the addresses */
    char *post_id;      /* "": none (yet) */
    char *fail_reason;  /* "": it does not fail */
    int64_t size, chunk, n_chunks, n_images;
    int64_t received, n_received;
    HibInstant began_at;
    HibInstant ready_at;  /* 0: bytes are missing */
    HibInstant public_at; /* moderated; 0: seen by chosen people only, never named */
    int64_t n_told;       /* webhooks sent */
} TiktokPublish;

/* What the person has set in the app, and what TikTok thinks of the client. */
typedef struct {
    bool is_unaudited, is_private, is_banned;
    bool has_no_comments, has_no_duet, has_no_stitch;
    HibDuration moderation;
} TiktokCreator;

typedef struct {
    GHashTable *publishes; /* id → TiktokPublish */
    GHashTable *uploads;   /* upload token → TiktokPublish, not owned */
    GPtrArray *untold;     /* TiktokPublish of which a webhook is still to be sent, not owned */
    TiktokCreator creator;
} TiktokState;

/* {"data", "error":{"code":"ok"}} with 200; `data` is taken over. */
void hib_tiktok_face_reply(HibPracticeCall *call, cJSON *data);
void hib_tiktok_face_say(HibPracticeCall *call, int status, const char *code, const char *message);
/* The account of the call, within `per_minute` calls of `what` a minute. NULL after refusing. */
const HibPracticeAccount *hib_tiktok_face_caller(HibPracticeCall *call, const char *scope,
                                                 const char *what, int64_t per_minute);

/* tiktok_face_publish.c: init, pieces, what becomes of them */
void hib_tiktok_face_creator(HibPracticeCall *call);
void hib_tiktok_face_video_init(HibPracticeCall *call);
void hib_tiktok_face_inbox_init(HibPracticeCall *call);
void hib_tiktok_face_content_init(HibPracticeCall *call);
void hib_tiktok_face_piece(HibPracticeCall *call);
void hib_tiktok_face_status(HibPracticeCall *call);

/* tiktok_face_check.c: whether TikTok takes it. False after refusing. */
bool hib_tiktok_face_check_info(HibPracticeCall *call, HibJson info, TiktokPublish *publish);
bool hib_tiktok_face_check_file(HibPracticeCall *call, HibJson source, TiktokPublish *publish);
bool hib_tiktok_face_check_photos(HibPracticeCall *call, HibJson source, TiktokPublish *publish);

/* tiktok_face_store.c: publishes kept, and told */
TiktokPublish *hib_tiktok_face_add(HibPracticeFace *face, TiktokPublish *owned);
void hib_tiktok_face_free(void *publish);
void hib_tiktok_face_keep(HibPracticeFace *face, const TiktokPublish *publish);
bool hib_tiktok_face_replay(HibPracticeFace *face, HibJson line);
void hib_tiktok_face_tell(HibPracticeFace *face); /* what is due */
void hib_tiktok_face_send(HibPracticeFace *face, HibArena *arena, const char *event,
                          const char *account, cJSON *content);

/* tiktok_face_read.c */
void hib_tiktok_face_user(HibPracticeCall *call);
void hib_tiktok_face_list(HibPracticeCall *call);
void hib_tiktok_face_query(HibPracticeCall *call);
