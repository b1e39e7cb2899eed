/* Persons read, found and changed. What is written of a person is written to the contact that stands for it; what is read is read of all its contacts. */
#include "base/error.h"
#include "base/json.h"
#include "base/limits.h"
#include "contacts/contacts_private.h"
#include "team/team.h"
#include "text/count.h"
#include <stdlib.h>
#include <string.h>

enum { PAGE_USUAL = 50, FOUND_MOST = 5000 };

static const char *
actor_of(HibDb *db)
{
    const char *id = NULL;
    return hib_db_actor(db, &id) == HIB_ACTOR_PERSON ? id : NULL;
}

bool
hib_contact_get(HibDb *db, const char *contact, HibSqlContactRow **ret, GError **error)
{
    HibSqlContactPerson *stands;
    *ret = NULL;
    if (!hib_sql_contact_person(db, contact, &stands, error) ||
        (stands && !hib_sql_contact_get(db, stands->person_id, ret, error)))
        return false;
    if (!*ret)
        hib_error_set(error, HIB_ERROR_NOT_FOUND, "contact.unknown", "no contact %s", contact);
    return *ret != NULL;
}

bool
hib_contact_brief(HibDb *db, const char *contact, HibContactWhole *ret, GError **error)
{
    *ret = (HibContactWhole){0};
    return hib_contact_get(db, contact, &ret->row, error) &&
           hib_sql_marks_of(db, ret->row->id, &ret->marks, &ret->n_marks, error);
}

bool
hib_contact_whole(HibDb *db, const char *contact, HibContactWhole *ret, GError **error)
{
    if (!hib_contact_brief(db, contact, ret, error))
        return false;
    const char *person = ret->row->id;
    return hib_sql_identities_of(db, person, &ret->identities, &ret->n_identities, error) &&
           hib_sql_notes_of(db, person, &ret->notes, &ret->n_notes, error) &&
           hib_sql_consents_of(db, person, &ret->consents, &ret->n_consents, error) &&
           hib_sql_merges_of(db, person, &ret->merges, &ret->n_merges, error);
}

bool
hib_contact_viewed(HibDb *db, const char *person, GError **error)
{
    bool is_known = false;
    g_autoptr(HibTx) tx = hib_tx_begin(db, error);
    return tx &&
           hib_audit_has(db, "contact.view", person, hib_db_now(db) - HIB_DAY, &is_known, error) &&
           (is_known || (hib_audit(db, "contact.view", "contact", person, NULL, NULL, error) &&
                         hib_tx_commit(tx, error)));
}

bool
hib_contact_touches(HibDb *db, const char *contact, HibInstant before, const char *ref, size_t most,
                    HibSqlTouchesOf **ret, size_t *ret_n, GError **error)
{
    HibSqlContactRow *person;
    return hib_contact_get(db, contact, &person, error) &&
           hib_sql_touches_of(db, person->id, before, ref, (int64_t)most, ret, ret_n, error);
}

bool
hib_contacts_find(HibDb *db, const char *account, const char *author, const char **ret,
                  GError **error)
{
    HibAccount *found;
    HibSqlIdentityFind *row;
    *ret = NULL;
    if (!hib_accounts_find(db, account, &found, error))
        return false;
    if (!found)
        return true;
    const char *scope = hib_contact_is_global(found->network) ? "" : account;
    if (!hib_sql_identity_find(db, HIB_IDENTITY_NETWORK, found->network, scope, author, &row,
                               error))
        return false;
    *ret = row ? row->person_id : NULL;
    return true;
}

/* --- the list ----------------------------------------------------------------------------------------------------------- */
typedef struct {
    HibInstant at;
    const char *id;
} Place;

static bool
read_cursor(HibArena *arena, const char *cursor, Place *ret, GError **error)
{
    char *end = NULL;
    *ret = (Place){.at = INT64_MAX, .id = "~"};
    if (!cursor)
        return true;
    ret->at = g_ascii_strtoll(cursor, &end, 10);
    ret->id = end && *end == '.' ? hib_arena_strdup(arena, end + 1) : "";
    if (end != cursor && *ret->id && strlen(ret->id) == 36)
        return true;
    hib_error_set_at(error, HIB_ERROR_INVALID, "contact.bad_cursor", "?cursor", "no cursor");
    return false;
}

static bool
is_behind(const HibSqlFoundPerson *row, const Place *from)
{
    return row->shown_at < from->at || (row->shown_at == from->at && strcmp(row->id, from->id) < 0);
}

/* The newest of a segment: those not before the place by their time, then read and put in order. */
typedef struct {
    HibInstant at;
    int64_t num;
} Ranked;

static int
rank_order(const void *a, const void *b)
{
    const Ranked *x = a, *y = b;
    if (x->at != y->at)
        return x->at < y->at ? 1 : -1;
    return (x->num < y->num) - (x->num > y->num);
}

static bool
page_of_bits(HibDb *db, const HibBits *bits, const Place *from, size_t most,
             HibSqlFoundPerson **ret_rows, size_t *ret_n, GError **error)
{
    int64_t *seen;
    size_t n, n_ranked = 0;
    if (!hib_column_numbers(db, HIB_COL_LAST_AT, &seen, &n, error))
        return false;
    Ranked *ranked = hib_arena_array(hib_db_arena(db), Ranked, n + 1);
    for (size_t i = 0; i < MIN(n, bits->n); i++)
        if (hib_bits_has(bits, (int64_t)i) && seen[i] <= from->at)
            ranked[n_ranked++] = (Ranked){.at = seen[i], .num = (int64_t)i};
    if (n_ranked)
        qsort(ranked, n_ranked, sizeof(Ranked), rank_order);
    *ret_rows = hib_arena_array(hib_db_arena(db), HibSqlFoundPerson, most + 1);
    *ret_n = 0;
    for (size_t i = 0; i < n_ranked && *ret_n < most; i++) {
        HibSqlFoundPerson *row;
        if (!hib_sql_contact_by_num(db, ranked[i].num, &row, error))
            return false;
        if (row && is_behind(row, from))
            (*ret_rows)[(*ret_n)++] = *row;
    }
    return true;
}

static bool
page_of_words(HibDb *db, const char *words, const HibBits *bits, const Place *from, size_t most,
              HibSqlFoundPerson **ret_rows, size_t *ret_n, GError **error)
{
    const char *upto, *sought = hib_contact_sought(hib_db_arena(db), words, &upto);
    size_t n, kept = 0;
    *ret_n = 0;
    *ret_rows = NULL;
    if (!sought)
        return true;
    if (!hib_sql_word_find(db, sought, upto, FOUND_MOST, ret_rows, &n, error))
        return false;
    for (size_t i = 0; i < n && kept < most; i++)
        if (is_behind(&(*ret_rows)[i], from) && (!bits || hib_bits_has(bits, (*ret_rows)[i].num)))
            (*ret_rows)[kept++] = (*ret_rows)[i];
    *ret_n = kept;
    return true;
}

static bool
segment_bits(HibDb *db, const char *segment, HibBits *ret, GError **error)
{
    HibSqlSegmentRow *row;
    HibSegmentRule *rule;
    if (!hib_sql_segment_get(db, segment, &row, error))
        return false;
    if (!row) {
        hib_error_set(error, HIB_ERROR_NOT_FOUND, "segment.unknown", "no segment %s", segment);
        return false;
    }
    return hib_segment_rule_read(hib_db_arena(db), row->rule, &rule, error) &&
           hib_segment_rule_people(db, rule, ret, error);
}

bool
hib_contact_list(HibDb *db, const HibContactQuery *query, HibSqlFoundPerson **ret_rows,
                 size_t *ret_n, const char **ret_next, int64_t *ret_total, GError **error)
{
    Place from;
    HibBits bits;
    const size_t most = (size_t)CLAMP(query->limit ? query->limit : PAGE_USUAL, 1, HIB_LIMIT_PAGE);
    *ret_next = NULL;
    *ret_total = -1;
    if (!read_cursor(hib_db_arena(db), query->cursor, &from, error) ||
        (query->segment && !segment_bits(db, query->segment, &bits, error)))
        return false;
    const bool is_read =
        query->words ? page_of_words(db, query->words, query->segment ? &bits : NULL, &from,
                                     most + 1, ret_rows, ret_n, error)
        : query->segment
            ? page_of_bits(db, &bits, &from, most + 1, ret_rows, ret_n, error)
            : hib_sql_contact_list(db, from.at, from.id, (int64_t)most + 1, ret_rows, ret_n, error);
    if (!is_read)
        return false;
    if (query->segment && !query->words)
        *ret_total = hib_bits_count(&bits);
    if (*ret_n > most) {
        const HibSqlFoundPerson *last = &(*ret_rows)[most - 1];
        *ret_n = most;
        *ret_next =
            hib_arena_printf(hib_db_arena(db), "%" G_GINT64_FORMAT ".%s", last->shown_at, last->id);
    }
    return true;
}

/* --- changes --------------------------------------------------------------------------------------------------------------- */
/* Tags of a person: those it shall have go to the contact that stands for it, those it shall not have go from all of its contacts. */
static bool
set_tags(HibDb *db, const HibSqlContactRow *person, const char *const *tags, size_t n_tags,
         GError **error)
{
    HibSqlMarksOf *marks;
    size_t n;
    g_autoptr(GHashTable) has = g_hash_table_new(g_str_hash, g_str_equal),
                          shall = g_hash_table_new(g_str_hash, g_str_equal);
    if (!hib_sql_marks_of(db, person->id, &marks, &n, error))
        return false;
    for (size_t i = 0; i < n_tags; i++)
        g_hash_table_add(shall, (void *)tags[i]);
    for (size_t i = 0; i < n; i++) {
        if (!g_str_equal(marks[i].kind, "tag"))
            continue;
        if (g_hash_table_contains(shall, marks[i].ref))
            g_hash_table_add(has, (void *)marks[i].ref);
        else if (!hib_sql_mark_drop(db, marks[i].num, marks[i].mark, error) ||
                 !hib_contact_dirty(db, &marks[i].num, 1, error))
            return false;
    }
    for (size_t i = 0; i < n_tags; i++) {
        HibSqlMarkAddIn row = {.num = person->num};
        if (!g_hash_table_contains(has, tags[i]) &&
            (!hib_mark_of(db, "tag", tags[i], &row.mark, error) ||
             !hib_sql_mark_add_many(db, &row, 1, error)))
            return false;
    }
    return true;
}

/* City and language are marks too: only the new one stays. */
static bool
set_place(HibDb *db, const HibSqlContactRow *person, const char *kind, const char *value,
          GError **error)
{
    HibSqlMarksOf *marks;
    size_t n;
    HibSqlMarkAddIn row = {.num = person->num};
    if (!hib_sql_marks_of(db, person->id, &marks, &n, error))
        return false;
    for (size_t i = 0; i < n; i++)
        if (g_str_equal(marks[i].kind, kind) && marks[i].num == person->num &&
            !hib_sql_mark_drop(db, person->num, marks[i].mark, error))
            return false;
    return !*value || (hib_mark_of(db, kind, value, &row.mark, error) &&
                       hib_sql_mark_add_many(db, &row, 1, error));
}

static const char *
tidy(HibArena *arena, const char *text)
{
    g_autofree char *stripped = g_strstrip(g_strdup(text ? text : ""));
    return hib_text_nfc(arena, stripped);
}

static bool
tell(HibDb *db, const char *action, const char *person, GError **error)
{
    return hib_audit(db, action, "contact", person, NULL, NULL, error) &&
           hib_event_emit(db, "contact.changed", person, NULL, error);
}

bool
hib_contact_change(HibDb *db, const char *contact, int64_t version, const char *name,
                   const char *language, const char *city, const char *const *tags, size_t n_tags,
                   GError **error)
{
    HibSqlContactRow *person;
    HibArena *arena = hib_db_arena(db);
    const char *called = tidy(arena, name), *lives = tidy(arena, city);
    const char **clean = hib_arena_array(arena, const char *, n_tags + 1);
    size_t n_clean = 0;
    int64_t changed = 0;
    g_autoptr(HibTx) tx = hib_tx_begin(db, error);
    if (!tx || !hib_contacts_begin(db, error) || !hib_contact_get(db, contact, &person, error))
        return false;
    if (!*called) {
        hib_error_set_at(error, HIB_ERROR_INVALID, "contact.no_name", "/name", "an empty name");
        return false;
    }
    for (size_t i = 0; i < n_tags; i++)
        if (*(clean[n_clean] = tidy(arena, tags[i])))
            n_clean++;
    if (!hib_sql_contact_change(db, person->id, version, called, language, lives, &changed, error))
        return false;
    if (!changed) {
        hib_error_set(error, HIB_ERROR_CONFLICT, "contact.edited", "another version than %d",
                      (int)version);
        return false;
    }
    return hib_contacts_words(db, person->num, &called, 1, false, error) &&
           set_tags(db, person, clean, n_clean, error) &&
           set_place(db, person, "city", lives, error) &&
           set_place(db, person, "language", language, error) &&
           hib_contact_dirty(db, &person->num, 1, error) &&
           tell(db, "contact.change", person->id, error) && hib_tx_commit(tx, error);
}

bool
hib_contact_add_note(HibDb *db, const char *contact, const char *text, GError **error)
{
    HibSqlContactRow *person;
    g_autoptr(HibTx) tx = hib_tx_begin(db, error);
    return tx && hib_contacts_begin(db, error) && hib_contact_get(db, contact, &person, error) &&
           hib_sql_contact_note_add(db, hib_db_new_id(db), person->id, tidy(hib_db_arena(db), text),
                                    hib_db_now(db), actor_of(db), error) &&
           tell(db, "contact.note", person->id, error) && hib_tx_commit(tx, error);
}

bool
hib_contact_drop_note(HibDb *db, const char *contact, const char *note, GError **error)
{
    HibSqlContactRow *person;
    int64_t gone = 0;
    g_autoptr(HibTx) tx = hib_tx_begin(db, error);
    if (!tx || !hib_contact_get(db, contact, &person, error) ||
        !hib_sql_contact_note_drop(db, note, person->id, &gone, error))
        return false;
    if (!gone) {
        hib_error_set(error, HIB_ERROR_NOT_FOUND, "contact.note_unknown", "no note %s", note);
        return false;
    }
    return tell(db, "contact.note_delete", person->id, error) && hib_tx_commit(tx, error);
}

/* --- consent ------------------------------------------------------------------------------------------------------------------- */
/* What was said last of a channel and purpose stands. */
bool
hib_contact_restate(HibDb *db, const char *person, const char *channel, const char *purpose,
                    GError **error)
{
    HibArena *arena = hib_db_arena(db);
    const char *ref = hib_arena_printf(arena, "%s:%s", channel, purpose);
    HibSqlContactRow *row;
    HibSqlMembersOf *members;
    HibSqlConsentsOf *all;
    size_t n, n_members, last = 0;
    int64_t given, withdrawn;
    if (!hib_contact_get(db, person, &row, error) ||
        !hib_sql_consents_of(db, row->id, &all, &n, error) ||
        !hib_sql_members_of(db, row->id, &members, &n_members, error) ||
        !hib_mark_of(db, "given", ref, &given, error) ||
        !hib_mark_of(db, "withdrawn", ref, &withdrawn, error))
        return false;
    while (last < n && !(g_str_equal(all[last].channel, channel) && /* newest first */
                         g_str_equal(all[last].purpose, purpose)))
        last++;
    const bool is_given = last < n && all[last].is_given,
               is_withdrawn = last < n && !all[last].is_given;
    /* Withdrawn holds for each contact of the person, so that it also holds when a merge is undone; given is said by the one that stands for it. */
    for (size_t i = 0; i < n_members; i++) {
        const HibSqlMarkAddIn mark = {.num = members[i].num, .mark = withdrawn};
        if ((!is_given && !hib_sql_mark_drop(db, mark.num, given, error)) ||
            (!is_withdrawn && !hib_sql_mark_drop(db, mark.num, withdrawn, error)) ||
            (is_withdrawn && !hib_sql_mark_add_many(db, &mark, 1, error)) ||
            !hib_contact_dirty(db, &mark.num, 1, error))
            return false;
    }
    const HibSqlMarkAddIn mark = {.num = row->num, .mark = given};
    return !is_given || hib_sql_mark_add_many(db, &mark, 1, error);
}

bool
hib_contact_consent(HibDb *db, const char *contact, const HibContactConsent *consent,
                    GError **error)
{
    HibSqlContactRow *person;
    const HibInstant now = hib_db_now(db);
    g_autoptr(HibTx) tx = hib_tx_begin(db, error);
    if (!tx || !hib_contacts_begin(db, error) || !hib_contact_get(db, contact, &person, error))
        return false;
    if (consent->at > now + HIB_MINUTE) {
        hib_error_set_at(error, HIB_ERROR_INVALID, "contact.bad_time", "/at", "in the future");
        return false;
    }
    return hib_sql_consent_add(db, hib_db_new_id(db), person->id, consent->channel,
                               consent->purpose, consent->is_given, consent->at,
                               tidy(hib_db_arena(db), consent->source), now, actor_of(db), error) &&
           hib_contact_restate(db, person->id, consent->channel, consent->purpose, error) &&
           tell(db, "contact.consent", person->id, error) && hib_tx_commit(tx, error);
}
