/* Clocks, the calendar, and time as text. Zones are in zone.c.
 *
 * The calendar counts days in 400-year eras that begin on 1 March, so that the leap day is a year's last and
 * needs no special case. */
#include "base/time.h"

#include "base/clock.h"

#include <pthread.h>
#include <string.h>
#include <sys/mman.h>

#define COUNT_MAX ((1u << 26) - 1)
#define STEP_BACK_MS                                                                               \
    10000 /* a clock set back by less keeps the order of ids; by more, it is believed */

struct HibClock {
    bool manual, is_shared;
    pthread_mutex_t lock; /* not GMutex: the thread sanitiser understands this one */
    HibInstant now;       /* of a manual one; where a fast one began */
    double speed;         /* of a fast one; else 0 */
    int64_t began_us;
    int64_t id_ms;
    uint32_t id_count;
};

HibClock *
hib_clock_real(void)
{
    static HibClock real = {.lock = PTHREAD_MUTEX_INITIALIZER}; /* holds the order of ids only */
    return &real;
}

HibClock *
hib_clock_manual_new(HibInstant start)
{
    HibClock *clock = g_new0(HibClock, 1);
    clock->manual = true;
    clock->now = start;
    pthread_mutex_init(&clock->lock, NULL);
    return clock;
}

HibClock *
hib_clock_shared_new(HibInstant start)
{
    HibClock *clock =
        mmap(NULL, sizeof *clock, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (clock == MAP_FAILED)
        return NULL;
    clock->manual = clock->is_shared = true;
    clock->now = start;
    pthread_mutexattr_t across;
    pthread_mutexattr_init(&across);
    pthread_mutexattr_setpshared(&across, PTHREAD_PROCESS_SHARED);
    pthread_mutex_init(&clock->lock, &across);
    pthread_mutexattr_destroy(&across);
    return clock;
}

HibClock *
hib_clock_fast_new(HibInstant start, double speed)
{
    HibClock *clock = hib_clock_manual_new(start);
    clock->speed = speed;
    clock->began_us = hib_monotonic_us();
    return clock;
}

void
hib_clock_manual_set(HibClock *clock, HibInstant now)
{
    g_return_if_fail(clock->manual && clock->speed == 0);
    pthread_mutex_lock(&clock->lock);
    clock->now = now;
    pthread_mutex_unlock(&clock->lock);
}

void
hib_clock_free(HibClock *clock)
{
    if (clock == NULL || !clock->manual)
        return;
    if (clock->is_shared) { /* the others still hold its lock's memory */
        munmap(clock, sizeof *clock);
        return;
    }
    pthread_mutex_destroy(&clock->lock);
    g_free(clock);
}

HibInstant
hib_clock_now(HibClock *clock)
{
    if (!clock->manual)
        return g_get_real_time();
    pthread_mutex_lock(&clock->lock);
    HibInstant now = clock->now;
    pthread_mutex_unlock(&clock->lock);
    if (clock->speed > 0)
        now += (HibDuration)(clock->speed * (double)(hib_monotonic_us() - clock->began_us));
    return now;
}

int64_t
hib_monotonic_us(void)
{
    return g_get_monotonic_time();
}

void
hib_clock_tick(HibClock *clock, uint32_t start, int64_t *ret_ms, uint32_t *ret_count)
{
    int64_t ms = MAX(hib_clock_now(clock), 0) / HIB_MILLISECOND;
    pthread_mutex_lock(&clock->lock);
    if (ms > clock->id_ms || ms < clock->id_ms - STEP_BACK_MS) {
        clock->id_ms = ms;
        clock->id_count = start;
    } else if (clock->id_count < COUNT_MAX) {
        clock->id_count++;
    } else {
        clock->id_ms++;
        clock->id_count = 0;
    }
    *ret_ms = clock->id_ms;
    *ret_count = clock->id_count;
    pthread_mutex_unlock(&clock->lock);
}

/* --- calendar ------------------------------------------------------------------------------------------- */
#define DAYS_PER_ERA 146097 /* 400 years */
#define DAYS_TO_1970 719468 /* from 0000-03-01 */

int64_t
hib_days_from_date(int year, int month, int day)
{
    int64_t y = month <= 2 ? year - 1 : year;
    int64_t era = (y >= 0 ? y : y - 399) / 400;
    int64_t year_of_era = y - era * 400;
    int64_t day_of_year = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;
    int64_t day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    return era * DAYS_PER_ERA + day_of_era - DAYS_TO_1970;
}

void
hib_date_from_days(int64_t days, int *ret_year, int *ret_month, int *ret_day)
{
    int64_t z = days + DAYS_TO_1970;
    int64_t era = (z >= 0 ? z : z - (DAYS_PER_ERA - 1)) / DAYS_PER_ERA;
    int64_t day_of_era = z - era * DAYS_PER_ERA;
    int64_t year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / (DAYS_PER_ERA - 1)) /
        365;
    int64_t day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    int64_t shifted_month = (5 * day_of_year + 2) / 153;
    *ret_day = (int)(day_of_year - (153 * shifted_month + 2) / 5 + 1);
    *ret_month = (int)(shifted_month < 10 ? shifted_month + 3 : shifted_month - 9);
    *ret_year = (int)(year_of_era + era * 400 + (*ret_month <= 2 ? 1 : 0));
}

bool
hib_date_valid(int year, int month, int day)
{
    static const int lengths[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    if (year < 1 || year > 9999 || month < 1 || month > 12 || day < 1)
        return false;
    bool is_leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    return day <= lengths[month - 1] + (month == 2 && is_leap ? 1 : 0);
}

/* --- text ----------------------------------------------------------------------------------------------- */
static HibInstant
first_instant(void)
{
    return hib_days_from_date(1, 1, 1) * HIB_DAY;
}

static HibInstant
last_instant(void)
{
    return hib_days_from_date(10000, 1, 1) * HIB_DAY - 1;
}

const char *
hib_instant_format(HibInstant at, char out[HIB_INSTANT_TEXT])
{
    at = CLAMP(at, first_instant(), last_instant());
    int64_t days = at / HIB_DAY;
    int64_t rest = at % HIB_DAY;
    if (rest < 0) {
        rest += HIB_DAY;
        days--;
    }
    int year = 0;
    int month = 0;
    int day = 0;
    hib_date_from_days(days, &year, &month, &day);
    int seconds = (int)(rest / HIB_SECOND);
    int micros = (int)(rest % HIB_SECOND);
    int n = g_snprintf(out, HIB_INSTANT_TEXT, "%04d-%02d-%02dT%02d:%02d:%02d", year, month, day,
                       seconds / 3600, seconds / 60 % 60, seconds % 60);
    if (micros != 0)
        n += g_snprintf(out + n, (gulong)(HIB_INSTANT_TEXT - n), ".%06d", micros);
    g_strlcpy(out + n, "Z", (gsize)(HIB_INSTANT_TEXT - n));
    return out;
}

/* Reads exactly `n` digits; false without moving when they are not there. */
static bool
take_digits(const char **at, int n, int *ret)
{
    int value = 0;
    for (int i = 0; i < n; i++) {
        if (!g_ascii_isdigit((*at)[i]))
            return false;
        value = value * 10 + ((*at)[i] - '0');
    }
    *at += n;
    *ret = value;
    return true;
}

static bool
take_char(const char **at, char wanted)
{
    if (**at != wanted)
        return false;
    (*at)++;
    return true;
}

static bool
take_date(const char **at, HibWall *wall)
{
    return take_digits(at, 4, &wall->year) && take_char(at, '-') &&
           take_digits(at, 2, &wall->month) && take_char(at, '-') &&
           take_digits(at, 2, &wall->day) && hib_date_valid(wall->year, wall->month, wall->day);
}

static bool
take_minutes(const char **at, HibWall *wall)
{
    return take_digits(at, 2, &wall->hour) && take_char(at, ':') &&
           take_digits(at, 2, &wall->minute) && wall->hour <= 23 && wall->minute <= 59;
}

/* ".25": as many digits as there are, what is finer than a microsecond is cut off. */
static bool
take_fraction(const char **at, int *ret_micros)
{
    *ret_micros = 0;
    if (!take_char(at, '.'))
        return true;
    if (!g_ascii_isdigit(**at))
        return false;
    for (int unit = 100000; g_ascii_isdigit(**at); (*at)++, unit /= 10)
        *ret_micros += (**at - '0') * unit;
    return true;
}

static bool
take_offset(const char **at, int *ret_seconds)
{
    *ret_seconds = 0;
    if (take_char(at, 'Z') || take_char(at, 'z'))
        return true;
    int sign = **at == '-' ? -1 : 1;
    int hours = 0;
    int minutes = 0;
    if (!take_char(at, '+') && !take_char(at, '-'))
        return false;
    if (!take_digits(at, 2, &hours) || !take_char(at, ':') || !take_digits(at, 2, &minutes))
        return false;
    *ret_seconds = sign * (hours * 3600 + minutes * 60);
    return hours <= 23 && minutes <= 59;
}

bool
hib_instant_parse(const char *text, HibInstant *ret_at)
{
    HibWall wall = {0};
    int micros = 0;
    int offset_s = 0;
    if (text == NULL || !take_date(&text, &wall))
        return false;
    if (!take_char(&text, 'T') && !take_char(&text, 't'))
        return false;
    if (!take_minutes(&text, &wall) || !take_char(&text, ':') ||
        !take_digits(&text, 2, &wall.second) || wall.second > 60 ||
        !take_fraction(&text, &micros) || !take_offset(&text, &offset_s) || *text != '\0')
        return false;

    HibInstant at = hib_days_from_date(wall.year, wall.month, wall.day) * HIB_DAY +
                    wall.hour * HIB_HOUR + wall.minute * HIB_MINUTE - offset_s * HIB_SECOND;
    if (wall.second == 60) { /* only the last minute of a day in UTC has one */
        if ((at % HIB_DAY + HIB_DAY) % HIB_DAY != HIB_DAY - HIB_MINUTE)
            return false;
        wall.second = 59;
        micros = 999999;
    }
    at += wall.second * HIB_SECOND + micros;
    if (at < first_instant() || at > last_instant())
        return false;
    *ret_at = at;
    return true;
}

bool
hib_wall_parse(const char *text, HibWall *ret_wall)
{
    HibWall wall = {0};
    if (text == NULL || !take_date(&text, &wall))
        return false;
    if (!take_char(&text, ' ') && !take_char(&text, 'T'))
        return false;
    if (!take_minutes(&text, &wall))
        return false;
    if (take_char(&text, ':') && (!take_digits(&text, 2, &wall.second) || wall.second > 59))
        return false;
    if (*text != '\0')
        return false;
    int64_t days = hib_days_from_date(wall.year, wall.month, wall.day);
    wall.weekday = (int)(((days + 3) % 7 + 7) % 7) + 1; /* 1970-01-01 was a Thursday */
    *ret_wall = wall;
    return true;
}
