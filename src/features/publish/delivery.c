/* Reading deliveries: one, the queue page by page, counts, steps; and storing a past one as it was. */
#include "base/error.h"
#include "base/id.h"
#include "base/limits.h"
#include "publish/delivery.sql.h"
#include "publish/publish_private.h"
#include "publish/work.sql.h"

static void
fill(const HibSqlDeliveryRow *row, const HibHeld *held, HibDelivery *out)
{
    HibDeliveryState state = (HibDeliveryState)row->state;
    *out = (HibDelivery){
        .id = row->id,
        .post_id = row->post_id,
        .account_id = row->account_id,
        .network = row->network,
        .handle = row->handle,
        .text = row->text,
        .kind = (HibDeliveryKind)row->kind,
        .part = (int)row->part,
        .parent_id = row->parent_id,
        .format = (HibNetFormat)row->format,
        .title = row->title,
        .state = state,
        .is_held = state == HIB_DELIVERY_WAITING &&
                   (row->has_held_at || hib_held_has(held, row->account_id, row->post_id)),
        .due_at = row->due_at,
        .has_sent_at = row->has_sent_at,
        .sent_at = row->sent_at,
        .has_published_at = row->has_published_at,
        .published_at = row->published_at,
        .has_removed_at = row->has_removed_at,
        .removed_at = row->removed_at,
        .has_next_at = row->has_next_at,
        .next_at = row->next_at,
        .attempts = (int)row->attempts,
        .remote_id = row->remote_id,
        .url = row->url,
        .has_error = row->has_error_class,
        .error_class = (int)row->error_class,
        .error_status = (int)row->error_status,
        .error_code = row->error_code ? row->error_code : "",
        .error_message = row->error_message ? row->error_message : "",
        .error_at = row->error_at,
    };
    out->has_lateness = row->has_sent_at;
    if (row->has_sent_at && row->sent_at > row->late_from)
        out->lateness_ms = (row->sent_at - row->late_from) / HIB_MILLISECOND;
    out->next = hib_deliver_next(state, row->has_error_class, (HibNetClass)row->error_class,
                                 row->has_next_at);
}

static bool
fill_all(HibDb *db, const HibSqlDeliveryRow *rows, size_t n, HibDelivery **ret, GError **error)
{
    HibHeld held;
    if (!hib_publish_held(db, &held, error))
        return false;
    *ret = hib_arena_array(hib_db_arena(db), HibDelivery, n + 1);
    for (size_t i = 0; i < n; i++)
        fill(&rows[i], &held, &(*ret)[i]);
    return true;
}

bool
hib_publish_find(HibDb *db, const char *account, const char *remote_id, const char **ret,
                 GError **error)
{
    HibSqlWorkHolder *row = NULL;
    if (!hib_sql_work_holder(db, account, remote_id, &row, error))
        return false;
    *ret = row ? row->id : NULL;
    return true;
}

bool
hib_publish_get(HibDb *db, const char *delivery, HibDelivery **ret, GError **error)
{
    HibSqlDeliveryRow *row;
    if (!hib_sql_delivery_get(db, delivery, &row, error))
        return false;
    if (row)
        return fill_all(db, row, 1, ret, error);
    hib_error_set(error, HIB_ERROR_NOT_FOUND, "publish.delivery_unknown", "no delivery %s",
                  delivery);
    return false;
}

/* --- pages: the cursor is the last row's due time and id ---------------------------------------------------------------------- */
/* Where the page begins: behind the cursor, else at the end of the span it is walked from. */
static bool
read_cursor(const HibDeliveryQuery *query, HibInstant start, HibInstant *due, char id[HIB_ID_TEXT],
            GError **error)
{
    *due = start;
    id[0] = '\0';
    if (!query->cursor)
        return true;
    char *rest = NULL;
    *due = g_ascii_strtoll(query->cursor, &rest, 10);
    if (rest != query->cursor && *rest == '.' && hib_id_valid(rest + 1)) {
        g_strlcpy(id, rest + 1, HIB_ID_TEXT);
        return true;
    }
    hib_error_set_at(error, HIB_ERROR_INVALID, "publish.bad_cursor", "?cursor",
                     "not a cursor of ours");
    return false;
}

static bool
read_page(HibDb *db, const HibDeliveryQuery *query, int64_t most, HibSqlDeliveryRow **rows,
          size_t *n, GError **error)
{
    HibInstant from = query->from ? *query->from : INT64_MIN,
               to = query->to ? *query->to : INT64_MAX, due;
    bool is_newest = query->is_newest_first;
    char id[HIB_ID_TEXT];
    if (!read_cursor(query, is_newest ? to : from, &due, id, error))
        return false;
    if (query->state && is_newest)
        return hib_sql_delivery_list_state_newest(db, *query->state, from, due, id, most, rows, n,
                                                  error);
    if (query->state)
        return hib_sql_delivery_list_state_due(db, *query->state, to, due, id, most, rows, n,
                                               error);
    if (is_newest)
        return hib_sql_delivery_list_newest(db, from, due, id, most, rows, n, error);
    return hib_sql_delivery_list_due(db, to, due, id, most, rows, n, error);
}

/* A post has few deliveries: all of them on one page, the other filters applied here. */
static bool
list_of_post(HibDb *db, const HibDeliveryQuery *query, HibSqlDeliveryRow **rows, size_t *n,
             GError **error)
{
    size_t kept = 0;
    if (!hib_sql_delivery_of_post(db, query->post, rows, n, error))
        return false;
    for (size_t i = 0; i < *n; i++) {
        const HibSqlDeliveryRow *row = &(*rows)[i];
        bool is_wanted = (!query->state || row->state == (int64_t)*query->state) &&
                         (!query->from || row->due_at >= *query->from) &&
                         (!query->to || row->due_at < *query->to);
        if (is_wanted)
            (*rows)[kept++] = *row;
    }
    *n = kept;
    return true;
}

bool
hib_publish_list(HibDb *db, const HibDeliveryQuery *query, HibDelivery **ret_rows, size_t *ret_n,
                 const char **ret_next, GError **error)
{
    HibSqlDeliveryRow *rows;
    size_t n, most = (size_t)CLAMP(query->limit ? query->limit : 100, 1, HIB_LIMIT_PAGE);
    const char *next = NULL;
    if (query->post ? !list_of_post(db, query, &rows, &n, error)
                    : !read_page(db, query, (int64_t)most + 1, &rows, &n, error))
        return false;
    if (!query->post && n > most) {
        n = most;
        next = hib_arena_printf(hib_db_arena(db), "%" G_GINT64_FORMAT ".%s", rows[n - 1].due_at,
                                rows[n - 1].id);
    }
    *ret_n = n;
    *ret_next = next; /* last: it may stand where the query's cursor does */
    return fill_all(db, rows, n, ret_rows, error);
}

bool
hib_publish_counts(HibDb *db, int64_t ret_by_state[6], GError **error)
{
    HibSqlDeliveryCounts *rows;
    size_t n;
    if (!hib_sql_delivery_counts(db, &rows, &n, error))
        return false;
    for (int i = 0; i < 6; i++)
        ret_by_state[i] = 0;
    for (size_t i = 0; i < n; i++)
        if (rows[i].state >= 0 && rows[i].state < 6)
            ret_by_state[rows[i].state] = rows[i].n;
    return true;
}

bool
hib_publish_steps(HibDb *db, const char *delivery, HibDeliveryStep **ret_rows, size_t *ret_n,
                  GError **error)
{
    HibSqlStepList *rows;
    if (!hib_sql_step_list(db, delivery, &rows, ret_n, error))
        return false;
    *ret_rows = hib_arena_array(hib_db_arena(db), HibDeliveryStep, *ret_n + 1);
    for (size_t i = 0; i < *ret_n; i++)
        (*ret_rows)[i] = (HibDeliveryStep){.at = rows[i].at,
                                           .what = (HibDid)rows[i].what,
                                           .name = rows[i].name,
                                           .detail = rows[i].detail};
    return true;
}

bool
hib_publish_add_past(HibDb *db, const HibDelivery *d, GError **error)
{
    int64_t class = d->error_class, status = d->error_status;
    g_autoptr(HibTx) tx = hib_tx_begin(db, error);
    if (!tx || !hib_sql_delivery_insert_past(
                   db, d->id, d->post_id, d->account_id, d->network, d->handle, d->text, d->state,
                   d->due_at, d->has_sent_at ? &d->sent_at : NULL,
                   d->has_published_at ? &d->published_at : NULL, d->attempts, d->remote_id, d->url,
                   d->has_error ? &class : NULL, d->has_error ? &status : NULL,
                   d->has_error ? d->error_code : NULL, d->has_error ? d->error_message : NULL,
                   d->has_error ? &d->error_at : NULL, error))
        return false;
    if (!hib_publish_did(db, d->id, d->due_at, HIB_DID_SCHEDULED, NULL, error))
        return false;
    if (d->has_sent_at && !hib_publish_did(db, d->id, d->sent_at, HIB_DID_SENT, NULL, error))
        return false;
    if (d->has_published_at &&
        !hib_publish_did(db, d->id, d->published_at, HIB_DID_PUBLISHED, d->url, error))
        return false;
    return hib_tx_commit(tx, error);
}
