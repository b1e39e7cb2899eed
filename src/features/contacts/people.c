/* What links' attribution is told of people: links stands below and knows none, so app/ hands it this record (links/links.h). Two that were merged are one in every path from then on, and
 * apart again when the merge is undone, since a person is looked up when a path is made. */
#include "contacts/contacts.h"
#include "contacts/contacts_private.h"
#include "contacts/people.sql.h"
#include "links/links.h"

#define EARLIER (10 * HIB_MINUTE) /* a network's clock may be ahead of ours */

static const HibTouchKind touches[HIB_SAID_KINDS] = {
    [HIB_SAID_COMMENT] = HIB_TOUCH_COMMENT,
    [HIB_SAID_MENTION] = HIB_TOUCH_MENTION,
    [HIB_SAID_MESSAGE] = HIB_TOUCH_MESSAGE,
};

static bool
said(HibDb *db, HibInstant from, HibInstant to, int64_t most, HibSaid **ret, size_t *ret_n,
     GError **error)
{
    const char *after = hib_contacts_id_at(hib_db_arena(db), from - EARLIER);
    g_autoptr(GArray) all = g_array_new(FALSE, FALSE, sizeof(HibSaid));
    for (int kind = 0; kind < HIB_SAID_KINDS; kind++) {
        HibSqlPeopleSaid *rows;
        size_t n;
        if (!hib_sql_people_said(db, touches[kind], after, from, to, most, &rows, &n, error))
            return false;
        for (size_t i = 0; i < n; i++) {
            const HibSaid one = {.at = rows[i].at,
                                 .kind = (HibSaidKind)kind,
                                 .network = rows[i].network,
                                 .person = rows[i].person_id};
            g_array_append_val(all, one);
        }
    }
    *ret_n = all->len;
    *ret = hib_arena_array(hib_db_arena(db), HibSaid, *ret_n + 1);
    for (guint i = 0; i < all->len; i++)
        (*ret)[i] = g_array_index(all, HibSaid, i);
    return true;
}

static bool
whose(HibDb *db, HibInstant from, HibInstant to, int64_t most, HibWhose **ret, size_t *ret_n,
      GError **error)
{
    HibSqlPeopleClicked *clicks;
    HibSqlPeopleConverted *conversions;
    size_t n_clicks, n;
    if (!hib_sql_people_clicked(db, from, to, most, &clicks, &n_clicks, error) ||
        !hib_sql_people_converted(db, from, to, most, &conversions, &n, error))
        return false;
    *ret_n = n_clicks + n;
    *ret = hib_arena_array(hib_db_arena(db), HibWhose, *ret_n + 1);
    for (size_t i = 0; i < n_clicks; i++)
        (*ret)[i] = (HibWhose){.click = clicks[i].click_id, .person = clicks[i].person_id};
    for (size_t i = 0; i < n; i++)
        (*ret)[n_clicks + i] = (HibWhose){.conversion = conversions[i].conversion_id,
                                          .person = conversions[i].person_id};
    return true;
}

const HibPeople hib_contacts_people = {.said = said, .whose = whose};
