/* See picture.h. A PNG of sixteen colours whose data lie uncompressed, so that no library is needed: four bits a pixel fit one stored block. */
#include "practice/picture.h"
#include <math.h>
#include <string.h>

#define WIDTH HIB_PRACTICE_PICTURE_WIDTH
#define HEIGHT HIB_PRACTICE_PICTURE_HEIGHT
#define LINE (1 + WIDTH / 2)
#define BODY (LINE * HEIGHT) /* 60,300: below the 65,535 of a block */
#define EVERY 7              /* comment in so many has a picture */

static void
put32(GByteArray *out, uint32_t value)
{
    const guint8 bytes[] = {(guint8)(value >> 24), (guint8)(value >> 16), (guint8)(value >> 8),
                            (guint8)value};
    g_byte_array_append(out, bytes, sizeof bytes);
}

static uint32_t
crc(const guint8 *data, size_t n)
{
    uint32_t sum = 0xffffffffu;
    for (size_t i = 0; i < n; i++) {
        sum ^= data[i];
        for (int bit = 0; bit < 8; bit++)
            sum = sum & 1 ? (sum >> 1) ^ 0xedb88320u : sum >> 1;
    }
    return ~sum;
}

static uint32_t
adler(const guint8 *data, size_t n)
{
    uint32_t a = 1, b = 0;
    for (size_t i = 0; i < n; i++) {
        a = (a + data[i]) % 65521;
        b = (b + a) % 65521;
    }
    return b << 16 | a;
}

static void
put_chunk(GByteArray *out, const char *type, const guint8 *data, size_t n)
{
    put32(out, (uint32_t)n);
    const guint from = out->len;
    g_byte_array_append(out, (const guint8 *)type, 4);
    g_byte_array_append(out, data, (guint)n);
    put32(out, crc(out->data + from, out->len - from));
}

/* --- what is seen ---------------------------------------------------------------------------------------------------------------- */
/* A table, and on it a cup from above or two; colours by the seed. */
static int
colour_at(uint64_t seed, int x, int y)
{
    int cups = 1 + (int)(seed % 2), shade = y * 4 / HEIGHT;
    for (int i = 0; i < cups; i++) {
        double cx = WIDTH * (0.3 + 0.4 * i + (double)(seed / 8 % 8) / 40),
               cy = HEIGHT * (0.45 + (double)(seed / 64 % 8) / 50);
        double far = hypot(x - cx, y - cy);
        if (far < 46)
            return 10 + (far < 38) + (far < 38 && fmod(far + (double)(seed % 5), 13) < 4);
        if (far < 70)
            return 9;
        if (far < 92)
            return 8 - (far > 86);
    }
    return shade + 1 - ((x / 40 + (int)(seed % 3)) % 7 == 0);
}

static void
put_palette(GByteArray *out, uint64_t seed)
{
    guint8 table[48] = {0};
    for (guint i = 0; i < 16; i++) {
        double turn = (double)(seed % 97) / 97 * 6.283,
               light = i < 6 ? 150 + 12.0 * i : 60 + 11.0 * i;
        for (guint part = 0; part < 3; part++)
            table[3 * i + part] =
                (guint8)CLAMP(light + 45 * sin(turn + 2.1 * part + i * 0.35), 0, 255);
    }
    put_chunk(out, "PLTE", table, sizeof table);
}

GBytes *
hib_practice_picture(uint64_t seed)
{
    GByteArray *out = g_byte_array_new();
    g_autofree guint8 *data = g_malloc0(BODY + 11);
    guint8 *body = data + 7;
    const uint32_t side[] = {WIDTH, HEIGHT};
    guint8 head[13] = {0};
    for (int i = 0; i < 8; i++)
        head[i] = (guint8)(side[i / 4] >> (24 - 8 * (i % 4)));
    head[8] = 4; /* bits a pixel */
    head[9] = 3; /* of a palette */
    for (int y = 0; y < HEIGHT; y++)
        for (int x = 0; x < WIDTH; x++)
            body[y * LINE + 1 + x / 2] |= (guint8)(colour_at(seed, x, y) << (x % 2 ? 0 : 4));
    const guint8 zlib[] = {
        0x78, 0x01, 0x01, BODY & 0xff, BODY >> 8, ~BODY & 0xff, ~BODY >> 8 & 0xff};
    memcpy(data, zlib, sizeof zlib);
    const uint32_t sum = adler(body, BODY);
    for (int i = 0; i < 4; i++)
        body[BODY + i] = (guint8)(sum >> (24 - 8 * i));
    g_byte_array_append(out, (const guint8 *)"\x89PNG\r\n\x1a\n", 8);
    put_chunk(out, "IHDR", head, sizeof head);
    put_palette(out, seed);
    put_chunk(out, "IDAT", data, BODY + 11);
    put_chunk(out, "IEND", NULL, 0);
    return g_byte_array_free_to_bytes(out);
}

GBytes *
hib_practice_sound(void)
{
    enum { RATE = 8000 };
    static const guint8 head[] = {'R', 'I', 'F',  'F',  0x64, 0x1f, 0,    0,    'W',  'A', 'V',
                                  'E', 'f', 'm',  't',  ' ',  16,   0,    0,    0,    1,   0,
                                  1,   0,   0x40, 0x1f, 0,    0,    0x40, 0x1f, 0,    0,   1,
                                  0,   8,   0,    'd',  'a',  't',  'a',  0x40, 0x1f, 0,   0};
    GByteArray *out = g_byte_array_new();
    g_byte_array_append(out, head, sizeof head);
    for (int i = 0; i < RATE; i++) {
        const guint8 one = (guint8)(128 + 60 * sin(i * 0.35));
        g_byte_array_append(out, &one, 1);
    }
    return g_byte_array_free_to_bytes(out);
}

/* --- with comments ------------------------------------------------------------------------------------------------------------------ */
bool
hib_practice_pictured(const char *origin, HibArena *arena, const char *under,
                      const HibComment *comment, HibPracticePictured *ret)
{
    static const char *const alts[] = {"テーブルの上のコーヒー", "", "上から見たカップ", ""};
    const uint64_t seed = hib_audience_key(under) + comment->n * 2654435761u;
    if (seed % EVERY != 0)
        return false;
    *ret = (HibPracticePictured){.seed = seed, .alt = alts[seed / EVERY % G_N_ELEMENTS(alts)]};
    ret->path = hib_arena_printf(arena, "/practice/picture/%" G_GUINT64_FORMAT ".png", seed);
    ret->url = hib_arena_printf(arena, "%s%s", origin, ret->path);
    return true;
}
