/* What an image file says about itself: type and size, from the bytes alone.
 *
 * The one idea: a Span is the only way to look at the file, and each look says whether the bytes are there; a file that
 * ends early, lies about a length or names a size of zero is no image. The name and Content-Type a browser sent are never asked. */
#include "media/media_private.h"
#include <string.h>

typedef struct {
    const unsigned char *data;
    size_t n;
} Span;

static const HibImageFacts none = {.type = HIB_IMAGE_NONE};

static bool
has(Span in, size_t at, size_t n)
{
    return at <= in.n && n <= in.n - at;
}

static bool
is_at(Span in, size_t at, const void *bytes, size_t n)
{
    return has(in, at, n) && memcmp(in.data + at, bytes, n) == 0;
}

/* The readers below are called only where has() said yes. */
static unsigned
be16(Span in, size_t at)
{
    return (unsigned)in.data[at] << 8 | in.data[at + 1];
}

static unsigned
le16(Span in, size_t at)
{
    return (unsigned)in.data[at + 1] << 8 | in.data[at];
}

static unsigned
le24(Span in, size_t at)
{
    return (unsigned)in.data[at + 2] << 16 | le16(in, at);
}

static uint32_t
be32(Span in, size_t at)
{
    return (uint32_t)be16(in, at) << 16 | be16(in, at + 2);
}

static uint32_t
le32(Span in, size_t at)
{
    return (uint32_t)le16(in, at + 2) << 16 | le16(in, at);
}

static HibImageFacts
facts(HibImageType type, uint32_t width, uint32_t height)
{
    if (width == 0 || height == 0 || width > HIB_IMAGE_SIDE || height > HIB_IMAGE_SIDE)
        return none;
    return (HibImageFacts){.type = type, .width = (int)width, .height = (int)height};
}

static HibImageFacts
read_png(Span in)
{
    if (!has(in, 8, 25) || be32(in, 8) != 13 || !is_at(in, 12, "IHDR", 4))
        return none;
    return facts(HIB_IMAGE_PNG, be32(in, 16), be32(in, 20));
}

static HibImageFacts
read_gif(Span in)
{
    if (!has(in, 6, 7))
        return none;
    return facts(HIB_IMAGE_GIF, le16(in, 6), le16(in, 8));
}

static HibImageFacts
read_webp(Span in)
{
    if (!has(in, 12, 18)) /* chunk head and the ten bytes that hold the size in each kind */
        return none;
    const size_t body = 20;
    if (is_at(in, 12, "VP8 ", 4) && is_at(in, body + 3, "\x9d\x01\x2a", 3))
        return facts(HIB_IMAGE_WEBP, le16(in, body + 6) & 0x3fff, le16(in, body + 8) & 0x3fff);
    if (is_at(in, 12, "VP8L", 4) && in.data[body] == 0x2f) {
        uint32_t bits = le32(in, body + 1);
        return facts(HIB_IMAGE_WEBP, (bits & 0x3fff) + 1, (bits >> 14 & 0x3fff) + 1);
    }
    if (is_at(in, 12, "VP8X", 4))
        return facts(HIB_IMAGE_WEBP, le24(in, body + 4) + 1, le24(in, body + 7) + 1);
    return none;
}

/* The orientation 1..8 of an EXIF block (TIFF inside APP1); 1 when it says none. */
static unsigned
read_orientation(Span tiff)
{
    bool is_little = is_at(tiff, 0, "II*\0", 4);
    if (!has(tiff, 0, 8) || (!is_little && !is_at(tiff, 0, "MM\0*", 4)))
        return 1;
    size_t at = is_little ? le32(tiff, 4) : be32(tiff, 4);
    if (!has(tiff, at, 2))
        return 1;
    unsigned n = is_little ? le16(tiff, at) : be16(tiff, at);
    at += 2;
    for (unsigned i = 0; i < n && has(tiff, at, 12); i++, at += 12) {
        unsigned tag = is_little ? le16(tiff, at) : be16(tiff, at);
        unsigned value = is_little ? le16(tiff, at + 8) : be16(tiff, at + 8);
        if (tag == 0x0112)
            return value >= 1 && value <= 8 ? value : 1;
    }
    return 1;
}

static bool
is_frame(unsigned marker)
{
    return marker >= 0xc0 && marker <= 0xcf && marker != 0xc4 && marker != 0xc8 && marker != 0xcc;
}

static HibImageFacts
read_jpeg(Span in)
{
    unsigned orientation = 1;
    size_t at = 2;
    while (has(in, at, 4)) {
        if (in.data[at] != 0xff)
            return none;
        unsigned marker = in.data[at + 1];
        if (marker == 0xff) { /* fill byte */
            at++;
            continue;
        }
        if (marker == 0x01 || (marker >= 0xd0 && marker <= 0xd7)) { /* stands alone */
            at += 2;
            continue;
        }
        if (marker == 0xd8 || marker == 0xd9 || marker == 0xda) /* pixels before a frame */
            return none;
        size_t length = be16(in, at + 2);
        if (length < 2 || !has(in, at + 2, length))
            return none;
        if (is_frame(marker)) {
            if (length < 8)
                return none;
            uint32_t height = be16(in, at + 5), width = be16(in, at + 7);
            bool is_turned = orientation >= 5;
            return facts(HIB_IMAGE_JPEG, is_turned ? height : width, is_turned ? width : height);
        }
        if (marker == 0xe1 && length >= 8 && is_at(in, at + 4, "Exif\0\0", 6))
            orientation = read_orientation((Span){in.data + at + 10, length - 8});
        at += 2 + length;
    }
    return none;
}

static bool
is_svg(Span in)
{
    size_t n = MIN(in.n, 1024);
    return n > 0 && memmem(in.data, n, "<svg", 4) != NULL;
}

/* ISO base media: the brands say whether it is a picture or a video. "isom", "mp42", "qt  " and the many others are videos: the child opens them. */
static HibImageType
type_of_ftyp(Span in)
{
    static const char *const heic[] = {"heic", "heix", "hevc", "heim", "heis", "mif1", "msf1"};
    static const char *const avif[] = {"avif", "avis"};
    const size_t end = has(in, 0, 16) ? MIN((size_t)be32(in, 0), in.n) : 0;
    for (size_t i = 0; i < G_N_ELEMENTS(avif); i++)
        if (is_at(in, 8, avif[i], 4))
            return HIB_IMAGE_AVIF;
    for (size_t i = 0; i < G_N_ELEMENTS(heic); i++) {
        if (!is_at(in, 8, heic[i], 4))
            continue;
        for (size_t at = 16; at + 4 <= end; at += 4) /* mif1 holds either */
            if (is_at(in, at, "avif", 4))
                return HIB_IMAGE_AVIF;
        return HIB_IMAGE_HEIC;
    }
    return HIB_IMAGE_MP4;
}

static bool
is_other(Span in)
{
    bool is_bmp = is_at(in, 0, "BM", 2) && has(in, 0, 26) && le32(in, 6) == 0;
    return is_bmp || is_at(in, 0, "II*\0", 4) || is_at(in, 0, "MM\0*", 4) || is_svg(in);
}

HibImageType
hib_image_type(const unsigned char *data, size_t n)
{
    Span in = {data, n};
    if (is_at(in, 0, "\x89PNG\r\n\x1a\n", 8))
        return HIB_IMAGE_PNG;
    if (is_at(in, 0, "\xff\xd8\xff", 3))
        return HIB_IMAGE_JPEG;
    if (is_at(in, 0, "RIFF", 4) && is_at(in, 8, "WEBP", 4))
        return HIB_IMAGE_WEBP;
    if (is_at(in, 0, "GIF87a", 6) || is_at(in, 0, "GIF89a", 6))
        return HIB_IMAGE_GIF;
    if (has(in, 0, 12) && is_at(in, 4, "ftyp", 4))
        return type_of_ftyp(in);
    if (is_at(in, 0, "\x1a\x45\xdf\xa3", 4)) /* Matroska; of its kinds only WebM */
        return memmem(in.data, MIN(in.n, 64), "webm", 4) != NULL ? HIB_IMAGE_WEBM : HIB_IMAGE_OTHER;
    return is_other(in) ? HIB_IMAGE_OTHER : HIB_IMAGE_NONE;
}

HibImageFacts
hib_image_read(const unsigned char *data, size_t n)
{
    Span in = {data, n};
    const HibImageType type = hib_image_type(data, n);
    switch (type) {
    case HIB_IMAGE_PNG:
        return read_png(in);
    case HIB_IMAGE_JPEG:
        return read_jpeg(in);
    case HIB_IMAGE_WEBP:
        return read_webp(in);
    case HIB_IMAGE_GIF:
        return read_gif(in);
    default:
        return (HibImageFacts){.type = type};
    }
}

static const struct {
    HibImageType type;
    const char *mime, *extension;
} types[] = {
    {HIB_IMAGE_JPEG, "image/jpeg", "jpg"},  {HIB_IMAGE_PNG, "image/png", "png"},
    {HIB_IMAGE_WEBP, "image/webp", "webp"}, {HIB_IMAGE_GIF, "image/gif", "gif"},
    {HIB_IMAGE_HEIC, "image/heic", "heic"}, {HIB_IMAGE_AVIF, "image/avif", "avif"},
    {HIB_IMAGE_MP4, "video/mp4", "mp4"},    {HIB_IMAGE_MP4, "video/quicktime", "mov"},
    {HIB_IMAGE_WEBM, "video/webm", "webm"},
};

const char *
hib_image_mime(HibImageType type)
{
    for (size_t i = 0; i < G_N_ELEMENTS(types); i++)
        if (types[i].type == type)
            return types[i].mime;
    return NULL;
}

const char *
hib_image_extension(const char *mime)
{
    for (size_t i = 0; i < G_N_ELEMENTS(types); i++)
        if (g_str_equal(types[i].mime, mime))
            return types[i].extension;
    return "bin";
}

HibImageType
hib_image_type_of(const char *mime)
{
    for (size_t i = 0; i < G_N_ELEMENTS(types); i++)
        if (g_str_equal(types[i].mime, mime))
            return types[i].type;
    return HIB_IMAGE_NONE;
}
