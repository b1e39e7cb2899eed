/* Days and times as people write them in a spreadsheet, in either language. What could mean two days (12/1/2026) means none. */
#include "bulk/bulk_private.h"
#include "text/count.h"
#include <string.h>

static bool
read_number(const char **at, int most_digits, int *ret)
{
    int n = 0;
    *ret = 0;
    for (; n < most_digits && g_ascii_isdigit(**at); (*at)++, n++)
        *ret = *ret * 10 + **at - '0';
    return n > 0;
}

static bool
pass(const char **at, const char *word)
{
    if (!g_str_has_prefix(*at, word))
        return false;
    *at += strlen(word);
    return true;
}

static void
pass_blanks(const char **at)
{
    while (**at == ' ')
        (*at)++;
}

/* "(火)", "(tue)": what day of the week it is follows from the date. */
static void
pass_weekday(const char **at)
{
    const char *start = *at + strspn(*at, " ");
    const char *end = *start == '(' ? strchr(start, ')') : NULL;
    if (end && end - start <= 12)
        *at = end + 1;
}

/* Folded text: digits and signs are plain, letters small. */
static bool
read_date(const char **at, HibWall *ret)
{
    if (!read_number(at, 4, &ret->year) || ret->year < 1000)
        return false;
    if (!pass(at, "-") && !pass(at, "/") && !pass(at, ".") && !pass(at, "年"))
        return false;
    const char between = (*at)[-1];
    const bool is_spelled = !strchr("-/.", between);
    if (!read_number(at, 2, &ret->month))
        return false;
    if (is_spelled ? !pass(at, "月") : *(*at)++ != between)
        return false;
    if (!read_number(at, 2, &ret->day) || (is_spelled && !pass(at, "日")))
        return false;
    pass_weekday(at);
    return true;
}

/* 12 at night is 0, 12 at noon stays. */
static bool
read_time(const char **at, HibWall *ret)
{
    int half = pass(at, "午前") || pass(at, "am") ? 1 : pass(at, "午後") || pass(at, "pm") ? 2 : 0;
    pass_blanks(at);
    if (!read_number(at, 2, &ret->hour))
        return false;
    ret->minute = ret->second = 0;
    if (pass(at, "時")) {
        if (read_number(at, 2, &ret->minute) && !pass(at, "分"))
            return false;
    } else if (!pass(at, ":") || !read_number(at, 2, &ret->minute) ||
               (pass(at, ":") && !read_number(at, 2, &ret->second))) {
        return false;
    }
    pass_blanks(at);
    if (!half)
        half = pass(at, "am") ? 1 : pass(at, "pm") ? 2 : 0;
    if (half && (ret->hour < 0 || ret->hour > 12))
        return false;
    if (half)
        ret->hour = ret->hour % 12 + (half == 2 ? 12 : 0);
    return ret->hour < 24 && ret->minute < 60 && ret->second < 60;
}

bool
hib_bulk_date(HibArena *arena, const char *text, HibWall *ret)
{
    HibInstant at;
    const char *folded = hib_bulk_fold(arena, text);
    *ret = (HibWall){0};
    return read_date(&folded, ret) && !*folded && hib_wall_resolve(hib_zone_utc(), ret, &at, NULL);
}

bool
hib_bulk_time(HibArena *arena, const char *text, HibWall *ret)
{
    const char *folded = hib_bulk_fold(arena, text);
    return read_time(&folded, ret) && !*folded;
}

bool
hib_bulk_moment(HibArena *arena, const char *text, const HibZone *zone, HibInstant *ret,
                bool *ret_has_time)
{
    HibWall wall = {0};
    const char *folded = hib_bulk_fold(arena, text);
    *ret_has_time = true;
    if (hib_instant_parse(text, ret))
        return true;
    if (!read_date(&folded, &wall))
        return false;
    *ret_has_time = *folded != '\0';
    const bool is_apart = *folded == ' ' || *folded == 't';
    if (is_apart)
        folded++;
    pass_blanks(&folded);
    return (!*ret_has_time || (read_time(&folded, &wall) && !*folded)) &&
           hib_wall_resolve(zone, &wall, ret, NULL);
}
