/* Media: pictures, animations and videos of a workspace, and versions of them that fit what a network takes.
 *
 * The content is a blob named by its SHA-256 (core/store); the row says whose it is, what it is, how large. Foreign bytes are decoded in a child
 * process only (worker.h), which has no network, no files, and limits on time and memory; here a small bounded parser reads the heads of
 * pictures. A media is `working` until the child has looked at it, then `ready` or `failed`; publishing waits for the first and refuses the last. */
#pragma once
#include "api.gen.h"
#include "http/call.h"
#include "http/services.h"
#include "media/kept.h"
#include "store/feature.h"

extern const HibFeature hib_media;

typedef enum { HIB_MEDIA_IMAGE, HIB_MEDIA_GIF, HIB_MEDIA_VIDEO } HibMediaKind;
typedef enum {
    HIB_MEDIA_WORKING,
    HIB_MEDIA_READY,
    HIB_MEDIA_FAILED,
    HIB_MEDIA_CANCELLED
} HibMediaState;
const char *hib_media_kind_name(HibMediaKind kind);    /* "image", "gif", "video" */
const char *hib_media_state_name(HibMediaState state); /* "working" … */

/* What a file is, as the child found it; also of a rendition. 0, NULL or false where the kind has none of it. */
typedef struct {
    HibMediaKind kind;
    const char *mime; /* image/jpeg png webp gif heic avif, video/mp4 quicktime webm */
    int64_t bytes;
    int width, height;   /* as shown: turned as EXIF or the container says */
    int64_t duration_ms; /* of a GIF too */
    double fps;
    int64_t bitrate; /* of the whole file, bit/s */
    bool has_audio, is_faststart;
    const char *video_codec,
        *audio_codec; /* libav's names: "h264", "hevc", "vp9", "av1"; "aac", "opus" */
} HibMediaFacts;

typedef struct {
    const char *id, *sha256, *name; /* name: as the person's file was called, may be "" */
    HibMediaFacts facts;
    HibMediaState state;
    const char *reason;       /* FAILED: the slug ("media.damaged"); else NULL */
    const char *thumb_sha256; /* JPEG, 480 px at most; NULL until looked at */
    HibInstant created_at;
    bool is_deleted; /* only the thumbnail is left: a published post still shows it */
} HibMedia;

/* --- in and out ------------------------------------------------------------------------------------------------------------ */
/* A picture that is in memory. INVALID media.not_an_image, media.type, media.damaged, TOO_LARGE media.too_large, media.too_large_to_decode. The same
 * content again gives the row that is there. Looked at by the child before it returns, or, when too many are being looked at, soon after (WORKING). */
/* `name`: as the person's file is called, "" where nobody says. */
bool hib_media_add(HibDb *db, const HibServices *services, GBytes *content, const char *name,
                   HibMedia **ret, GError **error);
bool hib_media_get(HibDb *db, const char *media, HibMedia **ret,
                   GError **error); /* NOT_FOUND media.unknown */
/* Newest first, those not deleted; `cursor` NULL: from the start; *ret_next NULL at the end. */
bool hib_media_list(HibDb *db, const char *cursor, int limit, HibMedia ***ret, size_t *ret_n,
                    const char **ret_next, GError **error);
/* Where a list of media goes on; NULL: at the start. INVALID media.bad_cursor. */
bool hib_media_cursor(const char *cursor, HibInstant *ret_at, const char **ret_id, GError **error);
/* Whole in memory: for pictures. TOO_LARGE media.too_large when it is larger than one may be; then hib_media_open. */
bool hib_media_content(HibDb *db, const HibServices *services, const char *media, GBytes **ret,
                       GError **error);
/* Takes the content and its renditions away; the thumbnail stays for what was published. Whether a post still needs it is plan/'s to ask first. */
bool hib_media_delete(HibDb *db, const char *media, GError **error);

/* Content read in pieces: hib_blob_reader_read (store/blobs.h). Of a media, or of a READY rendition. The caller closes it. NOT_FOUND media.unknown,
 * GONE media.deleted, CONFLICT media.not_ready. */
bool hib_media_open(HibDb *db, const HibServices *services, const char *media, HibBlobReader **ret,
                    GError **error);

/* For handlers of others, over a media that they know the caller may see; `db` scoped to its workspace. NOT_FOUND media.unknown, GONE media.deleted. */
bool hib_media_reply(HibCall *call, HibDb *db, const char *media, const char *cache_control,
                     GError **error);

/* --- the library: what people say of a media --------------------------------------------------------------------------------- */
typedef enum { /* same order as the contract's enum */
               HIB_LICENCE_UNSAID,
               HIB_LICENCE_OWN,
               HIB_LICENCE_LICENSED,
               HIB_LICENCE_UGC_PERMITTED,
               HIB_LICENCE_STOCK,
               HIB_LICENCE_PUBLIC_DOMAIN,
               HIB_LICENCE_AI_GENERATED,
               HIB_LICENCE_OTHER,
               HIB_LICENCE_UNKNOWN
} HibLicence;
typedef enum {
    HIB_CONSENT_UNSAID,
    HIB_CONSENT_NOT_NEEDED,
    HIB_CONSENT_OBTAINED,
    HIB_CONSENT_MISSING
} HibConsent; /* of people who are seen; the contract's order */
typedef struct {
    const char *title, *note, *alt, *owner, *terms, *source, *consent_paper; /* "": nothing said */
    HibLicence licence;
    HibConsent consent;
    const char *expires_on, *consent_until; /* YYYY-MM-DD, the last day; NULL: no end */
    const char *const *tags;                /* in order */
    size_t n_tags;
    int64_t version;
} HibMediaCard;
#define HIB_MEDIA_TAGS 30
/* In the order of `ids`, also deleted ones; NULL where there is none. Three statements, however many. */
bool hib_media_cards(HibDb *db, const char *const *ids, size_t n, HibMedia **ret_media,
                     HibMediaCard **ret_cards, GError **error);
/* Puts `card` in the place of what was said; card->version must be the stored one (CONFLICT media.edited). NOT_FOUND media.unknown, GONE media.deleted, INVALID media.bad_day,
 * media.too_many_tags. Event media.card; audit media.card with what was and what is. */
bool hib_media_set_card(HibDb *db, const char *media, const HibMediaCard *card, GError **error);
/* Adds and takes away tags of many at once; all or none. *ret_n: how many changed. */
bool hib_media_tag(HibDb *db, const char *const *ids, size_t n, const char *const *add,
                   size_t n_add, const char *const *drop, size_t n_drop, int64_t *ret_n,
                   GError **error);
typedef struct {
    const char *tag;
    int64_t n;
} HibMediaTagCount;
bool hib_media_tags(HibDb *db, HibMediaTagCount **ret, size_t *ret_n,
                    GError **error); /* the most used first */
/* What stands against using it on `day` (YYYY-MM-DD), by the names that rules know (rules/check/rights.json): expired consent_missing consent_ended unknown unsaid; ended by
 * NULL. Pure. */
const char *const *hib_media_rights(HibArena *arena, const HibMediaCard *card, const char *day);
/* As words are compared in the search: compatibility forms, case and kana folded. */
const char *hib_media_fold(HibArena *arena, const char *text);

/* What looks like it: the same picture (recompressed, resized, brightened) or nearly (slightly cropped, a word set into it). The nearest first. */
typedef struct {
    const char *media;
    int distance; /* 0..HIB_MEDIA_ALIKE */
} HibMediaAlike;
#define HIB_MEDIA_SAME 31 /* the reference's own threshold for the same picture */
#define HIB_MEDIA_ALIKE                                                                            \
    72 /* pictures that have nothing to do with each other are 128 +- 8 apart; alike.c has the figures */
bool hib_media_alike(HibDb *db, const char *media, HibMediaAlike **ret, size_t *ret_n,
                     GError **error);
HibApiMedia hib_media_to_api(const HibMedia *media); /* for other features' replies */

/* --- what a network takes --------------------------------------------------------------------------------------------------- */
typedef enum { HIB_FILL_CROP, HIB_FILL_PAD } HibFill;

/* 0 or NULL: no rule. media/ knows no network: publish/ fills this from rules/networks. All text is plain ASCII. */
typedef struct {
    const char *mimes[8];  /* allowed, best first, ended by NULL; none: any */
    const char *videos[4]; /* allowed video codecs ("h264"); none: any */
    const char
        *audios[4]; /* allowed audio codecs ("aac"); none: any; a video without sound always fits */
    int64_t max_bytes, max_bitrate;
    int min_width, max_width, min_height, max_height; /* pixels as shown */
    double min_ratio, max_ratio;                      /* width / height */
    int64_t min_duration_ms, max_duration_ms;         /* of videos and GIFs */
    double min_fps, max_fps;
    bool wants_faststart;
    bool no_video, no_image; /* the place takes only the other kind */
    /* What the person chose, used only when something is made. */
    double focus_x, focus_y; /* 0..1 from the upper left: what a crop keeps; both 0: the middle */
    double crop_x, crop_y, crop_width,
        crop_height; /* the part that is used at all, in shares; width 0: all of it */
    HibFill fill;    /* how another ratio is reached */
    int64_t trim_from_ms, trim_to_ms; /* a part of a video; to 0: its end; never trimmed unasked */
    bool is_cover;                    /* not the video but its picture at cover_at_ms */
    int64_t cover_at_ms;
} HibMediaSpec;

/* A rule that is not kept: slug "media.fit_bytes", what it is and what it may be, as people read it ("12.4 MB", "8 MB"). */
typedef struct {
    const char *slug, *actual, *limit;
} HibMediaFault;
#define HIB_MEDIA_FAULTS 16
/* Does it fit as it is? Pure. True: n is 0. Slugs: media.fit_type _codec _bytes _width _height _ratio _duration _fps _bitrate _faststart _kind; a spec that trims, crops or asks for a
 * cover fits nothing as it is (no fault, false). */
bool hib_media_fits(const HibMediaFacts *facts, const HibMediaSpec *spec, HibArena *arena,
                    HibMediaFault faults[HIB_MEDIA_FAULTS], size_t *ret_n);

/* --- versions that fit ------------------------------------------------------------------------------------------------------ */
typedef struct {
    const char *id, *media; /* id: hib_media_open and hib_media_public_url take it like a media's */
    HibMediaState state;
    double progress;                     /* 0..1 */
    const char *reason, *actual, *limit; /* FAILED: the slug and its two values */
    const char *sha256;                  /* READY */
    HibMediaFacts facts;                 /* READY */
    HibInstant created_at, changed_at;
} HibRendition;

/* The version of `media` that fits `spec`: the media itself when it does (READY at once, with the media's content), the one made before for the same spec, or one that
 * a job now makes (WORKING; events media.fitting with progress, then media.fitted; a failed or cancelled one is begun anew). Deterministic: asking again later finds it,
 * also after a restart. Refused at once where nothing can help: INVALID media.fit_duration, media.fit_width, media.fit_kind … with details `actual` and `limit`. */
bool hib_media_fit(HibDb *db, const HibServices *services, const char *media,
                   const HibMediaSpec *spec, HibRendition **ret, GError **error);
/* NOT_FOUND media.unknown_rendition. */
bool hib_rendition_get(HibDb *db, const char *rendition, HibRendition **ret, GError **error);
/* A WORKING one stops within two seconds; others stay as they are. */
bool hib_rendition_cancel(HibDb *db, const char *rendition, HibRendition **ret, GError **error);

/* --- for networks that fetch ------------------------------------------------------------------------------------------------- */
/* base_url/m/<token>: opens without signing in until `expires_at` (and no longer than the content is there). CONFLICT media.not_public when this instance has no
 * https address of its own that others could reach; `is_near`: who fetches runs on this machine (a practice network), any address will do. */
bool hib_media_public_url(HibDb *db, const HibServices *services, const char *media_or_rendition,
                          bool is_near, HibInstant expires_at, const char **ret_url,
                          GError **error);

/* --- spreadsheets ------------------------------------------------------------------------------------------------------------ */
/* The first sheet of an XLSX file as CSV in UTF-8, made by the child; dates as "2026-12-01 09:00". INVALID table.bad_sheet, TOO_LARGE table.sheet_too_large, BUSY media.stopping,
 * store.busy; INTERNAL media.no_worker. */
bool hib_media_sheet_to_csv(const HibServices *services, GBytes *sheet, GBytes **ret,
                            GError **error);

/* --- the program's part ------------------------------------------------------------------------------------------------------ */
/* The children: how many at once, and the end of all when the program ends. Their program lies in this binary and is run from memory. Thread-safe. */
struct HibMediaWorkers *hib_media_workers_new(void);
void hib_media_workers_stop(
    struct HibMediaWorkers *workers); /* ends them; what they did is begun anew at the next start */
void hib_media_workers_free(struct HibMediaWorkers *workers);
/* On a global db, at each start: the daily sweep of blobs that no row names and of uploads nobody ended. */
bool hib_media_plan_sweep(HibDb *db, GError **error);
/* The same: hashes of what came before there were any. */
bool hib_media_plan_hashes(HibDb *db, GError **error);

/* View for other features' statements: media_v_media (workspace_id, id, sha256, kind, mime, bytes, width, height, duration_ms, state),
 * media_v_library (workspace_id, id, kind, words, licence, expires_on, consent, consent_until, created_at: those not deleted), media_v_tag (workspace_id, media_id, tag),
 * media_v_alike (workspace_id, media_id, other_id, distance). */
