/* Fuzz target: any bytes as a TZif file. What is taken answers for every instant with a stretch that holds it. */
#include "base/zone_data.h"

#include <glib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static void
check_at(const HibZoneData *data, int64_t at)
{
    HibStretch stretch = hib_zone_data_stretch(data, at);
    g_assert_cmpint(stretch.from, <=, at);
    g_assert_cmpint(stretch.until, >, at);
    g_assert_cmpint(stretch.offset_s, >, -8 * 86400);
    g_assert_cmpint(stretch.offset_s, <, 8 * 86400);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    static const int64_t instants[] = {-62135596800, -2208988800, 0,
                                       1700000000,   4000000000,  253402300799};
    HibZoneData zone = {0};
    if (!hib_zone_data_read(data, n, &zone))
        return 0;
    for (size_t i = 0; i < G_N_ELEMENTS(instants); i++)
        check_at(&zone, instants[i]);
    for (size_t i = 0; i < zone.n; i++) {
        if (zone.at[i] >= instants[0] && zone.at[i] <= instants[5])
            check_at(&zone, zone.at[i]);
    }
    hib_zone_data_clear(&zone);
    return 0;
}
