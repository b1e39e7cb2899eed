/* Somebody is deleted: that links were opened and things bought stays counted, by whom is forgotten. */
#include "links/conversion.sql.h"
#include "links/links.h"

static bool
forget_conversions(HibDb *db, const HibForgotten *who, int64_t *ret_n,
                   int64_t *ret_left G_GNUC_UNUSED, GError **error)
{
    int64_t n = 0;
    if (!hib_sql_conversions_forget(db, who->contact, &n, error))
        return false;
    *ret_n += n;
    for (size_t i = 0; i < who->n_address_hashes; i++) {
        if (!hib_sql_conversions_forget_key(db, who->address_hashes[i], &n, error))
            return false;
        *ret_n += n;
    }
    return true;
}

bool
hib_links_forget_contact(HibDb *db, const char *contact, int64_t *ret_n, GError **error)
{
    int64_t n_visits = 0;
    return hib_sql_visits_forget(db, contact, &n_visits, error) &&
           hib_sql_clicks_forget(db, contact, ret_n, error);
}

static bool
forget_clicks(HibDb *db, const HibForgotten *who, int64_t *ret_n, int64_t *ret_left, GError **error)
{
    HibSqlClicksLeft *left;
    int64_t n = 0;
    if (!hib_links_forget_contact(db, who->contact, &n, error) ||
        !hib_sql_clicks_left(db, who->contact, &left, error))
        return false;
    *ret_n += n;
    *ret_left += left->n;
    return true;
}

/* In this order: clicks lead to conversions. */
const HibForgetKind hib_links_forgets[] = {
    {"conversions", forget_conversions}, {"clicks", forget_clicks}, {0}};
