/* Blobs: content-addressed files beside the database: blobs/ab/cd…, named by SHA-256. Written to a temporary name, synced, renamed: a
 * crash leaves no half file under a good name. The same content is kept once for all workspaces; who may read it is decided by
 * the row that names it (media), never by the hash alone. Thread-safe. */
#pragma once
#include "base/arena.h"
#include "base/secrets.h"
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

/* --- in pieces ------------------------------------------------------------------------------------------------------------ */
/* A blob on its way in: a file under a temporary name. With `name` ([a-z0-9-]) the same draft is found again, after a restart too; NULL: a fresh
 * one. Not opened again for a day, it is swept. */
typedef struct HibBlobDraft HibBlobDraft;
HibBlobDraft *hib_blob_draft_open(HibBlobs *blobs, const char *name, GError **error);
int hib_blob_draft_fd(const HibBlobDraft *draft);
int64_t hib_blob_draft_size(const HibBlobDraft *draft);
/* Writes at `at` and cuts off what was beyond; true: on disk. INTERNAL store.disk_full: the bytes before `at` are unharmed. */
bool hib_blob_draft_write(HibBlobDraft *draft, int64_t at, const void *data, size_t n,
                          GError **error);
/* Gives it its good name. `sum`: of its content where it was hashed on the way, NULL: it is read once more. The draft is gone then. */
bool hib_blob_draft_keep(HibBlobDraft *draft, const HibSha256 *sum, HibArena *arena,
                         const char **ret_sha256, int64_t *ret_n, GError **error);
void hib_blob_draft_drop(HibBlobDraft *draft);  /* removes the file; close it still */
void hib_blob_draft_close(HibBlobDraft *draft); /* NULL is fine; the file stays */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(HibBlobDraft, hib_blob_draft_close)

/* A blob read in pieces. Read from start to end it is hashed on the way: the last piece fails with CORRUPT store.blob_damaged when the
 * content does not match its name. One thread at a time. */
typedef struct HibBlobReader HibBlobReader;
HibBlobReader *hib_blob_reader_open(HibBlobs *blobs, const char *sha256, GError **error);
int64_t hib_blob_reader_size(const HibBlobReader *reader);
int hib_blob_reader_fd(const HibBlobReader *reader); /* the reader's: dup it to keep it */
/* At most `n` bytes from `at`; *ret_n 0: the end. */
bool hib_blob_reader_read(HibBlobReader *reader, int64_t at, void *out, size_t n, size_t *ret_n,
                          GError **error);
void hib_blob_reader_close(HibBlobReader *reader); /* NULL is fine */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(HibBlobReader, hib_blob_reader_close)

/* Removes what was last put before `before` and is not used, and what writers that died left behind. The time is the file's: `before` is of the
 * real clock, and a grace of a day is the caller's to give, since a blob is put before the row that names it. */
typedef bool (*HibBlobUsed)(const char *sha256, void *data, bool *ret_used, GError **error);
bool hib_blobs_sweep(HibBlobs *blobs, HibInstant before, HibBlobUsed is_used, void *data,
                     int64_t *ret_n, GError **error);
