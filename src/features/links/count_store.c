/* What clicks of a link add up to, read. */
#include "links/click.sql.h"
#include "links/links_private.h"

bool
hib_links_clicks(HibDb *db, const char *link, HibInstant from, HibInstant to, HibLinkClicks *ret,
                 GError **error)
{
    HibArena *arena = hib_db_arena(db);
    HibSqlClickHours *hours;
    HibSqlClickNetworks *networks;
    HibSqlClickKinds *kinds;
    size_t n_kinds;
    *ret = (HibLinkClicks){0};
    if (!hib_sql_click_hours(db, link, from, to, &hours, &ret->n_hours, error) ||
        !hib_sql_click_networks(db, link, from, to, &networks, &ret->n_networks, error) ||
        !hib_sql_click_kinds(db, link, from, to, &kinds, &n_kinds, error))
        return false;
    ret->hours = hib_arena_array(arena, HibLinkHour, ret->n_hours + 1);
    for (size_t i = 0; i < ret->n_hours; i++)
        ret->hours[i] = (HibLinkHour){
            hours[i].hour, {hours[i].clicks, hours[i].visitors, hours[i].bots, hours[i].floods}};
    ret->networks = hib_arena_array(arena, HibLinkNetwork, ret->n_networks + 1);
    for (size_t i = 0; i < ret->n_networks; i++)
        ret->networks[i] = (HibLinkNetwork){
            networks[i].network,
            {networks[i].clicks, networks[i].visitors, networks[i].bots, networks[i].floods}};
    for (size_t i = 0; i < n_kinds; i++) {
        if (kinds[i].device >= 0 && kinds[i].device < HIB_DEVICES)
            ret->devices[kinds[i].device] += kinds[i].n;
        if (kinds[i].referrer >= 0 && kinds[i].referrer < HIB_REFERRERS)
            ret->referrers[kinds[i].referrer] += kinds[i].n;
    }
    return true;
}
