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
const HibPracticeAccount *hib_mastodon_caller(HibPracticeCall *call, const char *scope);
/* An attachment of the account; NULL: not there, or another's. */
MastodonMedium *hib_mastodon_own_medium(HibPracticeCall *call, const HibPracticeAccount *account,
                                        const char *id);
cJSON *hib_mastodon_account_json(HibPracticeCall *call, const HibPracticeAccount *account);
cJSON *hib_mastodon_medium_json(const char *id, const MastodonMedium *medium, bool is_ready);

/* Handlers: mastodon_media.c, mastodon_status.c. */
void hib_mastodon_upload_media(HibPracticeCall *call);
void hib_mastodon_show_media(HibPracticeCall *call);
void hib_mastodon_create_status(HibPracticeCall *call);
void hib_mastodon_show_status(HibPracticeCall *call);
void hib_mastodon_edit_status(HibPracticeCall *call);
void hib_mastodon_delete_status(HibPracticeCall *call);
void hib_mastodon_account_statuses(HibPracticeCall *call);
