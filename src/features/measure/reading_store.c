/* Readings stored, with their roll-ups in the same transaction.
 *
 * The usual reading is newer than all before it: it is appended to the subject's newest pack, and what it means is worked out from the newest numbers alone. One that comes late (or
 * tells otherwise what was told before) begins a pack of its own, and the subject is taken back from the roll-ups and counted again, all of it. */
#include "accounts/accounts.h"
#include "base/error.h"
#include "measure/made.h"
#include "measure/measure_private.h"
#include "measure/part.sql.h"
#include "measure/reading_private.h"
#include "team/team.h"
#include <string.h>

enum { PACK_FULL = 2048 };

typedef struct {
    HibReading reading;
    uint32_t subject, source, at;
} Item;

void
hib_writing_begin(HibWriting *w, HibDb *db, HibZone *zone)
{
    *w = (HibWriting){.db = db,
                      .zone = zone,
                      .rolling = hib_rolling_new(zone, hib_db_now(db)),
                      .parts = hib_parts_new()};
    w->packs = g_array_new(FALSE, TRUE, sizeof(HibSqlMeasurePackPutIn));
    w->posts = g_array_new(FALSE, TRUE, sizeof(HibSqlMeasurePostSetIn));
    w->owns = g_array_new(FALSE, TRUE, sizeof(HibSqlMeasureOwnSetIn));
    w->sources = g_hash_table_new(g_str_hash, g_str_equal);
}

void
hib_writing_clear(HibWriting *w)
{
    if (!w->db)
        return;
    hib_rolling_free(w->rolling);
    hib_parts_free(w->parts);
    g_array_unref(w->packs);
    g_array_unref(w->posts);
    g_array_unref(w->owns);
    g_hash_table_unref(w->sources);
    hib_zone_unref(w->zone);
}

HibZone *
hib_measure_zone(HibDb *db, GError **error)
{
    HibWorkspace *workspace = NULL;
    if (!hib_team_workspace(db, &workspace, error))
        return NULL;
    HibZone *zone = hib_zone_open(workspace->zone);
    return zone ? zone : hib_zone_ref(hib_zone_utc());
}

/* --- writing ----------------------------------------------------------------------------------------------------- */
static bool
flush_rolls(HibWriting *w, GError **error)
{
    HibArena *arena = hib_db_arena(w->db);
    HibRollRow *sums, *last;
    size_t n = 0, n_last = 0;
    hib_rolling_rows(w->rolling, arena, &sums, &n, &last, &n_last);
    HibSqlMeasureRollAddIn *adds = hib_arena_array(arena, HibSqlMeasureRollAddIn, n + 1);
    HibSqlMeasureRollLastIn *lasts = hib_arena_array(arena, HibSqlMeasureRollLastIn, n_last + 1);
    for (size_t i = 0; i < n; i++) {
        const HibRollRow *r = &sums[i];
        adds[i] = (HibSqlMeasureRollAddIn){r->grain,   r->is_own,  r->metric,   r->at,
                                           r->account, r->value,   r->readings, r->falls,
                                           r->gaps,    r->inexact, r->as_of};
    }
    for (size_t i = 0; i < n_last; i++) {
        const HibRollRow *r = &last[i];
        lasts[i] = (HibSqlMeasureRollLastIn){r->grain, r->is_own,   r->metric,  r->at,   r->account,
                                             r->value, r->readings, r->inexact, r->as_of};
    }
    return hib_sql_measure_roll_add_many(w->db, adds, n, error) &&
           hib_sql_measure_roll_last_many(w->db, lasts, n_last, error);
}

bool
hib_writing_flush(HibWriting *w, GError **error)
{
    if (!hib_sql_measure_pack_put_many(w->db, (const void *)w->packs->data, w->packs->len, error) ||
        !hib_sql_measure_post_set_many(w->db, (const void *)w->posts->data, w->posts->len, error) ||
        !hib_sql_measure_own_set_many(w->db, (const void *)w->owns->data, w->owns->len, error) ||
        !flush_rolls(w, error) || !hib_parts_flush(w->parts, w->db, error))
        return false;
    g_array_set_size(w->packs, 0);
    g_array_set_size(w->posts, 0);
    g_array_set_size(w->owns, 0);
    return true;
}

static HibBytes
keep_bytes(HibWriting *w, const GByteArray *bytes)
{
    uint8_t *kept = hib_arena_array(hib_db_arena(w->db), uint8_t, bytes->len + 1);
    if (bytes->len)
        memcpy(kept, bytes->data, bytes->len);
    return (HibBytes){kept, bytes->len};
}

static bool
is_whole(bool is_read, const char *subject, GError **error)
{
    if (!is_read)
        hib_error_set(error, HIB_ERROR_CORRUPT, "store.failed", "readings of %s do not read",
                      subject);
    return is_read;
}

/* Appends to the newest pack where it is of the same source and not full; else a new one begins. */
static bool
put_pack(HibWriting *w, HibTaking *t, const HibReading *readings, size_t n, bool is_late,
         GError **error)
{
    HibPackEnd end;
    g_autoptr(GByteArray) pack = g_byte_array_new();
    memset(&end, 0, sizeof end);
    if (!is_late && t->tail_source && t->tail.n < PACK_FULL &&
        g_str_equal(t->tail_source, t->source)) {
        if (!is_whole(hib_pack_read(t->tail, NULL, &end), t->id, error))
            return false;
        g_byte_array_append(pack, t->tail.data, (guint)t->tail.n);
    } else {
        t->packs++;
    }
    hib_pack_add(pack, &end, readings, n);
    const HibSqlMeasurePackPutIn row = {t->id, t->packs, t->source, end.n_readings,
                                        keep_bytes(w, pack)};
    g_array_append_val(w->packs, row);
    return true;
}

/* Kept where it lives until the batch is written. */
static const int64_t *
keep_int(HibWriting *w, bool is_known, int64_t value)
{
    int64_t *kept = is_known ? hib_arena_new0(hib_db_arena(w->db), int64_t) : NULL;
    if (kept)
        *kept = value;
    return kept;
}

static const int64_t *
keep_number(HibWriting *w, const HibSubject *subject, HibMeasureMetric metric)
{
    const HibNumber *number =
        &subject->numbers[hib_metric_find(hib_measure_metric_name(metric))->id];
    return keep_int(w, number->is_known, number->value);
}

bool
hib_writing_put_parts(HibWriting *w, const HibTaking *t, GError **error)
{
    const HibSubject *s = &t->at;
    g_autoptr(GArray) before = g_array_new(FALSE, FALSE, sizeof(HibDayChange));
    if (!is_whole(hib_days_read(t->days, before), t->id, error))
        return false;
    hib_parts_change(w->parts, &t->labels, s->account,
                     (const HibDayChange *)(const void *)before->data, before->len,
                     (const HibDayChange *)(const void *)s->days->data, s->days->len);
    hib_parts_hours(w->parts, &t->labels, s->account,
                    (const HibHourChange *)(const void *)s->hours->data, s->hours->len, 1);
    return true;
}

bool
hib_writing_put(HibWriting *w, const HibTaking *t, GError **error)
{
    const HibSubject *s = &t->at;
    g_autoptr(GByteArray) numbers = g_byte_array_new(), days = g_byte_array_new();
    hib_numbers_write(numbers, s->numbers);
    if (s->is_own) {
        const HibSqlMeasureOwnSetIn row = {t->id, keep_int(w, s->has_as_of, s->as_of), t->packs,
                                           keep_bytes(w, numbers)};
        g_array_append_val(w->owns, row);
        return true;
    }
    hib_days_write(days, (const HibDayChange *)(const void *)s->days->data, s->days->len);
    const HibSqlMeasurePostSetIn row = {
        .delivery = t->id,
        .likes = keep_number(w, s, HIB_MEASURE_LIKES),
        .reposts = keep_number(w, s, HIB_MEASURE_REPOSTS),
        .replies = keep_number(w, s, HIB_MEASURE_REPLIES),
        .quotes = keep_number(w, s, HIB_MEASURE_QUOTES),
        .engagements = hib_subject_engagements(s),
        .engagements_48 = keep_int(w, s->has_48, s->engagements_48),
        .as_of = keep_int(w, s->has_as_of, s->as_of),
        .packs = t->packs,
        .numbers = keep_bytes(w, numbers),
        .days = keep_bytes(w, days),
    };
    g_array_append_val(w->posts, row);
    return hib_writing_put_parts(w, t, error);
}

/* --- following a post ---------------------------------------------------------------------------------------- */
static HibInstant
published_at(const HibDelivery *delivery)
{
    return delivery->has_published_at ? delivery->published_at : delivery->due_at;
}

static void
count_published(HibWriting *w, const HibLabels *labels, const char *account, HibInstant at,
                int sign)
{
    const HibWallParts parts = hib_rolling_parts(w->rolling, at);
    hib_parts_published(w->parts, labels, account, &parts, hib_rolling_first_part_hour(w->rolling),
                        sign);
}

void
hib_writing_published(HibWriting *w, const HibLabels *labels, const char *account, HibInstant at)
{
    hib_rolling_published(w->rolling, account, at);
    count_published(w, labels, account, at, 1);
}

void
hib_writing_unpublished(HibWriting *w, const HibLabels *labels, const char *account, HibInstant at)
{
    hib_rolling_unpublished(w->rolling, account, at);
    count_published(w, labels, account, at, -1);
}

static bool
follow(HibWriting *w, const HibDelivery *delivery, const HibInstant *next_read_at, GError **error)
{
    HibInstant at = published_at(delivery);
    int64_t added = 0;
    HibMade made;
    HibSqlMeasureCampaignOf *campaign = NULL;
    HibLabels labels = {delivery->network, NULL,
                        hib_measure_tags(hib_db_arena(w->db), delivery->text),
                        (int)delivery->format};
    if (!hib_sql_measure_campaign_of(w->db, delivery->post_id, &campaign, error) ||
        !hib_made_here(w->db, delivery->post_id, delivery->text, &made, error))
        return false;
    labels.campaign = campaign ? campaign->campaign_id : NULL;
    if (!hib_sql_measure_post_add(w->db, delivery->id, delivery->account_id, delivery->post_id, at,
                                  next_read_at, delivery->network, delivery->format, labels.tags,
                                  labels.campaign, made, &added, error))
        return false;
    if (added)
        hib_writing_published(w, &labels, delivery->account_id, at);
    return true;
}

bool
hib_measure_follow(HibDb *db, const HibDelivery *delivery, const HibZone *zone,
                   const HibInstant *next_read_at, GError **error)
{
    g_auto(HibWriting) w = {0};
    hib_writing_begin(&w, db, hib_zone_ref((HibZone *)zone));
    return follow(&w, delivery, next_read_at, error) && hib_writing_flush(&w, error);
}

static bool
post_of(HibWriting *w, const char *id, HibSqlMeasurePost **ret, GError **error)
{
    if (!hib_sql_measure_post_get(w->db, id, ret, error) || *ret)
        return *ret != NULL;
    HibDelivery *delivery = NULL;
    HibInstant now = hib_db_now(w->db);
    if (!hib_publish_get(w->db, id, &delivery, error))
        return false;
    HibInstant next = hib_measure_next_read(published_at(delivery), now);
    return follow(w, delivery, next ? &next : NULL, error) &&
           hib_sql_measure_post_get(w->db, id, ret, error) && *ret;
}

/* --- where a subject stands ------------------------------------------------------------------------------------------ */
bool
hib_taking_open_post(HibWriting *w, HibTaking *t, GError **error)
{
    HibSqlMeasurePost *post = NULL;
    if (!post_of(w, t->id, &post, error))
        return false;
    t->at.account = post->account_id;
    t->at.published_at = post->published_at;
    t->at.as_of = post->as_of;
    t->at.has_as_of = post->has_as_of && post->has_numbers;
    t->at.engagements_48 = post->engagements_48;
    t->at.has_48 = post->has_engagements_48 && post->has_numbers;
    t->labels = (HibLabels){post->network, post->campaign_id, post->tags, (int)post->format};
    t->days = post->days;
    t->packs = post->packs;
    t->tail_source = post->source;
    t->tail = post->tail;
    return is_whole(hib_numbers_read(post->numbers, t->at.numbers) &&
                        hib_days_read(post->days, t->at.days),
                    t->id, error);
}

bool
hib_taking_open_own(HibWriting *w, HibTaking *t, GError **error)
{
    HibSqlMeasureOwnGet *own = NULL;
    t->at.account = t->id;
    if (!hib_sql_measure_own_get(w->db, t->id, &own, error))
        return false;
    if (!own)
        return true;
    t->at.as_of = own->as_of;
    t->at.has_as_of = own->has_as_of;
    t->packs = own->packs;
    t->tail_source = own->source;
    t->tail = own->tail;
    return is_whole(hib_numbers_read(own->numbers, t->at.numbers), t->id, error);
}

/* The account's network speaks where nobody else is named. */
static bool
source_of(HibWriting *w, const char *account, const char **ret, GError **error)
{
    HibAccount *known = NULL;
    *ret = g_hash_table_lookup(w->sources, account);
    if (*ret)
        return true;
    if (!hib_accounts_find(w->db, account, &known, error))
        return false;
    *ret = !known ? "network" : known->is_practice ? "practice" : known->network;
    g_hash_table_insert(w->sources, hib_arena_strdup(hib_db_arena(w->db), account), (gpointer)*ret);
    return true;
}

static bool
is_import(const char *source)
{
    return g_str_has_prefix(source, HIB_MEASURE_IMPORT);
}

/* What the dictionary says of how exactly the network tells it. Looked up once a metric: there may be thousands of readings. */
static void
mark_states(const char *source, HibReading *readings, size_t n)
{
    uint8_t of[256];
    bool is_looked_up[256] = {false};
    for (size_t i = 0; i < n; i++) {
        const uint8_t id = readings[i].metric;
        if (!is_looked_up[id]) {
            const HibMetricMeaning *meaning = hib_metric_meaning(hib_metric_of_id(id), source);
            of[id] = meaning ? (uint8_t)meaning->state : HIB_METRIC_EXACT;
            is_looked_up[id] = true;
        }
        readings[i].state = MAX(readings[i].state, of[id]);
    }
}

/* --- reading back ---------------------------------------------------------------------------------------------------- */
static int
by_time(gconstpointer a, gconstpointer b)
{
    const HibReading *x = a, *y = b;
    if (x->as_of != y->as_of)
        return x->as_of < y->as_of ? -1 : 1;
    if (x->metric != y->metric)
        return x->metric < y->metric ? -1 : 1;
    return x->fetched_at < y->fetched_at ? -1 : x->fetched_at > y->fetched_at;
}

/* In order of (as_of, metric); of one moment what was fetched last. */
static void
resolve(GArray *readings)
{
    HibReading *r = (HibReading *)(void *)readings->data;
    guint n = 0;
    g_array_sort(readings, by_time);
    for (guint i = 0; i < readings->len; i++) {
        if (n && r[n - 1].as_of == r[i].as_of && r[n - 1].metric == r[i].metric)
            n--;
        r[n++] = r[i];
    }
    g_array_set_size(readings, n);
}

static bool
read_packs(HibDb *db, const char *subject, GArray *out, GArray *ret_same, const char *source,
           GError **error)
{
    HibSqlMeasurePacksOf *packs = NULL;
    size_t n = 0;
    HibPackEnd end;
    if (!hib_sql_measure_packs_of(db, subject, &packs, &n, error))
        return false;
    for (size_t i = 0; i < n; i++) {
        const guint before = out->len;
        if (!is_whole(hib_pack_read(packs[i].data, out, &end) &&
                          end.n_readings == packs[i].readings,
                      subject, error))
            return false;
        const bool is_same = source && (is_import(source) ? g_str_equal(packs[i].source, source)
                                                          : !is_import(packs[i].source));
        if (is_same && out->len > before)
            g_array_append_vals(ret_same, &g_array_index(out, HibReading, before),
                                out->len - before);
    }
    resolve(out);
    if (ret_same)
        resolve(ret_same);
    return true;
}

bool
hib_taking_read(HibDb *db, const char *subject, GArray *out, GError **error)
{
    return read_packs(db, subject, out, NULL, NULL, error);
}

bool
hib_taking_read_without(HibDb *db, const char *subject, const char *source, GArray *ret_all,
                        GArray *ret_left, int64_t *ret_packs, GError **error)
{
    HibSqlMeasurePacksOf *packs = NULL;
    size_t n = 0;
    HibPackEnd end;
    *ret_packs = 0;
    if (!hib_sql_measure_packs_of(db, subject, &packs, &n, error))
        return false;
    for (size_t i = 0; i < n; i++) {
        const bool is_left = !g_str_equal(packs[i].source, source);
        if (!is_whole(hib_pack_read(packs[i].data, ret_all, &end), subject, error) ||
            (is_left && !is_whole(hib_pack_read(packs[i].data, ret_left, &end), subject, error)))
            return false;
        if (is_left)
            *ret_packs = packs[i].number;
    }
    resolve(ret_all);
    resolve(ret_left);
    return true;
}

bool
hib_measure_readings(HibDb *db, const char *subject, HibReading **ret, size_t *ret_n,
                     GError **error)
{
    g_autoptr(GArray) all = g_array_new(FALSE, FALSE, sizeof(HibReading));
    if (!hib_taking_read(db, subject, all, error))
        return false;
    *ret = hib_arena_array(hib_db_arena(db), HibReading, all->len + 1);
    *ret_n = all->len;
    if (all->len)
        memcpy(*ret, all->data, sizeof(HibReading) * all->len);
    return true;
}

/* --- taking ------------------------------------------------------------------------------------------------------- */
static const HibReading *
find(const GArray *sorted, const HibReading *wanted)
{
    guint low = 0, high = sorted->len;
    while (low < high) {
        guint middle = (low + high) / 2;
        const HibReading *r = &g_array_index(sorted, HibReading, middle);
        if (r->as_of == wanted->as_of && r->metric == wanted->metric)
            return r;
        bool is_before =
            r->as_of < wanted->as_of || (r->as_of == wanted->as_of && r->metric < wanted->metric);
        low = is_before ? middle + 1 : low;
        high = is_before ? high : middle;
    }
    return NULL;
}

/* Says nothing that was not known: the same again, or otherwise without having been fetched later. */
static bool
is_known(const HibReading *known, const HibReading *said)
{
    return known && known->as_of == said->as_of && known->metric == said->metric &&
           (known->value == said->value || said->fetched_at <= known->fetched_at);
}

/* The same subject before anything was read of it. */
void
hib_taking_reset(HibSubject *s)
{
    memset(s->numbers, 0, sizeof s->numbers);
    s->as_of = s->engagements_48 = 0;
    s->has_as_of = s->has_48 = false;
    if (s->days)
        g_array_set_size(s->days, 0);
}

void
hib_taking_take(HibWriting *w, HibSubject *s, const GArray *readings, int sign)
{
    hib_taking_reset(s);
    hib_rolling_take(w->rolling, s, (const HibReading *)(const void *)readings->data, readings->len,
                     sign);
}

static bool
take_late(HibWriting *w, HibTaking *t, const HibReading *said, size_t n, GError **error)
{
    g_autoptr(GArray) known = g_array_new(FALSE, FALSE, sizeof(HibReading));
    g_autoptr(GArray) added = g_array_new(FALSE, FALSE, sizeof(HibReading));
    /* What a file says is kept although others said it too: each is taken back by itself. */
    g_autoptr(GArray) same = g_array_new(FALSE, FALSE, sizeof(HibReading));
    if (!read_packs(w->db, t->id, known, same, t->source, error))
        return false;
    for (size_t i = 0; i < n; i++) {
        const HibReading *last =
            added->len ? &g_array_index(added, HibReading, added->len - 1) : NULL;
        if (!is_known(find(same, &said[i]), &said[i]) && !is_known(last, &said[i]))
            g_array_append_val(added, said[i]);
    }
    if (!added->len)
        return true;
    hib_taking_take(w, &t->at, known, -1);
    g_array_append_vals(known, added->data, added->len);
    resolve(known);
    hib_taking_take(w, &t->at, known, 1);
    return put_pack(w, t, (const HibReading *)(const void *)added->data, added->len, true, error) &&
           hib_writing_put(w, t, error);
}

static bool
take_newer(HibWriting *w, HibTaking *t, HibReading *said, size_t n, GError **error)
{
    size_t kept = 0;
    for (size_t i = 0; i < n; i++)
        if (!kept || said[kept - 1].as_of != said[i].as_of ||
            said[kept - 1].metric != said[i].metric)
            said[kept++] = said[i]; /* else: twice in one batch */
    hib_rolling_take(w->rolling, &t->at, said, kept, 1);
    return put_pack(w, t, said, kept, false, error) && hib_writing_put(w, t, error);
}

/* One subject by one source, in order of (as_of, metric). */
static bool
take_group(HibWriting *w, const HibSnapshot *first, HibReading *said, size_t n, GError **error)
{
    g_autoptr(GArray) days = g_array_new(FALSE, FALSE, sizeof(HibDayChange));
    g_autoptr(GArray) hours = g_array_new(FALSE, FALSE, sizeof(HibHourChange));
    HibTaking t = {.id = first->delivery ? first->delivery : first->account,
                   .source = first->source};
    t.at.is_own = !first->delivery;
    t.at.days = days;
    t.at.hours = hours;
    if (!(t.at.is_own ? hib_taking_open_own(w, &t, error) : hib_taking_open_post(w, &t, error)))
        return false;
    const char *network = t.source;
    if ((!t.source || is_import(t.source)) && !source_of(w, t.at.account, &network, error))
        return false;
    if (!t.source)
        t.source = network;
    mark_states(network, said, n);
    return t.at.has_as_of && said[0].as_of <= t.at.as_of ? take_late(w, &t, said, n, error)
                                                         : take_newer(w, &t, said, n, error);
}

/* --- a batch ------------------------------------------------------------------------------------------------------- */
typedef struct {
    GHashTable *of; /* text → number + 1 */
    const char *last;
    uint32_t last_number;
} Numbering;

static uint32_t
number_of(Numbering *numbering, const char *text)
{
    if (numbering->last && (text == numbering->last || g_str_equal(text, numbering->last)))
        return numbering->last_number;
    guint number = GPOINTER_TO_UINT(g_hash_table_lookup(numbering->of, text));
    if (!number) {
        number = g_hash_table_size(numbering->of) + 1;
        g_hash_table_insert(numbering->of, (gpointer)text, GUINT_TO_POINTER(number));
    }
    numbering->last = text;
    return numbering->last_number = number;
}

static int
by_subject_and_time(gconstpointer a, gconstpointer b)
{
    const Item *x = a, *y = b;
    if (x->subject != y->subject)
        return x->subject < y->subject ? -1 : 1;
    if (x->source != y->source)
        return x->source < y->source ? -1 : 1;
    if (x->reading.as_of != y->reading.as_of)
        return x->reading.as_of < y->reading.as_of ? -1 : 1;
    if (x->reading.metric != y->reading.metric)
        return x->reading.metric < y->reading.metric ? -1 : 1;
    return x->at < y->at ? -1 : x->at > y->at; /* the first of two counts */
}

static bool
item_of(const HibSnapshot *s, Item *ret, GError **error)
{
    const HibMetric *metric = hib_metric_find(s->metric);
    if (!metric || !hib_metric_is_read(metric)) {
        hib_error_set(error, HIB_ERROR_INVALID, "measure.metric_unknown", "no metric %s",
                      s->metric);
        if (error)
            hib_error_set_detail(*error, "metric", s->metric);
        return false;
    }
    ret->reading = (HibReading){s->as_of, s->fetched_at ? s->fetched_at : s->as_of, s->value,
                                (uint8_t)metric->id, (uint8_t)s->state};
    return true;
}

/* In order; a batch that is in order already costs one look at each. NULL: one names no metric. */
static Item *
sort_batch(const HibSnapshot *snapshots, size_t n, GError **error)
{
    g_autofree Item *items = g_new(Item, n + 1);
    Numbering subjects = {.of = g_hash_table_new(g_str_hash, g_str_equal)};
    Numbering sources = {.of = g_hash_table_new(g_str_hash, g_str_equal)};
    bool is_sorted = true, is_ok = true;
    for (size_t i = 0; i < n && is_ok; i++) {
        const HibSnapshot *s = &snapshots[i];
        is_ok = item_of(s, &items[i], error);
        items[i].subject = number_of(&subjects, s->delivery ? s->delivery : s->account);
        items[i].source = number_of(&sources, s->source ? s->source : "");
        items[i].at = (uint32_t)i;
        is_sorted = is_sorted && (!i || by_subject_and_time(&items[i - 1], &items[i]) < 0);
    }
    g_hash_table_unref(subjects.of);
    g_hash_table_unref(sources.of);
    if (!is_ok)
        return NULL;
    if (!is_sorted)
        qsort(items, n, sizeof *items, by_subject_and_time);
    return g_steal_pointer(&items);
}

static bool
take_batch(HibWriting *w, const HibSnapshot *snapshots, const Item *items, size_t n, GError **error)
{
    g_autoptr(GArray) said = g_array_new(FALSE, FALSE, sizeof(HibReading));
    for (size_t i = 0, end; i < n; i = end) {
        g_array_set_size(said, 0);
        for (end = i; end < n && items[end].subject == items[i].subject &&
                      items[end].source == items[i].source;
             end++)
            g_array_append_val(said, items[end].reading);
        /* A second source of the same subject looks at what the first one left. */
        if (i && items[i - 1].subject == items[i].subject && !hib_writing_flush(w, error))
            return false;
        if (!take_group(w, &snapshots[items[i].at], (HibReading *)(void *)said->data, said->len,
                        error))
            return false;
    }
    return true;
}

/* Two who write of one subject would both go on from the same numbers: one's readings were lost, and their sums counted twice. */
static bool
hold_accounts(HibDb *db, const HibSnapshot *snapshots, size_t n, GError **error)
{
    g_autoptr(GPtrArray) accounts = g_ptr_array_new();
    const char *last = NULL;
    for (size_t i = 0; i < n; i++) {
        const char *account = snapshots[i].account;
        if (!account || account == last)
            continue;
        if (!last || !g_str_equal(account, last))
            g_ptr_array_add(accounts, (gpointer)account);
        last = account;
    }
    return hib_measure_hold(db, (const char *const *)accounts->pdata, accounts->len, error);
}

bool
hib_measure_add(HibDb *db, const HibSnapshot *snapshots, size_t n, GError **error)
{
    g_autofree Item *items = sort_batch(snapshots, n, error);
    g_autoptr(HibTx) tx = items ? hib_tx_begin(db, error) : NULL;
    /* The zone after the hold: a rebuild that was waited for may have been for another. */
    HibZone *zone =
        tx && hold_accounts(db, snapshots, n, error) ? hib_measure_zone(db, error) : NULL;
    if (!zone)
        return false;
    g_auto(HibWriting) w = {0};
    hib_writing_begin(&w, db, zone);
    bool has_own = false; /* once an hour for each account */
    for (size_t i = 0; i < n && !has_own; i++)
        has_own = !snapshots[i].delivery;
    return take_batch(&w, snapshots, items, n, error) && hib_writing_flush(&w, error) &&
           (!has_own ||
            (hib_sql_measure_roll_forget_hours(db, hib_rolling_first_hour(w.rolling), error) &&
             hib_sql_measure_part_forget_hours(db, hib_rolling_first_part_hour(w.rolling),
                                               error))) &&
           hib_tx_commit(tx, error);
}

/* --- rebuilding ---------------------------------------------------------------------------------------------- */
static bool
rebuild_one(HibWriting *w, const char *id, bool is_own, GError **error)
{
    g_autoptr(GArray) days = g_array_new(FALSE, FALSE, sizeof(HibDayChange));
    g_autoptr(GArray) hours = g_array_new(FALSE, FALSE, sizeof(HibHourChange));
    g_autoptr(GArray) all = g_array_new(FALSE, FALSE, sizeof(HibReading));
    HibTaking t = {.id = id, .at = {.is_own = is_own, .days = days, .hours = hours}};
    if (!(is_own ? hib_taking_open_own(w, &t, error) : hib_taking_open_post(w, &t, error)) ||
        !hib_taking_read(w->db, id, all, error))
        return false;
    hib_taking_take(w, &t.at, all, 1);
    t.days = (HibBytes){0}; /* counted anew, all of it */
    return hib_writing_put(w, &t, error);
}

/* What is counted while all is counted anew would stand there twice or not at all. */
static bool
hold_all(HibDb *db, GError **error)
{
    HibSqlMeasureOwns *owns = NULL;
    size_t n = 0;
    if (!hib_sql_measure_owns(db, &owns, &n, error))
        return false;
    const char **accounts = hib_arena_array(hib_db_arena(db), const char *, n + 1);
    for (size_t i = 0; i < n; i++)
        accounts[i] = owns[i].account_id;
    return hib_measure_hold(db, accounts, n, error);
}

bool
hib_measure_rebuild(HibDb *db, GError **error)
{
    g_autoptr(HibTx) tx = hib_tx_begin(db, error);
    HibZone *zone = tx && hold_all(db, error) ? hib_measure_zone(db, error) : NULL;
    if (!zone)
        return false;
    g_auto(HibWriting) w = {0};
    hib_writing_begin(&w, db, zone);
    HibSqlMeasurePublished *posts = NULL;
    HibSqlMeasureOwns *owns = NULL;
    size_t n = 0, n_owns = 0;
    if (!hib_sql_measure_roll_clear(db, error) || !hib_sql_measure_part_clear(db, error) ||
        !hib_sql_measure_published(db, &posts, &n, error) ||
        !hib_sql_measure_owns(db, &owns, &n_owns, error))
        return false;
    for (size_t i = 0; i < n; i++) {
        const HibLabels labels = {posts[i].network, posts[i].campaign_id, posts[i].tags,
                                  (int)posts[i].format};
        hib_writing_published(&w, &labels, posts[i].account_id, posts[i].published_at);
        if (!rebuild_one(&w, posts[i].delivery_id, false, error))
            return false;
    }
    for (size_t i = 0; i < n_owns; i++)
        if (!rebuild_one(&w, owns[i].account_id, true, error))
            return false;
    return hib_writing_flush(&w, error) && hib_tx_commit(tx, error);
}
