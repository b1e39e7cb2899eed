/* Zones: from an instant to the reading on the wall and back.
 *
 * Back is the hard way: a reading may have no instant or two. All stretches of constant offset that could hold it are
 * walked in order of time; the first that does is the answer, and where none does the reading fell between two. */
#include "base/time.h"

#include "base/clock.h"
#include "base/limits.h"
#include "base/zone_data.h"

#include <string.h>

#define ZONE_FOLDER "/usr/share/zoneinfo/"
#define NAME_MAX_BYTES 64
#define FILE_MAX_BYTES ((gsize)256 * 1024)
#define DAY_S 86400
#define REACH_S (27 * 3600) /* more than any offset */

struct HibZone {
    gint refs;
    bool is_fixed; /* built in: not counted */
    char name[NAME_MAX_BYTES];
    HibZoneData data;
};

static HibZone utc = {.refs = 1, .is_fixed = true, .name = "UTC"};
static GMutex cache_lock;
static GHashTable *cache; /* name → zone; only grows, up to HIB_LIMIT_ZONES */

/* --- opening -------------------------------------------------------------------------------------------- */
/* Letters, digits and "_+-/" only, so that a name cannot leave the folder; no file beside the zones. */
static bool
name_allowed(const char *name)
{
    static const char *const others[] = {"posix/", "right/", "localtime", "posixrules", "Factory"};
    size_t n = strlen(name);
    if (n == 0 || n >= NAME_MAX_BYTES || !g_ascii_isalpha(name[0]) || name[n - 1] == '/' ||
        strstr(name, "//") != NULL)
        return false;
    for (size_t i = 0; i < n; i++) {
        if (!g_ascii_isalnum(name[i]) && strchr("_+-/", name[i]) == NULL)
            return false;
    }
    for (size_t i = 0; i < G_N_ELEMENTS(others); i++) {
        if (g_str_has_prefix(name, others[i]))
            return false;
    }
    return true;
}

static HibZone *
zone_load(const char *name)
{
    g_autofree char *path = g_strconcat(ZONE_FOLDER, name, NULL);
    g_autoptr(GMappedFile) file = g_mapped_file_new(path, FALSE, NULL);
    if (file == NULL || g_mapped_file_get_length(file) > FILE_MAX_BYTES)
        return NULL;
    HibZoneData data = {0};
    const unsigned char *bytes = (const unsigned char *)g_mapped_file_get_contents(file);
    if (bytes == NULL || !hib_zone_data_read(bytes, g_mapped_file_get_length(file), &data))
        return NULL;
    HibZone *zone = g_new0(HibZone, 1);
    zone->refs = 1;
    zone->data = data;
    g_strlcpy(zone->name, name, sizeof zone->name);
    return zone;
}

HibZone *
hib_zone_open(const char *name)
{
    if (name == NULL || !name_allowed(name))
        return NULL;
    g_mutex_lock(&cache_lock);
    if (cache == NULL)
        cache = g_hash_table_new(g_str_hash, g_str_equal);
    HibZone *zone = g_hash_table_lookup(cache, name);
    if (zone != NULL) {
        hib_zone_ref(zone);
    } else {
        zone = zone_load(name);
        if (zone != NULL && g_hash_table_size(cache) < HIB_LIMIT_ZONES)
            g_hash_table_insert(cache, zone->name, hib_zone_ref(zone));
    }
    g_mutex_unlock(&cache_lock);
    return zone;
}

HibZone *
hib_zone_utc(void)
{
    return &utc;
}

HibZone *
hib_zone_ref(HibZone *zone)
{
    if (!zone->is_fixed)
        g_atomic_int_inc(&zone->refs);
    return zone;
}

void
hib_zone_unref(HibZone *zone)
{
    if (zone == NULL || zone->is_fixed || !g_atomic_int_dec_and_test(&zone->refs))
        return;
    hib_zone_data_clear(&zone->data);
    g_free(zone);
}

const char *
hib_zone_name(const HibZone *zone)
{
    return zone->name;
}

/* --- instant → wall ------------------------------------------------------------------------------------- */
static int64_t
floor_div(int64_t a, int64_t b)
{
    return a / b - (a % b < 0 ? 1 : 0);
}

static HibInstant
instant_of(int64_t second)
{
    if (second > G_MAXINT64 / HIB_SECOND)
        return HIB_NEVER;
    return MAX(second, G_MININT64 / HIB_SECOND) * HIB_SECOND;
}

static int64_t
local_second_at(const HibZone *zone, HibInstant at, int32_t *ret_offset_s)
{
    int64_t second = floor_div(at, HIB_SECOND);
    *ret_offset_s = hib_zone_data_stretch(&zone->data, second).offset_s;
    return second + *ret_offset_s;
}

HibWall
hib_wall_at(const HibZone *zone, HibInstant at)
{
    HibWall wall = {0};
    int32_t offset_s = 0;
    int64_t local = local_second_at(zone, at, &offset_s);
    int64_t days = floor_div(local, DAY_S);
    int rest = (int)(local - days * DAY_S);
    hib_date_from_days(days, &wall.year, &wall.month, &wall.day);
    wall.hour = rest / 3600;
    wall.minute = rest / 60 % 60;
    wall.second = rest % 60;
    wall.weekday = (int)(((days + 3) % 7 + 7) % 7) + 1; /* 1970-01-01 was a Thursday */
    wall.offset_s = offset_s;
    return wall;
}

/* --- wall → instant ------------------------------------------------------------------------------------- */
typedef struct {
    HibWallFit fit;
    int64_t second;
    int64_t gap_end; /* where a gap's clock change is: the first second after it */
} Found;

static Found
find_second(const HibZone *zone, int64_t local)
{
    Found found = {.fit = HIB_WALL_GAP, .second = local, .gap_end = local};
    int n_found = 0;
    HibStretch last = {0};
    bool has_last = false;
    for (int64_t at = local - REACH_S;;) {
        HibStretch now = hib_zone_data_stretch(&zone->data, at);
        int64_t candidate = local - now.offset_s;
        if (candidate >= now.from && candidate < now.until) {
            n_found++;
            if (n_found == 1) {
                found.fit = HIB_WALL_EXACT;
                found.second = candidate;
            } else {
                found.fit = HIB_WALL_OVERLAP;
            }
        } else if (n_found == 0 && has_last && local >= now.from + last.offset_s &&
                   local < now.from + now.offset_s) {
            found.second = local - last.offset_s;
            found.gap_end = now.from;
        }
        if (now.until > local + REACH_S)
            return found;
        last = now;
        has_last = true;
        at = now.until;
    }
}

bool
hib_wall_resolve(const HibZone *zone, const HibWall *wall, HibInstant *ret_at, HibWallFit *ret_fit)
{
    bool is_time = wall->hour >= 0 && wall->hour <= 23 && wall->minute >= 0 && wall->minute <= 59 &&
                   wall->second >= 0 && wall->second <= 59;
    if (!is_time || !hib_date_valid(wall->year, wall->month, wall->day))
        return false;
    int64_t local = hib_days_from_date(wall->year, wall->month, wall->day) * DAY_S +
                    wall->hour * 3600 + wall->minute * 60 + wall->second;
    Found found = find_second(zone, local);
    *ret_at = instant_of(found.second);
    if (ret_fit != NULL)
        *ret_fit = found.fit;
    return true;
}

HibInstant
hib_day_start(const HibZone *zone, HibInstant at, int days)
{
    int32_t offset_s = 0;
    int64_t local = local_second_at(zone, at, &offset_s);
    Found found = find_second(zone, (floor_div(local, DAY_S) + days) * DAY_S);
    return instant_of(found.fit == HIB_WALL_GAP ? found.gap_end : found.second);
}
