/* The words between server and child: a table of fields for each of the two structs, one printer, one parser. */
#include "media/worker/work.h"
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define MOST ((int64_t)1 << 53)

typedef struct {
    const char *name;
    size_t at;
    bool is_text;
} Field;

#define NUMBER(type, member)                                                                       \
    {                                                                                              \
#member, offsetof(type, member), false                                                     \
    }
#define TEXT(type, member)                                                                         \
    {                                                                                              \
#member, offsetof(type, member), true                                                      \
    }

static const Field work_fields[] = {
    NUMBER(HibWork, kind),        TEXT(HibWork, type),         TEXT(HibWork, mime),
    TEXT(HibWork, second),        NUMBER(HibWork, max_bytes),  NUMBER(HibWork, crop_x),
    NUMBER(HibWork, crop_y),      NUMBER(HibWork, crop_width), NUMBER(HibWork, crop_height),
    NUMBER(HibWork, width),       NUMBER(HibWork, height),     NUMBER(HibWork, pad_width),
    NUMBER(HibWork, pad_height),  NUMBER(HibWork, at_ms),      NUMBER(HibWork, from_ms),
    NUMBER(HibWork, to_ms),       NUMBER(HibWork, bitrate),    NUMBER(HibWork, fps_milli),
    NUMBER(HibWork, keeps_sound), NUMBER(HibWork, cpu_s),      NUMBER(HibWork, memory_mb),
};
static const Field reply_fields[] = {
    TEXT(HibWorkReply, fault),          TEXT(HibWorkReply, mime),
    TEXT(HibWorkReply, video_codec),    TEXT(HibWorkReply, audio_codec),
    NUMBER(HibWorkReply, is_video),     NUMBER(HibWorkReply, is_animated),
    NUMBER(HibWorkReply, width),        NUMBER(HibWorkReply, height),
    NUMBER(HibWorkReply, duration_ms),  NUMBER(HibWorkReply, fps_milli),
    NUMBER(HibWorkReply, bitrate),      NUMBER(HibWorkReply, has_audio),
    NUMBER(HibWorkReply, is_faststart), NUMBER(HibWorkReply, bytes),
    TEXT(HibWorkReply, hash),           NUMBER(HibWorkReply, quality),
};
#define N_WORK (sizeof work_fields / sizeof *work_fields)
#define N_REPLY (sizeof reply_fields / sizeof *reply_fields)

/* --- printing: every field but empty ones, a line each, and "end" -------------------------------------------------------- */
static size_t
print(const Field *fields, size_t n_fields, const void *from, char *out, size_t n)
{
    size_t used = 0;
    for (size_t i = 0; i < n_fields; i++) {
        const void *member = (const char *)from + fields[i].at;
        int64_t number = 0;
        if (!fields[i].is_text)
            memcpy(&number, member, sizeof number);
        if (fields[i].is_text ? *(const char *)member == '\0' : number == 0)
            continue;
        const int wanted =
            fields[i].is_text
                ? snprintf(out + used, n - used, "%s %s\n", fields[i].name, (const char *)member)
                : snprintf(out + used, n - used, "%s %" PRId64 "\n", fields[i].name, number);
        if (wanted < 0 || (size_t)wanted >= n - used)
            return 0;
        used += (size_t)wanted;
    }
    if (n - used < 5)
        return 0;
    memcpy(out + used, "end\n", 5);
    return used + 4;
}

/* --- parsing ------------------------------------------------------------------------------------------------------------- */
static bool
read_number(const char *text, size_t n, int64_t *ret)
{
    int64_t value = 0;
    if (n == 0 || n > 16 || (n > 1 && *text == '0'))
        return false;
    for (size_t i = 0; i < n; i++) {
        if (text[i] < '0' || text[i] > '9')
            return false;
        value = value * 10 + (text[i] - '0');
    }
    *ret = value;
    return value <= MOST;
}

/* Letters, digits and what stands in names of types and codecs. */
static bool
read_text(const char *text, size_t n, char out[HIB_WORK_TEXT])
{
    if (n == 0 || n >= HIB_WORK_TEXT)
        return false;
    for (size_t i = 0; i < n; i++) {
        const char c = text[i];
        if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
              (c != '\0' && strchr("_-./+", c) != NULL)))
            return false;
    }
    memcpy(out, text, n);
    out[n] = '\0';
    return true;
}

static bool
read_line(const Field *fields, size_t n_fields, const char *line, size_t n, uint64_t *seen,
          void *out)
{
    for (size_t i = 0; i < n_fields; i++) {
        const size_t n_name = strlen(fields[i].name);
        if (n <= n_name || memcmp(line, fields[i].name, n_name) != 0 || line[n_name] != ' ')
            continue;
        if (*seen & (uint64_t)1 << i)
            return false;
        *seen |= (uint64_t)1 << i;
        const char *value = line + n_name + 1;
        n -= n_name + 1;
        void *member = (char *)out + fields[i].at;
        int64_t number = 0;
        if (fields[i].is_text)
            return read_text(value, n, member);
        if (!read_number(value, n, &number))
            return false;
        memcpy(member, &number, sizeof number);
        return true;
    }
    return false;
}

static bool
parse(const Field *fields, size_t n_fields, const char *text, size_t n, void *out)
{
    uint64_t seen = 0;
    while (n > 0) {
        const char *end = memchr(text, '\n', n);
        if (end == NULL)
            return false;
        const size_t n_line = (size_t)(end - text);
        if (n_line == 3 && memcmp(text, "end", 3) == 0)
            return n == 4;
        if (!read_line(fields, n_fields, text, n_line, &seen, out))
            return false;
        text += n_line + 1;
        n -= n_line + 1;
    }
    return false;
}

size_t
hib_work_print(const HibWork *work, char *out, size_t n)
{
    return print(work_fields, N_WORK, work, out, n);
}

bool
hib_work_parse(const char *text, size_t n, HibWork *ret)
{
    memset(ret, 0, sizeof *ret);
    return n <= HIB_WORK_MESSAGE && parse(work_fields, N_WORK, text, n, ret) &&
           ret->kind < HIB_WORK_N;
}

size_t
hib_work_reply_print(const HibWorkReply *reply, char *out, size_t n)
{
    return print(reply_fields, N_REPLY, reply, out, n);
}

/* Beyond these no file we take can be; a number that says more is a lie. */
static bool
is_likely(const HibWorkReply *reply)
{
    return reply->width <= 65535 && reply->height <= 65535 && reply->fps_milli <= 1000000 &&
           reply->duration_ms <= (int64_t)7 * 24 * 3600 * 1000 && reply->is_video <= 1 &&
           reply->is_animated <= 1 && reply->has_audio <= 1 && reply->is_faststart <= 1 &&
           reply->quality <= 100 &&
           (*reply->fault != '\0' ||
            (*reply->mime != '\0' && reply->width > 0 && reply->height > 0));
}

bool
hib_work_reply_parse(const char *text, size_t n, HibWorkReply *ret)
{
    memset(ret, 0, sizeof *ret);
    return n <= HIB_WORK_MESSAGE && parse(reply_fields, N_REPLY, text, n, ret) && is_likely(ret);
}

bool
hib_work_progress_parse(const char *line, size_t n, double *ret)
{
    static const char word[] = "progress ";
    int64_t thousandths;
    if (n < sizeof word || memcmp(line, word, sizeof word - 1) != 0 ||
        !read_number(line + sizeof word - 1, n - (sizeof word - 1), &thousandths) ||
        thousandths > 1000)
        return false;
    *ret = (double)thousandths / 1000;
    return true;
}
