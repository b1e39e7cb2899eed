/* Inside links/ only: the spool of clicks, an append-only file of fixed records.
 *
 * A record has its own checksum and its place is its identity, so a reader needs nothing but the file: it stops at the first record that is not whole, which is one whose reply never
 * left, or, where the machine lost its power, one that no sync had reached. A file is owned by the process that holds its lock; what a killed one left is anybody's who gets the lock.
 * Files are laid out in zeros beforehand: a sync writes no metadata, and a disk that is full is met between two files, not within one. */
#pragma once
#include "links/links.h"

#define HIB_CLICK_BYTES 96
#define HIB_SPOOL_HEAD 32
#define HIB_SPOOL_RECORDS ((8 << 20) / HIB_CLICK_BYTES)

typedef struct {
    uint8_t workspace[16], link[16], contact[16]; /* contact all zero: nobody */
    HibInstant at;
    int64_t id;
    uint64_t visitor;
    char network[12], language[4]; /* ended by zeros; "" where not known */
    uint8_t referrer, device;
    bool is_bot, is_flood;
} HibClick;

/* Pure. False: not a whole record. */
void hib_click_encode(const HibClick *click, uint8_t out[HIB_CLICK_BYTES]);
bool hib_click_decode(const uint8_t *bytes, size_t n, HibClick *ret);
void hib_click_key(const char *id, uint8_t out[16]);    /* of an id; zeros where it is none */
void hib_click_id(const uint8_t key[16], char out[37]); /* and back */

typedef struct HibSpool HibSpool;
/* Makes `folder`; opens no file yet. */
HibSpool *hib_spool_open(const char *folder, GError **error);
void hib_spool_close(HibSpool *spool); /* the files stay */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(HibSpool, hib_spool_close)
/* How many records the live file still takes; 0 where there is none. Any thread, as is appending. */
size_t hib_spool_room(HibSpool *spool);
/* Writes as many as there is room for; *ret_n of them are the kernel's then, which a killed process does not take along. False: INTERNAL links.spool (the disk's own words), and the
 * file takes no more. */
bool hib_spool_append(HibSpool *spool, const HibClick *clicks, size_t n, size_t *ret_n,
                      GError **error);
/* One thread makes files and syncs them: a new live file, after which the one before is synced and left behind; and what was appended so far brought to the disk. False: as above. */
bool hib_spool_begin(HibSpool *spool, GError **error);
bool hib_spool_sync(HibSpool *spool, GError **error);

/* A file to be taken into the store: the live one or one left behind. */
typedef struct {
    char *path, *name; /* the name is the key of links_spool */
    bool is_live;      /* ours, still written */
    int fd;            /* of one left behind: locked */
    uint32_t n_whole;  /* records that may be read now */
} HibSpoolFile;
/* The oldest first, ended by one without a path; those another process holds are left out. What a killed process had not laid out whole is removed. Any thread. */
HibSpoolFile *hib_spool_files(HibSpool *spool);
void hib_spool_files_free(HibSpoolFile *files);
/* At most `most` records from `from` on. Fewer: the end. */
size_t hib_spool_read(const HibSpoolFile *file, uint32_t from, HibClick *out, size_t most);
/* All of it is in the store: a file that is written no more goes. */
void hib_spool_drop(HibSpool *spool, const HibSpoolFile *file);
/* The live file is left behind, to be taken in and dropped. For the end. */
void hib_spool_leave(HibSpool *spool);
