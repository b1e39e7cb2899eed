/* Media: pictures, animations and videos of a workspace, and versions of them that fit what a network takes.
 *
 * The content is a blob named by its SHA-256 (core/store); the row says whose it is, what it is, how large. Foreign bytes are decoded in a child
 * process only (worker.h), which has no network, no files, and limits on time and memory; here a small bounded parser reads the heads of
 * pictures. A media is `working` until the child has looked at it, then `ready` or `failed`; publishing waits for the first and refuses the last. */
#pragma once
#include "http/call.h"
#include "http/services.h"
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
bool hib_media_add(HibDb *db, const HibServices *services, GBytes *content, HibMedia **ret,
                   GError **error);
bool hib_media_get(HibDb *db, const char *media, HibMedia **ret,
                   GError **error); /* NOT_FOUND media.unknown */
/* Newest first, those not deleted; `cursor` NULL: from the start; *ret_next NULL at the end. */
bool hib_media_list(HibDb *db, const char *cursor, int limit, HibMedia ***ret, size_t *ret_n,
                    const char **ret_next, GError **error);
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
    HibFill fill;            /* how another ratio is reached */
    int64_t trim_from_ms, trim_to_ms; /* a part of a video; to 0: its end; never trimmed unasked */
    bool is_cover;                    /* not the video but its picture at cover_at_ms */
    int64_t cover_at_ms;
} HibMediaSpec;

/* A rule that is not kept: slug "media.fit_bytes", what it is and what it may be, as people read it ("12.4 MB", "8 MB"). */
typedef struct {
    const char *slug, *actual, *limit;
} HibMediaFault;
#define HIB_MEDIA_FAULTS 16
/* Does it fit as it is? Pure. True: n is 0. Slugs: media.fit_type _codec _bytes _width _height _ratio _duration _fps _bitrate _faststart _kind; a spec that trims or asks for a
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

/* View for other features' statements: media_v_media (workspace_id, id, sha256, kind, mime, bytes, width, height, duration_ms, state). */
