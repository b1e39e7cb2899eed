/* Inside media/ only: heads of pictures, the children, looking and fitting. */
#pragma once
#include "base/json.h"
#include "media/media.h"
#include "media/worker/pdq.h"
#include "media/worker/work.h"

/* --- image.c: what a file says about itself, by its head alone ------------------------------------------------------------- */
typedef enum {
    HIB_IMAGE_NONE,  /* nothing we know, or damaged */
    HIB_IMAGE_OTHER, /* an image of a type that is not taken (SVG, BMP, TIFF) */
    HIB_IMAGE_JPEG,
    HIB_IMAGE_PNG,
    HIB_IMAGE_WEBP,
    HIB_IMAGE_GIF,
    HIB_IMAGE_HEIC, /* its size is the child's to tell, and that of what follows */
    HIB_IMAGE_AVIF,
    HIB_IMAGE_MP4, /* no image: a video */
    HIB_IMAGE_WEBM,
} HibImageType;

typedef struct {
    HibImageType type;
    int width,
        height; /* as shown: turned as EXIF says; 1..HIB_IMAGE_SIDE; 0 where the head does not say */
} HibImageFacts;

#define HIB_IMAGE_SIDE 65535

/* Reads the header of `n` bytes. Never reads beyond them, decodes nothing, allocates nothing. Thread-safe. */
HibImageFacts hib_image_read(const unsigned char *data, size_t n);
/* By the first bytes only, where the rest is not in memory. */
HibImageType hib_image_type(const unsigned char *data, size_t n);
const char *hib_image_mime(HibImageType type); /* NULL for NONE and OTHER */
HibImageType hib_image_type_of(const char *mime);
const char *hib_image_extension(const char *mime); /* "jpg"; "bin" when not ours */

/* --- child.c: one piece of work in a child process -------------------------------------------------------------------------- */
typedef struct {
    const HibWork *work;
    int in, out;     /* out -1: nothing is made */
    int deadline_ms; /* of the wall */
    /* Every second or so, with progress 0..1; false: stop, INVALID media.cancelled. May be NULL. */
    bool (*on_progress)(double progress, void *data);
    void *data;
} HibChildTask;
/* A file in memory that holds these bytes, for a child to read or write; -1 with errno. The caller closes it. */
int hib_child_memory(const void *data, size_t n);
/* The child's reply, checked. INVALID media.damaged (what it says, or that it crashed), media.too_large_to_decode, media.took_too_long,
 * media.fit_… ; BUSY media.stopping when the program ends; INTERNAL media.no_worker. */
bool hib_child_run(struct HibMediaWorkers *workers, const HibChildTask *task, HibWorkReply *reply,
                   GError **error);
/* A place among those that run at once; false: none within `wait_ms`, or no workers (NULL). `is_long`: transcoding, which may not take all places. */
bool hib_media_workers_take(struct HibMediaWorkers *workers, bool is_long, int wait_ms);
void hib_media_workers_give(struct HibMediaWorkers *workers, bool is_long);
bool hib_media_workers_is_stopping(struct HibMediaWorkers *workers);

/* --- media_store.c ----------------------------------------------------------------------------------------------------------- */
typedef struct {
    const char *sha256, *name;
    int64_t bytes;
    HibImageType type;
    int width, height;
} HibMediaContent;
/* The row of content that is in the blobs, and the job that looks at it. */
bool hib_media_insert(HibDb *db, const HibMediaContent *content, HibMedia **ret, GError **error);
bool hib_media_looked(HibDb *db, const char *media, const HibMediaFacts *facts,
                      const char *thumb_sha256, const HibWorkReply *reply, GError **error);
bool hib_media_failed(HibDb *db, const char *media, const char *reason, GError **error);
bool hib_media_forget(HibDb *db, const char *media, GError **error);
/* for the sweep: does a row of any workspace name the blob? `db`: a global one. */
bool hib_media_is_used(const char *sha256, void *db, bool *ret_used, GError **error);
/* The blob of a media or a READY rendition; refused as hib_media_open says. */
bool hib_media_find_content(HibDb *db, const char *id, const char **ret_sha256, GError **error);
bool hib_media_public_mime(HibDb *db, const char *workspace, const char *sha256, const char **ret,
                           GError **error);
HibMediaKind hib_media_kind_from(const char *name);
HibMediaState hib_media_state_from(const char *name);

/* In the order of `ids`, which `joined` are end to end; NULL where there is none. */
bool hib_media_many(HibDb *db, const char *const *ids, const char *joined, size_t n, HibMedia **ret,
                    GError **error);

/* --- card.c: pure ------------------------------------------------------------------------------------------------------------- */
/* Tidied, each once, in order, ended by NULL. */
const char *const *hib_card_tags(HibArena *arena, const char *const *tags, size_t n, size_t *ret_n);
/* Tidied and checked; INVALID media.bad_day, media.too_many_tags. */
bool hib_card_take(HibArena *arena, const HibMediaCard *in, HibMediaCard *ret, GError **error);
/* All that is searched, folded. */
const char *hib_card_words(HibArena *arena, const char *name, const HibMediaCard *card);

/* card_store.c: writes what is searched of one that came before there was a search. */
bool hib_card_index(HibDb *db, const HibMedia *media, GError **error);

/* --- alike.c: what looks alike --------------------------------------------------------------------------------------------------- */
#define HIB_MEDIA_COMPARE "media.compare"
/* Keeps what the child said (text NULL: nothing; quality -1: it could not look), and the job that compares. */
bool hib_alike_keep(HibDb *db, const char *media, const char *text, int64_t quality,
                    GError **error);
/* With all of the workspace. Twice is harmless. */
bool hib_alike_compare(HibDb *db, const char *media, GError **error);
bool hib_alike_forget(HibDb *db, const char *media, GError **error);
#define HIB_MEDIA_HASHES "media.hashes" /* the job; twice: the second finds fewer */
bool hib_alike_run_hashes(HibDb *db, const HibJob *job, void *context, HibJobEnd *ret_end,
                          HibInstant *ret_at, GError **error);

/* --- look.c: what the child sees in a file ------------------------------------------------------------------------------------- */
#define HIB_MEDIA_LOOK "media.look"
#define HIB_MEDIA_FIT "media.fit"
#define HIB_MEDIA_LOOK_AFTER (30 * HIB_SECOND) /* the one who uploads looks first */
/* Content that is in the blobs already; `name` as the person's file was called. */
bool hib_media_add_blob(HibDb *db, const HibServices *services, const char *sha256,
                        const char *name, HibMedia **ret, GError **error);
/* Only the hash of a READY one: for what came before there were hashes. */
bool hib_media_hash(HibDb *db, const HibServices *services, const char *media, GError **error);
HibMediaFacts hib_media_facts_of(HibArena *arena, const HibWorkReply *reply, int64_t bytes);
/* Looks at a WORKING media and writes what came of it; others are left alone. `is_first`: the person waits for it: a refused file leaves no row and is the error, and where all
 * children are busy the job does it later. */
bool hib_media_look(HibDb *db, const HibServices *services, const char *media, bool is_first,
                    HibMedia **ret, GError **error);

/* --- rendition_store.c, fit.c ----------------------------------------------------------------------------------------------------- */
/* The row of a wish, and the job where it is a new one. */
bool hib_rendition_begin(HibDb *db, const HibMedia *media, const HibMediaSpec *spec,
                         const HibWork *work, HibRendition **ret, GError **error);
bool hib_rendition_spec(HibDb *db, const char *rendition, HibMediaSpec *ret, GError **error);
bool hib_rendition_list(HibDb *db, const char *media, HibRendition ***ret, size_t *ret_n,
                        GError **error);
bool hib_rendition_ready(HibDb *db, const char *rendition, const HibMediaFacts *facts,
                         const char *sha256, GError **error);
/* FAILED with `why`, or CANCELLED. One that is no longer WORKING stays as it is. */
bool hib_rendition_end(HibDb *db, const char *rendition, HibMediaState state, const GError *why,
                       GError **error);
bool hib_rendition_progress(HibDb *db, const char *rendition, double progress, bool *ret_is_wanted,
                            GError **error);
bool hib_media_run_fit(HibDb *db, const HibJob *job, void *context, HibJobEnd *ret_end,
                       HibInstant *ret_at, GError **error); /* the job */

/* --- fits.c, plan_fit.c, spec.c: rules, pure ------------------------------------------------------------------------------------ */
const char *hib_media_bytes_text(HibArena *arena, int64_t bytes);
const char *hib_media_seconds_text(HibArena *arena, int64_t ms);
bool hib_media_allows(const char *const *list, size_t most,
                      const char *name);                      /* an empty list: all */
bool hib_media_is_wanted_otherwise(const HibMediaSpec *spec); /* cut, cropped, or only its cover */
typedef struct {
    int x, y, width, height;
} HibMediaPart;
/* The part that is used at all, in pixels: all of it where the spec says none. */
HibMediaPart hib_media_part(const HibMediaFacts *facts, const HibMediaSpec *spec);
/* What the child is to do; INVALID media.fit_… with details `actual` and `limit` where nothing can help. */
bool hib_media_plan_fit(const HibMediaFacts *facts, const HibMediaSpec *spec, HibArena *arena,
                        HibWork *ret, int *ret_deadline_ms, GError **error);
const char *hib_media_spec_print(const HibMediaSpec *spec,
                                 HibArena *arena); /* JSON, always the same for the same spec */
bool hib_media_spec_parse(const char *json, HibArena *arena, HibMediaSpec *ret, GError **error);

/* --- upload.c: large files, part by part ---------------------------------------------------------------------------------------- */
typedef struct {
    const char *id, *name, *sha256; /* sha256: announced; NULL: not */
    int64_t bytes, received;
    HibInstant created_at, touched_at;
} HibUpload;
/* TOO_LARGE media.too_large; TOO_MANY media.too_many_uploads; INTERNAL store.disk_full when it could not fit. */
bool hib_upload_begin(HibDb *db, const HibServices *services, const char *name, int64_t bytes,
                      const char *sha256, HibUpload **ret, GError **error);
bool hib_upload_get(HibDb *db, const char *upload, HibUpload **ret,
                    GError **error); /* NOT_FOUND media.unknown_upload */
/* Parts come in order. One that is there already is not written again. CONFLICT media.upload_gap when bytes before it are missing, INVALID media.upload_part when it is empty, too
 * large or beyond the announced end. */
bool hib_upload_put(HibDb *db, const HibServices *services, const char *upload, int64_t offset,
                    GBytes *part, HibUpload **ret, GError **error);
/* CONFLICT media.upload_unfinished, INVALID media.upload_damaged (another SHA-256 than announced: begin anew), and what hib_media_add refuses. */
bool hib_upload_finish(HibDb *db, const HibServices *services, const char *upload, HibMedia **ret,
                       GError **error);
bool hib_upload_cancel(HibDb *db, const HibServices *services, const char *upload, GError **error);
bool hib_uploads_drop_old(HibDb *db, HibInstant until, GError **error); /* on a global db */

/* public.c: what a signed link opens; NOT_FOUND media.unknown for all that is wrong. `db`: a global one. */
bool hib_media_public_open(HibDb *db, const HibServices *services, const char *token,
                           const char **ret_sha256, const char **ret_mime, GError **error);

extern const HibJobKind hib_media_jobs[]; /* media_jobs.c */
