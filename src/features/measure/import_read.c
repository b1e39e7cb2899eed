/* Rows of an export, as they come: each cell checked, everything wrong told, good rows handed on. Pure; memory does not grow with the file.
 *
 * Times that carry an offset are exact. Those that do not are of the zone a person chose; where a file has both, or offsets of several zones, it is asked about instead of guessed. */
#include "measure/import.h"
#include <string.h>

#define SEEN_MOST                                                                                  \
    (1u << 20) /* keys that are remembered to find a repeat; beyond it the store finds them */

typedef struct {
    uint64_t key, values;
    uint32_t row;
} Seen;
struct HibMetricReader {
    HibArena *arena;
    const HibImportHead *head;
    const HibMetricMapping *mapping;
    const HibImportFormat *format;
    HibZone *zone;
    HibInstant now;
    HibOnMetricRow on_row;
    void *data;
    GError *error;
    HibTableStream *stream;
    HibMetricRow row;
    HibMetricSummary sum;
    GArray *problems;
    GHashTable *accounts;
    Seen *seen;
    size_t seen_room, n_seen;
    int at_of[HIB_COLUMN_METRIC]; /* column of a role; -1: none */
    bool is_bad, is_over, has_own_offsets;
    int64_t year; /* of days that say none */
    int last_month;
    HibWall
        day; /* the wall day that was resolved last, when it began, and whether it has 24 hours */
    HibInstant day_start;
    bool is_even;
    char made_id[40];
};

/* --- what is wrong ----------------------------------------------------------------------------------------------- */
static void
tell(HibMetricReader *r, size_t row, int column, const char *reason, const char *value)
{
    r->sum.n_bad_rows += !r->is_bad && row;
    r->sum.n_whole += !row;
    r->is_bad = true;
    if (r->sum.n_problems++ >= HIB_MEASURE_PROBLEMS)
        return;
    const HibMetricProblem one = {
        .row = row,
        .column = column >= 0 && (size_t)column < r->head->n_heads ? r->head->heads[column] : NULL,
        .reason = reason,
        .value =
            hib_arena_strndup(r->arena, value ? value : "", value ? MIN(strlen(value), 60) : 0)};
    g_autofree char *valid = g_utf8_make_valid(one.value, -1);
    HibMetricProblem kept = one;
    kept.value = hib_arena_strdup(r->arena, valid);
    g_array_append_val(r->problems, kept);
}

/* --- times -------------------------------------------------------------------------------------------------------- */
static bool
resolve(HibMetricReader *r, const HibWall *wall, HibInstant *ret)
{
    if (wall->year != r->day.year || wall->month != r->day.month || wall->day != r->day.day) {
        const HibWall start = {.year = wall->year, .month = wall->month, .day = wall->day};
        r->day = (HibWall){0};
        if (!hib_wall_resolve(r->zone, &start, &r->day_start, NULL))
            return false;
        r->day = start;
        r->is_even = hib_day_start(r->zone, r->day_start, 1) - r->day_start == HIB_DAY;
    }
    if (!r->is_even)
        return hib_wall_resolve(r->zone, wall, ret, NULL);
    *ret = r->day_start + wall->hour * HIB_HOUR + wall->minute * HIB_MINUTE +
           wall->second * HIB_SECOND;
    return true;
}

static void
note_offset(HibMetricReader *r, HibInstant at, int offset_s)
{
    r->sum.has_offsets = true;
    if (hib_wall_at(r->zone, at).offset_s == offset_s) {
        r->has_own_offsets = true;
        return;
    }
    for (size_t i = 0; i < r->sum.n_offsets; i++)
        if (r->sum.offsets[i] == offset_s)
            return;
    if (r->sum.n_offsets < G_N_ELEMENTS(r->sum.offsets))
        r->sum.offsets[r->sum.n_offsets++] = offset_s;
}

static bool
instant_of(HibMetricReader *r, const HibImportDate *date, HibInstant *ret)
{
    if (!date->has_offset) {
        r->sum.has_plain |= date->has_time;
        return resolve(r, &date->wall, ret);
    }
    if (!hib_wall_resolve(hib_zone_utc(), &date->wall, ret, NULL))
        return false;
    *ret -= date->offset_s * HIB_SECOND;
    note_offset(r, *ret, date->offset_s);
    return true;
}

/* Days without a year go on from row to row: December before January is a year's end, in either direction. */
static void
give_year(HibMetricReader *r, HibImportDate *date)
{
    r->sum.is_yearless = true;
    if (r->last_month == 12 && date->wall.month == 1)
        r->year++;
    else if (r->last_month == 1 && date->wall.month == 12)
        r->year--;
    r->last_month = date->wall.month;
    date->wall.year = (int)r->year;
}

static bool
read_date(HibMetricReader *r, int column, const char *text, HibImportDate *date, HibInstant *ret)
{
    const HibDateOrder order = r->mapping->order;
    if (!hib_import_date(text, strlen(text), order, date)) {
        tell(r, r->row.row, column,
             date->is_slashed && order == HIB_ORDER_ASK ? "measure.import_order"
                                                        : "measure.import_date",
             text);
        return false;
    }
    if (!date->has_year)
        give_year(r, date);
    if (!date->has_year && !r->year) {
        tell(r, r->row.row, column, "measure.import_year", text);
        return false;
    }
    if (!instant_of(r, date, ret)) {
        tell(r, r->row.row, column, "measure.import_date", text);
        return false;
    }
    if (*ret > r->now + HIB_DAY) {
        tell(r, r->row.row, column, "measure.import_future", text);
        return false;
    }
    return true;
}

/* --- a row -------------------------------------------------------------------------------------------------------- */
static const char *
cell(const HibMetricReader *r, const HibTableStreamRow *row, HibColumnRole role)
{
    const int at = r->at_of[role];
    return at >= 0 && (size_t)at < row->n ? row->cells[at] : "";
}

static uint64_t
mix(uint64_t hash, const char *text)
{
    for (const char *c = text; *c; c++)
        hash = (hash ^ (unsigned char)*c) * 1099511628211u;
    return (hash ^ 0xff) * 1099511628211u;
}

static uint64_t
stir(uint64_t hash)
{
    hash = (hash ^ (hash >> 31)) * 0x9e3779b97f4a7c15u;
    return (hash ^ (hash >> 29)) | 1;
}

/* The row that had the key before, whether it said the same; 0: none. */
static Seen *
find_seen(HibMetricReader *r, uint64_t key)
{
    if (2 * (r->n_seen + 1) > r->seen_room && r->seen_room < 2 * SEEN_MOST) {
        const size_t room = r->seen_room ? 2 * r->seen_room : 1024;
        Seen *more = g_new0(Seen, room);
        for (size_t i = 0; i < r->seen_room; i++)
            if (r->seen[i].key) {
                size_t at = r->seen[i].key & (room - 1);
                while (more[at].key)
                    at = (at + 1) & (room - 1);
                more[at] = r->seen[i];
            }
        g_free(r->seen);
        r->seen = more;
        r->seen_room = room;
    }
    size_t at = key & (r->seen_room - 1);
    while (r->seen[at].key && r->seen[at].key != key)
        at = (at + 1) & (r->seen_room - 1);
    return &r->seen[at];
}

/* True: the row repeats one before it. */
static bool
is_repeat(HibMetricReader *r, uint64_t key, int column)
{
    uint64_t values = 1469598103934665603u;
    for (size_t i = 0; i < r->mapping->n; i++)
        if (r->row.has[i])
            values = (values ^ ((uint64_t)r->row.values[i] + i)) * 1099511628211u;
    Seen *seen = find_seen(r, stir(key));
    if (!seen->key) {
        if (r->n_seen < SEEN_MOST) {
            *seen = (Seen){stir(key), values, (uint32_t)r->row.row};
            r->n_seen++;
        }
        return false;
    }
    if (seen->values != values) {
        g_autofree char *first = g_strdup_printf("%u", seen->row);
        tell(r, r->row.row, column, "measure.import_twice", first);
        return true;
    }
    r->sum.n_repeats++;
    return true;
}

/* A post that no column names is known by what does not change of it; of several alike each by its place among them. */
static void
make_id(HibMetricReader *r, const HibTableStreamRow *row)
{
    uint64_t key = 1469598103934665603u;
    for (size_t i = 0; i < MIN(row->n, r->mapping->n); i++)
        if (r->mapping->columns[i].role != HIB_COLUMN_METRIC)
            key = mix(key, row->cells[i]);
    Seen *seen = find_seen(r, stir(key));
    if (!seen->key && r->n_seen < SEEN_MOST) {
        *seen = (Seen){stir(key), 0, (uint32_t)r->row.row};
        r->n_seen++;
    }
    seen->values++;
    g_snprintf(r->made_id, sizeof r->made_id, "row-%016" G_GINT64_MODIFIER "x-%u", key,
               (unsigned)seen->values);
    r->row.id = r->made_id;
}

/* Month, weekday and hour are all that is known: the first such day of the month. */
static bool
read_month_row(HibMetricReader *r, const HibTableStreamRow *row)
{
    int64_t parts[3] = {0};
    static const HibColumnRole roles[] = {HIB_COLUMN_MONTH, HIB_COLUMN_WEEKDAY, HIB_COLUMN_HOUR};
    static const int64_t least[] = {1, 1, 0}, most[] = {12, 7, 24};
    for (size_t i = 0; i < G_N_ELEMENTS(roles); i++) {
        const char *text = cell(r, row, roles[i]);
        if (hib_import_number(text, strlen(text), HIB_UNIT_COUNT, &parts[i]) != HIB_FIGURE_NUMBER ||
            parts[i] < least[i] || parts[i] > most[i]) {
            tell(r, r->row.row, r->at_of[roles[i]], "measure.import_date", text);
            return false;
        }
    }
    if (!r->year) {
        tell(r, 0, r->at_of[HIB_COLUMN_MONTH], "measure.import_year", "");
        return false;
    }
    HibWall wall = {
        .year = (int)r->year, .month = (int)parts[0], .day = 1, .hour = (int)parts[2] % 24};
    if (!hib_wall_resolve(hib_zone_utc(), &wall, &r->row.at, NULL))
        return false;
    const int sunday_first = hib_wall_at(hib_zone_utc(), r->row.at).weekday % 7 + 1;
    wall.day += ((int)parts[1] - sunday_first + 7) % 7;
    r->row.is_estimated = r->sum.is_estimated = true;
    return resolve(r, &wall, &r->row.at);
}

static bool
read_post(HibMetricReader *r, const HibTableStreamRow *row)
{
    HibMetricRow *out = &r->row;
    HibImportDate date = {0};
    const char *text = cell(r, row, HIB_COLUMN_AT);
    const int column = r->at_of[HIB_COLUMN_AT];
    out->id = cell(r, row, HIB_COLUMN_ID);
    out->url = cell(r, row, HIB_COLUMN_URL);
    out->text = cell(r, row, HIB_COLUMN_TEXT);
    out->type = cell(r, row, HIB_COLUMN_TYPE);
    const HibInstant own =
        r->format && r->format->has_snowflakes ? hib_import_snowflake(out->id) : 0;
    if (r->at_of[HIB_COLUMN_MONTH] >= 0 && column < 0)
        return read_month_row(r, row);
    if (own && own <= r->now + HIB_DAY) {
        out->at = own;
        return true;
    }
    if (!*text) {
        tell(r, out->row, column, "measure.import_no_time", "");
        return false;
    }
    if (!read_date(r, column, text, &date, &out->at))
        return false;
    if (!date.has_time) { /* noon is that day in every zone nearby */
        out->at += 12 * HIB_HOUR;
        out->is_day_only = r->sum.is_day_only = true;
    }
    return true;
}

static bool
read_day(HibMetricReader *r, const HibTableStreamRow *row)
{
    HibImportDate date = {0};
    const char *text = cell(r, row, HIB_COLUMN_DAY);
    if (!*text) {
        tell(r, r->row.row, r->at_of[HIB_COLUMN_DAY], "measure.import_no_day", "");
        return false;
    }
    if (!read_date(r, r->at_of[HIB_COLUMN_DAY], text, &date, &r->row.at))
        return false;
    r->row.at =
        hib_day_start(r->zone, r->row.at, 1) - HIB_SECOND; /* as it stood when the day ended */
    return true;
}

static void
read_values(HibMetricReader *r, const HibTableStreamRow *row)
{
    HibMetricRow *out = &r->row;
    out->n_values = 0;
    for (size_t i = 0; i < r->mapping->n; i++) {
        const HibMetricColumn *column = &r->mapping->columns[i];
        out->has[i] = false;
        if (column->role != HIB_COLUMN_METRIC || i >= row->n)
            continue;
        const char *text = row->cells[i];
        const HibFigureKind kind =
            hib_import_number(text, strlen(text), column->unit, &out->values[i]);
        if (kind == HIB_FIGURE_BAD || out->values[i] < 0)
            tell(r, out->row, (int)i, "measure.import_number", text);
        else if (kind == HIB_FIGURE_NUMBER) {
            out->has[i] = true;
            out->n_values++;
        }
    }
}

/* Sums stand among the rows: "Total", 合計, "Grand total". */
static bool
is_total(const HibMetricReader *r, const HibTableStreamRow *row)
{
    static const char *const words[] = {"total", "totals", "grand total", "合計", "総計"};
    const char *key = cell(r, row,
                           r->mapping->about == HIB_ABOUT_DAYS ? HIB_COLUMN_DAY
                           : r->at_of[HIB_COLUMN_ID] >= 0      ? HIB_COLUMN_ID
                                                               : HIB_COLUMN_AT);
    if (g_ascii_isdigit(*key))
        return false;
    for (size_t i = 0; i < row->n; i++)
        for (size_t k = 0; k < G_N_ELEMENTS(words); k++)
            if (g_ascii_strcasecmp(row->cells[i], words[k]) == 0)
                return true;
    return false;
}

static const char *
fault_reason(const HibTableStreamRow *row)
{
    if (row->is_unended && row->fault.kind == HIB_TABLE_OPEN_QUOTE)
        return "measure.import_cut";
    return row->fault.kind == HIB_TABLE_TOO_MANY_COLUMNS ? "measure.import_columns"
                                                         : "measure.import_cell";
}

/* Whether the row has as many cells as it should; where the file breaks off it has not. */
static bool
is_whole(HibMetricReader *r, const HibTableStreamRow *row)
{
    if (row->has_fault) {
        g_autofree char *line = g_strdup_printf("%zu", row->fault.line);
        tell(r, row->row, (int)row->fault.column - 1, fault_reason(row), line);
        return false;
    }
    if (row->is_unended && row->n < r->head->n_heads) {
        tell(r, row->row, -1, "measure.import_cut", "");
        return false;
    }
    for (size_t i = r->head->n_heads; i < row->n; i++)
        if (*row->cells[i]) {
            tell(r, row->row, -1, "measure.import_columns", "");
            return false;
        }
    return true;
}

static void
count_row(HibMetricReader *r)
{
    const HibInstant at = r->row.at;
    HibMetricSummary *sum = &r->sum;
    sum->first_at = sum->n_rows ? MIN(sum->first_at, at) : at;
    sum->last_at = sum->n_rows ? MAX(sum->last_at, at) : at;
    sum->n_rows++;
    sum->n_values += r->row.n_values;
    if (*r->row.account && g_hash_table_size(r->accounts) < 1000 &&
        !g_hash_table_contains(r->accounts, r->row.account))
        g_hash_table_add(r->accounts, hib_arena_strdup(r->arena, r->row.account));
}

static bool
take(HibMetricReader *r, const HibTableStreamRow *row)
{
    const bool is_day = r->mapping->about == HIB_ABOUT_DAYS;
    r->is_bad = false;
    r->row.row = row->row;
    r->row.id = r->row.url = r->row.text = r->row.type = "";
    r->row.account = cell(r, row, HIB_COLUMN_ACCOUNT);
    r->row.is_day_only = r->row.is_estimated = false;
    if (!is_whole(r, row))
        return true;
    if (is_total(r, row)) {
        r->sum.n_totals++;
        return true;
    }
    for (size_t i = 0; i < row->n; i++)
        if (*row->cells[i] == '\'')
            row->cells[i] = (char *)(uintptr_t)hib_table_unguard(row->cells[i]);
    const bool is_placed = is_day ? read_day(r, row) : read_post(r, row);
    read_values(r, row);
    if (!is_placed || r->is_bad)
        return true;
    uint64_t key = mix(1469598103934665603u, r->row.account);
    if (!is_day && !*r->row.id && !*r->row.url)
        make_id(r, row);
    else if (is_repeat(r,
                       is_day ? key ^ (uint64_t)r->row.at
                              : mix(key, *r->row.id ? r->row.id : r->row.url),
                       r->at_of[is_day       ? HIB_COLUMN_DAY
                                : *r->row.id ? HIB_COLUMN_ID
                                             : HIB_COLUMN_URL]))
        return true;
    count_row(r);
    return !r->on_row || r->on_row(&r->row, r->data, &r->error);
}

static bool
on_row(const HibTableStreamRow *row, void *data)
{
    HibMetricReader *r = data;
    if (row->row <= r->head->head_row || r->is_over)
        return true;
    if (row->n == 1 && *row->cells[0] == '#') { /* another report below */
        r->is_over = true;
        return true;
    }
    return take(r, row);
}

/* --- the whole ------------------------------------------------------------------------------------------------------ */
HibMetricReader *
hib_metric_reader_new(HibArena *arena, const HibImportHead *head, const HibMetricMapping *mapping,
                      HibZone *zone, HibInstant now, HibOnMetricRow on_metric_row, void *data)
{
    const HibTableLimits limits = {.most_columns = HIB_MEASURE_COLUMNS,
                                   .most_cell_bytes = HIB_MEASURE_ROW_BYTES};
    HibMetricReader *r = g_new0(HibMetricReader, 1);
    r->arena = arena;
    r->head = head;
    r->mapping = mapping;
    r->format = hib_import_format(mapping->format);
    r->zone = hib_zone_ref(zone);
    r->now = now;
    r->on_row = on_metric_row;
    r->data = data;
    r->year = mapping->year;
    r->problems = g_array_new(FALSE, FALSE, sizeof(HibMetricProblem));
    r->accounts = g_hash_table_new(g_str_hash, g_str_equal);
    r->stream = hib_table_stream_new(head->delimiter, &limits, on_row, r);
    for (int i = 0; i < HIB_COLUMN_METRIC; i++)
        r->at_of[i] = -1;
    for (size_t i = 0; i < MIN(mapping->n, head->n_heads); i++)
        if (mapping->columns[i].role < HIB_COLUMN_METRIC && r->at_of[mapping->columns[i].role] < 0)
            r->at_of[mapping->columns[i].role] = (int)i;
    return r;
}

void
hib_metric_reader_free(HibMetricReader *r)
{
    if (!r)
        return;
    hib_table_stream_free(r->stream);
    hib_zone_unref(r->zone);
    g_array_unref(r->problems);
    g_hash_table_unref(r->accounts);
    g_clear_error(&r->error);
    g_free(r->seen);
    g_free(r);
}

bool
hib_metric_reader_feed(HibMetricReader *r, const char *bytes, size_t n, GError **error)
{
    if (hib_table_stream_feed(r->stream, bytes, n))
        return true;
    if (r->error)
        g_propagate_error(error, g_steal_pointer(&r->error));
    return false;
}

/* What is wrong with the file as a whole. */
static void
judge(HibMetricReader *r)
{
    size_t n_metrics = 0;
    const HibMetricSummary *sum = &r->sum;
    const bool is_day = r->mapping->about == HIB_ABOUT_DAYS;
    for (size_t i = 0; i < r->mapping->n; i++)
        n_metrics += r->mapping->columns[i].role == HIB_COLUMN_METRIC;
    if (!n_metrics)
        tell(r, 0, -1, "measure.import_no_metric", "");
    if (r->at_of[is_day ? HIB_COLUMN_DAY : HIB_COLUMN_AT] < 0 &&
        (is_day || (r->at_of[HIB_COLUMN_MONTH] < 0 && !(r->format && r->format->has_snowflakes))))
        tell(r, 0, -1, is_day ? "measure.import_no_day" : "measure.import_no_time", "");
    const size_t n_zones =
        sum->n_offsets + (r->has_own_offsets || (sum->has_plain && sum->has_offsets));
    if (n_zones > 1 && !r->mapping->is_mixed_fine)
        tell(r, 0, r->at_of[HIB_COLUMN_AT], "measure.import_zones", "");
    if (!sum->n_rows && !sum->n_problems)
        tell(r, 0, -1, "measure.import_no_rows", "");
}

bool
hib_metric_reader_end(HibMetricReader *r, HibMetricSummary *ret, GError **error)
{
    if (!hib_table_stream_end(r->stream)) {
        if (r->error)
            g_propagate_error(error, g_steal_pointer(&r->error));
        return false;
    }
    judge(r);
    r->sum.n_accounts = g_hash_table_size(r->accounts);
    r->sum.problems = hib_arena_array(r->arena, HibMetricProblem, r->problems->len + 1);
    if (r->problems->len)
        memcpy(r->sum.problems, r->problems->data, r->problems->len * sizeof(HibMetricProblem));
    *ret = r->sum;
    return true;
}
