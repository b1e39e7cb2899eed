/* Fuzz target: any text as RFC 3339 and as a reading on the wall. What is taken prints and reads back as the same; a wall
 * reading has an instant in every zone, and that instant reads as it did unless the clock was moved there. */
#include "base/arena.h"
#include "base/time.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static void
check_instant(const char *text)
{
    HibInstant at = 0;
    HibInstant again = 0;
    char printed[HIB_INSTANT_TEXT];
    if (!hib_instant_parse(text, &at))
        return;
    g_assert_true(hib_instant_parse(hib_instant_format(at, printed), &again));
    if (at >= -62135596800 * HIB_SECOND && at < 253402300800 * HIB_SECOND)
        g_assert_cmpint(at, ==, again);
}

static void
check_wall(const HibZone *zone, const HibWall *wall)
{
    HibInstant at = 0;
    HibWallFit fit = HIB_WALL_EXACT;
    if (!hib_wall_resolve(zone, wall, &at, &fit) || fit == HIB_WALL_GAP)
        return;
    HibWall again = hib_wall_at(zone, at);
    g_assert_true(again.year == wall->year && again.month == wall->month && again.day == wall->day);
    g_assert_true(again.hour == wall->hour && again.minute == wall->minute &&
                  again.second == wall->second);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    static const char *const names[] = {"UTC", "Asia/Tokyo", "America/New_York", "Pacific/Apia",
                                        "Europe/Dublin"};
    g_autoptr(HibArena) arena = hib_arena_new();
    const char *text = hib_arena_strndup(arena, (const char *)data, n);
    HibWall wall = {0};
    check_instant(text);
    if (!hib_wall_parse(text, &wall))
        return 0;
    for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
        g_autoptr(HibZone) zone = hib_zone_open(names[i]);
        if (zone != NULL)
            check_wall(zone, &wall);
    }
    return 0;
}
