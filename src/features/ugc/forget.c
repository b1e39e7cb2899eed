/* Somebody is deleted: what they posted about us goes, and may not be used any more; where they took part in something that was drawn, the entry stays without a person. */
#include "base/error.h"
#include "base/messages.h"
#include "days/days.h"
#include "engage/engage.h"
#include "ugc/forget.sql.h"
#include "ugc/ugc_private.h"

/* A picture of theirs in our library: no word of whose it was, and its rights are over. What is scheduled with it becomes a draft again. */
static bool
end_rights(HibDb *db, const char *media, GError **error)
{
    g_autoptr(GError) why = NULL;
    HibMedia *found;
    HibMediaCard *card;
    HibSqlUgcUses *uses;
    HibPost *post;
    size_t n;
    if (!hib_media_get(db, media, &found, &why)) {
        if (hib_error_kind(why) == HIB_ERROR_NOT_FOUND || hib_error_kind(why) == HIB_ERROR_GONE)
            return true;
        g_propagate_error(error, g_steal_pointer(&why));
        return false;
    }
    if (!hib_media_cards(db, &media, 1, &found, &card, error))
        return false;
    card->owner = card->source = card->consent_paper = "";
    card->terms = hib_message("ja", "ugc.withdrawnTerms");
    card->expires_on = hib_day_text(hib_db_arena(db),
                                    hib_day_plus(hib_day_at(hib_zone_utc(), hib_db_now(db)), -2));
    if (!hib_media_set_card(db, media, card, error) ||
        !hib_sql_ugc_uses(db, media, &uses, &n, error))
        return false;
    for (size_t i = 0; i < n; i++)
        if (uses[i].state == HIB_POST_SCHEDULED &&
            !hib_publish_unschedule(db, uses[i].post_id, &post, error))
            return false;
    return true;
}

static bool
forget_items(HibDb *db, const HibForgottenName *name, int64_t *ret_n, GError **error)
{
    HibSqlUgcItemsOf *items;
    size_t n;
    int64_t gone = 0;
    if (!hib_sql_ugc_items_of(db, name->network, name->account, name->author, name->handle, &items,
                              &n, error))
        return false;
    for (size_t i = 0; i < n; i++) {
        if ((items[i].media_id && !end_rights(db, items[i].media_id, error)) ||
            !hib_sql_ugc_steps_forget(db, items[i].id, &gone, error) ||
            !hib_sql_ugc_item_forget(db, items[i].id, &gone, error))
            return false;
        *ret_n += gone;
    }
    return true;
}

bool
hib_ugc_forget(HibDb *db, const HibForgotten *who, int64_t *ret_n, int64_t *ret_left,
               GError **error)
{
    for (size_t i = 0; i < who->n_names; i++) {
        const HibForgottenName *name = &who->names[i];
        HibSqlUgcLeft *left;
        int64_t n_held, n_dropped = 0;
        int64_t n_blank = 0;
        if (!*name->author)
            continue;
        if (!forget_items(db, name, ret_n, error) ||
            !hib_sql_ugc_entries_hold(db, &n_held, error) ||
            !hib_sql_ugc_entries_drop(db, name->account, name->author, &n_dropped, error) ||
            !hib_sql_ugc_entries_forget(db, name->account, name->author, &n_blank, error) ||
            !hib_sql_ugc_left(db, name->network, name->account, name->author, &left, error))
            return false;
        *ret_n += n_dropped + n_blank;
        *ret_left += left->n;
    }
    return true;
}
