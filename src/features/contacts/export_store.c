/* What leaves: all there is of one person as JSON, a segment as CSV. Both are written into the log, without what they hold. */
#include "base/error.h"
#include "base/json.h"
#include "base/limits.h"
#include "base/messages.h"
#include "contacts/contacts_private.h"
#include "table/table.h"
#include "team/team.h"
#include <string.h>

static const char *const kinds[] = {"network", "email", "phone", "code"};
static const char *const touches[] = {"comment", "mention",    "message",  "follow", "unfollow",
                                      "click",   "conversion", "purchase", "coupon", "visit"};

static const char *
told(HibArena *arena, HibInstant at)
{
    char out[HIB_INSTANT_TEXT];
    return hib_arena_strdup(arena, hib_instant_format(at, out));
}

static void
add_time(HibArena *arena, cJSON *out, const char *name, HibInstant at)
{
    cJSON_AddStringToObject(out, name, told(arena, at));
}

static bool
add_identities(HibDb *db, const char *person, cJSON *out, GError **error)
{
    HibSqlIdentity *rows;
    size_t n;
    cJSON *list = cJSON_AddArrayToObject(out, "identities");
    if (!hib_sql_identities_of(db, person, &rows, &n, error))
        return false;
    for (size_t i = 0; i < n; i++) {
        cJSON *one = cJSON_CreateObject();
        cJSON_AddStringToObject(one, "kind", kinds[rows[i].kind]);
        cJSON_AddStringToObject(one, "network", rows[i].network);
        cJSON_AddStringToObject(one, "id", rows[i].kind == HIB_IDENTITY_NETWORK ? rows[i].key : "");
        cJSON_AddStringToObject(one, "handle", rows[i].handle);
        cJSON_AddStringToObject(one, "name", rows[i].name);
        add_time(hib_db_arena(db), one, "first_at", rows[i].first_at);
        cJSON_AddItemToArray(list, one);
    }
    return true;
}

static bool
add_facts(HibDb *db, const char *person, cJSON *out, GError **error)
{
    HibSqlMarksOf *marks;
    HibSqlNotesOf *notes;
    HibSqlConsentsOf *consents;
    size_t n_marks, n_notes, n_consents;
    if (!hib_sql_marks_of(db, person, &marks, &n_marks, error) ||
        !hib_sql_notes_of(db, person, &notes, &n_notes, error) ||
        !hib_sql_consents_of(db, person, &consents, &n_consents, error))
        return false;
    cJSON *list = cJSON_AddArrayToObject(out, "facts");
    for (size_t i = 0; i < n_marks; i++) {
        cJSON *one = cJSON_CreateObject();
        cJSON_AddStringToObject(one, "kind", marks[i].kind);
        cJSON_AddStringToObject(one, "value", marks[i].ref);
        cJSON_AddItemToArray(list, one);
    }
    list = cJSON_AddArrayToObject(out, "notes");
    for (size_t i = 0; i < n_notes; i++) {
        cJSON *one = cJSON_CreateObject();
        cJSON_AddStringToObject(one, "text", notes[i].text);
        add_time(hib_db_arena(db), one, "at", notes[i].at);
        cJSON_AddItemToArray(list, one);
    }
    list = cJSON_AddArrayToObject(out, "consents");
    for (size_t i = 0; i < n_consents; i++) {
        cJSON *one = cJSON_CreateObject();
        cJSON_AddStringToObject(one, "channel", consents[i].channel);
        cJSON_AddStringToObject(one, "purpose", consents[i].purpose);
        cJSON_AddBoolToObject(one, "given", consents[i].is_given);
        cJSON_AddStringToObject(one, "source", consents[i].source);
        add_time(hib_db_arena(db), one, "at", consents[i].at);
        cJSON_AddItemToArray(list, one);
    }
    return true;
}

static bool
add_touches(HibDb *db, const char *person, cJSON *out, GError **error)
{
    HibInstant before = INT64_MAX;
    const char *ref = "";
    cJSON *list = cJSON_AddArrayToObject(out, "touchpoints");
    for (;;) {
        HibSqlTouchesOf *rows;
        size_t n;
        if (!hib_sql_touches_of(db, person, before, ref, HIB_LIMIT_PAGE, &rows, &n, error))
            return false;
        for (size_t i = 0; i < n; i++) {
            cJSON *one = cJSON_CreateObject();
            cJSON_AddStringToObject(one, "kind", touches[rows[i].kind]);
            cJSON_AddStringToObject(one, "network", rows[i].network);
            if (rows[i].has_amount_minor)
                cJSON_AddNumberToObject(one, "amount_minor", (double)rows[i].amount_minor);
            if (rows[i].currency)
                cJSON_AddStringToObject(one, "currency", rows[i].currency);
            cJSON_AddStringToObject(one, "text",
                                    rows[i].talk_text ? rows[i].talk_text : rows[i].text);
            add_time(hib_db_arena(db), one, "at", rows[i].at);
            cJSON_AddItemToArray(list, one);
        }
        if (n < HIB_LIMIT_PAGE)
            return true;
        before = rows[n - 1].at;
        ref = rows[n - 1].ref;
    }
}

bool
hib_contact_export(HibDb *db, const char *contact, const char **ret, GError **error)
{
    HibSqlContactRow *person;
    cJSON *out = cJSON_CreateObject();
    g_autoptr(HibTx) tx = hib_tx_begin(db, error);
    bool is_good = tx && hib_contact_get(db, contact, &person, error);
    if (is_good) {
        cJSON_AddStringToObject(out, "name", person->name);
        cJSON_AddStringToObject(out, "language", person->language);
        cJSON_AddStringToObject(out, "city", person->city);
        cJSON_AddNumberToObject(out, "messages", (double)person->n_messages);
        is_good = add_identities(db, person->id, out, error) &&
                  add_facts(db, person->id, out, error) &&
                  add_touches(db, person->id, out, error) &&
                  hib_audit(db, "contact.export", "contact", person->id, NULL, NULL, error) &&
                  hib_tx_commit(tx, error);
    }
    char *text = is_good ? cJSON_Print(out) : NULL;
    cJSON_Delete(out);
    *ret = hib_arena_strdup(hib_db_arena(db), text);
    cJSON_free(text);
    return is_good;
}

/* --- a segment -------------------------------------------------------------------------------------------------------------- */
static bool
print_person(HibDb *db, const char *id, GString *out, GError **error)
{
    HibSqlContactRow *person;
    HibSqlIdentity *identities;
    HibSqlMarksOf *marks;
    size_t n, n_marks;
    if (!hib_contact_get(db, id, &person, error) ||
        !hib_sql_identities_of(db, id, &identities, &n, error) ||
        !hib_sql_marks_of(db, id, &marks, &n_marks, error))
        return false;
    g_autoptr(GString) handles = g_string_new(""), tags = g_string_new(""), yes = g_string_new("");
    for (size_t i = 0; i < n; i++)
        g_string_append_printf(handles, "%s%s:%s", handles->len ? " " : "",
                               *identities[i].network ? identities[i].network
                                                      : kinds[identities[i].kind],
                               *identities[i].handle ? identities[i].handle : identities[i].key);
    for (size_t i = 0; i < n_marks; i++) {
        GString *to = g_str_equal(marks[i].kind, "tag")     ? tags
                      : g_str_equal(marks[i].kind, "given") ? yes
                                                            : NULL;
        bool is_withdrawn = false;
        for (size_t k = 0; to == yes && k < n_marks; k++)
            is_withdrawn |=
                g_str_equal(marks[k].kind, "withdrawn") && g_str_equal(marks[k].ref, marks[i].ref);
        if (to && !is_withdrawn)
            g_string_append_printf(to, "%s%s", to->len ? ", " : "", marks[i].ref);
    }
    HibArena *arena = hib_db_arena(db);
    const char *cells[] = {person->id,
                           person->name,
                           handles->str,
                           person->language,
                           person->city,
                           tags->str,
                           yes->str,
                           told(arena, person->first_at),
                           told(arena, person->last_at),
                           hib_arena_printf(arena, "%" G_GINT64_FORMAT, person->n_messages)};
    hib_table_print_row(out, cells, G_N_ELEMENTS(cells), true);
    return true;
}

static const char *
worded(const char *locale, const char *key)
{
    g_autofree char *name = g_strconcat("contact.column.", key, NULL);
    return hib_message(locale, name);
}

bool
hib_segment_export(HibDb *db, const char *segment, const char *locale, GBytes **ret, GError **error)
{
    static const char *const keys[] = {"id",   "name",     "handles", "language", "city",
                                       "tags", "consents", "first",   "last",     "messages"};
    HibSqlSegmentRow *row;
    HibSegmentRule *rule;
    HibBits bits;
    const char *head[G_N_ELEMENTS(keys)];
    for (size_t i = 0; i < G_N_ELEMENTS(keys); i++)
        head[i] = worded(locale, keys[i]);
    if (!hib_segment_get(db, segment, &row, error) ||
        !hib_segment_rule_read(hib_db_arena(db), row->rule, &rule, error) ||
        !hib_segment_rule_people(db, rule, &bits, error))
        return false;
    if (hib_bits_count(&bits) > HIB_CONTACTS_EXPORT) {
        hib_error_set(error, HIB_ERROR_INVALID, "segment.too_large", "more than %d people",
                      HIB_CONTACTS_EXPORT);
        return false;
    }
    g_autoptr(GString) out = g_string_new("\xef\xbb\xbf");
    hib_table_print_row(out, head, G_N_ELEMENTS(head), false);
    g_autoptr(HibTx) tx = hib_tx_begin(db, error);
    if (!tx || !hib_audit(db, "segment.export", "segment", segment, NULL, NULL, error))
        return false;
    for (size_t i = 0; i < bits.n; i++) {
        HibSqlFoundPerson *one;
        if (!hib_bits_has(&bits, (int64_t)i))
            continue;
        if (!hib_sql_contact_by_num(db, (int64_t)i, &one, error) ||
            (one && !print_person(db, one->id, out, error)))
            return false;
    }
    *ret = g_string_free_to_bytes(g_steal_pointer(&out));
    return hib_tx_commit(tx, error);
}
