/* What is shown of a published post: ours as its delivery says, another's as the file that named it did. */
#include "base/error.h"
#include "measure/import.sql.h"
#include "measure/measure_private.h"

static bool
show_outside(HibDb *db, const char *id, GError *gone, HibShownPost *ret, GError **error)
{
    HibSqlOutsideGet *row = NULL;
    if (!hib_sql_outside_get(db, id, &row, error)) {
        g_error_free(gone);
        return false;
    }
    if (!row) {
        g_propagate_error(error, gone);
        return false;
    }
    g_error_free(gone);
    *ret = (HibShownPost){
        .network = row->network, .text = row->text, .url = row->url, .is_outside = true};
    return true;
}

bool
hib_measure_shown(HibDb *db, const char *delivery, HibShownPost *ret, GError **error)
{
    HibDelivery *found = NULL;
    GError *gone = NULL;
    if (hib_publish_get(db, delivery, &found, &gone)) {
        *ret = (HibShownPost){.post = found->post_id,
                              .network = found->network,
                              .text = found->text,
                              .url = found->url,
                              .format = found->format};
        return true;
    }
    if (hib_error_is(gone, HIB_ERROR_NOT_FOUND))
        return show_outside(db, delivery, gone, ret, error);
    g_propagate_error(error, gone);
    return false;
}

bool
hib_measure_urls(HibDb *db, const char *const *deliveries, size_t n, const char **ret,
                 GError **error)
{
    for (size_t i = 0; i < n; i++) {
        HibShownPost shown;
        if (!hib_measure_shown(db, deliveries[i], &shown, error))
            return false;
        ret[i] = shown.url;
    }
    return true;
}
