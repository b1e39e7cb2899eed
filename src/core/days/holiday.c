/* What the Act on National Holidays makes of the holidays around a day (article 3). A holiday on a Sunday gives a substitute: the next day,
 * since 2007 the next one that is no holiday. A day between two holidays is one too: until 2006 not when it is a Sunday or a substitute. */
#include "days/days_private.h"
#include <string.h>

#define FIRST_SUBSTITUTE 19730412
#define FIRST_CITIZENS 19851227
#define REFORM 2007
#define AROUND 8 /* days of the neighbouring years that are looked at */
#define IN_YEAR (366 + 2 * AROUND)

/* From AROUND days before 1 January on. */
static void
nationals(int year, bool is_national[IN_YEAR])
{
    uint32_t base = hib_day_julian(year * 10000 + 101) - AROUND, starts[HIB_DAY_MOST];
    memset(is_national, 0, IN_YEAR * sizeof *is_national);
    for (size_t r = 0; r < hib_day_n_rules; r++) {
        if (hib_day_rules[r].day.kind != HIB_DAY_HOLIDAY || hib_day_rules[r].rule == 'H')
            continue;
        for (int y = year - 1; y <= year + 1; y++) {
            size_t n = hib_day_starts(&hib_day_rules[r], y, starts);
            for (size_t i = 0; i < n; i++)
                if (starts[i] >= base && starts[i] - base < IN_YEAR)
                    is_national[starts[i] - base] = true;
        }
    }
}

static void
substitutes(int year, uint32_t base, const bool *is_national, bool is_substitute[IN_YEAR])
{
    memset(is_substitute, 0, IN_YEAR * sizeof *is_substitute);
    uint32_t first = hib_day_julian(FIRST_SUBSTITUTE);
    for (uint32_t i = 0; i + AROUND < IN_YEAR; i++) {
        if (!is_national[i] || (base + i) % 7 || base + i < first) /* a Julian Sunday is 0 */
            continue;
        uint32_t next = i + 1;
        while (year >= REFORM && is_national[next])
            next++;
        is_substitute[next] = !is_national[next];
    }
}

size_t
hib_day_made(int which, int year, uint32_t ret[HIB_DAY_MOST])
{
    bool is_national[IN_YEAR], is_substitute[IN_YEAR];
    uint32_t base = hib_day_julian(year * 10000 + 101) - AROUND;
    uint32_t end = hib_day_julian(year * 10000 + 1231) - base;
    size_t n = 0;
    nationals(year, is_national);
    substitutes(year, base, is_national, is_substitute);
    for (uint32_t i = AROUND; i <= end && n < HIB_DAY_MOST; i++) {
        bool is_between = !is_national[i] && is_national[i - 1] && is_national[i + 1] &&
                          base + i >= hib_day_julian(FIRST_CITIZENS) &&
                          (year >= REFORM || ((base + i) % 7 && !is_substitute[i]));
        if (which == 0 ? is_substitute[i] : is_between)
            ret[n++] = base + i;
    }
    return n;
}

bool
hib_days_is_holiday(int day)
{
    uint32_t julian = hib_day_julian(day), starts[HIB_DAY_MOST];
    if (day < HIB_DAYS_FROM || day > HIB_DAYS_UNTIL)
        return false;
    for (size_t r = 0; r < hib_day_n_rules; r++) {
        if (hib_day_rules[r].day.kind != HIB_DAY_HOLIDAY)
            continue;
        size_t n = hib_day_starts(&hib_day_rules[r], day / 10000, starts);
        for (size_t i = 0; i < n; i++)
            if (starts[i] == julian)
                return true;
    }
    return false;
}
