/* Clicks on links made for one person become touchpoints of that person. A click carries the contact's id; links without one are nobody's and stay so. Read from a place on like talk, with
 * the same overlap, since a spool may be taken into the store late: what has its touchpoint is not taken again. */
#include "contacts/contacts_private.h"
#include "contacts/take.sql.h"
#include "links/links.h"

enum { PAGE = 1000 };
#define OVERLAP HIB_HOUR

static bool
note_link(HibDb *db, const HibSqlTakenClick *click, GError **error)
{
    HibSqlMarkAddIn link = {.num = click->num}, campaign = {.num = click->num};
    return hib_mark_of(db, "link", *click->title ? click->title : click->link_id, &link.mark,
                       error) &&
           hib_sql_mark_add_many(db, &link, 1, error) &&
           (!click->campaign_id ||
            (hib_mark_of(db, "campaign", click->campaign_id, &campaign.mark, error) &&
             hib_sql_mark_add_many(db, &campaign, 1, error)));
}

static bool
store(HibDb *db, const HibSqlTakenClick *clicks, size_t n, GError **error)
{
    HibArena *arena = hib_db_arena(db);
    HibSqlTouchAddIn *touches = hib_arena_array(arena, HibSqlTouchAddIn, n + 1);
    HibSqlContactClickedIn *counts = hib_arena_array(arena, HibSqlContactClickedIn, n + 1);
    HibSqlContactShownIn *shown = hib_arena_array(arena, HibSqlContactShownIn, n + 1);
    int64_t *nums = hib_arena_array(arena, int64_t, n + 1);
    for (size_t i = 0; i < n; i++) {
        touches[i] = (HibSqlTouchAddIn){.kind = HIB_TOUCH_CLICK,
                                        .ref = clicks[i].ref,
                                        .contact_id = clicks[i].contact_id,
                                        .at = clicks[i].at,
                                        .account_id = clicks[i].account_id,
                                        .network = clicks[i].network,
                                        .text = clicks[i].title};
        counts[i] = (HibSqlContactClickedIn){.id = clicks[i].contact_id, .at = clicks[i].at};
        shown[i] = (HibSqlContactShownIn){.id = clicks[i].person_id, .at = clicks[i].at};
        nums[i] = clicks[i].num;
        if (!note_link(db, &clicks[i], error))
            return false;
    }
    return hib_sql_touch_add_many(db, touches, n, error) &&
           hib_sql_contact_clicked_many(db, counts, n, error) &&
           hib_sql_contact_shown_many(db, shown, n, error) && hib_contact_dirty(db, nums, n, error);
}

/* Links made for somebody stay in old messages: who opens one after that person was deleted is nobody. */
static bool
forget_strays(HibDb *db, HibInstant after, GError **error)
{
    HibSqlStrayClicks *strays;
    size_t n;
    int64_t changed = 0;
    if (!hib_sql_stray_clicks(db, after, &strays, &n, error))
        return false;
    for (size_t i = 0; i < n; i++)
        if (!hib_links_forget_contact(db, strays[i].contact_id, &changed, error))
            return false;
    return true;
}

bool
hib_contacts_take_clicks(HibDb *db, size_t *ret_n, GError **error)
{
    HibSqlTakenClick *clicks;
    HibSqlTakeClickAt *place;
    size_t n = 0;
    *ret_n = 0;
    do {
        g_autoptr(HibTx) tx = hib_tx_begin(db, error);
        if (!tx || !hib_contacts_begin(db, error) || !hib_sql_take_click_at(db, &place, error) ||
            !forget_strays(db, place->click_at - OVERLAP, error) ||
            !hib_sql_take_clicks(db, place->click_at - OVERLAP, PAGE, &clicks, &n, error))
            return false;
        if (n && (!store(db, clicks, n, error) ||
                  !hib_sql_take_clicked(db, MAX(place->click_at, clicks[n - 1].at), error)))
            return false;
        if (!hib_tx_commit(tx, error))
            return false;
        *ret_n += n;
    } while (n == PAGE);
    return true;
}
