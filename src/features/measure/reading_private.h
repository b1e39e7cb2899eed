/* Readings on their way into the store: what reading_store.c writes with, for taking back (back_store.c) too. */
#pragma once
#include "measure/measure_private.h"
#include "measure/part.h"
#include "measure/reading.sql.h"
#include "measure/rolling.h"

typedef struct {
    HibDb *db;
    HibZone *zone;
    HibRolling *rolling;
    HibParts *parts;
    GArray *packs;       /* HibSqlMeasurePackPutIn */
    GArray *posts;       /* HibSqlMeasurePostSetIn */
    GArray *owns;        /* HibSqlMeasureOwnSetIn */
    GHashTable *sources; /* account → slug of its network */
} HibWriting;

/* What a batch says of one subject by one source, with where the subject stands. */
typedef struct {
    const char *id, *source;
    HibSubject at;
    HibLabels labels; /* of a post */
    HibBytes days;    /* of a post, as they are stored */
    int64_t packs;
    const char *tail_source; /* NULL: none yet */
    HibBytes tail;
} HibTaking;

/* `zone` is the writing's own afterwards. */
void hib_writing_begin(HibWriting *w, HibDb *db, HibZone *zone);
void hib_writing_clear(HibWriting *w);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(HibWriting, hib_writing_clear)
/* Everything that was gathered, written; in the caller's transaction. */
bool hib_writing_flush(HibWriting *w, GError **error);
void hib_writing_published(HibWriting *w, const HibLabels *labels, const char *account,
                           HibInstant at);
/* One that an import had brought is taken out again. */
void hib_writing_unpublished(HibWriting *w, const HibLabels *labels, const char *account,
                             HibInstant at);
bool hib_writing_put_parts(HibWriting *w, const HibTaking *t, GError **error);
bool hib_writing_put(HibWriting *w, const HibTaking *t, GError **error);

bool hib_taking_open_post(HibWriting *w, HibTaking *t, GError **error);
bool hib_taking_open_own(HibWriting *w, HibTaking *t, GError **error);
/* All readings of the subject, in order; of one moment what was fetched last. */
bool hib_taking_read(HibDb *db, const char *subject, GArray *out, GError **error);
/* The same, and those that `source` did not tell; *ret_packs: the last pack of those, 0 when there is none. */
bool hib_taking_read_without(HibDb *db, const char *subject, const char *source, GArray *ret_all,
                             GArray *ret_left, int64_t *ret_packs, GError **error);
/* The subject as before its first reading; and all of them taken, or taken out (-1). */
void hib_taking_reset(HibSubject *s);
void hib_taking_take(HibWriting *w, HibSubject *s, const GArray *readings, int sign);
