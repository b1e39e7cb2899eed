/* Inside practice/ only: what the files of YouTube's face share. */
#pragma once
#include "practice/youtube_face.h"

#define YOUTUBE_SCOPE_ALL "https://www.googleapis.com/auth/youtube.force-ssl"
#define YOUTUBE_SCOPE_UPLOAD "https://www.googleapis.com/auth/youtube.upload"
#define YOUTUBE_SCOPE_REPORTS "https://www.googleapis.com/auth/yt-analytics.readonly"
#define YOUTUBE_UNITS_A_DAY 10000
#define YOUTUBE_UPLOADS_A_DAY 100

/* An upload on its way. */
typedef struct {
    char *account, *mime, *about; /* about: JSON of the video resource that came */
    char *sums;                   /* digests of the pieces so far */
    char *video;                  /* its id once all bytes are there; NULL */
    int64_t total, at;            /* total -1: not announced */
    HibInstant until;
    bool notifies;
} YoutubeSession;

typedef struct {
    GHashTable *sessions;  /* upload id → YoutubeSession */
    GHashTable *moderated; /* comment id → status, where it is not "published" */
    GHashTable *online;    /* accounts whose page was last walked without access_type=offline */
} YoutubeState;

/* --- youtube_face.c --- */
/* The account of the call, its units of the day's quota taken; `scopes`: any of these will do, with blanks. NULL after refusing. */
const HibPracticeAccount *hib_youtube_face_caller(HibPracticeCall *call, const char *scopes,
                                                  int64_t units);
bool hib_youtube_face_take_upload(HibPracticeCall *call); /* of the uploads of the day */
/* {"error": {code, message, errors: [{message, domain, reason}]}} */
void hib_youtube_face_error(HibPracticeCall *call, int status, const char *domain,
                            const char *reason, const char *message);
/* A list in the query: with commas, or the name again and again, as Google takes both. In the arena, ended by NULL. */
const char *const *hib_youtube_face_values(HibPracticeCall *call, const char *name);
/* Whether the parts asked for are among `known`, ended by NULL; false after refusing. */
bool hib_youtube_face_parts(HibPracticeCall *call, const char *const *known);
bool hib_youtube_face_has_part(HibPracticeCall *call, const char *part);
void hib_youtube_face_add_time(cJSON *out, const char *name, HibInstant at); /* whole seconds */
void hib_youtube_face_add_count(cJSON *out, const char *name, int64_t n);    /* as a text */
/* The network's own fields of a post, in the arena; never NULL. */
const cJSON *hib_youtube_face_extra(HibArena *arena, const HibPracticePost *post);
/* {kind, etag, pageInfo, items, nextPageToken}: the page of `items` (owned, all of them) that was asked for. */
void hib_youtube_face_list(HibPracticeCall *call, const char *kind, cJSON *items, int usual,
                           int most);
const char *hib_youtube_face_channel_title(HibPracticeCall *call, const char *channel);
int64_t hib_youtube_face_three_digits(int64_t n);           /* as subscribers are shown */
HibInstant hib_youtube_face_day_end(HibInstant at);         /* 00:00 on the Pacific coast */
const char *hib_youtube_face_new_id(HibPracticeCall *call); /* 11 characters */

/* --- youtube_face_video.c --- */
cJSON *hib_youtube_face_video_json(HibPracticeCall *call, const HibPracticePost *video);
/* A video somebody may see; NULL: none. `viewer` NULL: anybody. */
const HibPracticePost *hib_youtube_face_video(HibPracticeCall *call, const char *id,
                                              const HibPracticeAccount *viewer);
/* What is wrong with a video resource, with its reason; NULL: nothing. */
const char *hib_youtube_face_fault(const cJSON *about, const char **ret_reason);
/* The video comes into being. */
const HibPracticePost *hib_youtube_face_make(HibPracticeCall *call,
                                             const HibPracticeAccount *account, const cJSON *about,
                                             const char *sha256);
void hib_youtube_face_videos(HibPracticeCall *call);
void hib_youtube_face_update(HibPracticeCall *call);
void hib_youtube_face_delete(HibPracticeCall *call);
void hib_youtube_face_uploads(HibPracticeCall *call); /* playlistItems.list */
/* Answers who watched, by "ageGroup,gender" or "country"; false: with another metric. */
bool hib_youtube_face_viewers(HibPracticeCall *call, const HibPracticeAccount *account);
void hib_youtube_face_reports(HibPracticeCall *call);

/* --- youtube_others.c --- */
/* A channel nobody here owns, by its handle (without @) or its id; NULL: none. */
cJSON *hib_youtube_face_other(HibPracticeCall *call, const char *handle, const char *id);
/* Answers its uploads; false: there is no such channel. */
bool hib_youtube_face_other_uploads(HibPracticeCall *call, const char *channel, const char *list);
cJSON *hib_youtube_face_other_video(HibPracticeCall *call, const char *id); /* NULL: none */

/* --- youtube_face_upload.c --- */
void hib_youtube_face_session_free(void *session);
void hib_youtube_face_open(HibPracticeCall *call);
void hib_youtube_face_put(HibPracticeCall *call);
void hib_youtube_face_insert(HibPracticeCall *call);
void hib_youtube_face_thumbnail(HibPracticeCall *call);

/* --- youtube_face_comment.c --- */
int64_t hib_youtube_face_count_comments(HibPracticeCall *call, const HibPracticePost *video);
void hib_youtube_face_threads(HibPracticeCall *call);
void hib_youtube_face_comments(HibPracticeCall *call);
void hib_youtube_face_comment_new(HibPracticeCall *call); /* under a video or a comment */
void hib_youtube_face_comment_update(HibPracticeCall *call);
void hib_youtube_face_comment_delete(HibPracticeCall *call);
void hib_youtube_face_moderate(HibPracticeCall *call);
