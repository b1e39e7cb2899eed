/* TZif files (RFC 8536): a header, a block with 32-bit times, and since version 2 a second header, a block with 64-bit
 * times and a footer. Every count is checked against the file's length before it is used. */
#include "base/zone_data.h"

#include <glib.h>
#include <string.h>

#define HEADER_BYTES 44

typedef struct {
    uint32_t n_ut, n_std, n_leap, n_times, n_types, n_chars;
} Header;

static uint32_t
be32(const unsigned char *at)
{
    return (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 | at[3];
}

static int64_t
be64(const unsigned char *at)
{
    return (int64_t)((uint64_t)be32(at) << 32 | be32(at + 4));
}

static bool
read_header(const unsigned char *bytes, size_t n, Header *ret)
{
    if (n < HEADER_BYTES || memcmp(bytes, "TZif", 4) != 0)
        return false;
    *ret = (Header){be32(bytes + 20), be32(bytes + 24), be32(bytes + 28),
                    be32(bytes + 32), be32(bytes + 36), be32(bytes + 40)};
    return ret->n_types >= 1 && ret->n_types <= 256 && ret->n_chars <= 4096 &&
           ret->n_times <= 10000 && ret->n_leap <= 1000 && ret->n_ut <= 256 && ret->n_std <= 256;
}

static size_t
block_bytes(const Header *header, size_t time_bytes)
{
    return header->n_times * (time_bytes + 1) + header->n_types * 6 + header->n_chars +
           header->n_leap * (time_bytes + 4) + header->n_std + header->n_ut;
}

/* RFC 8536 §3.2 advises no more than -25:59:59 … 25:59:59. */
static bool
is_offset(int32_t seconds)
{
    return seconds >= -93599 && seconds <= 93599;
}

static bool
read_block(const unsigned char *block, const Header *header, size_t time_bytes, HibZoneData *ret)
{
    const unsigned char *type_of = block + header->n_times * time_bytes;
    const unsigned char *types = type_of + header->n_times;
    if (header->n_leap != 0)
        return false; /* counts leap seconds: not the time scale used here */

    ret->n = header->n_times;
    ret->before_s = (int32_t)be32(types);
    ret->at = g_new0(int64_t, MAX(ret->n, 1));
    ret->offset_s = g_new0(int32_t, MAX(ret->n, 1));
    for (size_t i = 0; i < ret->n; i++) {
        const unsigned char *time = block + i * time_bytes;
        ret->at[i] = time_bytes == 8 ? be64(time) : (int32_t)be32(time);
        if (type_of[i] >= header->n_types || (i > 0 && ret->at[i] <= ret->at[i - 1]))
            return false;
        ret->offset_s[i] = (int32_t)be32(types + 6 * type_of[i]);
        if (!is_offset(ret->offset_s[i]))
            return false;
    }
    return is_offset(ret->before_s);
}

static bool
read_footer(const unsigned char *at, size_t n, HibRule *ret)
{
    if (n < 2 || at[0] != '\n')
        return false;
    const unsigned char *end = memchr(at + 1, '\n', n - 1);
    if (end == NULL)
        return false;
    if (end == at + 1)
        return true; /* no rule: the last row holds on */
    g_autofree char *text = g_strndup((const char *)at + 1, (gsize)(end - at - 1));
    return hib_rule_parse(text, ret);
}

static bool
read_all(const unsigned char *bytes, size_t n, HibZoneData *ret)
{
    Header header;
    if (!read_header(bytes, n, &header))
        return false;
    size_t time_bytes = 4;
    size_t at = HEADER_BYTES;
    if (bytes[4] >= '2') { /* the first block is for old readers */
        at += block_bytes(&header, 4);
        if (at > n || !read_header(bytes + at, n - at, &header))
            return false;
        time_bytes = 8;
        at += HEADER_BYTES;
    }
    size_t length = block_bytes(&header, time_bytes);
    if (length > n - at || !read_block(bytes + at, &header, time_bytes, ret))
        return false;
    return time_bytes == 4 || read_footer(bytes + at + length, n - at - length, &ret->rule);
}

bool
hib_zone_data_read(const unsigned char *bytes, size_t n, HibZoneData *ret)
{
    HibZoneData data = {0};
    if (!read_all(bytes, n, &data)) {
        hib_zone_data_clear(&data);
        return false;
    }
    *ret = data;
    return true;
}

void
hib_zone_data_clear(HibZoneData *data)
{
    g_clear_pointer(&data->at, g_free);
    g_clear_pointer(&data->offset_s, g_free);
    data->n = 0;
}

HibStretch
hib_zone_data_stretch(const HibZoneData *data, int64_t at)
{
    size_t low = 0; /* rows at or before `at` */
    size_t high = data->n;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (data->at[middle] <= at)
            low = middle + 1;
        else
            high = middle;
    }
    HibStretch stretch = {
        .from = low > 0 ? data->at[low - 1] : INT64_MIN,
        .until = low < data->n ? data->at[low] : INT64_MAX,
        .offset_s = low > 0 ? data->offset_s[low - 1] : data->before_s,
    };
    if (low < data->n || !data->rule.is_there)
        return stretch;
    HibStretch ruled = hib_rule_stretch(&data->rule, at);
    ruled.from = MAX(ruled.from, stretch.from);
    return ruled;
}
