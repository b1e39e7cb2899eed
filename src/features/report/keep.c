/* Kept documents: see keep.h. The table's lock is held for moments only; what takes time is done under the lock of the one copy it concerns. */
#include "report/keep.h"
#include "base/error.h"
#include <string.h>

#define LINKS_COUNTED 4096 /* then those that are rested are forgotten */

struct HibReportCopy {
    gatomicrefcount refs;
    HibInstant began_at;
    GMutex lock; /* of all below */
    bool is_made;
    HibArena *arena;
    HibReportDocument document;
    GHashTable *files; /* name → GBytes */
};

typedef struct {
    double left; /* of a minute's requests */
    HibInstant at;
} Asked;

struct HibReportKeep {
    GMutex lock;
    GHashTable *copies; /* key → HibReportCopy */
    GHashTable *asked;  /* link → Asked */
};

/* --- how often ------------------------------------------------------------------------------------------------------ */
static double
left_at(const Asked *asked, HibInstant now)
{
    const double rested = (double)MAX(now - asked->at, 0) / HIB_MINUTE;
    return MIN(asked->left + rested * HIB_REPORT_ASKED_A_MINUTE, HIB_REPORT_ASKED_A_MINUTE);
}

static gboolean
is_rested(gpointer link G_GNUC_UNUSED, gpointer asked, gpointer now)
{
    return left_at(asked, *(const HibInstant *)now) >= HIB_REPORT_ASKED_A_MINUTE;
}

bool
hib_report_keep_admit(HibReportKeep *keep, const char *link, HibInstant now, GError **error)
{
    if (!keep)
        return true;
    g_autoptr(GMutexLocker) locked = g_mutex_locker_new(&keep->lock);
    Asked *asked = g_hash_table_lookup(keep->asked, link);
    if (!asked) {
        if (g_hash_table_size(keep->asked) >= LINKS_COUNTED)
            g_hash_table_foreach_remove(keep->asked, is_rested, &now);
        asked = g_new0(Asked, 1);
        *asked = (Asked){HIB_REPORT_ASKED_A_MINUTE, now};
        g_hash_table_insert(keep->asked, g_strdup(link), asked);
    }
    *asked = (Asked){left_at(asked, now), now};
    if (asked->left >= 1) {
        asked->left--;
        return true;
    }
    GError *refusal = NULL;
    hib_error_set(&refusal, HIB_ERROR_TOO_MANY, "report.link_busy", "asked too often");
    hib_error_set_retry_at(refusal, now + HIB_MINUTE / HIB_REPORT_ASKED_A_MINUTE + HIB_SECOND);
    g_propagate_error(error, refusal);
    return false;
}

/* --- copies ---------------------------------------------------------------------------------------------------------- */
static HibReportCopy *
copy_new(HibInstant now)
{
    HibReportCopy *copy = g_new0(HibReportCopy, 1);
    g_atomic_ref_count_init(&copy->refs);
    g_mutex_init(&copy->lock);
    copy->began_at = now;
    copy->files =
        g_hash_table_new_full(g_str_hash, g_str_equal, g_free, (GDestroyNotify)g_bytes_unref);
    return copy;
}

static HibReportCopy *
copy_ref(HibReportCopy *copy)
{
    g_atomic_ref_count_inc(&copy->refs);
    return copy;
}

void
hib_report_copy_unref(HibReportCopy *copy)
{
    if (!copy || !g_atomic_ref_count_dec(&copy->refs))
        return;
    g_hash_table_unref(copy->files);
    hib_arena_free(copy->arena);
    g_mutex_clear(&copy->lock);
    g_free(copy);
}

HibReportKeep *
hib_report_keep_new(void)
{
    HibReportKeep *keep = g_new0(HibReportKeep, 1);
    g_mutex_init(&keep->lock);
    keep->copies = g_hash_table_new_full(g_str_hash, g_str_equal, g_free,
                                         (GDestroyNotify)hib_report_copy_unref);
    keep->asked = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    return keep;
}

void
hib_report_keep_free(HibReportKeep *keep)
{
    if (!keep)
        return;
    g_hash_table_unref(keep->copies);
    g_hash_table_unref(keep->asked);
    g_mutex_clear(&keep->lock);
    g_free(keep);
}

static bool
is_old(const HibReportCopy *copy, HibInstant now)
{
    return copy->began_at > now || now - copy->began_at >= HIB_REPORT_KEPT;
}

static gboolean
is_over(gpointer key G_GNUC_UNUSED, gpointer copy, gpointer now)
{
    return is_old(copy, *(const HibInstant *)now);
}

static void
drop_oldest(HibReportKeep *keep)
{
    GHashTableIter iter;
    gpointer key, copy;
    const char *oldest = NULL;
    HibInstant began_at = 0;
    g_hash_table_iter_init(&iter, keep->copies);
    while (g_hash_table_iter_next(&iter, &key, &copy))
        if (!oldest || ((HibReportCopy *)copy)->began_at < began_at) {
            oldest = key;
            began_at = ((HibReportCopy *)copy)->began_at;
        }
    if (oldest)
        g_hash_table_remove(keep->copies, oldest);
}

/* The copy of that key, perhaps not made yet. */
static HibReportCopy *
find_or_begin(HibReportKeep *keep, const char *key, HibInstant now)
{
    g_autoptr(GMutexLocker) locked = g_mutex_locker_new(&keep->lock);
    g_hash_table_foreach_remove(keep->copies, is_over, &now);
    HibReportCopy *copy = g_hash_table_lookup(keep->copies, key);
    if (!copy) {
        if (g_hash_table_size(keep->copies) >= HIB_REPORT_KEPT_MOST)
            drop_oldest(keep);
        copy = copy_new(now);
        g_hash_table_insert(keep->copies, g_strdup(key), copy);
    }
    return copy_ref(copy);
}

static void
forget(HibReportKeep *keep, const char *key, const HibReportCopy *copy)
{
    g_autoptr(GMutexLocker) locked = g_mutex_locker_new(&keep->lock);
    if (g_hash_table_lookup(keep->copies, key) == copy)
        g_hash_table_remove(keep->copies, key);
}

/* Whoever comes first makes it; who waited meanwhile finds it made, or tries in turn. */
static bool
make_once(HibReportCopy *copy, HibReportMake make, void *data, GError **error)
{
    g_autoptr(GMutexLocker) locked = g_mutex_locker_new(&copy->lock);
    if (copy->is_made)
        return true;
    hib_arena_free(copy->arena);
    copy->arena = hib_arena_new();
    copy->is_made = make(copy->arena, data, &copy->document, error);
    return copy->is_made;
}

HibReportCopy *
hib_report_keep_get(HibReportKeep *keep, const char *key, HibInstant now, HibReportMake make,
                    void *data, GError **error)
{
    g_autoptr(HibReportCopy) copy = keep ? find_or_begin(keep, key, now) : copy_new(now);
    if (make_once(copy, make, data, error))
        return g_steal_pointer(&copy);
    if (keep)
        forget(keep, key, copy);
    return NULL;
}

const HibReportDocument *
hib_report_copy_document(const HibReportCopy *copy)
{
    return &copy->document;
}

/* --- files of a copy --------------------------------------------------------------------------------------------------- */
static GBytes *
keep_file(HibReportCopy *copy, const char *name, GBytes *bytes)
{
    if (bytes)
        g_hash_table_insert(copy->files, g_strdup(name), g_bytes_ref(bytes));
    return bytes;
}

GBytes *
hib_report_copy_file(HibReportCopy *copy, const char *name, HibReportPrint print, GError **error)
{
    GBytes *bytes = NULL;
    g_autoptr(GMutexLocker) locked = g_mutex_locker_new(&copy->lock);
    GBytes *made = g_hash_table_lookup(copy->files, name);
    if (made)
        return g_bytes_ref(made);
    return print(&copy->document, &bytes, error) ? keep_file(copy, name, bytes) : NULL;
}

GBytes *
hib_report_copy_chart(HibReportCopy *copy, int64_t number, GError **error)
{
    GBytes *bytes = NULL;
    g_autofree char *name = g_strdup_printf("chart %" G_GINT64_FORMAT, number);
    g_autoptr(GMutexLocker) locked = g_mutex_locker_new(&copy->lock);
    GBytes *made = g_hash_table_lookup(copy->files, name);
    if (made)
        return g_bytes_ref(made);
    return hib_report_chart(&copy->document, number, &bytes, error) ? keep_file(copy, name, bytes)
                                                                    : NULL;
}
