/* Media: pictures of a workspace. The content is a blob named by its SHA-256; the row says whose it is, what type, how large.
 *
 * The type and the size in pixels are read from the file's own header by a small bounded parser (JPEG, PNG, WebP, GIF); nothing is decoded here. */
#pragma once
#include "http/services.h"
#include "store/feature.h"

extern const HibFeature hib_media;

typedef struct {
    const char *id, *sha256, *mime;
    int64_t bytes;
    int width, height;
    HibInstant created_at;
} HibMedia;
/* INVALID media.not_an_image, media.type (a picture of another type: SVG, HEIC, AVIF, BMP, TIFF), TOO_LARGE media.too_large. The same content again gives the row that is there. */
bool hib_media_add(HibDb *db, const HibServices *services, GBytes *content, HibMedia **ret,
                   GError **error);
bool hib_media_get(HibDb *db, const char *media, HibMedia **ret,
                   GError **error); /* NOT_FOUND media.unknown */
bool hib_media_content(HibDb *db, const HibServices *services, const char *media, GBytes **ret,
                       GError **error);
/* On a global db, at each start: the daily sweep of blobs that no row names. */
bool hib_media_plan_sweep(HibDb *db, GError **error);

/* View for other features' statements: media_v_media (workspace_id, id, sha256, mime, bytes, width, height). */
