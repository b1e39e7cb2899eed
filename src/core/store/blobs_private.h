/* Inside store/ only: where blobs lie, and the steps that writing one whole or in pieces share. */
#pragma once
#include "store/blobs.h"

#define HIB_BLOB_DRAFTS "draft" /* the folder of drafts */

struct HibBlobs {
    char *directory;
};

bool hib_blob_is_name(const char *sha256);
char *hib_blob_folder(const HibBlobs *blobs, const char *sha256);
char *hib_blob_path(const HibBlobs *blobs, const char *sha256);
/* A file of that length is there; its time is now that of this moment. */
bool hib_blob_is_there(const HibBlobs *blobs, const char *path, int64_t n);
/* Makes the folder of `sha256`, calls for the rename of `temporary` into it and syncs what changed. Nothing stays when it fails. */
bool hib_blob_settle(const HibBlobs *blobs, const char *temporary, const char *sha256,
                     GError **error);
/* Sets INTERNAL store.disk_full or store.failed from errno; false. */
bool hib_blob_fail(const char *what, const char *path, GError **error);
bool hib_blob_missing(GError **error); /* NOT_FOUND store.blob_missing; false */
