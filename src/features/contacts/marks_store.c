/* What is true of contacts: marks, words of the search, and what has to be counted anew. Writers of a workspace's contacts go one after the other: each begins with the claim, so two
 * people who merge at once, or a merge beside what is taken in, see each other's work and never half of it. */
#include "contacts/contacts_private.h"

bool
hib_contacts_begin(HibDb *db, GError **error)
{
    int64_t changed = 0;
    return hib_sql_contacts_claim(db, &changed, error) &&
           (changed ||
            (hib_sql_contacts_begin(db, error) && hib_sql_contacts_claim(db, &changed, error)));
}

bool
hib_mark_of(HibDb *db, const char *kind, const char *ref, int64_t *ret, GError **error)
{
    HibSqlMarkName2 *known;
    HibSqlMarkNameAdd *made;
    if (!hib_sql_mark_name(db, kind, ref, &known, error))
        return false;
    if (known) {
        *ret = known->mark;
        return true;
    }
    if (!hib_sql_mark_name_add(db, kind, ref, &made, error))
        return false;
    *ret = made->mark;
    return true;
}

bool
hib_contact_dirty(HibDb *db, const int64_t *nums, size_t n, GError **error)
{
    HibSqlDirtyPutIn *rows = hib_arena_array(hib_db_arena(db), HibSqlDirtyPutIn, n + 1);
    const char *stamp = hib_db_new_id(db);
    for (size_t i = 0; i < n; i++)
        rows[i] = (HibSqlDirtyPutIn){.num = nums[i], .stamp = stamp};
    return !n || hib_sql_dirty_put_many(db, rows, n, error);
}

bool
hib_contacts_words(HibDb *db, int64_t num, const char *const *texts, size_t n, bool drop,
                   GError **error)
{
    HibArena *arena = hib_db_arena(db);
    g_autoptr(GArray) rows = g_array_new(FALSE, FALSE, sizeof(HibSqlWordAddIn));
    for (size_t i = 0; i < n; i++)
        for (const char *const *word = hib_contact_words(arena, texts[i]); *word; word++) {
            const HibSqlWordAddIn row = {.word = *word, .num = num};
            g_array_append_val(rows, row);
        }
    if (!rows->len)
        return true;
    if (!drop)
        return hib_sql_word_add_many(db, (const HibSqlWordAddIn *)(void *)rows->data, rows->len,
                                     error);
    HibSqlWordDropIn *gone = hib_arena_array(arena, HibSqlWordDropIn, rows->len);
    for (guint i = 0; i < rows->len; i++) {
        const HibSqlWordAddIn *row = &g_array_index(rows, HibSqlWordAddIn, i);
        gone[i] = (HibSqlWordDropIn){.word = row->word, .num = row->num};
    }
    return hib_sql_word_drop_many(db, gone, rows->len, error);
}
