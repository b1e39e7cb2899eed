/* Merges, suggestions, deletion and its certificates over HTTP. */
#include "base/error.h"
#include "base/json.h"
#include "contacts/contacts_api.h"
#include <string.h>

#define SHOWN 100

static bool
reply(HibCall *call, const char *contact, GError **error)
{
    HibApiContact out;
    return hib_contact_out(hib_call_db(call), contact, &out, error) &&
           hib_reply_contact(call, 200, &out);
}

bool
hib_on_merge_contacts(HibCall *call, const char *contact, const HibApiContactMergeDraft *in,
                      GError **error)
{
    return hib_contact_merge(hib_call_db(call), contact, in->other_id, error) &&
           reply(call, contact, error);
}

bool
hib_on_undo_contact_merge(HibCall *call, const char *merge, GError **error)
{
    const char *person;
    return hib_contact_unmerge(hib_call_db(call), merge, &person, error) &&
           reply(call, person, error);
}

static const char **
split(HibArena *arena, const char *text, size_t *ret_n)
{
    g_auto(GStrv) parts = g_strsplit(text, ",", -1);
    const char **out = hib_arena_array(arena, const char *, g_strv_length(parts) + 1);
    for (*ret_n = 0; parts[*ret_n]; (*ret_n)++)
        out[*ret_n] = hib_arena_strdup(arena, parts[*ret_n]);
    return out;
}

bool
hib_on_list_contact_pairs(HibCall *call, GError **error)
{
    HibDb *db = hib_call_db(call);
    HibSqlPairList *rows;
    size_t n;
    if (!hib_contact_pairs(db, SHOWN, &rows, &n, error))
        return false;
    HibApiContactPair *out = hib_arena_array(hib_call_arena(call), HibApiContactPair, n + 1);
    for (size_t i = 0; i < n; i++) {
        out[i] =
            (HibApiContactPair){.a_id = rows[i].a_id, .b_id = rows[i].b_id, .score = rows[i].score};
        out[i].reasons = split(hib_call_arena(call), rows[i].reasons, &out[i].n_reasons);
        if (!hib_contact_row_out(db, rows[i].a_person, &out[i].a, error) ||
            !hib_contact_row_out(db, rows[i].b_person, &out[i].b, error))
            return false;
    }
    const HibApiContactPairList list = {.pairs = out, .n_pairs = n};
    return hib_reply_contact_pair_list(call, 200, &list);
}

bool
hib_on_set_contacts_apart(HibCall *call, const HibApiContactPairKey *in, GError **error)
{
    return hib_contact_apart(hib_call_db(call), in->a_id, in->b_id, error) &&
           hib_call_reply_empty(call, 204);
}

bool
hib_on_export_contact(HibCall *call, const char *contact, GError **error)
{
    const char *text;
    if (!hib_contact_export(hib_call_db(call), contact, &text, error))
        return false;
    hib_call_set_header(call, "Content-Disposition", "attachment; filename=\"hibiki-person.json\"");
    g_autoptr(GBytes) bytes = g_bytes_new(text, strlen(text));
    return hib_call_reply_bytes(call, 200, "text/plain; charset=utf-8", bytes, "private, no-store");
}

/* --- deletion ---------------------------------------------------------------------------------------------------------------- */
static bool
deletion_out(HibArena *arena, const HibSqlDeletionRow *row, HibApiDeletion *ret, GError **error)
{
    HibJson counts;
    if (!hib_json_parse(arena, row->counts, strlen(row->counts), &counts, error))
        return false;
    *ret = (HibApiDeletion){.id = row->id,
                            .reason = (int)row->reason,
                            .asked_at = row->asked_at,
                            .asked_by_name = row->by_name ? row->by_name : "",
                            .done_at = row->done_at,
                            .has_done_at = row->has_done_at,
                            .left = 0,
                            .has_left = row->has_done_at,
                            .seal = row->seal};
    ret->counts =
        hib_arena_array(arena, HibApiDeletionCount, (size_t)cJSON_GetArraySize(counts.value) + 1);
    for (const cJSON *at = counts.value->child; at; at = at->next)
        ret->counts[ret->n_counts++] =
            (HibApiDeletionCount){.what = at->string, .n = (int64_t)at->valuedouble};
    return true;
}

bool
hib_on_delete_contact(HibCall *call, const char *contact, const HibApiDeletionDraft *in,
                      GError **error)
{
    const char *id;
    HibSqlDeletionRow *row;
    HibApiDeletion out;
    HibDb *db = hib_call_db(call);
    return hib_contact_delete(db, contact, in->reason, &id, error) &&
           hib_contact_deletion(db, id, &row, error) &&
           deletion_out(hib_call_arena(call), row, &out, error) &&
           hib_reply_deletion(call, 201, &out);
}

bool
hib_on_list_deletions(HibCall *call, GError **error)
{
    HibSqlDeletionRow *rows;
    size_t n;
    if (!hib_contact_deletions(hib_call_db(call), SHOWN, &rows, &n, error))
        return false;
    HibApiDeletion *out = hib_arena_array(hib_call_arena(call), HibApiDeletion, n + 1);
    for (size_t i = 0; i < n; i++)
        if (!deletion_out(hib_call_arena(call), &rows[i], &out[i], error))
            return false;
    const HibApiDeletionList list = {.deletions = out, .n_deletions = n};
    return hib_reply_deletion_list(call, 200, &list);
}
