/* Handler: the audit log, newest first, by pages whose cursor is the last line's id. */
#include "base/id.h"
#include "team/team_api.h"

#define USUAL_PAGE 50

static HibApiAuditEntry
of_row(const HibAuditLine *row)
{
    return (HibApiAuditEntry){
        .id = row->id,
        .at = row->at,
        .actor_kind = hib_api_audit_entry_actor_kind_from(row->actor_kind),
        .has_actor_id = row->actor_id != NULL,
        .actor_id = row->actor_id,
        .actor_name = row->actor_name,
        .action = row->action,
        .subject_kind = row->subject_kind,
        .has_subject_id = row->subject_id != NULL,
        .subject_id = row->subject_id,
        .has_before = row->before_json != NULL,
        .before = row->before_json,
        .has_after = row->after_json != NULL,
        .after = row->after_json,
    };
}

bool
hib_on_list_audit(HibCall *call, const HibApiListAuditQuery *query, GError **error)
{
    HibAuditLine *rows;
    size_t n, limit = query->has_limit ? (size_t)query->limit : USUAL_PAGE;
    if (query->cursor && !hib_id_valid(query->cursor)) {
        hib_error_set_at(error, HIB_ERROR_INVALID, "input.not_an_id", "?cursor",
                         "no cursor of this list");
        return false;
    }
    if (!hib_audit_read(hib_call_db(call), query->subject, query->kind, query->cursor, limit + 1,
                        &rows, &n, error))
        return false;
    HibApiAuditPage out = {.has_next_cursor = n > limit, .n_entries = MIN(n, limit)};
    out.next_cursor = out.has_next_cursor ? rows[limit - 1].id : NULL;
    out.entries = hib_arena_array(hib_call_arena(call), HibApiAuditEntry, out.n_entries);
    for (size_t i = 0; i < out.n_entries; i++)
        out.entries[i] = of_row(&rows[i]);
    return hib_reply_audit_page(call, 200, &out);
}
