/* Posts that were not published here, and taking back what a file told.
 *
 * The one idea: a subject is what its readings say. So what an import told goes with its packs, and the subject is taken out of the roll-ups as it was and put in as what is left says. */
#include "measure/import.sql.h"
#include "measure/made.h"
#include "measure/reading_private.h"

/* --- posts of others, and taking back ------------------------------------------------------------------------ */
bool
hib_measure_follow_outside(HibDb *db, const HibOutsidePost *posts, size_t n, GError **error)
{
    HibZone *zone = hib_measure_zone(db, error);
    if (!zone)
        return false;
    g_auto(HibWriting) w = {0};
    hib_writing_begin(&w, db, zone);
    for (size_t i = 0; i < n; i++) {
        const HibOutsidePost *post = &posts[i];
        const HibLabels labels = {
            post->network, NULL, hib_measure_tags(hib_db_arena(db), post->text), (int)post->format};
        const HibMade made = hib_made_outside(post->network, post->format, post->text);
        int64_t added = 0;
        if (!hib_sql_measure_post_add(db, post->id, post->account, "", post->published_at, NULL,
                                      post->network, post->format, labels.tags, NULL, made, &added,
                                      error))
            return false;
        if (added)
            hib_writing_published(&w, &labels, post->account, post->published_at);
    }
    return hib_writing_flush(&w, error);
}

/* The readings of the subject, and those that are left without `source`, which goes; how far its packs go then. One question, since a network lies between us and the rows. */
static bool
drop_source(HibWriting *w, HibTaking *t, const char *source, GArray *ret_all, GArray *ret_left,
            GError **error)
{
    return hib_taking_read_without(w->db, t->id, source, ret_all, ret_left, &t->packs, error) &&
           hib_sql_measure_packs_drop(w->db, t->id, source, error);
}

static bool
is_outside(HibDb *db, const char *id, bool *ret, GError **error)
{
    HibSqlOutsideGet *row = NULL;
    if (!hib_sql_outside_get(db, id, &row, error))
        return false;
    *ret = row != NULL;
    return true;
}

/* A post that only this import knew goes whole. */
static bool
forget_post(HibWriting *w, const HibTaking *t, GError **error)
{
    int64_t n = 0;
    hib_writing_unpublished(w, &t->labels, t->at.account, t->at.published_at);
    return hib_writing_put_parts(w, t, error) && hib_sql_measure_post_drop(w->db, t->id, error) &&
           hib_sql_outside_drop(w->db, t->id, &n, error);
}

static bool
take_back_post(HibWriting *w, HibTaking *t, const char *source, GError **error)
{
    bool is_theirs = false;
    g_autoptr(GArray) all = g_array_new(FALSE, FALSE, sizeof(HibReading));
    g_autoptr(GArray) left = g_array_new(FALSE, FALSE, sizeof(HibReading));
    if (!drop_source(w, t, source, all, left, error) ||
        (!left->len && !is_outside(w->db, t->id, &is_theirs, error)))
        return false;
    hib_taking_take(w, &t->at, all, -1);
    if (is_theirs) {
        hib_taking_reset(&t->at);
        return forget_post(w, t, error);
    }
    hib_taking_take(w, &t->at, left, 1);
    return hib_writing_put(w, t, error);
}

/* What an account said of itself is counted anew whole: a level that is taken out leaves the one before it, which only the readings know. */
static bool
take_back_own(HibWriting *w, HibTaking *t, const char *source, GError **error)
{
    g_autoptr(GArray) all = g_array_new(FALSE, FALSE, sizeof(HibReading));
    g_autoptr(GArray) left = g_array_new(FALSE, FALSE, sizeof(HibReading));
    if (!drop_source(w, t, source, all, left, error) ||
        !hib_sql_measure_rolls_drop_own(w->db, t->id, error))
        return false;
    hib_taking_take(w, &t->at, left, 1);
    return hib_writing_put(w, t, error);
}

static bool
take_one_back(HibWriting *w, const char *source, const HibToldSubject *subject, GError **error)
{
    g_autoptr(GArray) days = g_array_new(FALSE, FALSE, sizeof(HibDayChange));
    g_autoptr(GArray) hours = g_array_new(FALSE, FALSE, sizeof(HibHourChange));
    HibTaking t = {.id = subject->id,
                   .at = {.is_own = subject->is_own, .days = days, .hours = hours}};
    return subject->is_own
               ? hib_taking_open_own(w, &t, error) && take_back_own(w, &t, source, error)
               : hib_taking_open_post(w, &t, error) && take_back_post(w, &t, source, error);
}

bool
hib_measure_take_back(HibDb *db, const char *source, const HibToldSubject *subjects, size_t n,
                      GError **error)
{
    HibZone *zone = hib_measure_zone(db, error);
    if (!zone)
        return false;
    g_auto(HibWriting) w = {0};
    hib_writing_begin(&w, db, zone);
    for (size_t i = 0; i < n; i++)
        if (!take_one_back(&w, source, &subjects[i], error))
            return false;
    return hib_writing_flush(&w, error);
}

static bool
count_again(HibWriting *w, const char *account, const HibSqlMeasurePostsOf *post, GError **error)
{
    g_autoptr(GArray) days = g_array_new(FALSE, FALSE, sizeof(HibDayChange));
    g_autoptr(GArray) all = g_array_new(FALSE, FALSE, sizeof(HibReading));
    HibSubject at = {.account = account, .days = days, .published_at = post->published_at};
    if (!hib_taking_read(w->db, post->delivery_id, all, error))
        return false;
    hib_rolling_published(w->rolling, account, post->published_at);
    hib_taking_take(w, &at, all, 1);
    return true;
}

bool
hib_measure_settle_rolls(HibDb *db, const char *account, GError **error)
{
    enum { AT_ONCE = 200 };
    HibZone *zone = hib_measure_zone(db, error);
    if (!zone)
        return false;
    g_auto(HibWriting) w = {0};
    hib_writing_begin(&w, db, zone);
    const char *after = "";
    for (size_t n = AT_ONCE; n == AT_ONCE;) {
        HibSqlMeasurePostsOf *posts = NULL;
        if (!hib_sql_measure_posts_of(db, account, after, AT_ONCE, &posts, &n, error))
            return false;
        for (size_t i = 0; i < n; i++)
            if (!count_again(&w, account, &posts[i], error))
                return false;
        after = n ? posts[n - 1].delivery_id : after;
    }
    HibRollRow *sums, *last;
    size_t n = 0, n_last = 0;
    hib_rolling_rows(w.rolling, hib_db_arena(db), &sums, &n, &last, &n_last);
    HibSqlMeasureRollSettleIn *rows =
        hib_arena_array(hib_db_arena(db), HibSqlMeasureRollSettleIn, n + 1);
    for (size_t i = 0; i < n; i++)
        rows[i] = (HibSqlMeasureRollSettleIn){sums[i].grain,    sums[i].is_own,  sums[i].metric,
                                              sums[i].at,       sums[i].account, sums[i].value,
                                              sums[i].readings, sums[i].as_of};
    g_autoptr(HibTx) tx = hib_tx_begin(db, error);
    return tx && hib_measure_hold(db, &account, 1, error) &&
           hib_sql_measure_roll_settle_many(db, rows, n, error) &&
           hib_sql_measure_rolls_drop_empty(db, account, error) && hib_tx_commit(tx, error);
}
