/* Inside practice/ only: what the files of OAuth share. */
#pragma once
#include "practice/face_oauth.h"
#include "practice/face_private.h"

typedef struct {
    char *secret, *redirect_uris;
} FaceClient;

typedef struct {
    char *client_id, *redirect_uri, *challenge, *method, *scope;
    size_t account;
    HibInstant ends_at;
} FaceCode;

typedef struct {
    char *account, *client_id, *scope; /* account "": the app's */
    int64_t last_refresh; /* serial of the refresh token that counts; 0: none was given */
    bool is_over;
} FaceGrant;

struct FaceOauth {
    GHashTable *clients; /* id → FaceClient */
    GHashTable *codes;   /* code → FaceCode */
    GArray *grants;      /* FaceGrant; a grant's number is its place */
    int64_t serial, stale_below;
};

const HibPracticeOauth *hib_face_oauth_rules(const HibPracticeCall *call);
bool hib_face_redirect_ok(HibPracticeFace *face, const char *client_id, const char *uri);
char *hib_face_code_new(HibPracticeCall *call, FaceCode *owned);

void hib_face_oauth_open(HibPracticeFace *face);
void hib_face_oauth_close(HibPracticeFace *face);
bool hib_face_oauth_replay(HibPracticeFace *face, const char *op, HibJson in);
