/* The slots of a queue: when each account likes to post, and the next one that is free. */
#include "accounts/accounts.h"
#include "base/error.h"
#include "publish/publish_private.h"
#include "publish/series.h"
#include "publish/series.sql.h"
#include "team/team.h"

#define LOOK_AHEAD_DAYS 60
#define APART HIB_MINUTE
#define MOST_OF_DAY 100 /* as many slots as an account may have */

bool
hib_slots_list(HibDb *db, HibSlot **ret_rows, size_t *ret_n, GError **error)
{
    HibSqlSlotRow *rows;
    if (!hib_sql_slot_list(db, &rows, ret_n, error))
        return false;
    *ret_rows = hib_arena_array(hib_db_arena(db), HibSlot, *ret_n + 1);
    for (size_t i = 0; i < *ret_n; i++)
        (*ret_rows)[i] = (HibSlot){.account_id = rows[i].account_id,
                                   .weekday = (int)rows[i].weekday,
                                   .minute = (int)rows[i].minute};
    return true;
}

bool
hib_slots_set(HibDb *db, const char *account, const HibSlot *slots, size_t n,
              const int64_t *min_gap_minutes, GError **error)
{
    HibAccount *found;
    g_autoptr(HibTx) tx = hib_tx_begin(db, error);
    if (!tx || !hib_accounts_get(db, account, &found, error) ||
        !hib_sql_slot_drop(db, account, error))
        return false;
    for (size_t i = 0; i < n; i++)
        if (!hib_sql_slot_insert(db, account, slots[i].weekday, slots[i].minute, error))
            return false;
    if (min_gap_minutes && !hib_sql_rhythm_set(db, account, *min_gap_minutes, error))
        return false;
    return hib_event_emit(db, "slots.changed", account, NULL, error) &&
           hib_audit(db, "slots.change", "account", account, NULL, NULL, error) &&
           hib_tx_commit(tx, error);
}

static int64_t
minutes_of(const HibSqlRhythmRow *rows, size_t n, const char *account)
{
    for (size_t i = 0; i < n; i++)
        if (g_str_equal(rows[i].account_id, account))
            return rows[i].min_gap_minutes;
    return HIB_MIN_GAP_MINUTES;
}

bool
hib_slots_gaps(HibDb *db, HibAccountGap **ret_rows, size_t *ret_n, GError **error)
{
    HibSqlRhythmRow *rows = NULL;
    HibAccount *accounts = NULL;
    size_t n = 0;
    if (!hib_sql_rhythm_list(db, &rows, &n, error) ||
        !hib_accounts_list(db, &accounts, ret_n, error))
        return false;
    *ret_rows = hib_arena_array(hib_db_arena(db), HibAccountGap, *ret_n + 1);
    for (size_t i = 0; i < *ret_n; i++)
        (*ret_rows)[i] = (HibAccountGap){.account_id = accounts[i].id,
                                         .minutes = minutes_of(rows, n, accounts[i].id)};
    return true;
}

/* --- the next free one -------------------------------------------------------------------------------------------------------- */
typedef struct {
    HibSqlSlotTaken *rows;
    size_t n;
} Taken;

static bool
is_free(const Taken *taken, size_t n_accounts, HibInstant at)
{
    for (size_t a = 0; a < n_accounts; a++)
        for (size_t i = 0; i < taken[a].n; i++)
            if (ABS(taken[a].rows[i].due_at - at) < APART)
                return false;
    return true;
}

static bool
is_asked(const char *const *accounts, size_t n, const char *account)
{
    for (size_t i = 0; i < n; i++)
        if (g_str_equal(accounts[i], account))
            return true;
    return false;
}

static int
by_time(const void *a, const void *b)
{
    HibInstant one = *(const HibInstant *)a, other = *(const HibInstant *)b;
    return one < other ? -1 : one > other;
}

/* The free slots of one wall day, ascending, without repeats. */
static size_t
slots_of_day(const HibSlot *slots, size_t n_slots, const HibWall *day, const HibZone *zone,
             HibInstant *ret, size_t most)
{
    size_t n = 0, kept = 0;
    for (size_t i = 0; i < n_slots && n < most; i++) {
        HibWall wall = *day;
        if (slots[i].weekday != day->weekday)
            continue;
        wall.hour = slots[i].minute / 60;
        wall.minute = slots[i].minute % 60;
        wall.second = 0;
        if (hib_wall_resolve(zone, &wall, &ret[n], NULL))
            n++;
    }
    qsort(ret, n, sizeof *ret, by_time);
    for (size_t i = 0; i < n; i++)
        if (!kept || ret[kept - 1] != ret[i])
            ret[kept++] = ret[i];
    return kept;
}

size_t
hib_slots_between(const HibSlot *slots, size_t n_slots, const HibZone *zone, HibInstant from,
                  HibInstant to, HibInstant *ret, size_t most)
{
    HibInstant of_day[MOST_OF_DAY];
    size_t n = 0;
    for (int day = 0; n < most && hib_day_start(zone, from, day) < to; day++) {
        HibWall wall = hib_wall_at(zone, hib_day_start(zone, from, day));
        size_t n_day = slots_of_day(slots, n_slots, &wall, zone, of_day, MOST_OF_DAY);
        for (size_t i = 0; i < n_day && n < most; i++)
            if (of_day[i] >= from && of_day[i] < to)
                ret[n++] = of_day[i];
    }
    return n;
}

static bool
read_taken(HibDb *db, const char *const *accounts, size_t n, HibInstant now, Taken *taken,
           GError **error)
{
    for (size_t i = 0; i < n; i++)
        if (!hib_sql_slot_taken(db, accounts[i], now - APART, now + LOOK_AHEAD_DAYS * HIB_DAY,
                                &taken[i].rows, &taken[i].n, error))
            return false;
    return true;
}

bool
hib_slots_next(HibDb *db, const char *const *accounts, size_t n_accounts, HibInstant *ret,
               size_t most, size_t *ret_n, GError **error)
{
    HibSlot *slots;
    HibWorkspace *workspace;
    size_t n_slots, kept = 0;
    HibInstant now = hib_db_now(db);
    Taken *taken = hib_arena_array(hib_db_arena(db), Taken, n_accounts + 1);
    *ret_n = 0;
    if (!hib_slots_list(db, &slots, &n_slots, error) ||
        !hib_team_workspace(db, &workspace, error) ||
        !read_taken(db, accounts, n_accounts, now, taken, error))
        return false;
    for (size_t i = 0; i < n_slots; i++)
        if (is_asked(accounts, n_accounts, slots[i].account_id))
            slots[kept++] = slots[i];
    g_autoptr(HibZone) zone = hib_zone_open(workspace->zone);
    HibInstant *day_slots = hib_arena_array(hib_db_arena(db), HibInstant, kept + 1);
    for (int day = 0; zone && kept && day < LOOK_AHEAD_DAYS && *ret_n < most; day++) {
        HibWall wall = hib_wall_at(zone, hib_day_start(zone, now, day));
        size_t n = slots_of_day(slots, kept, &wall, zone, day_slots, kept);
        for (size_t i = 0; i < n && *ret_n < most; i++)
            if (day_slots[i] > now && is_free(taken, n_accounts, day_slots[i]))
                ret[(*ret_n)++] = day_slots[i];
    }
    return true;
}

/* Two people who queue at the same moment may get the same slot on PostgreSQL: both posts go out, a person sees them in the calendar. */
bool
hib_slots_queue(HibDb *db, const char *id, HibPost **ret, GError **error)
{
    HibPost *post;
    HibInstant at;
    size_t n;
    g_autoptr(HibTx) tx = hib_tx_begin(db, error);
    if (!tx || !hib_plan_get(db, id, false, &post, error))
        return false;
    const char **accounts = hib_arena_array(hib_db_arena(db), const char *, post->n_variants + 1);
    for (size_t i = 0; i < post->n_variants; i++)
        accounts[i] = post->variants[i].account_id;
    if (!hib_slots_next(db, accounts, post->n_variants, &at, 1, &n, error))
        return false;
    if (!n) {
        hib_error_set(error, HIB_ERROR_CONFLICT, "slot.none", "no free slot of %zu accounts",
                      post->n_variants);
        return false;
    }
    return hib_publish_schedule(db, id, NULL, at, ret, error) && hib_tx_commit(tx, error);
}
