/* What a file is, by the heads of its columns: rules/imports, made into tables at build. Pure.
 *
 * A format fits where all it needs is there; of those that fit the one that knows most heads counts, a general one only where no network's own fits. Nothing is certain but what a person confirms. */
#include "base/error.h"
#include "base/json.h"
#include "imports.gen.h"
#include "measure/import.h"
#include <string.h>

#define HEAD_ROWS 60
#define SAMPLE (64 * 1024)

const HibImportFormat *const hib_import_formats = import_formats;
const size_t hib_n_import_formats = G_N_ELEMENTS(import_formats);

static const char *const role_names[] = {"skip",    "id",   "url",  "at",   "day",    "month",
                                         "weekday", "hour", "text", "type", "account"};
const HibImportFormat *
hib_import_format(const char *id)
{
    for (size_t i = 0; i < hib_n_import_formats; i++)
        if (g_str_equal(import_formats[i].id, id))
            return &import_formats[i];
    return NULL;
}

/* --- the head --------------------------------------------------------------------------------------------------- */
typedef struct {
    HibArena *arena;
    HibImportHead *ret;
    const char *title;
    size_t n_best, first_row; /* heads known by the best so far; the first row that may be a head */
    const char **first;
    size_t n_first;
} Finder;

static char *
fold(HibArena *arena, const char *text)
{
    g_autofree char *plain = g_utf8_normalize(text, -1, G_NORMALIZE_NFKC);
    g_autofree char *folded = g_strstrip(g_utf8_casefold(plain ? plain : "", -1));
    return hib_arena_strdup(arena, folded);
}

static const HibImportWord *
find_word(const HibImportFormat *format, const char *folded, bool is_title)
{
    for (size_t i = 0; i < format->n_words; i++)
        if (format->words[i].is_title == is_title && g_str_equal(format->words[i].text, folded))
            return &format->words[i];
    return NULL;
}

static bool
is_needed(const HibImportWord *word, const char *need)
{
    return word->role == HIB_COLUMN_METRIC ? g_str_equal(word->metric, need)
                                           : g_str_equal(role_names[word->role], need);
}

/* How many of the heads the format knows; 0: it does not fit. */
static size_t
fit(const HibImportFormat *format, char *const *folded, size_t n)
{
    size_t n_known = 0, n_met = 0, n_needs = g_strv_length((char **)(uintptr_t)format->needs);
    for (size_t k = 0; k < n_needs; k++) {
        bool is_met = false;
        for (size_t i = 0; i < n && !is_met; i++) {
            const HibImportWord *word = find_word(format, folded[i], false);
            is_met = word && is_needed(word, format->needs[k]);
        }
        n_met += is_met;
    }
    for (size_t i = 0; i < n; i++)
        n_known += find_word(format, folded[i], false) != NULL;
    const bool is_enough = format->is_general ? n_known >= 2 : 2 * n_known >= n;
    return n_met == n_needs && is_enough ? n_known : 0;
}

static bool
is_taken(const HibMetricColumn *columns, size_t n, const HibMetricColumn *one)
{
    for (size_t i = 0; i < n; i++)
        if (columns[i].role == one->role && g_str_equal(columns[i].metric, one->metric))
            return true;
    return false;
}

/* What stands above the head names the one metric there is. */
static void
name_primary(HibMetricColumn *column, const HibImportFormat *format, const char *title)
{
    const HibImportWord *word = find_word(format, title, true);
    *column = word ? (HibMetricColumn){HIB_COLUMN_METRIC, word->metric, word->unit}
                   : (HibMetricColumn){HIB_COLUMN_SKIP, "", HIB_UNIT_COUNT};
}

static void
guess_columns(Finder *finder, const HibImportFormat *format, char *const *folded, size_t n)
{
    HibMetricColumn *columns = hib_arena_array(finder->arena, HibMetricColumn, n + 1);
    for (size_t i = 0; i < n; i++) {
        const HibImportWord *word = find_word(format, folded[i], false);
        columns[i] = (HibMetricColumn){HIB_COLUMN_SKIP, "", HIB_UNIT_COUNT};
        if (!word)
            continue;
        HibMetricColumn one = {word->role, word->metric, word->unit};
        if (g_str_equal(one.metric, "primary"))
            name_primary(&one, format, fold(finder->arena, finder->ret->title));
        if (one.role == HIB_COLUMN_SKIP || !is_taken(columns, i, &one))
            columns[i] = one;
    }
    finder->ret->columns = columns;
}

static const char **
keep(HibArena *arena, char *const *cells, size_t n)
{
    const char **out = hib_arena_array(arena, const char *, n + 1);
    for (size_t i = 0; i < n; i++)
        out[i] = g_strstrip(hib_arena_strdup(arena, hib_table_unguard(cells[i])));
    return out;
}

static void
try_formats(Finder *finder, const HibTableStreamRow *row, const char *title)
{
    char **folded = hib_arena_array(finder->arena, char *, row->n + 1);
    const HibImportFormat *best = NULL;
    size_t n_best = finder->n_best;
    for (size_t i = 0; i < row->n; i++)
        folded[i] = fold(finder->arena, hib_table_unguard(row->cells[i]));
    for (size_t i = 0; i < hib_n_import_formats; i++) {
        const HibImportFormat *format = &import_formats[i];
        const size_t n_known = fit(format, folded, row->n);
        if (n_known > n_best && !(format->is_general && best && !best->is_general)) {
            best = format;
            n_best = n_known;
        }
    }
    if (!best)
        return;
    HibImportHead *ret = finder->ret;
    finder->n_best = n_best;
    ret->format = best;
    ret->head_row = row->row;
    ret->heads = keep(finder->arena, row->cells, row->n);
    ret->n_heads = row->n;
    ret->n_known = n_best;
    ret->title = title;
    guess_columns(finder, best, folded, row->n);
}

static bool
on_row(const HibTableStreamRow *row, void *data)
{
    Finder *finder = data;
    size_t n_filled = 0, last = 0;
    for (size_t i = 0; i < row->n; i++)
        if (*row->cells[i]) {
            n_filled++;
            last = i;
        }
    if (n_filled >= 2 && *row->cells[0] != '#') {
        if (!finder->first) {
            finder->first = keep(finder->arena, row->cells, row->n);
            finder->n_first = row->n;
            finder->first_row = row->row;
        }
        try_formats(finder, row, finder->title);
    } else if (n_filled == 1 && *row->cells[last] != '#' && !finder->ret->format &&
               !g_str_has_prefix(row->cells[last], "sep=")) {
        finder->title = g_strstrip(hib_arena_strdup(finder->arena, row->cells[last]));
    }
    return row->row < HEAD_ROWS && !finder->ret->format;
}

/* The one that stands most often in the first lines; what a line "sep=;" says counts. */
static char
find_delimiter(const char *text, size_t n)
{
    static const char all[] = ",;\t";
    size_t found[3] = {0}, n_lines = 0;
    bool is_quoted = false, is_comment = n && text[0] == '#';
    if (n > 5 && strncmp(text, "sep=", 4) == 0 && strchr(all, text[4]))
        return text[4];
    for (size_t i = 0; i < n && n_lines < HEAD_ROWS; i++) {
        if (text[i] == '"' && !is_comment)
            is_quoted = !is_quoted;
        if (text[i] == '\n' && !is_quoted) {
            n_lines++;
            is_comment = i + 1 < n && text[i + 1] == '#';
        }
        const char *one = is_quoted || is_comment || !text[i] ? NULL : strchr(all, text[i]);
        if (one)
            found[one - all]++;
    }
    return found[2] > found[0] && found[2] >= found[1] ? '\t' : found[1] > found[0] ? ';' : ',';
}

void
hib_import_find_head(HibArena *arena, const char *text, size_t n, HibImportHead *ret)
{
    const HibTableLimits limits = {.most_columns = HIB_MEASURE_COLUMNS,
                                   .most_cell_bytes = HIB_MEASURE_ROW_BYTES};
    Finder finder = {.arena = arena, .ret = ret, .title = ""};
    *ret = (HibImportHead){.title = "", .delimiter = find_delimiter(text, MIN(n, SAMPLE))};
    g_autoptr(HibTableStream) stream =
        hib_table_stream_new(ret->delimiter, &limits, on_row, &finder);
    if (hib_table_stream_feed(stream, text, MIN(n, SAMPLE)))
        hib_table_stream_end(stream);
    if (ret->format || !finder.first)
        return;
    ret->head_row = finder.first_row;
    ret->heads = finder.first;
    ret->n_heads = finder.n_first;
    ret->columns = hib_arena_array(arena, HibMetricColumn, finder.n_first + 1);
    for (size_t i = 0; i < finder.n_first; i++)
        ret->columns[i].metric = "";
}

/* --- what its times tell ------------------------------------------------------------------------------------------ */
typedef struct {
    const HibImportHead *head;
    int column; /* of the times */
    HibDateOrder order;
    int first_month, month, day; /* the first and the last without a year */
    int64_t n_turns;
} Times;

static void
look_at(Times *times, const char *text)
{
    HibImportDate date, other;
    const size_t n = strlen(text);
    if (!hib_import_date(text, n, HIB_ORDER_ASK, &date))
        return;
    if (date.is_slashed && date.wall.month != date.wall.day && !times->order)
        times->order =
            hib_import_date(text, n, HIB_ORDER_MDY, &other) ? HIB_ORDER_MDY : HIB_ORDER_DMY;
    if (date.has_year)
        return;
    times->n_turns += times->month == 12 && date.wall.month == 1;
    times->n_turns -= times->month == 1 && date.wall.month == 12;
    times->month = date.wall.month;
    times->day = date.wall.day;
    if (!times->first_month)
        times->first_month = date.wall.month;
}

static bool
on_times_row(const HibTableStreamRow *row, void *data)
{
    Times *times = data;
    if (row->row > times->head->head_row && (size_t)times->column < row->n)
        look_at(times, row->cells[times->column]);
    return true;
}

void
hib_import_guess_times(const char *text, size_t n, const HibImportHead *head, HibInstant as_of,
                       HibDateOrder *ret_order, int64_t *ret_year)
{
    const HibTableLimits limits = {.most_columns = HIB_MEASURE_COLUMNS,
                                   .most_cell_bytes = HIB_MEASURE_ROW_BYTES};
    Times times = {.head = head, .column = -1};
    *ret_order = HIB_ORDER_ASK;
    *ret_year = 0;
    for (size_t i = 0; i < head->n_heads && times.column < 0; i++)
        if (head->columns[i].role == HIB_COLUMN_AT || head->columns[i].role == HIB_COLUMN_DAY)
            times.column = (int)i;
    if (times.column < 0)
        return;
    g_autoptr(HibTableStream) stream =
        hib_table_stream_new(head->delimiter, &limits, on_times_row, &times);
    if (hib_table_stream_feed(stream, text, MIN(n, SAMPLE)))
        hib_table_stream_end(stream);
    *ret_order = times.order;
    if (!times.first_month)
        return;
    const HibWall today = hib_wall_at(hib_zone_utc(), as_of + HIB_DAY / 2);
    /* the newest end of the list is the last row, or the first where it counts backwards */
    const bool is_later = times.month * 100 + times.day > today.month * 100 + today.day;
    const int64_t last = today.year - (is_later && times.n_turns >= 0);
    *ret_year = times.n_turns >= 0 ? last - times.n_turns : today.year;
}

/* --- mappings as kept ------------------------------------------------------------------------------------------- */
const char *
hib_metric_mapping_print(HibArena *arena, const HibMetricMapping *mapping)
{
    cJSON *out = cJSON_CreateObject();
    cJSON *list = cJSON_AddArrayToObject(out, "columns");
    for (size_t i = 0; i < mapping->n; i++) {
        cJSON *one = cJSON_CreateObject();
        cJSON_AddNumberToObject(one, "role", mapping->columns[i].role);
        cJSON_AddStringToObject(one, "metric", mapping->columns[i].metric);
        cJSON_AddNumberToObject(one, "unit", mapping->columns[i].unit);
        cJSON_AddItemToArray(list, one);
    }
    cJSON_AddStringToObject(out, "format", mapping->format);
    cJSON_AddNumberToObject(out, "about", mapping->about);
    cJSON_AddStringToObject(out, "zone", mapping->zone);
    cJSON_AddNumberToObject(out, "order", mapping->order);
    cJSON_AddNumberToObject(out, "year", (double)mapping->year);
    cJSON_AddNumberToObject(out, "as_of", (double)mapping->as_of);
    cJSON_AddBoolToObject(out, "mixed", mapping->is_mixed_fine);
    cJSON_AddBoolToObject(out, "by_account", mapping->is_by_account);
    cJSON_AddStringToObject(out, "account", mapping->account);
    return hib_json_print(arena, out);
}

static bool
read_columns(HibArena *arena, HibJson list, HibMetricMapping *ret, GError **error)
{
    size_t i = 0;
    ret->n = hib_json_count(list);
    ret->columns = hib_arena_array(arena, HibMetricColumn, ret->n + 1);
    for (HibJson e = hib_json_first(list); e.value; e = hib_json_next(list, e), i++) {
        int64_t role = 0, unit = 0;
        if (!hib_json_int(e, "role", &role, error) || !hib_json_int(e, "unit", &unit, error) ||
            !hib_json_text(e, "metric", &ret->columns[i].metric, error))
            return false;
        ret->columns[i].role = (HibColumnRole)CLAMP(role, 0, HIB_COLUMN_METRIC);
        ret->columns[i].unit = (HibImportUnit)CLAMP(unit, 0, HIB_UNIT_DURATION);
    }
    return true;
}

bool
hib_metric_mapping_read(HibArena *arena, const char *json, HibMetricMapping *ret, GError **error)
{
    HibJson root, list;
    int64_t about = 0, order = 0;
    *ret = (HibMetricMapping){0};
    if (!hib_json_parse(arena, json, strlen(json), &root, error) ||
        !hib_json_array(root, "columns", &list, error) ||
        !hib_json_text(root, "format", &ret->format, error) ||
        !hib_json_text(root, "zone", &ret->zone, error) ||
        !hib_json_text(root, "account", &ret->account, error) ||
        !hib_json_int(root, "about", &about, error) ||
        !hib_json_int(root, "order", &order, error) ||
        !hib_json_int(root, "year", &ret->year, error) ||
        !hib_json_int(root, "as_of", &ret->as_of, error) ||
        !hib_json_bool(root, "mixed", &ret->is_mixed_fine, error) ||
        !hib_json_bool(root, "by_account", &ret->is_by_account, error))
        return false;
    ret->about = (HibImportAbout)CLAMP(about, 0, HIB_ABOUT_DAYS);
    ret->order = (HibDateOrder)CLAMP(order, 0, HIB_ORDER_DMY);
    return read_columns(arena, list, ret, error);
}
