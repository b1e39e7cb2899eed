/* Tables of contacts in the store: who each row is, all of it stored at once, and taken back. */
#include "base/error.h"
#include "contacts/import.h"
#include "contacts/take.sql.h"
#include "store/events.h"
#include "team/team.h"
#include "text/encoding.h"
#include <string.h>

enum { MADE_CONTACT, MADE_IDENTITY, MADE_TAG, MADE_CONSENT };

/* --- who a row is -------------------------------------------------------------------------------------------------------------- */
typedef struct {
    HibDb *db;
    const HibServices *services;
    const HibImportDesk *desk;
    HibImportTable *table;
    GHashTable *gone;
} Finder;

static bool
find_identity(HibDb *db, HibImportIdentity *identity, HibSqlIdentityFind **ret, GError **error)
{
    HibSqlIdentityOfHandle *named;
    *ret = NULL;
    if (!hib_sql_identity_find(db, identity->kind, identity->network, "", identity->key, ret,
                               error))
        return false;
    if (*ret || identity->kind != HIB_IDENTITY_NETWORK)
        return true;
    const char *core = hib_contact_core(hib_db_arena(db), identity->network, identity->shown);
    if (!hib_sql_identity_of_handle(db, identity->network, core, identity->key + 1, &named, error))
        return false;
    if (named) {
        *ret = hib_arena_new0(hib_db_arena(db), HibSqlIdentityFind);
        **ret = (HibSqlIdentityFind){
            .contact_id = named->contact_id, .person_id = named->person_id, .num = named->num};
    }
    return true;
}

static bool
find_row(Finder *finder, HibImportRow *row, GError **error)
{
    const char *person = NULL;
    for (size_t i = 0; i < row->n_identities; i++) {
        HibImportIdentity *identity = &row->identities[i];
        HibSqlIdentityFind *known;
        row->is_gone |= g_hash_table_size(finder->gone) &&
                        g_hash_table_contains(
                            finder->gone, hib_contact_gone_hash(finder->db, finder->services->keys,
                                                                identity->kind, identity->network,
                                                                "", identity->key));
        if (!find_identity(finder->db, identity, &known, error))
            return false;
        if (!known)
            continue;
        if (person && !g_str_equal(person, known->person_id))
            hib_import_tell(finder->desk, finder->table, row->row, -1, "contact.import_several",
                            NULL, NULL);
        person = known->person_id;
        row->contact = known->contact_id;
    }
    return true;
}

static bool
find_rows(HibDb *db, const HibServices *services, const HibImportDesk *desk, HibContactImport *ret,
          GError **error)
{
    HibSqlGoneList *gone;
    size_t n;
    g_autoptr(GHashTable) set = g_hash_table_new(g_str_hash, g_str_equal);
    Finder finder = {db, services, desk, &ret->table, set};
    if (!hib_sql_gone_list(db, &gone, &n, error))
        return false;
    for (size_t i = 0; i < n; i++)
        g_hash_table_add(set, (char *)(uintptr_t)gone[i].hash);
    for (size_t i = 0; i < ret->table.n_rows; i++) {
        HibImportRow *row = &ret->table.rows[i];
        if (!find_row(&finder, row, error))
            return false;
        ret->n_refused += row->is_gone;
        ret->n_known += !row->is_gone && row->contact;
        ret->n_new += !row->is_gone && !row->contact;
    }
    return true;
}

static bool
judge(HibDb *db, const HibServices *services, const char *locale, const HibBytes *content,
      const HibImportMapping *mapping, HibContactImport *ret, GError **error)
{
    HibWorkspace *workspace;
    if (!hib_team_workspace(db, &workspace, error))
        return false;
    g_autoptr(HibZone) zone = hib_zone_open(workspace->zone);
    const HibImportDesk desk = {.arena = hib_db_arena(db),
                                .keys = services->keys,
                                .zone = zone ? zone : hib_zone_utc(),
                                .locale = locale,
                                .now = hib_db_now(db)};
    char *csv = hib_arena_strndup(desk.arena, content->data, content->n);
    return hib_import_read(&desk, csv, content->n, mapping, &ret->table, error) &&
           find_rows(db, services, &desk, ret, error);
}

/* --- open ------------------------------------------------------------------------------------------------------------------------- */
static bool
refuse_unknown(GError **error)
{
    hib_error_set(error, HIB_ERROR_NOT_FOUND, "import.unknown", "no such import");
    return false;
}

bool
hib_contact_import_get(HibDb *db, const HibServices *services, const char *locale, const char *id,
                       HibContactImport *ret, GError **error)
{
    HibSqlContactImportRow *row;
    HibImportMapping mapping;
    if (!hib_sql_contact_import_get(db, id, &row, error))
        return false;
    if (!row)
        return refuse_unknown(error);
    *ret = (HibContactImport){.id = row->id,
                              .name = row->name,
                              .state = row->has_undone_at ? 2 : row->is_done,
                              .created_at = row->created_at,
                              .done_at = row->has_done_at ? row->done_at : 0};
    if (!row->is_done)
        return hib_import_mapping_read(hib_db_arena(db), row->mapping, &mapping, error) &&
               judge(db, services, locale, &row->content, &mapping, ret, error);
    ret->n_new = row->n_new;
    ret->n_known = row->n_known;
    ret->n_refused = row->n_refused;
    ret->n_kept = row->n_kept;
    return true;
}

bool
hib_contact_import_add(HibDb *db, const HibServices *services, const char *locale, const char *name,
                       GBytes *file, HibContactImport *ret, GError **error)
{
    HibArena *arena = hib_db_arena(db);
    gsize n;
    const char *data = g_bytes_get_data(file, &n), *actor = NULL, *id = hib_db_new_id(db);
    char *text;
    size_t n_text;
    const HibInstant now = hib_db_now(db);
    *ret = (HibContactImport){0};
    hib_text_decode(arena, data ? data : "", n, &text, &n_text);
    if (!text) {
        hib_error_set(error, HIB_ERROR_INVALID, "table.encoding", "no encoding fits");
        if (error) /* which line cannot be told of what is no text at all */
            hib_error_set_detail(*error, "line", "1");
        return false;
    }
    const HibBytes content = {text, n_text};
    if (!judge(db, services, locale, &content, NULL, ret, error))
        return false;
    const char *mapping = hib_import_mapping_print(arena, &ret->table.mapping);
    hib_db_actor(db, &actor);
    g_autoptr(HibTx) tx = hib_tx_begin(db, error);
    return tx && hib_sql_contact_import_drop_others(db, actor, now, error) &&
           hib_sql_contact_import_add(db, id, name, content, mapping, now, actor, now + HIB_DAY,
                                      error) &&
           hib_tx_commit(tx, error) && hib_contact_import_get(db, services, locale, id, ret, error);
}

bool
hib_contact_import_map(HibDb *db, const HibServices *services, const char *locale, const char *id,
                       const HibImportMapping *mapping, HibContactImport *ret, GError **error)
{
    int64_t changed = 0;
    g_autoptr(HibTx) tx = hib_tx_begin(db, error);
    if (!tx || !hib_sql_contact_import_map(
                   db, id, hib_import_mapping_print(hib_db_arena(db), mapping), &changed, error))
        return false;
    return (changed || refuse_unknown(error)) && hib_tx_commit(tx, error) &&
           hib_contact_import_get(db, services, locale, id, ret, error);
}

/* --- stored ----------------------------------------------------------------------------------------------------------------------- */
typedef struct {
    HibDb *db;
    const HibContactImport *import;
    GArray *made;
} Keeper;

static void
note(Keeper *keeper, const char *contact, int kind, const char *ref)
{
    const HibSqlMadeAddIn row = {
        .import_id = keeper->import->id, .contact_id = contact, .kind = kind, .ref = ref};
    g_array_append_val(keeper->made, row);
}

static bool
add_contact(Keeper *keeper, HibImportRow *row, int64_t num, GError **error)
{
    HibDb *db = keeper->db;
    const HibInstant now = hib_db_now(db);
    const HibSqlContactAddIn one = {.id = hib_db_new_id(db),
                                    .num = num,
                                    .name = row->name,
                                    .language = row->language ? row->language : "",
                                    .city = row->city ? row->city : "",
                                    .first_at = now,
                                    .last_at = now,
                                    .source = HIB_SOURCE_IMPORT,
                                    .created_at = now};
    const char *const kinds[] = {"city", "language"}, *const values[] = {one.city, one.language};
    row->contact = one.id;
    note(keeper, one.id, MADE_CONTACT, "");
    if (!hib_sql_contact_add_many(db, &one, 1, error) ||
        !hib_contacts_words(db, num, &one.name, 1, false, error))
        return false;
    for (size_t i = 0; i < G_N_ELEMENTS(kinds); i++) {
        HibSqlMarkAddIn mark = {.num = num};
        if (*values[i] && (!hib_mark_of(db, kinds[i], values[i], &mark.mark, error) ||
                           !hib_sql_mark_add_many(db, &mark, 1, error)))
            return false;
    }
    return true;
}

static bool
add_identities(Keeper *keeper, const HibImportRow *row, int64_t num, GError **error)
{
    HibDb *db = keeper->db;
    for (size_t i = 0; i < row->n_identities; i++) {
        HibImportIdentity identity = row->identities[i];
        HibSqlIdentityFind *known;
        HibSqlMarkAddIn mark = {.num = num};
        if (!find_identity(db, &identity, &known, error))
            return false;
        if (known)
            continue;
        const HibSqlIdentityAddIn one = {
            .kind = identity.kind,
            .network = identity.network,
            .scope = "",
            .key = identity.key,
            .id = hib_db_new_id(db),
            .contact_id = row->contact,
            .handle = identity.shown,
            .name = "",
            .core = identity.kind == HIB_IDENTITY_NETWORK
                        ? hib_contact_core(hib_db_arena(db), identity.network, identity.shown)
                        : "",
            .first_at = hib_db_now(db)};
        note(keeper, row->contact, MADE_IDENTITY, one.id);
        if (!hib_sql_identity_add_many(db, &one, 1, error) ||
            !hib_contacts_words(db, num, &one.handle, 1, false, error) ||
            (identity.hash &&
             !hib_contact_take_results_of(db, row->contact, identity.hash, error)) ||
            (identity.kind == HIB_IDENTITY_NETWORK &&
             (!hib_mark_of(db, "network", identity.network, &mark.mark, error) ||
              !hib_sql_mark_add_many(db, &mark, 1, error) ||
              !hib_contact_suggest(db, row->contact, identity.network, identity.shown, row->name,
                                   error))))
            return false;
    }
    return true;
}

static bool
add_tags(Keeper *keeper, const HibImportRow *row, const HibSqlResultOf *contact, GError **error)
{
    HibDb *db = keeper->db;
    for (size_t i = 0; i < row->n_tags; i++) {
        HibSqlMarkAddIn mark = {.num = contact->num};
        HibSqlMarkHas *has;
        if (!hib_mark_of(db, "tag", row->tags[i], &mark.mark, error) ||
            !hib_sql_mark_has(db, mark.num, mark.mark, &has, error))
            return false;
        if (has)
            continue;
        note(keeper, row->contact, MADE_TAG, row->tags[i]);
        if (!hib_sql_mark_add_many(db, &mark, 1, error))
            return false;
    }
    return true;
}

static bool
add_consent(Keeper *keeper, const HibImportRow *row, const char *person, GError **error)
{
    HibDb *db = keeper->db;
    const HibImportMapping *mapping = &keeper->import->table.mapping;
    HibSqlConsentSame *same;
    const char *id = hib_db_new_id(db),
               *source = hib_arena_printf(hib_db_arena(db), "import: %s: %s", keeper->import->name,
                                          row->source);
    if (!row->has_consent)
        return true;
    if (!hib_sql_consent_same(db, row->contact, mapping->channel, mapping->purpose, row->is_given,
                              row->at, source, &same, error))
        return false;
    if (same)
        return true;
    note(keeper, row->contact, MADE_CONSENT, id);
    return hib_sql_consent_add(db, id, row->contact, mapping->channel, mapping->purpose,
                               row->is_given, row->at, source, hib_db_now(db), NULL, error) &&
           hib_contact_restate(db, person, mapping->channel, mapping->purpose, error);
}

static bool
keep_row(Keeper *keeper, HibImportRow *row, int64_t *num, GError **error)
{
    HibSqlResultOf *contact;
    if (!row->contact && !add_contact(keeper, row, (*num)++, error))
        return false;
    return hib_sql_contact_of(keeper->db, row->contact, &contact, error) &&
           add_identities(keeper, row, contact->num, error) &&
           add_tags(keeper, row, contact, error) &&
           add_consent(keeper, row, contact->person_id, error) &&
           hib_contact_dirty(keeper->db, &contact->num, 1, error);
}

static bool
keep(HibDb *db, HibContactImport *import, GError **error)
{
    HibSqlContactsNums *nums;
    g_autoptr(GArray) made = g_array_new(FALSE, FALSE, sizeof(HibSqlMadeAddIn));
    Keeper keeper = {db, import, made};
    if (!hib_sql_contacts_nums(db, import->n_new, &nums, error))
        return false;
    int64_t num = nums->next_num - import->n_new;
    for (size_t i = 0; i < import->table.n_rows; i++)
        if (!import->table.rows[i].is_gone &&
            !keep_row(&keeper, &import->table.rows[i], &num, error))
            return false;
    return !made->len ||
           hib_sql_made_add_many(db, (const HibSqlMadeAddIn *)(void *)made->data, made->len, error);
}

bool
hib_contact_import_confirm(HibDb *db, const HibServices *services, const char *locale,
                           const char *id, HibContactImport *ret, GError **error)
{
    int64_t changed = 0;
    g_autoptr(HibTx) tx = hib_tx_begin(db, error);
    if (!tx || !hib_contacts_begin(db, error) ||
        !hib_contact_import_get(db, services, locale, id, ret, error))
        return false;
    if (ret->state != 0)
        return true;
    if (ret->table.n_problems) {
        g_autofree char *count = g_strdup_printf("%zu", ret->table.n_bad_rows);
        hib_error_set(error, HIB_ERROR_CONFLICT, "import.has_errors", "%s rows are wrong", count);
        if (error)
            hib_error_set_detail(*error, "count", count);
        return false;
    }
    if (!hib_sql_contact_import_done(db, id, hib_db_now(db), ret->n_new, ret->n_known,
                                     ret->n_refused, &changed, error))
        return false;
    if (!changed) { /* another file took its place meanwhile */
        hib_error_set(error, HIB_ERROR_NOT_FOUND, "import.unknown", "no import %s", id);
        return false;
    }
    return keep(db, ret, error) &&
           hib_audit(db, "contact.import", "import", id, NULL, NULL, error) &&
           hib_event_emit(db, "contact.imported", id, NULL, error) && hib_tx_commit(tx, error) &&
           hib_contact_import_get(db, services, locale, id, ret, error);
}

/* --- taken back ------------------------------------------------------------------------------------------------------------------- */
static bool
undo_identity(HibDb *db, const HibSqlMadeOf *made, GError **error)
{
    HibSqlIdentityById *identity;
    int64_t n = 0;
    return hib_sql_identity_by_id(db, made->ref, &identity, error) &&
           (!identity || (hib_contacts_words(db, made->num, &identity->handle, 1, true, error) &&
                          hib_contacts_words(db, made->num, &made->name, 1, false, error) &&
                          hib_sql_identity_drop(db, made->ref, &n, error)));
}

static bool
undo_consent(HibDb *db, const HibSqlMadeOf *made, GError **error)
{
    HibSqlConsentById *consent;
    int64_t n = 0;
    return hib_sql_consent_by_id(db, made->ref, &consent, error) &&
           (!consent ||
            (hib_sql_consent_drop(db, made->ref, &n, error) &&
             hib_contact_restate(db, made->person_id, consent->channel, consent->purpose, error)));
}

static bool
undo_tag(HibDb *db, const HibSqlMadeOf *made, GError **error)
{
    int64_t mark = 0;
    return hib_mark_of(db, "tag", made->ref, &mark, error) &&
           hib_sql_mark_drop(db, made->num, mark, error);
}

/* Unless something is known of them by now. */
static bool
undo_contact(HibDb *db, const HibSqlMadeOf *made, int64_t *kept, GError **error)
{
    HibSqlContactKnownOf *known;
    int64_t n = 0;
    if (!hib_sql_contact_known_of(db, made->contact_id, &known, error))
        return false;
    if (known->n) {
        (*kept)++;
        return true;
    }
    return hib_contacts_words(db, made->num, &made->name, 1, true, error) &&
           hib_sql_forget_marks(db, made->num, &n, error) &&
           hib_sql_forget_touches(db, made->contact_id, &n, error) &&
           hib_sql_forget_pairs(db, made->contact_id, &n, error) &&
           hib_sql_forget_contact(db, made->contact_id, &n, error);
}

static bool
undo(HibDb *db, const char *id, GError **error)
{
    HibSqlMadeOf *made;
    size_t n;
    int64_t kept = 0;
    if (!hib_sql_made_of(db, id, &made, &n, error))
        return false;
    for (size_t i = 0; i < n; i++) {
        const bool is_undone = made[i].kind == MADE_IDENTITY  ? undo_identity(db, &made[i], error)
                               : made[i].kind == MADE_CONSENT ? undo_consent(db, &made[i], error)
                               : made[i].kind == MADE_TAG
                                   ? undo_tag(db, &made[i], error)
                                   : undo_contact(db, &made[i], &kept, error);
        if (!is_undone || !hib_contact_dirty(db, &made[i].num, 1, error))
            return false;
    }
    return hib_sql_made_drop(db, id, error) && hib_sql_contact_import_kept(db, id, kept, error);
}

bool
hib_contact_import_drop(HibDb *db, const char *id, GError **error)
{
    int64_t dropped = 0, undone = 0;
    g_autoptr(HibTx) tx = hib_tx_begin(db, error);
    if (!tx || !hib_contacts_begin(db, error) ||
        !hib_sql_contact_import_drop(db, id, &dropped, error) ||
        (!dropped && !hib_sql_contact_import_undone(db, id, hib_db_now(db), &undone, error)))
        return false;
    if (!dropped && !undone)
        return refuse_unknown(error);
    if (undone && (!undo(db, id, error) ||
                   !hib_audit(db, "contact.import_undo", "import", id, NULL, NULL, error) ||
                   !hib_event_emit(db, "contact.imported", id, NULL, error)))
        return false;
    return hib_tx_commit(tx, error);
}

bool
hib_contact_import_list(HibDb *db, HibContactImport **ret, size_t *ret_n, GError **error)
{
    HibSqlContactImportList *rows;
    if (!hib_sql_contact_import_list(db, &rows, ret_n, error))
        return false;
    *ret = hib_arena_array(hib_db_arena(db), HibContactImport, *ret_n + 1);
    for (size_t i = 0; i < *ret_n; i++)
        (*ret)[i] = (HibContactImport){.id = rows[i].id,
                                       .name = rows[i].name,
                                       .state = rows[i].has_undone_at ? 2 : 1,
                                       .done_at = rows[i].done_at,
                                       .n_new = rows[i].n_new,
                                       .n_known = rows[i].n_known,
                                       .n_refused = rows[i].n_refused,
                                       .n_kept = rows[i].n_kept};
    return true;
}
