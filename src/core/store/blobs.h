/* Blobs: content-addressed files beside the database: blobs/ab/cd…, named by SHA-256. Written to a temporary name, synced, renamed: a
 * crash leaves no half file under a good name. The same content is kept once for all workspaces; who may read it is decided by
 * the row that names it (media), never by the hash alone. Thread-safe. */
#pragma once
#include "base/arena.h"
#include "base/time.h"
#include <glib.h>
#include <stdbool.h>

typedef struct HibBlobs HibBlobs;
HibBlobs *hib_blobs_open(const char *directory,
                         GError **error); /* made with mode 0700 when missing */
void hib_blobs_close(HibBlobs *blobs);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(HibBlobs, hib_blobs_close)
/* INTERNAL, store.disk_full when it does not fit; nothing stays. *ret_sha256: 64 hex characters in the arena. */
bool hib_blobs_put(HibBlobs *blobs, HibArena *arena, const void *data, size_t n,
                   const char **ret_sha256, GError **error);
/* NOT_FOUND store.blob_missing; CORRUPT store.blob_damaged when the content does not match its name. */
GBytes *hib_blobs_get(HibBlobs *blobs, const char *sha256, GError **error);

/* Removes what was last put before `before` and is not used, and what writers that died left behind. The time is the file's: `before` is of the
 * real clock, and a grace of a day is the caller's to give, since a blob is put before the row that names it. */
typedef bool (*HibBlobUsed)(const char *sha256, void *data, bool *ret_used, GError **error);
bool hib_blobs_sweep(HibBlobs *blobs, HibInstant before, HibBlobUsed is_used, void *data,
                     int64_t *ret_n, GError **error);
