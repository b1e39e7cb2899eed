/* Conversions become touchpoints of the person they are of: whose personal link was clicked, else whose links alone the same browser opened, else whose address the shop told (both
 * sides only know its hash). One that belongs to nobody known stays links' alone; it is found when the address becomes known by an import. What is counted of a person is computed anew
 * from its touchpoints whenever one comes, changes or goes, so that a correction, an import taken back, or hearing of it twice cannot miscount. */
#include "base/error.h"
#include "base/id.h"
#include "contacts/address.h"
#include "contacts/take.sql.h"
#include <string.h>

enum { PAGE = 1000 };
#define OVERLAP (10 * HIB_MINUTE) /* a click may be taken in after the conversion it led to */

/* links' kinds of conversions, in its order, and what they are here. */
static const struct {
    const char *name;
    HibTouchKind touch;
} kinds[] = {
    {"purchase", HIB_TOUCH_PURCHASE},      {"sign_up", HIB_TOUCH_CONVERSION},
    {"reservation", HIB_TOUCH_CONVERSION}, {"store_visit", HIB_TOUCH_VISIT},
    {"coupon", HIB_TOUCH_COUPON},          {"other", HIB_TOUCH_CONVERSION},
};

/* --- what is counted of one ----------------------------------------------------------------------------------------------- */
static bool
remark(HibDb *db, const HibSqlResultOf *one, GError **error)
{
    HibSqlResultsKinds *did;
    HibSqlMarksOfKind *marks;
    size_t n, n_marks;
    if (!hib_sql_marks_of_kind(db, one->num, "did", &marks, &n_marks, error) ||
        !hib_sql_results_kinds(db, one->contact_id, &did, &n, error))
        return false;
    for (size_t i = 0; i < n_marks; i++)
        if (!hib_sql_mark_drop(db, one->num, marks[i].mark, error))
            return false;
    for (size_t i = 0; i < n; i++) {
        HibSqlMarkAddIn row = {.num = one->num};
        if (!hib_mark_of(db, "did", did[i].text, &row.mark, error) ||
            !hib_sql_mark_add_many(db, &row, 1, error))
            return false;
    }
    return true;
}

static bool
recount(HibDb *db, const HibSqlResultOf *rows, size_t n, GError **error)
{
    for (size_t i = 0; i < n; i++)
        if (!hib_sql_results_recount(db, rows[i].contact_id, error) ||
            !remark(db, &rows[i], error) || !hib_sql_contact_reshow(db, rows[i].person_id, error) ||
            !hib_contact_dirty(db, &rows[i].num, 1, error) ||
            !hib_event_emit(db, "contact.changed", rows[i].person_id, NULL, error))
            return false;
    return true;
}

/* --- taking in ------------------------------------------------------------------------------------------------------------- */
static bool
contact_of(HibDb *db, const HibServices *services, const HibSqlTakenResult *one,
           HibSqlResultOf **ret, GError **error)
{
    HibSqlIdentityFind *known = NULL;
    *ret = NULL;
    if (one->contact_id && !hib_sql_contact_of(db, one->contact_id, ret, error))
        return false;
    if (*ret || !one->contact_key)
        return true;
    const char *key = hib_contact_address_key(hib_db_arena(db), services->keys, HIB_IDENTITY_EMAIL,
                                              one->contact_key);
    return hib_sql_identity_find(db, HIB_IDENTITY_EMAIL, "", "", key, &known, error) &&
           (!known || hib_sql_contact_of(db, known->contact_id, ret, error));
}

static bool
store(HibDb *db, const HibSqlTakenResult *rows, HibSqlResultOf *const *of, size_t n, GError **error)
{
    for (size_t i = 0; i < n; i++) {
        const size_t kind = rows[i].kind >= 0 && rows[i].kind < (int64_t)G_N_ELEMENTS(kinds)
                                ? (size_t)rows[i].kind
                                : G_N_ELEMENTS(kinds) - 1;
        int64_t added = 0;
        if (of[i] &&
            (!hib_sql_touch_add(db, kinds[kind].touch, rows[i].id, of[i]->contact_id, rows[i].at,
                                NULL, rows[i].network ? rows[i].network : "", kinds[kind].name,
                                &rows[i].net_minor, rows[i].currency, &added, error) ||
             !recount(db, of[i], 1, error)))
            return false;
    }
    return true;
}

bool
hib_contacts_take_results(HibDb *db, const HibServices *services, GError **error)
{
    HibSqlTakeResultsAt *place;
    HibSqlTakenResult *rows;
    const char *after = NULL;
    size_t n;
    do {
        g_autoptr(HibTx) tx = hib_tx_begin(db, error);
        if (!tx || !hib_contacts_begin(db, error) || !hib_sql_take_results_at(db, &place, error))
            return false;
        if (!after)
            after = *place->conversion_id
                        ? hib_contacts_id_at(hib_db_arena(db),
                                             hib_id_time(place->conversion_id) - OVERLAP)
                        : "";
        if (!hib_sql_take_results(db, after, PAGE, &rows, &n, error))
            return false;
        HibSqlResultOf **of = hib_arena_array(hib_db_arena(db), HibSqlResultOf *, n + 1);
        for (size_t i = 0; i < n; i++)
            if (!contact_of(db, services, &rows[i], &of[i], error))
                return false;
        if (n)
            after = rows[n - 1].id;
        const char *upto = strcmp(after, place->conversion_id) > 0 ? after : place->conversion_id;
        if (!store(db, rows, of, n, error) || !hib_sql_take_resulted(db, upto, error) ||
            !hib_tx_commit(tx, error))
            return false;
    } while (n == PAGE);
    return true;
}

bool
hib_contact_take_results_of(HibDb *db, const char *contact, const char *address_hash,
                            GError **error)
{
    HibSqlTakenResult *rows;
    HibSqlResultOf *one;
    size_t n;
    if (!hib_sql_results_of_key(db, address_hash, &rows, &n, error) || !n)
        return n == 0;
    if (!hib_sql_contact_of(db, contact, &one, error))
        return false;
    HibSqlResultOf **of = hib_arena_array(hib_db_arena(db), HibSqlResultOf *, n);
    for (size_t i = 0; i < n; i++)
        of[i] = one;
    return store(db, rows, of, n, error);
}

bool
hib_contacts_results_run(HibDb *db, const HibJob *job G_GNUC_UNUSED, void *context,
                         HibJobEnd *ret_end, HibInstant *ret_at G_GNUC_UNUSED, GError **error)
{
    *ret_end = HIB_JOB_DONE;
    return hib_contacts_take_results(db, context, error);
}

/* --- what links tells -------------------------------------------------------------------------------------------------------- */
static bool
hear_corrected(HibDb *db, const char *conversion, GError **error)
{
    HibSqlResultOf *rows;
    size_t n;
    g_autoptr(HibTx) tx = hib_tx_begin(db, error);
    return tx && hib_contacts_begin(db, error) && hib_sql_result_corrected(db, conversion, error) &&
           hib_sql_result_contacts(db, conversion, &rows, &n, error) &&
           recount(db, rows, n, error) && hib_tx_commit(tx, error);
}

static bool
hear_undone(HibDb *db, GError **error)
{
    HibSqlResultOf *rows;
    size_t n;
    int64_t gone = 0;
    g_autoptr(HibTx) tx = hib_tx_begin(db, error);
    return tx && hib_contacts_begin(db, error) && hib_sql_results_gone(db, &rows, &n, error) &&
           hib_sql_results_drop_gone(db, &gone, error) && recount(db, rows, n, error) &&
           hib_tx_commit(tx, error);
}

bool
hib_contacts_hear_result(HibDb *db, const char *event, const char *subject, GError **error)
{
    if (g_str_equal(event, "conversion.corrected"))
        return !subject || hear_corrected(db, subject, error);
    if (g_str_equal(event, "conversion.undone"))
        return hear_undone(db, error);
    g_autoptr(HibTx) tx = hib_tx_begin(db, error);
    return tx &&
           hib_job_add(db, HIB_CONTACTS_RESULTS, "results", NULL, NULL, hib_db_now(db) + HIB_SECOND,
                       NULL, error) &&
           hib_tx_commit(tx, error);
}
