/* TIDs: AT Protocol's record keys. 64 bits: a zero, 53 bits of µs, 10 bits to tell writers apart; 13 digits whose order is the
 * order of time. Two posts under one key would be one post, so a process never gives the same µs out twice. */
#include "base/secrets.h"
#include "networks/bluesky.h"

#include <stdatomic.h>
#include <string.h>

static const char digits[] = "234567abcdefghijklmnopqrstuvwxyz";

void
hib_tid_fill_salted(char out[HIB_TID_TEXT], HibInstant at, unsigned salt)
{
    uint64_t value = ((uint64_t)at & ((UINT64_C(1) << 53) - 1)) << 10 | (salt & 0x3ff);
    for (int i = 12; i >= 0; i--) {
        out[i] = digits[value & 31];
        value >>= 5;
    }
    out[13] = '\0';
}

void
hib_tid_fill(char out[HIB_TID_TEXT], HibInstant at)
{
    static atomic_int_least64_t
        newest; /* a clock that stands still must not give one key to two posts */
    int64_t last = atomic_load(&newest);
    int64_t mine;
    do {
        mine = at > last || last - at > 10 * HIB_SECOND ? at : last + 1;
    } while (!atomic_compare_exchange_weak(&newest, &last, mine));
    uint16_t salt;
    hib_random_bytes(&salt, sizeof salt);
    hib_tid_fill_salted(out, mine, salt);
}

bool
hib_tid_valid(const char *text)
{
    return text && strlen(text) == 13 && strspn(text, digits) == 13 &&
           (size_t)(strchr(digits, text[0]) - digits) < 16;
}

HibInstant
hib_tid_time(const char *tid)
{
    if (!hib_tid_valid(tid))
        return 0;
    uint64_t value = 0;
    for (int i = 0; i < 13; i++)
        value = value << 5 | (uint64_t)(strchr(digits, tid[i]) - digits);
    return (HibInstant)(value >> 10);
}
