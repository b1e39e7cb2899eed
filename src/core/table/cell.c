/* What people write into cells: heads and words by which a column or a choice is meant, and times. Pure. */
#include "table/table.h"
#include <stdio.h>
#include <string.h>

static char *
fold(const char *text)
{
    g_autofree char *plain = g_utf8_normalize(text, -1, G_NORMALIZE_NFKC);
    return g_strstrip(g_utf8_casefold(plain ? plain : "", -1));
}

bool
hib_table_is_called(const char *text, const char *name)
{
    g_autofree char *one = fold(text);
    g_autofree char *other = fold(name ? name : "");
    return *one && g_str_equal(one, other);
}

bool
hib_table_time(const HibZone *zone, const char *text, HibInstant *ret)
{
    HibWall wall = {.hour = 12};
    int n = 0;
    int end = 0;
    if (hib_instant_parse(text, ret))
        return true;
    g_autofree char *plain = g_utf8_normalize(text, -1, G_NORMALIZE_NFKC);
    if (!plain)
        return false;
    g_strdelimit(plain, "/.", '-');
    if (sscanf(plain, "%4d-%2d-%2d%n", &wall.year, &wall.month, &wall.day, &n) != 3 || !n)
        return false;
    const char *rest = plain + n;
    if (*rest == 'T' || *rest == ' ') {
        rest++;
        if (sscanf(rest, "%2d:%2d%n", &wall.hour, &wall.minute, &end) != 2 || !end)
            return false;
        rest += end;
        end = 0;
        if (*rest == ':' && (sscanf(rest, ":%2d%n", &wall.second, &end) != 1 || !end))
            return false;
        rest += end;
    }
    return !*rest && hib_wall_resolve(zone, &wall, ret, NULL);
}
