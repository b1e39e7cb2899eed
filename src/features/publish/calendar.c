/* The calendar's model: posts placed in days (and lanes), neighbours of one account held against its minimum gap, slots that nothing fills yet.
 *
 * The posts come by time, so a day is a stretch of them and one walk places everything. The walk begins and ends a gap outside the days
 * asked for, so that what collides across their edge is seen. */
#include "publish/calendar.h"
#include "base/error.h"
#include "team/team.h"

#define MOST_FREE_SLOTS 1000

/* --- collisions ------------------------------------------------------------------------------------------------------ */
static GHashTable *
gaps_of(const HibAccountGap *gaps, size_t n)
{
    GHashTable *table = g_hash_table_new(g_str_hash, g_str_equal);
    for (size_t i = 0; i < n; i++)
        g_hash_table_insert(table, (gpointer)gaps[i].account_id,
                            GSIZE_TO_POINTER((size_t)gaps[i].minutes + 1));
    return table;
}

/* What is kept of an account on the walk; 1 + the last spot's place, 0: none yet. */
typedef struct {
    HibDuration gap;
    size_t last;
} Trail;

static Trail *
trail_of(GHashTable *trails, GHashTable *gaps, const char *account)
{
    Trail *trail = g_hash_table_lookup(trails, account);
    if (trail)
        return trail;
    size_t known = GPOINTER_TO_SIZE(g_hash_table_lookup(gaps, account));
    int64_t minutes = known ? (int64_t)known - 1 : HIB_MIN_GAP_MINUTES;
    trail = g_new0(Trail, 1);
    trail->gap = minutes * HIB_MINUTE;
    g_hash_table_insert(trails, (gpointer)account, trail);
    return trail;
}

void
hib_calendar_collisions(const HibPostSpot *spots, size_t n, const HibAccountGap *gaps,
                        size_t n_gaps, bool *ret)
{
    g_autoptr(GHashTable) by_account = gaps_of(gaps, n_gaps);
    /* Equal accounts are equal pointers (HibPostSpot). */
    g_autoptr(GHashTable) trails = g_hash_table_new_full(NULL, NULL, NULL, g_free);
    for (size_t i = 0; i < n; i++) {
        for (size_t a = 0; spots[i].state != HIB_POST_FAILED && a < spots[i].n_accounts; a++) {
            Trail *trail = trail_of(trails, by_account, spots[i].accounts[a]);
            if (trail->last && spots[i].due_at - spots[trail->last - 1].due_at < trail->gap)
                ret[i] = ret[trail->last - 1] = true;
            trail->last = i + 1;
        }
    }
}

/* --- what is shown --------------------------------------------------------------------------------------------------- */
typedef struct {
    const HibCalendarQuery *query;
    GHashTable *campaigns; /* post → campaign; NULL: nobody asks */
    GHashTable *saying;    /* NULL: no words are looked for */
    GHashTable *tagged;    /* campaigns with the tag; NULL: nobody asks */
    HibAccount *accounts;
    size_t n_accounts;
} Sieve;

static bool
open_sieve(HibDb *db, const HibCalendarQuery *query, Sieve *sieve, GError **error)
{
    *sieve = (Sieve){.query = query};
    if (!hib_accounts_list(db, &sieve->accounts, &sieve->n_accounts, error))
        return false;
    bool wants_campaigns = query->has_lanes || query->campaign || query->tag;
    if (wants_campaigns &&
        !hib_plan_spot_campaigns(db, query->from, query->to, &sieve->campaigns, error))
        return false;
    if (query->tag && !hib_plan_campaigns_tagged(db, query->tag, &sieve->tagged, error))
        return false;
    return !query->words ||
           hib_plan_spots_saying(db, query->from, query->to, query->words, &sieve->saying, error);
}

static bool
is_on_network(const Sieve *sieve, const char *account)
{
    for (size_t i = 0; i < sieve->n_accounts; i++)
        if (g_str_equal(sieve->accounts[i].id, account))
            return g_str_equal(sieve->accounts[i].network, sieve->query->network);
    return false;
}

static bool
is_for(const Sieve *sieve, const HibPostSpot *spot)
{
    const HibCalendarQuery *query = sieve->query;
    if (!query->account && !query->network)
        return true;
    for (size_t i = 0; i < spot->n_accounts; i++) {
        bool is_account = !query->account || g_str_equal(spot->accounts[i], query->account);
        if (is_account && (!query->network || is_on_network(sieve, spot->accounts[i])))
            return true;
    }
    return false;
}

static const char *
campaign_of(const Sieve *sieve, const HibPostSpot *spot)
{
    return sieve->campaigns ? g_hash_table_lookup(sieve->campaigns, spot->id) : NULL;
}

static bool
is_shown(const Sieve *sieve, const HibPostSpot *spot)
{
    const HibCalendarQuery *query = sieve->query;
    if (spot->due_at < query->from || spot->due_at >= query->to ||
        (query->state && spot->state != *query->state) || !is_for(sieve, spot))
        return false;
    if (query->campaign && g_strcmp0(campaign_of(sieve, spot), query->campaign) != 0)
        return false;
    if (sieve->tagged) {
        const char *campaign = campaign_of(sieve, spot);
        if (!campaign || !g_hash_table_contains(sieve->tagged, campaign))
            return false;
    }
    return !sieve->saying || g_hash_table_contains(sieve->saying, spot->id);
}

/* --- cells ----------------------------------------------------------------------------------------------------------- */
typedef struct {
    HibDb *db;
    const Sieve *sieve;
    const HibPostSpot *spots;
    const bool *collides;
    GArray *cells;       /* HibCalendarCell */
    GPtrArray *ids;      /* of the posts shown, in the order of their cells' room */
    GArray *shown;       /* where each of them stands: Place */
    GHashTable *by_lane; /* of the day at hand: campaign ("" for none) → 1 + place of its cell */
} Sheet;
typedef struct {
    size_t cell, spot;
} Place;

static size_t
cell_for(Sheet *sheet, HibInstant day, const char *campaign)
{
    const char *lane = campaign ? campaign : "";
    size_t found = GPOINTER_TO_SIZE(g_hash_table_lookup(sheet->by_lane, lane));
    if (found)
        return found - 1;
    const HibCalendarCell cell = {.day = day, .campaign_id = campaign};
    g_array_append_val(sheet->cells, cell);
    g_hash_table_insert(sheet->by_lane, (gpointer)lane, GSIZE_TO_POINTER(sheet->cells->len));
    return sheet->cells->len - 1;
}

static void
place(Sheet *sheet, size_t spot, HibInstant day)
{
    const HibCalendarQuery *query = sheet->sieve->query;
    const char *campaign = query->has_lanes ? campaign_of(sheet->sieve, &sheet->spots[spot]) : NULL;
    const Place at = {.cell = cell_for(sheet, day, campaign), .spot = spot};
    HibCalendarCell *cell = &g_array_index(sheet->cells, HibCalendarCell, at.cell);
    cell->n++;
    cell->n_collisions += sheet->collides[spot];
    if (cell->n_posts == query->per_day)
        return;
    cell->n_posts++;
    g_array_append_val(sheet->shown, at);
    g_ptr_array_add(sheet->ids, (gpointer)sheet->spots[spot].id);
}

/* Of connected accounts: those that no spot of the day is for and that have no slots, which say it better. */
static void
find_without(Sheet *sheet, const HibPostSpot *spots, size_t n, const HibSlot *slots, size_t n_slots,
             HibCalendarCell *cell)
{
    const Sieve *sieve = sheet->sieve;
    g_autoptr(GHashTable) busy = g_hash_table_new(g_str_hash, g_str_equal);
    for (size_t i = 0; i < n_slots; i++)
        g_hash_table_add(busy, (gpointer)slots[i].account_id);
    for (size_t i = 0; i < n; i++)
        for (size_t a = 0; a < spots[i].n_accounts; a++)
            g_hash_table_add(busy, (gpointer)spots[i].accounts[a]);
    cell->without = hib_arena_array(hib_db_arena(sheet->db), const char *, sieve->n_accounts + 1);
    for (size_t i = 0; i < sieve->n_accounts; i++)
        if (!g_hash_table_contains(busy, sieve->accounts[i].id))
            cell->without[cell->n_without++] = sieve->accounts[i].id;
}

/* Every day of the stretch, with the posts of each. */
static void
lay_out(Sheet *sheet, size_t n, const HibZone *zone, const HibSlot *slots, size_t n_slots)
{
    const HibCalendarQuery *query = sheet->sieve->query;
    HibInstant today = hib_day_start(zone, hib_db_now(sheet->db), 0);
    size_t i = 0;
    while (i < n && sheet->spots[i].due_at < query->from)
        i++;
    for (int d = 0; MAX(hib_day_start(zone, query->from, d), query->from) < query->to; d++) {
        HibInstant day = hib_day_start(zone, query->from, d),
                   next = hib_day_start(zone, query->from, d + 1);
        size_t first = i, at = query->has_lanes ? 0 : cell_for(sheet, day, NULL);
        for (; i < n && sheet->spots[i].due_at < next; i++)
            if (is_shown(sheet->sieve, &sheet->spots[i]))
                place(sheet, i, day);
        if (!query->has_lanes && day >= today && query->from <= day)
            find_without(sheet, sheet->spots + first, i - first, slots, n_slots,
                         &g_array_index(sheet->cells, HibCalendarCell, at));
        g_hash_table_remove_all(sheet->by_lane);
    }
}

static int
by_cell(const void *a, const void *b)
{
    const Place *one = a, *other = b;
    if (one->cell != other->cell)
        return one->cell < other->cell ? -1 : 1;
    return one->spot < other->spot ? -1 : one->spot > other->spot;
}

/* The posts that are shown, read closer, each in its cell. */
static bool
fill_cells(Sheet *sheet, HibCalendar *ret, GError **error)
{
    HibArena *arena = hib_db_arena(sheet->db);
    size_t n = sheet->ids->len;
    HibPostHead *heads = hib_arena_array(arena, HibPostHead, n + 1);
    HibCalendarPost *posts = hib_arena_array(arena, HibCalendarPost, n + 1);
    Place *shown = (Place *)(void *)sheet->shown->data;
    g_array_sort(sheet->shown, by_cell);
    for (size_t i = 0; i < n; i++)
        sheet->ids->pdata[i] = (gpointer)sheet->spots[shown[i].spot].id;
    if (!hib_plan_heads(sheet->db, (const char *const *)sheet->ids->pdata, n, heads, error))
        return false;
    ret->n_cells = sheet->cells->len;
    ret->cells = hib_arena_array(arena, HibCalendarCell, ret->n_cells + 1);
    for (size_t c = 0; c < ret->n_cells; c++) {
        ret->cells[c] = g_array_index(sheet->cells, HibCalendarCell, c);
        ret->cells[c].n_posts = 0;
        ret->n += ret->cells[c].n;
    }
    for (size_t i = 0; i < n; i++) {
        HibCalendarCell *cell = &ret->cells[shown[i].cell];
        if (!heads[i].id)
            continue; /* deleted meanwhile */
        posts[i] = (HibCalendarPost){.head = &heads[i],
                                     .accounts = sheet->spots[shown[i].spot].accounts,
                                     .n_accounts = sheet->spots[shown[i].spot].n_accounts,
                                     .collides = sheet->collides[shown[i].spot]};
        if (cell->n_posts++ == 0)
            cell->posts = &posts[i];
    }
    return true;
}

/* --- slots that nothing fills ---------------------------------------------------------------------------------------- */
static size_t
first_from(const HibPostSpot *spots, size_t n, HibInstant at)
{
    size_t low = 0, high = n;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (spots[middle].due_at < at)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static bool
is_filled(const HibPostSpot *spots, size_t n, const char *account, HibInstant at, HibDuration near)
{
    for (size_t i = first_from(spots, n, at - near); i < n && spots[i].due_at <= at + near; i++) {
        if (spots[i].state == HIB_POST_FAILED)
            continue;
        for (size_t a = 0; a < spots[i].n_accounts; a++)
            if (g_str_equal(spots[i].accounts[a], account))
                return true;
    }
    return false;
}

static void
find_free(Sheet *sheet, size_t n, const HibAccountGap *gap, const HibSlot *slots, size_t n_slots,
          HibCalendar *ret)
{
    HibInstant times[MOST_FREE_SLOTS], now = hib_db_now(sheet->db);
    const HibCalendarQuery *query = sheet->sieve->query;
    HibSlot own[100];
    size_t n_own = 0;
    for (size_t i = 0; i < n_slots && n_own < G_N_ELEMENTS(own); i++)
        if (g_str_equal(slots[i].account_id, gap->account_id))
            own[n_own++] = slots[i];
    bool is_asked = (!query->account || g_str_equal(query->account, gap->account_id)) &&
                    (!query->network || is_on_network(sheet->sieve, gap->account_id));
    if (!n_own || !is_asked || query->to <= now)
        return;
    size_t n_times = hib_slots_between(own, n_own, ret->zone, MAX(query->from, now), query->to,
                                       times, MOST_FREE_SLOTS - ret->n_free_slots);
    HibDuration near = MAX(gap->minutes * HIB_MINUTE - 1, HIB_MINUTE - 1);
    for (size_t i = 0; i < n_times; i++)
        if (!is_filled(sheet->spots, n, gap->account_id, times[i], near))
            ret->free_slots[ret->n_free_slots++] =
                (HibFreeSlot){.account_id = gap->account_id, .at = times[i]};
}

/* --- all of it ------------------------------------------------------------------------------------------------------- */
static bool
check_query(const HibCalendarQuery *query, GError **error)
{
    if (query->from > query->to) {
        hib_error_set_at(error, HIB_ERROR_INVALID, "post.bad_range", "?to", "to lies before from");
        return false;
    }
    if (query->to - query->from <= HIB_CALENDAR_DAYS * HIB_DAY + HIB_HOUR)
        return true;
    hib_error_set_at(error, HIB_ERROR_INVALID, "calendar.too_wide", "?to", "more than %d days",
                     HIB_CALENDAR_DAYS);
    return false;
}

static bool
read_undated(HibDb *db, HibCalendar *ret, GError **error)
{
    const char **ids = NULL;
    size_t n = 0;
    if (!hib_plan_undated(db, HIB_CALENDAR_UNDATED, &ids, &n, error))
        return false;
    ret->has_more_undated = n > HIB_CALENDAR_UNDATED;
    n = MIN(n, HIB_CALENDAR_UNDATED);
    HibPostHead *heads = hib_arena_array(hib_db_arena(db), HibPostHead, n + 1);
    ret->undated = hib_arena_array(hib_db_arena(db), HibCalendarPost, n + 1);
    if (!hib_plan_heads(db, ids, n, heads, error))
        return false;
    for (size_t i = 0; i < n; i++)
        if (heads[i].id)
            ret->undated[ret->n_undated++] = (HibCalendarPost){.head = &heads[i]};
    return true;
}

static void
free_zone(void *zone)
{
    hib_zone_unref(zone);
}

static bool
open_zone(HibDb *db, HibCalendar *ret, GError **error)
{
    HibWorkspace *workspace;
    if (!hib_team_workspace(db, &workspace, error))
        return false;
    HibZone *zone = hib_zone_open(workspace->zone);
    ret->zone = zone ? zone : hib_zone_utc();
    hib_arena_defer(hib_db_arena(db), free_zone, ret->zone);
    return true;
}

static HibDuration
widest(const HibAccountGap *gaps, size_t n)
{
    int64_t minutes = HIB_MIN_GAP_MINUTES;
    for (size_t i = 0; i < n; i++)
        minutes = MAX(minutes, gaps[i].minutes);
    return minutes * HIB_MINUTE;
}

bool
hib_calendar_read(HibDb *db, const HibCalendarQuery *query, HibCalendar *ret, GError **error)
{
    Sieve sieve;
    HibPostSpot *spots;
    HibAccountGap *gaps;
    HibSlot *slots;
    size_t n, n_gaps, n_slots;
    *ret = (HibCalendar){0};
    if (!check_query(query, error) || !open_zone(db, ret, error) ||
        !open_sieve(db, query, &sieve, error) || !hib_slots_gaps(db, &gaps, &n_gaps, error) ||
        !hib_slots_list(db, &slots, &n_slots, error) || !read_undated(db, ret, error))
        return false;
    HibDuration margin = widest(gaps, n_gaps);
    if (!hib_plan_spots(db, query->from - margin, query->to + margin, HIB_CALENDAR_POSTS, &spots,
                        &n, &ret->is_cut, error))
        return false;
    bool *collides = hib_arena_array(hib_db_arena(db), bool, n + 1);
    hib_calendar_collisions(spots, n, gaps, n_gaps, collides);
    g_autoptr(GArray) cells = g_array_new(FALSE, FALSE, sizeof(HibCalendarCell));
    g_autoptr(GArray) shown = g_array_new(FALSE, FALSE, sizeof(Place));
    g_autoptr(GPtrArray) ids = g_ptr_array_new();
    g_autoptr(GHashTable) by_lane = g_hash_table_new(g_str_hash, g_str_equal);
    Sheet sheet = {db, &sieve, spots, collides, cells, ids, shown, by_lane};
    lay_out(&sheet, n, ret->zone, slots, n_slots);
    ret->free_slots = hib_arena_array(hib_db_arena(db), HibFreeSlot, MOST_FREE_SLOTS);
    for (size_t i = 0; i < n_gaps; i++)
        find_free(&sheet, n, &gaps[i], slots, n_slots, ret);
    return fill_cells(&sheet, ret, error);
}
