/* Inside engage/ only: what is stored together.
 *
 * What was said becomes rows of one statement each, without a look back; a thread is read once, changed here as often as somebody says one thing more in it, and written once. What needs
 * the store to know all that came before (our own words, an edit, something taken away, a comment that those under it came before) has the batch written first. */
#pragma once
#include "engage/desk.h"
#include "engage/engage_private.h"
#include "engage/talk.sql.h"

typedef struct {
    HibThreadNow now; /* as it is with all that was said until here */
    const char *key;
    const char *last_text;   /* its beginning; NULL: nothing was said since it was read */
    HibSqlThreadAddIn *made; /* NULL: it was there before */
} HibThreadState;

typedef struct {
    HibDb *db;
    const char *account, *network;
    HibSla *sla;
    GArray *rows;          /* of HibSqlTalkAddIn */
    GArray *files;         /* of what came with some of them: HibTalkBatchFiles */
    GHashTable *remotes;   /* ids at the network of the rows → id of their thread */
    GHashTable *parents;   /* what the rows answer */
    GHashTable *threads;   /* key → HibThreadState */
    GHashTable *ids;       /* id → the same */
    GPtrArray *order;      /* the same, as they came */
    GHashTable *uncounted; /* ids of threads to count when all is written; in the arena */
} HibTalkBatch;
typedef struct {
    const char *talk;
    const HibNetAttachment *rows;
    size_t n;
} HibTalkBatchFiles;
void hib_talk_batch_init(HibTalkBatch *batch, HibDb *db, const char *account, const char *network,
                         HibSla *sla);
void hib_talk_batch_clear(HibTalkBatch *batch);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(HibTalkBatch, hib_talk_batch_clear)

/* A thread that is in the store, or (`now` NULL) one that begins with this under `id`. */
HibThreadState *hib_talk_batch_thread(HibTalkBatch *batch, const char *key, const HibThreadNow *now,
                                      const HibNetTalk *talk, const char *id, const char *text,
                                      const HibTalkReading *reading);
/* The thread of something somebody else said: known here, or looked up; NULL in *ret: it begins one, under *ret_key. */
bool hib_talk_batch_place(HibTalkBatch *batch, const HibNetTalk *talk, HibThreadState **ret,
                          const char **ret_key, GError **error);
/* Somebody else said one thing more. False: it is not the last of its thread, which must be counted. */
bool hib_talk_batch_tell(HibTalkBatch *batch, HibThreadState *thread, const HibNetTalk *talk,
                         const char *id, const char *text, const HibTalkReading *reading);
void hib_talk_batch_add(HibTalkBatch *batch, const HibNetTalk *talk, const char *id,
                        const char *thread, const char *text, const HibTalkReading *reading);
/* Writes all of it; the batch is empty then. */
bool hib_talk_batch_write(HibTalkBatch *batch, GError **error);
/* Counted, and opened, when all is written. */
void hib_talk_batch_count_later(HibTalkBatch *batch, const char *thread);
