/* Cells of exports: numbers and times as networks and spreadsheets write them. Pure.
 *
 * Most are plain digits and "2026-12-01 09:00"; what is not ASCII is folded (NFKC) and read by the same rules, so that full-width digits and 年月日 need none of their own. */
#include "measure/import.h"
#include <string.h>

typedef struct {
    const char *at, *end;
} Cursor;

static bool
is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static void
pass_blanks(Cursor *c)
{
    while (c->at < c->end && (*c->at == ' ' || *c->at == '\t'))
        c->at++;
}

static bool
pass(Cursor *c, const char *word)
{
    const size_t n = strlen(word);
    if ((size_t)(c->end - c->at) < n || g_ascii_strncasecmp(c->at, word, n) != 0)
        return false;
    c->at += n;
    return true;
}

/* Up to `most` digits; their count. */
static int
read_digits(Cursor *c, int most, int64_t *ret)
{
    int n = 0;
    for (*ret = 0; c->at < c->end && is_digit(*c->at) && n < most; n++)
        *ret = *ret * 10 + (*c->at++ - '0');
    return n;
}

/* --- numbers ---------------------------------------------------------------------------------------------------- */
static bool
is_missing(const char *text, size_t n)
{
    static const char *const words[] = {
        "-",   "--",   "\xe2\x80\x94", "\xe2\x80\x93", "\xe2\x88\x92", "\xe3\x83\xbc",
        "n/a", "null", "nan",          "undefined",    "none",         "\xe2\x80\xa6"};
    for (size_t i = 0; i < G_N_ELEMENTS(words); i++)
        if (strlen(words[i]) == n && g_ascii_strncasecmp(text, words[i], n) == 0)
            return true;
    return false;
}

/* Digits, in threes where commas stand between, and what is behind a point. */
static bool
read_decimal(Cursor *c, double *ret)
{
    int64_t whole = 0, part = 0;
    const bool is_negative = pass(c, "-") || pass(c, "\xe2\x88\x92");
    int n = read_digits(c, 15, &whole);
    if (n == 0 && !(c->at < c->end && *c->at == '.'))
        return false;
    for (bool is_first = true; n && c->at < c->end && *c->at == ','; is_first = false) {
        Cursor behind = {c->at + 1, c->end};
        if ((is_first && n > 3) || read_digits(&behind, 3, &part) != 3 || whole > 999999999999)
            return false;
        whole = whole * 1000 + part;
        *c = behind;
    }
    *ret = (double)whole;
    double step = 0.1;
    if (c->at < c->end && *c->at == '.')
        for (c->at++; c->at < c->end && is_digit(*c->at); step /= 10)
            *ret += step * (*c->at++ - '0');
    if (is_negative)
        *ret = -*ret;
    return true;
}

static double
read_scale(Cursor *c)
{
    static const struct {
        const char *word;
        double by;
    } scales[] = {
        {"K", 1e3},           {"M", 1e6}, {"B", 1e9}, {"\xe5\x8d\x83", 1e3}, {"\xe4\xb8\x87", 1e4},
        {"\xe5\x84\x84", 1e8}};
    pass_blanks(c);
    for (size_t i = 0; i < G_N_ELEMENTS(scales); i++)
        if (pass(c, scales[i].word))
            return scales[i].by;
    return 1;
}

/* 3:05, 1:02:03 */
static bool
read_clock(Cursor *c, double *ret)
{
    int64_t part = 0;
    int n_parts = 0;
    *ret = 0;
    while (n_parts < 3 && read_digits(c, 6, &part)) {
        if (n_parts && part > 59)
            return false;
        *ret = *ret * 60 + (double)part;
        n_parts++;
        if (!pass(c, ":"))
            break;
    }
    return n_parts >= 2 && c->at == c->end;
}

static HibFigureKind
number_of(const char *text, size_t n, HibImportUnit unit, int64_t *ret)
{
    static const double to_ms[] = {1, 1e3, 6e4, 3.6e6, 1e3};
    Cursor c = {text, text + n}, clock = c;
    double value = 0;
    pass_blanks(&c);
    while (c.end > c.at && (c.end[-1] == ' ' || c.end[-1] == '\t'))
        c.end--;
    if (c.at == c.end || is_missing(c.at, (size_t)(c.end - c.at)))
        return HIB_FIGURE_MISSING;
    clock = c;
    if (unit == HIB_UNIT_DURATION && read_clock(&clock, &value)) {
        *ret = (int64_t)(value * 1e3);
        return HIB_FIGURE_NUMBER;
    }
    if (!read_decimal(&c, &value))
        return HIB_FIGURE_BAD;
    value *= read_scale(&c) * to_ms[unit];
    if (c.at != c.end || value > 9e15 || value < -9e15)
        return HIB_FIGURE_BAD;
    const int64_t rounded = (int64_t)(value + (value < 0 ? -0.5 : 0.5));
    const double off = value - (double)rounded;
    if (unit == HIB_UNIT_COUNT && (off > 1e-6 || off < -1e-6))
        return HIB_FIGURE_BAD; /* no count has a fraction: a rate, or another column */
    *ret = rounded;
    return HIB_FIGURE_NUMBER;
}

static bool
is_ascii(const char *text, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if ((unsigned char)text[i] >= 0x80)
            return false;
    return true;
}

HibFigureKind
hib_import_number(const char *text, size_t n, HibImportUnit unit, int64_t *ret)
{
    *ret = 0;
    size_t i = 0;
    int64_t value = 0;
    for (; i < n && i < 15 && is_digit(text[i]); i++)
        value = value * 10 + (text[i] - '0');
    if (i == n && unit == HIB_UNIT_COUNT) {
        *ret = value;
        return n ? HIB_FIGURE_NUMBER : HIB_FIGURE_MISSING;
    }
    if (is_ascii(text, n))
        return number_of(text, n, unit, ret);
    if (is_missing(text, n))
        return HIB_FIGURE_MISSING;
    g_autofree char *plain = g_utf8_normalize(text, (gssize)n, G_NORMALIZE_NFKC);
    return plain ? number_of(plain, strlen(plain), unit, ret) : HIB_FIGURE_BAD;
}

/* --- dates -------------------------------------------------------------------------------------------------------- */
static const char *const months[] = {"jan", "feb", "mar", "apr", "may", "jun",
                                     "jul", "aug", "sep", "oct", "nov", "dec"};

/* "Sep", "Sept.", "September"; 0: none. */
static int
read_month(Cursor *c)
{
    for (int i = 0; i < 12; i++)
        if (c->end - c->at >= 3 && g_ascii_strncasecmp(c->at, months[i], 3) == 0) {
            while (c->at < c->end && (g_ascii_isalpha(*c->at) || *c->at == '.'))
                c->at++;
            return i + 1;
        }
    return 0;
}

static void
pass_weekday(Cursor *c)
{
    static const char *const days[] = {"mon", "tue", "wed", "thu", "fri", "sat", "sun"};
    for (size_t i = 0; i < G_N_ELEMENTS(days); i++)
        if (c->end - c->at >= 3 && g_ascii_strncasecmp(c->at, days[i], 3) == 0) {
            while (c->at < c->end && (g_ascii_isalpha(*c->at) || *c->at == ',' || *c->at == '.'))
                c->at++;
            pass_blanks(c);
            return;
        }
}

static bool
read_part(Cursor *c, int *ret)
{
    int64_t value;
    const int n = read_digits(c, 2, &value);
    *ret = (int)value;
    return n > 0;
}

static bool
read_year(Cursor *c, HibImportDate *ret)
{
    int64_t year;
    Cursor behind = *c;
    while (pass(&behind, ",") || pass(&behind, " "))
        continue;
    if (read_digits(&behind, 4, &year) != 4 || (behind.at < behind.end && *behind.at == ':'))
        return false;
    *c = behind;
    ret->wall.year = (int)year;
    ret->has_year = true;
    return true;
}

/* 2026-12-01, 2026/12/1, 2026.12.1, 2026年12月1日, 20261201 */
static bool
read_year_first(Cursor *c, HibImportDate *ret)
{
    Cursor from = *c;
    int64_t year, rest;
    if (read_digits(&from, 4, &year) != 4)
        return false;
    ret->wall.year = (int)year;
    ret->has_year = true;
    Cursor packed = from;
    if (read_digits(&packed, 4, &rest) == 4 && !(packed.at < packed.end && is_digit(*packed.at))) {
        ret->wall.month = (int)(rest / 100);
        ret->wall.day = (int)(rest % 100);
        *c = packed;
        return true;
    }
    const bool is_parted =
        (pass(&from, "-") || pass(&from, "/") || pass(&from, ".") || pass(&from, "\xe5\xb9\xb4")) &&
        read_part(&from, &ret->wall.month) &&
        (pass(&from, "-") || pass(&from, "/") || pass(&from, ".") || pass(&from, "\xe6\x9c\x88")) &&
        read_part(&from, &ret->wall.day);
    if (is_parted)
        pass(&from, "\xe6\x97\xa5");
    *c = from;
    return is_parted;
}

/* 12/01/2026 or 01.12.2026 by the order; 12月1日 */
static bool
read_parts(Cursor *c, int first, HibDateOrder order, HibImportDate *ret)
{
    int second;
    if (pass(c, "\xe6\x9c\x88")) {
        ret->wall.month = first;
        return read_part(c, &ret->wall.day) && pass(c, "\xe6\x97\xa5");
    }
    if (!(pass(c, "/") || pass(c, "-") || pass(c, ".")) || !read_part(c, &second) ||
        !(pass(c, "/") || pass(c, "-") || pass(c, ".")) || !read_year(c, ret))
        return false;
    ret->is_slashed = true;
    if (first > 12 && second <= 12 && order != HIB_ORDER_MDY)
        order = HIB_ORDER_DMY;
    else if (second > 12 && first <= 12 && order != HIB_ORDER_DMY)
        order = HIB_ORDER_MDY;
    ret->wall.month = order == HIB_ORDER_DMY ? second : first;
    ret->wall.day = order == HIB_ORDER_DMY ? first : second;
    return order != HIB_ORDER_ASK || first == second;
}

static bool
read_day(Cursor *c, HibDateOrder order, HibImportDate *ret)
{
    int first;
    pass_weekday(c);
    if ((ret->wall.month = read_month(c))) {
        pass_blanks(c);
        if (!read_part(c, &ret->wall.day))
            return false;
        read_year(c, ret);
        return true;
    }
    if (read_year_first(c, ret))
        return true;
    *ret = (HibImportDate){0};
    if (!read_part(c, &first))
        return false;
    Cursor behind = *c;
    while (pass(&behind, " ") || pass(&behind, "-"))
        continue;
    if ((ret->wall.month = read_month(&behind))) { /* 10 Sep 2026 */
        *c = behind;
        pass(c, "-");
        ret->wall.day = first;
        read_year(c, ret);
        return true;
    }
    return read_parts(c, first, order, ret);
}

static bool
read_time(Cursor *c, HibImportDate *ret)
{
    HibWall *wall = &ret->wall;
    int64_t fraction;
    if (!read_part(c, &wall->hour))
        return false;
    const bool is_japanese = pass(c, "\xe6\x99\x82");
    if (is_japanese && c->at == c->end) {
        ret->has_time = true;
        return wall->hour < 24;
    }
    if ((!is_japanese && !pass(c, ":")) || !read_part(c, &wall->minute))
        return false;
    if (is_japanese)
        pass(c, "\xe5\x88\x86");
    if (pass(c, ":") && !read_part(c, &wall->second))
        return false;
    if (pass(c, "."))
        read_digits(c, 9, &fraction);
    pass_blanks(c);
    const bool is_after = pass(c, "pm");
    if (is_after || pass(c, "am")) {
        if (wall->hour < 1 || wall->hour > 12)
            return false;
        wall->hour = wall->hour % 12 + (is_after ? 12 : 0);
    }
    ret->has_time = true;
    return wall->hour < 24 && wall->minute < 60 && wall->second < 60;
}

/* Z, UTC, JST, +09:00, +0900, GMT+9 */
static bool
read_offset(Cursor *c, HibImportDate *ret)
{
    int64_t hours, minutes = 0;
    pass_blanks(c);
    if (c->at == c->end)
        return true;
    ret->has_offset = true;
    if (pass(c, "JST")) {
        ret->offset_s = 9 * 3600;
        return c->at == c->end;
    }
    const bool is_named = pass(c, "Z") || pass(c, "UTC") || pass(c, "GMT");
    if (is_named && c->at == c->end)
        return true;
    const int sign = pass(c, "-") ? -1 : pass(c, "+") ? 1 : 0;
    if (!sign || !read_digits(c, 2, &hours))
        return false;
    pass(c, ":");
    read_digits(c, 2, &minutes);
    ret->offset_s = sign * (int)(hours * 3600 + minutes * 60);
    return c->at == c->end && hours <= 14 && minutes < 60;
}

static bool
date_of(const char *text, size_t n, HibDateOrder order, HibImportDate *ret)
{
    Cursor c = {text, text + n};
    *ret = (HibImportDate){0};
    pass_blanks(&c);
    while (c.end > c.at && (c.end[-1] == ' ' || c.end[-1] == '\t'))
        c.end--;
    if (c.at == c.end || !read_day(&c, order, ret) || ret->wall.month < 1 || ret->wall.month > 12 ||
        ret->wall.day < 1 || ret->wall.day > 31)
        return false;
    if (c.at == c.end)
        return true;
    if (!pass(&c, "T"))
        while (pass(&c, ",") || pass(&c, " "))
            continue;
    return read_time(&c, ret) && read_offset(&c, ret);
}

bool
hib_import_date(const char *text, size_t n, HibDateOrder order, HibImportDate *ret)
{
    if (is_ascii(text, n))
        return date_of(text, n, order, ret);
    g_autofree char *plain = g_utf8_normalize(text, (gssize)n, G_NORMALIZE_NFKC);
    *ret = (HibImportDate){0};
    return plain && date_of(plain, strlen(plain), order, ret);
}

HibInstant
hib_import_snowflake(const char *id)
{
    const uint64_t epoch_ms =
        1288834974657; /* ids of X count milliseconds from it, 22 bits below */
    const size_t n = strlen(id);
    uint64_t value;
    if (n < 12 || n > 19 || strspn(id, "0123456789") != n ||
        !g_ascii_string_to_unsigned(id, 10, 0, G_MAXINT64, &value, NULL))
        return 0;
    return (HibInstant)((value >> 22) + epoch_ms) * 1000;
}
