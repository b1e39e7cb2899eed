/* Zone files that were cut short or changed. */
#include "base/zone_data.h"

#include <glib.h>

static void
a_cut_or_changed_zone_file_is_refused_or_harmless(void)
{
    g_autofree char *bytes = NULL;
    gsize n = 0;
    g_assert_true(g_file_get_contents("/usr/share/zoneinfo/Europe/Paris", &bytes, &n, NULL));
    HibZoneData data = {0};
    for (gsize cut = 0; cut < n; cut++) {
        g_autofree unsigned char *part =
            g_memdup2(bytes, cut); /* its own block, so that reading past it shows */
        if (hib_zone_data_read(part, cut, &data))
            g_test_fail_printf("taken with %zu of %zu bytes", cut, n);
    }
    for (gsize i = 0; i < n; i++) {
        char kept = bytes[i];
        bytes[i] = (char)(kept ^ 0x81);
        if (hib_zone_data_read((const unsigned char *)bytes, n, &data)) {
            hib_zone_data_stretch(&data, 1700000000);
            hib_zone_data_stretch(&data, 4000000000);
            hib_zone_data_clear(&data);
        }
        bytes[i] = kept;
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/zone/a_cut_or_changed_zone_file_is_refused_or_harmless",
                    a_cut_or_changed_zone_file_is_refused_or_harmless);
    return g_test_run();
}
