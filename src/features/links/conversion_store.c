/* Conversions in the store: a workspace's site, what pages and servers tell, each once.
 *
 * An address knows its workspace by a random key. What a page tells is believed as far as anything that a browser says can be: it must come from an own site, and a workspace may
 * leave it out. What a server tells is signed, fresh and counts once; a repeated order is answered as known, so that a shop may send again until it hears. */
#include "base/error.h"
#include "base/id.h"
#include "base/log.h"
#include "base/secrets.h"
#include "links/conversion.h"
#include "links/conversion.sql.h"
#include "store/events.h"
#include "team/team.h"

#include <string.h>

#define WINDOW HIB_MINUTE
#define MOST_A_WINDOW 1200
#define SECRET_BYTES 32
#define KEY_BYTES 15

static const char *
purpose_of(HibArena *arena, const char *workspace)
{
    return hib_arena_printf(arena, "links.site/%s", workspace);
}

/* --- a workspace's site ------------------------------------------------------------------------------------------------ */
static bool
fill(HibDb *db, const HibSqlSite *row, HibSite *ret, GError **error)
{
    HibSqlConversionKinds *kinds;
    size_t n;
    *ret = (HibSite){.workspace = row->workspace_id,
                     .key = row->site_key,
                     .secret_sealed = row->secret_sealed,
                     .asks_consent = row->asks_consent,
                     .takes_script = row->takes_script,
                     .counts_said = row->counts_said,
                     .window_days = row->window_days,
                     .touch_days = row->touch_days,
                     .window_at = row->window_at,
                     .window_n = row->window_n,
                     .n_refused = row->n_refused,
                     .taken_at = row->has_taken_at ? row->taken_at : 0,
                     .refused_at = row->has_refused_at ? row->refused_at : 0};
    for (size_t k = 0; k < HIB_CONVERSION_KINDS; k++)
        ret->worth[k] = (HibConversionWorth){0, "JPY"};
    if (!hib_sql_conversion_kinds(db, &kinds, &n, error))
        return false;
    for (size_t i = 0; i < n; i++)
        if (kinds[i].kind >= 0 && kinds[i].kind < HIB_CONVERSION_KINDS)
            ret->worth[kinds[i].kind] =
                (HibConversionWorth){kinds[i].value_minor, kinds[i].currency};
    return true;
}

bool
hib_site_get(HibDb *db, const HibServices *services, HibSite *ret, GError **error)
{
    HibArena *arena = hib_db_arena(db);
    HibSqlSite *row;
    if (!hib_sql_site_get(db, &row, error))
        return false;
    if (!row) {
        const char *secret = hib_random_token(arena, SECRET_BYTES);
        const char *sealed =
            hib_seal(services->keys, arena, purpose_of(arena, hib_db_workspace(db)), secret);
        if (!hib_sql_site_add(db, hib_random_token(arena, KEY_BYTES), sealed, error) ||
            !hib_sql_site_get(db, &row, error))
            return false;
    }
    return fill(db, row, ret, error);
}

bool
hib_site_set(HibDb *db, const HibServices *services, const HibSite *site, GError **error)
{
    HibSite now;
    g_autoptr(HibTx) tx = hib_tx_begin(db, error);
    for (size_t k = 0; k < HIB_CONVERSION_KINDS; k++)
        if (!hib_currency_valid(site->worth[k].currency)) {
            g_autofree char *at = g_strdup_printf("/kinds/%zu/currency", k);
            hib_error_set_at(error, HIB_ERROR_INVALID, "conversion.bad_currency", at, "no code");
            return false;
        }
    if (!tx || !hib_site_get(db, services, &now, error) ||
        !hib_sql_site_set(db, site->asks_consent, site->takes_script, site->counts_said,
                          site->window_days, site->touch_days, error))
        return false;
    for (size_t k = 0; k < HIB_CONVERSION_KINDS; k++)
        if (!hib_sql_conversion_kind_set(db, (int64_t)k, site->worth[k].value_minor,
                                         site->worth[k].currency, error))
            return false;
    const char *said = hib_arena_printf(
        hib_db_arena(db),
        "{\"asks_consent\":%s,\"takes_script\":%s,\"counts_said\":%s,\"window_days\":%d,\"touch_"
        "days\":%d}",
        site->asks_consent ? "true" : "false", site->takes_script ? "true" : "false",
        site->counts_said ? "true" : "false", (int)site->window_days, (int)site->touch_days);
    return hib_audit(db, "conversion.settings", "workspace", hib_db_workspace(db), NULL, said,
                     error) &&
           hib_tx_commit(tx, error);
}

bool
hib_site_renew(HibDb *db, const HibServices *services, const char **ret, GError **error)
{
    HibArena *arena = hib_db_arena(db);
    HibSite site;
    g_autoptr(HibTx) tx = hib_tx_begin(db, error);
    if (!tx || !hib_site_get(db, services, &site, error))
        return false;
    *ret = hib_random_token(arena, SECRET_BYTES);
    const char *sealed =
        hib_seal(services->keys, arena, purpose_of(arena, hib_db_workspace(db)), *ret);
    return hib_sql_site_secret_set(db, sealed, error) &&
           hib_audit(db, "conversion.secret", "workspace", hib_db_workspace(db), NULL, NULL,
                     error) &&
           hib_tx_commit(tx, error);
}

bool
hib_site_secret(HibDb *db, const HibServices *services, const HibSite *site, const char **ret,
                GError **error)
{
    HibArena *arena = hib_db_arena(db);
    *ret = hib_unseal(services->keys, arena, purpose_of(arena, site->workspace),
                      site->secret_sealed, error);
    return *ret != NULL;
}

bool
hib_site_open(HibDb *global, const char *key, HibSite *ret, HibDb **ret_db, GError **error)
{
    HibSqlSite *row;
    *ret_db = NULL;
    if (!hib_sql_site_by_key(global, key, &row, error))
        return false;
    if (!row) {
        hib_error_set(error, HIB_ERROR_NOT_FOUND, "conversion.unknown_site", "no such address");
        return false;
    }
    g_autoptr(HibDb) db =
        hib_db_open(hib_db_store(global), hib_db_arena(global), row->workspace_id);
    const HibInstant again = row->window_at + WINDOW;
    if (row->window_n >= MOST_A_WINDOW && again > hib_db_now(db)) {
        hib_error_set(error, HIB_ERROR_TOO_MANY, "conversion.too_many", "too many calls");
        if (error)
            hib_error_set_retry_at(*error, again);
        return false;
    }
    if (!fill(db, row, ret, error))
        return false;
    *ret_db = g_steal_pointer(&db);
    return true;
}

/* Counted, so that a person sees it in the settings; the count must not hide the refusal. */
static void
count_refusal(HibDb *db)
{
    g_autoptr(GError) fault = NULL;
    const HibInstant now = hib_db_now(db);
    if (!hib_sql_site_refused(db, now, now - WINDOW, &fault))
        hib_log_error(HIB_WARN, "links.refusal_not_counted", fault, NULL);
}

static bool
count_taken(HibDb *db, GError **error)
{
    const HibInstant now = hib_db_now(db);
    return hib_sql_site_taken(db, now, now - WINDOW, error);
}

/* --- one conversion ------------------------------------------------------------------------------------------------------ */
static bool
correct(HibDb *db, const HibConversion *one, bool *ret_is_known, GError **error)
{
    HibSqlConversionFind *about;
    int64_t added = 0;
    if (!hib_sql_conversion_find(db, one->kind, one->corrects, &about, error))
        return false;
    if (!about) {
        hib_error_set(error, HIB_ERROR_NOT_FOUND, "conversion.unknown", "no such conversion");
        return false;
    }
    if (one->currency && !g_str_equal(one->currency, about->currency)) {
        hib_error_set(error, HIB_ERROR_INVALID, "conversion.bad_currency", "of another currency");
        return false;
    }
    if (!hib_sql_correction_add(db, about->id, one->id, one->at, one->value_minor, &added, error))
        return false;
    *ret_is_known = !added;
    return !added || (hib_sql_conversion_correct(db, about->id, one->value_minor, error) &&
                      hib_event_emit(db, "conversion.corrected", about->id, NULL, error));
}

/* A page without an order's number: once a visitor, kind and day. */
static const char *
number_of(HibDb *db, const HibConversion *one, const char *visitor)
{
    if (one->id)
        return one->id;
    return hib_arena_printf(hib_db_arena(db), "%s/%" G_GINT64_FORMAT,
                            visitor ? visitor : hib_db_new_id(db), one->at / HIB_DAY);
}

bool
hib_conversion_store(HibDb *db, const HibSite *site, const HibConversion *one,
                     HibConversionSource source, const char *visitor, const char *import,
                     bool *ret_is_known, GError **error)
{
    const HibConversionWorth *worth = &site->worth[one->kind];
    const char *id = hib_db_new_id(db);
    int64_t added = 0;
    if (one->corrects)
        return correct(db, one, ret_is_known, error);
    if (!hib_sql_conversion_add(
            db, id, one->kind, number_of(db, one, visitor), one->at, hib_db_now(db), source,
            one->has_value ? one->value_minor : worth->value_minor,
            one->currency ? one->currency : worth->currency, one->has_click ? &one->click : NULL,
            visitor, one->contact, import, &added, error))
        return false;
    *ret_is_known = !added;
    return !added || import || hib_event_emit(db, "conversion.recorded", id, NULL, error);
}

/* --- what a page tells ------------------------------------------------------------------------------------------------------ */
/* Of an own site, where any are named (the same list by which links are marked). */
static bool
check_origin(HibDb *db, const char *origin, GError **error)
{
    HibUtm utm;
    if (!hib_links_utm(db, &utm, error))
        return false;
    if (!origin || utm.n_hosts == 0 || hib_utm_is_own(&utm, origin))
        return true;
    hib_error_set(error, HIB_ERROR_FORBIDDEN, "conversion.other_site", "from another site");
    return false;
}

static bool
take_beacon(HibDb *db, const HibSite *site, const HibBeacon *beacon, GError **error)
{
    bool is_known;
    const HibInstant now = hib_db_now(db);
    g_autoptr(HibTx) tx = hib_tx_begin(db, error);
    if (!tx)
        return false;
    for (size_t i = 0; i < beacon->n_clicks; i++)
        if (!hib_sql_conversion_touch(db, beacon->clicks[i], beacon->visitor, now, error))
            return false;
    return (!beacon->has_conversion ||
            hib_conversion_store(db, site, &beacon->conversion, HIB_CONVERSION_SCRIPT,
                                 beacon->visitor, NULL, &is_known, error)) &&
           count_taken(db, error) && hib_tx_commit(tx, error);
}

bool
hib_site_take_beacon(HibDb *db, const HibSite *site, const char *origin, const char *body, size_t n,
                     GError **error)
{
    HibBeacon beacon;
    bool is_taken = check_origin(db, origin, error) &&
                    hib_beacon_read(hib_db_arena(db), body, n, hib_db_now(db), &beacon, error);
    /* A page corrects nothing: who could ask for a refund of another's order? */
    if (is_taken && beacon.has_conversion && (!site->takes_script || beacon.conversion.corrects)) {
        hib_error_set(error, HIB_ERROR_FORBIDDEN, "conversion.script_off", "not from pages");
        is_taken = false;
    }
    if (is_taken && beacon.has_conversion && !beacon.conversion.has_click && beacon.n_clicks) {
        beacon.conversion.has_click = true;
        beacon.conversion.click = beacon.clicks[beacon.n_clicks - 1];
    }
    if (is_taken)
        return take_beacon(db, site, &beacon, error);
    count_refusal(db);
    return false;
}

/* --- what a server tells ------------------------------------------------------------------------------------------------------ */
static bool
store_call(HibDb *db, const HibSite *site, const char *signature, const HibServerCall *in,
           HibConversionOutcome *out, GError **error)
{
    const HibInstant now = hib_db_now(db);
    int64_t is_new = 0;
    g_autoptr(HibTx) tx = hib_tx_begin(db, error);
    if (!tx || !hib_sql_call_sweep(db, now - 2 * HIB_SIGNATURE_AGE - HIB_MINUTE, error) ||
        !hib_sql_call_add(db, hib_sha256_hex(hib_db_arena(db), signature, strlen(signature)), now,
                          &is_new, error))
        return false;
    if (!is_new) {
        hib_error_set(error, HIB_ERROR_CONFLICT, "conversion.replayed", "the same call again");
        return false;
    }
    for (size_t i = 0; i < in->n; i++) {
        out[i].id = in->rows[i].id;
        if (hib_conversion_store(db, site, &in->rows[i], HIB_CONVERSION_SERVER, NULL, NULL,
                                 &out[i].is_known, error))
            continue;
        if (error && *error && !hib_error_pointer(*error)) {
            g_autofree char *at = g_strdup_printf("/conversions/%zu/%s", i, "corrects");
            hib_error_set_pointer(*error, at);
        }
        return false;
    }
    return count_taken(db, error) && (in->is_test || hib_tx_commit(tx, error));
}

bool
hib_site_take_call(HibDb *db, const HibServices *services, const HibSite *site,
                   const char *signature, const char *body, size_t n, bool *ret_is_test,
                   HibConversionOutcome **ret, size_t *ret_n, GError **error)
{
    HibArena *arena = hib_db_arena(db);
    const HibInstant now = hib_db_now(db);
    const char *secret;
    HibServerCall in;
    if (!hib_site_secret(db, services, site, &secret, error))
        return false;
    bool is_taken = hib_conversion_verify(arena, secret, signature, now, body, n, error) &&
                    hib_server_call_read(arena, body, n, now, &in, error);
    if (is_taken) {
        *ret = hib_arena_array(arena, HibConversionOutcome, in.n);
        *ret_n = in.n;
        *ret_is_test = in.is_test;
        /* A test goes all the way and is rolled back. */
        is_taken = store_call(db, site, signature, &in, *ret, error);
    }
    if (!is_taken)
        count_refusal(db);
    return is_taken;
}

/* --- as they stand -------------------------------------------------------------------------------------------------------------- */
static HibConversionKept
kept(const HibSqlConversionRow *row)
{
    return (HibConversionKept){.id = row->id,
                               .kind = (HibConversionKind)row->kind,
                               .external_id = row->external_id,
                               .at = row->at,
                               .received_at = row->received_at,
                               .source = (HibConversionSource)row->source,
                               .value_minor = row->value_minor,
                               .net_minor = row->net_minor,
                               .currency = row->currency,
                               .has_click = row->has_click_id,
                               .has_visitor = row->has_visitor,
                               .has_contact = row->has_contact};
}

/* "<µs>.<id>" of the last row. */
static bool
read_cursor(HibArena *arena, const char *text, HibInstant *ret_at, const char **ret_id,
            GError **error)
{
    const char *dot = strchr(text, '.');
    const char *number = dot ? hib_arena_strndup(arena, text, (size_t)(dot - text)) : NULL;
    gint64 at;
    if (number && hib_id_valid(dot + 1) &&
        g_ascii_string_to_signed(number, 10, G_MININT64, G_MAXINT64, &at, NULL)) {
        *ret_at = at;
        *ret_id = dot + 1;
        return true;
    }
    hib_error_set_at(error, HIB_ERROR_INVALID, "post.bad_cursor", "?cursor", "no cursor of ours");
    return false;
}

bool
hib_conversion_list(HibDb *db, const int64_t *kind, const char *cursor, size_t limit,
                    HibConversionKept **ret, size_t *ret_n, const char **ret_next, GError **error)
{
    HibArena *arena = hib_db_arena(db);
    HibSqlConversionRow *rows;
    size_t n;
    HibInstant before = HIB_NEVER;
    const char *before_id = "";
    if ((cursor && !read_cursor(arena, cursor, &before, &before_id, error)) ||
        !hib_sql_conversion_list(db, kind, before, before_id, (int64_t)limit + 1, &rows, &n, error))
        return false;
    *ret_n = MIN(n, limit);
    *ret = hib_arena_array(arena, HibConversionKept, *ret_n + 1);
    for (size_t i = 0; i < *ret_n; i++)
        (*ret)[i] = kept(&rows[i]);
    *ret_next = n > limit ? hib_arena_printf(arena, "%" G_GINT64_FORMAT ".%s", rows[limit - 1].at,
                                             rows[limit - 1].id)
                          : NULL;
    return true;
}

bool
hib_conversion_correct(HibDb *db, const HibServices *services, const char *conversion,
                       const char *id, int64_t value_minor, HibConversionKept *ret, GError **error)
{
    HibSqlConversionRow *row;
    HibSite site;
    bool is_known;
    g_autoptr(HibTx) tx = hib_tx_begin(db, error);
    if (!tx || !hib_site_get(db, services, &site, error) ||
        !hib_sql_conversion_get(db, conversion, &row, error))
        return false;
    if (!row) {
        hib_error_set(error, HIB_ERROR_NOT_FOUND, "conversion.unknown", "no such conversion");
        return false;
    }
    const HibConversion one = {.kind = (HibConversionKind)row->kind,
                               .id = id,
                               .at = hib_db_now(db),
                               .has_value = true,
                               .value_minor = value_minor,
                               .corrects = row->external_id};
    const char *said =
        hib_arena_printf(hib_db_arena(db), "{\"value_minor\":%" G_GINT64_FORMAT "}", value_minor);
    if (!hib_conversion_store(db, &site, &one, HIB_CONVERSION_PERSON, NULL, NULL, &is_known,
                              error) ||
        !hib_sql_conversion_get(db, conversion, &row, error) ||
        !hib_audit(db, "conversion.correct", "conversion", conversion, NULL, said, error) ||
        !hib_tx_commit(tx, error))
        return false;
    *ret = kept(row);
    return true;
}
