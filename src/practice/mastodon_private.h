/* Inside practice/ only: what the files of Mastodon's face share. */
#pragma once
#include "practice/mastodon_face.h"

#define MASTODON_CHARACTERS 500
#define MASTODON_MEDIA 4
#define MASTODON_IMAGE_BYTES (16 * 1024 * 1024)
#define MASTODON_VIDEO_BYTES (99 * 1024 * 1024)

typedef struct {
    char *account, *mime, *description, *sha256;
    HibInstant ready_at;
    bool fails, is_used;
} MastodonMedium;

typedef struct {
    char *status_id;
    HibInstant at;
} MastodonKey;

typedef struct {
    GHashTable *media; /* id → MastodonMedium */
    GHashTable *keys;  /* "account key" → MastodonKey: Idempotency-Key of the last hour */
} Mastodon;

/* The account of the call, its 300 calls in five minutes counted. NULL after refusing. */
const HibPracticeAccount *hib_masto_face_caller(HibPracticeCall *call, const char *scope);
/* An attachment of the account; NULL: not there, or another's. */
MastodonMedium *hib_masto_face_own_medium(HibPracticeCall *call, const HibPracticeAccount *account,
                                          const char *id);

/* mastodon_json.c: what accounts and the instance look like */
typedef struct {
    const char *id, *handle, *name;
    int64_t followers, statuses;
} MastodonPerson;
cJSON *hib_masto_face_person_json(HibPracticeCall *call, const MastodonPerson *person);
cJSON *hib_masto_face_account_json(HibPracticeCall *call, const HibPracticeAccount *account);
/* With what only the account itself sees. */
cJSON *hib_masto_face_own_account_json(HibPracticeCall *call, const HibPracticeAccount *account);
void hib_masto_face_instance(HibPracticeCall *call);
cJSON *hib_masto_face_medium_json(const char *id, const MastodonMedium *medium, bool is_ready);

void hib_masto_face_add_time(cJSON *out, const char *name, HibInstant at);
const char *hib_masto_face_html(HibArena *arena, const char *text); /* "<p>…</p>" */
/* The own post that `status_id` is, or under which it is an answer of the audience; NULL: neither. */
const HibPracticePost *hib_masto_face_answered(HibPracticeCall *call, const char *status_id);

cJSON *hib_masto_face_answer_json(HibPracticeCall *call,
                                  const char *status_id); /* NULL: there is none */

/* Handlers: mastodon_media.c, mastodon_status.c, mastodon_talk.c. */
void hib_masto_face_lookup(HibPracticeCall *call);
/* Others' accounts (mastodon_others.c); false: none has that id. */
bool hib_masto_face_rival(HibPracticeCall *call, const char *id);
bool hib_masto_face_rival_statuses(HibPracticeCall *call, const char *id, size_t most);
void hib_masto_face_notifications(HibPracticeCall *call);
void hib_masto_face_conversations(HibPracticeCall *call);
void hib_masto_face_tag(HibPracticeCall *call);
/* mastodon_people.c */
void hib_masto_face_relationships(HibPracticeCall *call);
void hib_masto_face_reblogged_by(HibPracticeCall *call);
void hib_masto_face_favourited_by(HibPracticeCall *call);
const char *hib_masto_face_somebody_id(HibArena *arena, const char *handle); /* of the audience */
void hib_masto_face_picture(HibPracticeCall *call);
/* It is one of the posts a search for a hashtag finds. */
bool hib_masto_face_is_tagged(HibPracticeCall *call, const char *status_id);
void hib_masto_face_show_statuses(HibPracticeCall *call);
void hib_masto_face_upload_media(HibPracticeCall *call);
void hib_masto_face_show_media(HibPracticeCall *call);
void hib_masto_face_create_status(HibPracticeCall *call);
void hib_masto_face_show_status(HibPracticeCall *call);
void hib_masto_face_edit_status(HibPracticeCall *call);
void hib_masto_face_delete_status(HibPracticeCall *call);
void hib_masto_face_account_statuses(HibPracticeCall *call);
