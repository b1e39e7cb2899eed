/* Two contacts are one person when a person says so. Nothing moves: each contact keeps its identities, notes and consents, and only says for whom it stands. So undoing is exact,
 * whatever was done meanwhile: what came in since stays with the contact it came to. What may be one is suggested with its reasons and never done by itself. */
#include "base/error.h"
#include "contacts/contacts_private.h"
#include "team/team.h"
#include <string.h>

static const char *
person_of(HibDb *db)
{
    const char *id = NULL;
    return hib_db_actor(db, &id) == HIB_ACTOR_PERSON ? id : NULL;
}

/* The contacts of both are counted anew. */
static bool
recount(HibDb *db, const char *person, GError **error)
{
    HibSqlMembersOf *rows;
    size_t n;
    if (!hib_sql_members_of(db, person, &rows, &n, error))
        return false;
    int64_t *nums = hib_arena_array(hib_db_arena(db), int64_t, n + 1);
    for (size_t i = 0; i < n; i++)
        nums[i] = rows[i].num;
    return hib_contact_dirty(db, nums, n, error) && hib_sql_contact_reshow(db, person, error);
}

static const char *
reasons_of(HibDb *db, const char *a, const char *b, GError **error)
{
    HibSqlPairReasons *row;
    const bool is_ordered = strcmp(a, b) < 0;
    if (!hib_sql_pair_reasons(db, is_ordered ? a : b, is_ordered ? b : a, &row, error))
        return NULL;
    return row ? row->reasons : "";
}

/* What a deletion was asked for stays together until it is done: its certificate says that all of it went. */
static bool
is_staying(HibDb *db, const char *person, GError **error)
{
    HibSqlDeletionOpen *open;
    if (!hib_sql_deletion_open(db, person, &open, error))
        return false;
    if (open)
        hib_error_set(error, HIB_ERROR_CONFLICT, "contact.deleting", "%s is being deleted", person);
    return !open;
}

bool
hib_contact_merge(HibDb *db, const char *contact, const char *other, GError **error)
{
    HibSqlContactRow *into, *from;
    HibSqlMembersOf *members;
    size_t n;
    int64_t moved = 0;
    const char *reasons, *id = hib_db_new_id(db);
    g_autoptr(HibTx) tx = hib_tx_begin(db, error);
    if (!tx || !hib_contacts_begin(db, error) || !hib_contact_get(db, contact, &into, error) ||
        !hib_contact_get(db, other, &from, error))
        return false;
    if (g_str_equal(into->id, from->id)) {
        hib_error_set(error, HIB_ERROR_CONFLICT, "contact.same", "%s and %s are one", contact,
                      other);
        return false;
    }
    if (!is_staying(db, into->id, error) || !is_staying(db, from->id, error) ||
        !hib_sql_members_of(db, from->id, &members, &n, error) ||
        !(reasons = reasons_of(db, into->id, from->id, error)))
        return false;
    g_autoptr(GString) list = g_string_new("");
    for (size_t i = 0; i < n; i++)
        g_string_append_printf(list, "%s\n", members[i].id);
    return hib_sql_merge_move(db, into->id, from->id, &moved, error) &&
           hib_sql_merge_add(db, id, into->id, from->id, list->str, reasons, hib_db_now(db),
                             person_of(db), error) &&
           recount(db, into->id, error) &&
           hib_audit(db, "contact.merge", "contact", into->id, NULL,
                     hib_arena_printf(hib_db_arena(db), "{\"other\":\"%s\"}", from->id), error) &&
           hib_event_emit(db, "contact.merged", into->id, NULL, error) && hib_tx_commit(tx, error);
}

static bool
may_undo(HibDb *db, const char *merge, HibSqlMergeGet **ret, GError **error)
{
    HibSqlContactPerson *stands;
    if (!hib_sql_merge_get(db, merge, ret, error))
        return false;
    if (!*ret) {
        hib_error_set(error, HIB_ERROR_NOT_FOUND, "contact.merge_unknown", "no merge %s", merge);
        return false;
    }
    if ((*ret)->has_undone_at) {
        hib_error_set(error, HIB_ERROR_CONFLICT, "contact.merge_undone", "undone already");
        return false;
    }
    if (!hib_sql_contact_person(db, (*ret)->person_id, &stands, error))
        return false;
    /* What it was merged into became part of somebody else: that is undone first. */
    if (stands && g_str_equal(stands->person_id, (*ret)->person_id))
        return true;
    hib_error_set(error, HIB_ERROR_CONFLICT, "contact.merged_on", "merged on since");
    return false;
}

bool
hib_contact_unmerge(HibDb *db, const char *merge, const char **ret_person, GError **error)
{
    HibSqlMergeGet *row;
    int64_t changed = 0;
    g_autoptr(HibTx) tx = hib_tx_begin(db, error);
    if (!tx || !hib_contacts_begin(db, error) || !may_undo(db, merge, &row, error) ||
        !is_staying(db, row->person_id, error))
        return false;
    g_auto(GStrv) members = g_strsplit(row->members, "\n", -1);
    for (char **id = members; *id; id++)
        if (**id && !hib_sql_merge_back(db, *id, row->person_id, row->other_id, &changed, error))
            return false;
    *ret_person = row->person_id;
    return hib_sql_merge_undone(db, merge, hib_db_now(db), person_of(db), &changed, error) &&
           recount(db, row->person_id, error) && recount(db, row->other_id, error) &&
           hib_audit(db, "contact.unmerge", "contact", row->person_id,
                     hib_arena_printf(hib_db_arena(db), "{\"other\":\"%s\"}", row->other_id), NULL,
                     error) &&
           hib_event_emit(db, "contact.merged", row->person_id, NULL, error) &&
           hib_tx_commit(tx, error);
}

bool
hib_contact_pairs(HibDb *db, size_t most, HibSqlPairList **ret, size_t *ret_n, GError **error)
{
    return hib_sql_pair_list(db, (int64_t)most, ret, ret_n, error);
}

bool
hib_contact_apart(HibDb *db, const char *a, const char *b, GError **error)
{
    int64_t changed = 0;
    const bool is_ordered = strcmp(a, b) < 0;
    g_autoptr(HibTx) tx = hib_tx_begin(db, error);
    if (!tx || !hib_sql_pair_apart(db, is_ordered ? a : b, is_ordered ? b : a, &changed, error))
        return false;
    if (!changed)
        hib_error_set(error, HIB_ERROR_NOT_FOUND, "contact.pair_unknown", "no such pair");
    return changed && hib_audit(db, "contact.apart", "contact", a, NULL, NULL, error) &&
           hib_tx_commit(tx, error);
}

/* --- suggestions -------------------------------------------------------------------------------------------------------- */
/* A handle many people have says little; a long one and the same name say much. */
static int64_t
score_of(const HibSqlIdentitySameCore *other, const char *network, const char *handle,
         const char *name, const char *core, size_t n_alike, HibArena *arena, const char **ret)
{
    const bool is_elsewhere = !g_str_equal(other->network, network);
    const bool is_same = g_ascii_strcasecmp(other->handle, handle) == 0;
    const bool is_named = *name && g_str_equal(other->name, name);
    int64_t score = 35 + (is_same ? 15 : 0) + (is_named ? 30 : 0) +
                    (g_utf8_strlen(core, -1) >= 8 ? 10 : 0) - (n_alike > 2 ? 20 : 0);
    *ret = hib_arena_printf(arena, "%s%s%s", is_same ? "same_handle" : "like_handle",
                            is_named ? ",same_name" : "", is_elsewhere ? "" : ",other_account");
    return CLAMP(score, 5, 95);
}

bool
hib_contact_suggest(HibDb *db, const char *contact, const char *network, const char *handle,
                    const char *name, GError **error)
{
    HibArena *arena = hib_db_arena(db);
    const char *core = hib_contact_core(arena, network, handle);
    HibSqlIdentitySameCore *rows;
    size_t n;
    if (!*core)
        return true;
    if (!hib_sql_identity_same_core(db, core, contact, &rows, &n, error))
        return false;
    for (size_t i = 0; i < n; i++) {
        const char *reasons, *other = rows[i].contact_id;
        const int64_t score = score_of(&rows[i], network, handle, name, core, n, arena, &reasons);
        const bool is_ordered = strcmp(contact, other) < 0;
        if (!hib_sql_pair_put(db, is_ordered ? contact : other, is_ordered ? other : contact, score,
                              reasons, hib_db_now(db), error))
            return false;
    }
    return true;
}
