/* UUIDv7: 48 bits of milliseconds, a 26-bit counter that continues within one, 48 random bits. */
#include "base/id.h"

#include "base/clock.h"
#include "base/secrets.h"

#include <string.h>

static const char hex[] = "0123456789abcdef";

void
hib_id_fill(char out[HIB_ID_TEXT], HibClock *clock)
{
    struct {
        uint32_t start;
        unsigned char tail[6];
    } random;
    hib_random_bytes(&random, sizeof random);

    int64_t ms = 0;
    uint32_t count = 0;
    hib_clock_tick(clock, random.start & ((1u << 25) - 1), &ms,
                   &count); /* half the counter is left to count */

    unsigned char raw[16];
    for (int i = 0; i < 6; i++)
        raw[i] = (unsigned char)(ms >> (40 - 8 * i));
    raw[6] = (unsigned char)(0x70 | (count >> 22));
    raw[7] = (unsigned char)(count >> 14);
    raw[8] = (unsigned char)(0x80 | ((count >> 8) & 0x3f));
    raw[9] = (unsigned char)count;
    memcpy(raw + 10, random.tail, 6);

    char *at = out;
    for (int i = 0; i < 16; i++) {
        if (i == 4 || i == 6 || i == 8 || i == 10)
            *at++ = '-';
        *at++ = hex[raw[i] >> 4];
        *at++ = hex[raw[i] & 0xf];
    }
    *at = '\0';
}

const char *
hib_id_new(HibArena *arena, HibClock *clock)
{
    char *id = hib_arena_take(arena, HIB_ID_TEXT);
    hib_id_fill(id, clock);
    return id;
}

bool
hib_id_valid(const char *text)
{
    if (text == NULL)
        return false;
    for (int i = 0; i < HIB_ID_TEXT - 1; i++) {
        bool is_dash = i == 8 || i == 13 || i == 18 || i == 23;
        bool is_hex = g_ascii_isdigit(text[i]) || (text[i] >= 'a' && text[i] <= 'f');
        if (is_dash ? text[i] != '-' : !is_hex)
            return false;
    }
    return text[HIB_ID_TEXT - 1] == '\0';
}

HibInstant
hib_id_time(const char *id)
{
    if (!hib_id_valid(id) || id[14] != '7')
        return 0;
    int64_t ms = 0;
    for (int i = 0; i < 13; i++) {
        if (id[i] != '-')
            ms = ms << 4 | g_ascii_xdigit_value(id[i]);
    }
    return ms * HIB_MILLISECOND;
}
