/* Pictures in the child, by libvips: looked at, thumbnailed, cropped, scaled, converted. What comes out is sRGB without metadata: no place, no camera, no name. */
#include "media/worker/pdq.h"
#include "media/worker/worker.h"
#include <string.h>
#include <unistd.h>

#define MOST_PIXELS ((int64_t)100 * 1000 * 1000) /* of one frame: 300 MB when it must be turned */
#define THUMB 480
#define SMALLEST 320 /* a side below which quality is not bought with size any more */

static const int qualities[] = {90, 84, 78, 70, 62, 54, 46, 40};

/* Opens without decoding. */
static VipsImage *
open_head(const HibInput *input, const char *type)
{
    VipsImage *image = NULL;
    void *data = input->data;
    const size_t n = input->n;
#define OPEN(loader)                                                                               \
    loader(data, n, &image, "access", VIPS_ACCESS_SEQUENTIAL, "fail_on", VIPS_FAIL_ON_ERROR, NULL)
    if (g_str_equal(type, "image/jpeg"))
        OPEN(vips_jpegload_buffer);
    else if (g_str_equal(type, "image/png"))
        OPEN(vips_pngload_buffer);
    else if (g_str_equal(type, "image/webp"))
        OPEN(vips_webpload_buffer);
    else if (g_str_equal(type, "image/gif"))
        OPEN(vips_gifload_buffer);
    else if (g_str_equal(type, "image/heic") || g_str_equal(type, "image/avif"))
        OPEN(vips_heifload_buffer);
    return image;
}

static HibFault
check_size(VipsImage *image)
{
    const int64_t pixels = (int64_t)vips_image_get_width(image) * vips_image_get_height(image);
    return pixels > MOST_PIXELS ? "too_large" : NULL;
}

static int
take(VipsImage **image, VipsImage *next)
{
    g_object_unref(*image);
    *image = next;
    return 0;
}

/* Turned pictures are read out of order: they must be in memory as a whole. */
static bool
turn(VipsImage **image)
{
    VipsImage *next = NULL;
    if (vips_image_get_orientation(*image) <= 1)
        return true;
    if ((next = vips_image_copy_memory(*image)) == NULL)
        return false;
    take(image, next);
    next = NULL;
    return vips_autorot(*image, &next, NULL) == 0 && take(image, next) == 0;
}

HibFault
hib_picture_open(const HibInput *input, const char *type, VipsImage **ret)
{
    *ret = open_head(input, type);
    if (*ret == NULL)
        return "damaged";
    HibFault fault = check_size(*ret);
    return fault != NULL ? fault : turn(ret) ? NULL : "damaged";
}

/* --- writing ------------------------------------------------------------------------------------------------------------- */
static HibFault
write_out(const void *data, size_t n)
{
    const char *from = data;
    if (lseek(HIB_WORK_OUT, 0, SEEK_SET) != 0 || ftruncate(HIB_WORK_OUT, 0) != 0)
        return "disk";
    while (n > 0) {
        const ssize_t written = write(HIB_WORK_OUT, from, n);
        if (written <= 0)
            return "disk";
        from += written;
        n -= (size_t)written;
    }
    return NULL;
}

static int
encode(VipsImage *image, const char *mime, int quality, void **ret, size_t *ret_n)
{
    if (g_str_equal(mime, "image/png"))
        return vips_pngsave_buffer(image, ret, ret_n, "compression", 9, "strip", TRUE, NULL);
    if (g_str_equal(mime, "image/webp"))
        return vips_webpsave_buffer(image, ret, ret_n, "Q", quality, "strip", TRUE, NULL);
    return vips_jpegsave_buffer(image, ret, ret_n, "Q", quality, "strip", TRUE, "optimize_coding",
                                TRUE, NULL);
}

/* JPEG has no transparency: it shows white, as pages do. */
static VipsImage *
without_alpha(VipsImage *image, const char *mime)
{
    VipsImage *flat = NULL;
    if (!g_str_equal(mime, "image/jpeg") || !vips_image_hasalpha(image))
        return g_object_ref(image);
    VipsArrayDouble *white = vips_array_double_newv(3, 255.0, 255.0, 255.0);
    if (vips_flatten(image, &flat, "background", white, NULL) != 0)
        flat = NULL;
    vips_area_unref(VIPS_AREA(white));
    return flat;
}

/* The best quality that keeps the cap; "bytes": none does. */
static HibFault
write_as(VipsImage *image, const char *mime, int64_t cap, HibWorkReply *reply)
{
    HibFault fault = "bytes";
    VipsImage *flat = without_alpha(image, mime);
    const size_t n_tries = g_str_equal(mime, "image/png") ? 1 : G_N_ELEMENTS(qualities);
    for (size_t i = 0; flat != NULL && i < n_tries; i++) {
        void *data = NULL;
        size_t n = 0;
        if (encode(flat, mime, qualities[i], &data, &n) != 0) {
            fault = "damaged";
            break;
        }
        if (cap == 0 || (int64_t)n <= cap)
            fault = write_out(data, n);
        g_free(data);
        if (cap != 0 && (int64_t)n > cap)
            continue;
        g_strlcpy(reply->mime, mime, sizeof reply->mime);
        reply->width = vips_image_get_width(flat);
        reply->height = vips_image_get_height(flat);
        reply->bytes = (int64_t)n;
        break;
    }
    if (flat == NULL)
        return "memory";
    g_object_unref(flat);
    return fault;
}

/* --- making -------------------------------------------------------------------------------------------------------------- */
static bool
crop(VipsImage **image, const HibWork *work)
{
    VipsImage *next = NULL;
    if (work->crop_width == 0 || work->crop_height == 0)
        return true;
    return vips_extract_area(*image, &next, (int)work->crop_x, (int)work->crop_y,
                             (int)work->crop_width, (int)work->crop_height, NULL) == 0 &&
           take(image, next) == 0;
}

/* Exactly that size, in sRGB, through the embedded profile where there is one. */
static bool
scale(VipsImage **image, int width, int height)
{
    VipsImage *next = NULL;
    return vips_thumbnail_image(*image, &next, width, "height", height, "size", VIPS_SIZE_FORCE,
                                "no_rotate", TRUE, "export_profile", "srgb", NULL) == 0 &&
           take(image, next) == 0;
}

static bool
pad(VipsImage **image, const HibWork *work)
{
    VipsImage *next = NULL;
    if (work->pad_width == 0)
        return true;
    const int x = (int)(work->pad_width - vips_image_get_width(*image)) / 2;
    const int y = (int)(work->pad_height - vips_image_get_height(*image)) / 2;
    return vips_embed(*image, &next, x, y, (int)work->pad_width, (int)work->pad_height, "extend",
                      VIPS_EXTEND_WHITE, NULL) == 0 &&
           take(image, next) == 0;
}

static bool
to_memory(VipsImage **image)
{
    VipsImage *whole = vips_image_copy_memory(*image);
    return whole != NULL && take(image, whole) == 0;
}

/* Writes it; where no quality keeps the cap, the second type, then ever smaller. */
static HibFault
write_within(VipsImage **image, const HibWork *work, HibWorkReply *reply)
{
    HibFault fault = write_as(*image, work->mime, work->max_bytes, reply);
    const char *mime = work->mime;
    if (fault != NULL && *work->second != '\0') {
        mime = work->second;
        fault = write_as(*image, mime, work->max_bytes, reply);
    }
    while (fault != NULL && g_str_equal(fault, "bytes")) {
        const int width = vips_image_get_width(*image) * 4 / 5,
                  height = vips_image_get_height(*image) * 4 / 5;
        if (MIN(width, height) < SMALLEST)
            return fault;
        if (!scale(image, width, height) || !to_memory(image))
            return "memory";
        fault = write_as(*image, mime, work->max_bytes, reply);
    }
    return fault;
}

HibFault
hib_picture_make(VipsImage *image, const HibWork *work, HibWorkReply *reply)
{
    const int width = work->width > 0 ? (int)work->width : vips_image_get_width(image);
    const int height = work->height > 0 ? (int)work->height : vips_image_get_height(image);
    HibFault fault = NULL;
    if (!crop(&image, work) || !scale(&image, width, height) || !pad(&image, work) ||
        !to_memory(&image))
        fault = "damaged";
    if (fault == NULL)
        fault = write_within(&image, work, reply);
    g_object_unref(image);
    return fault;
}

/* How it looks, of its small picture. One that cannot be told stays without; that is no fault of the file. */
static void
add_hash(VipsImage *image, HibWorkReply *reply)
{
    VipsImage *flat = without_alpha(image, "image/jpeg"), *bytes = NULL;
    size_t n = 0;
    int quality = 0;
    HibPdq hash;
    if (flat == NULL || vips_cast_uchar(flat, &bytes, NULL) != 0) {
        g_clear_object(&flat);
        return;
    }
    const int width = vips_image_get_width(bytes), height = vips_image_get_height(bytes);
    const int bands = vips_image_get_bands(bytes);
    const size_t n_pixels = (size_t)width * (size_t)height;
    unsigned char *pixels = vips_image_write_to_memory(bytes, &n);
    double *luma = g_new(double, n_pixels);
    for (size_t i = 0; pixels != NULL && i < n_pixels; i++) {
        const unsigned char *p = pixels + i * (size_t)bands;
        luma[i] = bands >= 3 ? 0.299 * p[0] + 0.587 * p[1] + 0.114 * p[2] : p[0];
    }
    if (pixels != NULL && hib_pdq(luma, height, width, &hash, &quality)) {
        hib_pdq_print(&hash, reply->hash);
        reply->quality = quality;
    }
    g_free(luma);
    g_free(pixels);
    g_object_unref(bytes);
    g_object_unref(flat);
}

HibFault
hib_picture_thumb(VipsImage *image, const HibWork *work, HibWorkReply *reply)
{
    VipsImage *next = NULL;
    if (vips_thumbnail_image(image, &next, THUMB, "height", THUMB, "size", VIPS_SIZE_DOWN,
                             "no_rotate", TRUE, "export_profile", "srgb", NULL) != 0) {
        g_object_unref(image);
        return "damaged";
    }
    take(&image, next);
    HibFault fault =
        to_memory(&image) ? write_as(image, "image/jpeg", work->max_bytes, reply) : "damaged";
    if (fault == NULL)
        add_hash(image, reply);
    g_object_unref(image);
    return fault;
}

/* --- looking ------------------------------------------------------------------------------------------------------------- */
static int64_t
duration_of(VipsImage *image)
{
    int *delays = NULL, n = 0;
    int64_t ms = 0;
    if (vips_image_get_typeof(image, "delay") == 0 ||
        vips_image_get_array_int(image, "delay", &delays, &n) != 0)
        return 0;
    for (int i = 0; i < n; i++)
        ms += delays[i] > 0 ? delays[i] : 100; /* as browsers do */
    return ms;
}

HibFault
hib_picture_look(const HibInput *input, const HibWork *work, HibWorkReply *reply)
{
    VipsImage *image = open_head(input, work->type);
    HibFault fault = image == NULL ? "damaged" : check_size(image);
    if (fault != NULL) {
        g_clear_object(&image);
        return fault;
    }
    const int pages = vips_image_get_n_pages(image);
    const bool is_gif = g_str_equal(work->type, "image/gif");
    const int64_t duration_ms = is_gif ? duration_of(image) : 0;
    const bool is_sideways = vips_image_get_orientation(image) >= 5;
    const int width = vips_image_get_width(image), height = vips_image_get_height(image);
    fault = turn(&image) ? NULL : "damaged";
    if (fault != NULL)
        g_object_unref(image);
    else
        fault = hib_picture_thumb(image, work, reply);
    g_strlcpy(reply->mime, work->type, sizeof reply->mime);
    reply->width = is_sideways ? height : width;
    reply->height = is_sideways ? width : height;
    reply->is_animated = is_gif && pages > 1;
    reply->duration_ms = duration_ms;
    reply->fps_milli = duration_ms > 0 ? (int64_t)pages * 1000000 / duration_ms : 0;
    return fault;
}
