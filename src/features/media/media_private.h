/* Inside media/ only: what an image file says about itself. */
#pragma once
#include "media/media.h"

typedef enum {
    HIB_IMAGE_NONE,  /* no image, or a damaged one */
    HIB_IMAGE_OTHER, /* an image of a type that is not taken (SVG, HEIC, AVIF, BMP, TIFF) */
    HIB_IMAGE_JPEG,
    HIB_IMAGE_PNG,
    HIB_IMAGE_WEBP,
    HIB_IMAGE_GIF,
} HibImageType;

typedef struct {
    HibImageType type;
    int width, height; /* as shown: turned as EXIF says; 1..HIB_IMAGE_SIDE */
} HibImageFacts;

/* media_store.c, for the sweep: does a row of any workspace name the blob? `db`: a global one. */
bool hib_media_is_used(const char *sha256, void *db, bool *ret_used, GError **error);
extern const HibJobKind hib_media_jobs[]; /* media_jobs.c */

#define HIB_IMAGE_SIDE 65535

/* Reads the header of `n` bytes. Never reads beyond them, decodes nothing, allocates nothing. Thread-safe. */
HibImageFacts hib_image_read(const unsigned char *data, size_t n);
const char *hib_image_mime(HibImageType type);     /* NULL for NONE and OTHER */
const char *hib_image_extension(const char *mime); /* "jpg"; "bin" when not ours */
