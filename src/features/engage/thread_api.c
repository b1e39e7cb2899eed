/* Threads over HTTP: the inbox's list, one conversation, how much waits. */
#include "engage/engage.h"
#include "engage/engage_api.h"
#include "http/call.h"

HibApiThread
hib_thread_as_api(HibArena *arena, const HibThread *thread)
{
    HibApiThread out = {.id = thread->id,
                        .account_id = thread->account_id,
                        .network = thread->network,
                        .kind = (int)thread->kind,
                        .post_id = thread->post_id,
                        .has_post_id = thread->post_id != NULL,
                        .with_id = thread->with_id,
                        .with_handle = thread->with_handle,
                        .with_name = thread->with_name,
                        .first_at = thread->first_at,
                        .last_at = thread->last_at,
                        .last_text = thread->last_text,
                        .last_is_own = thread->last_is_own,
                        .n_talk = thread->n_talk,
                        .n_waiting = thread->n_waiting,
                        .waiting_since = thread->waiting_since,
                        .has_waiting_since = thread->waiting_since != 0,
                        .answered_at = thread->answered_at,
                        .has_answered_at = thread->answered_at != 0,
                        .reading = hib_reading_as_api(arena, &thread->reading, ""),
                        .has_reading = thread->reading.is_read,
                        .status = (int)thread->status,
                        .assignee_id = thread->assignee_id,
                        .has_assignee_id = thread->assignee_id != NULL,
                        .snoozed_until = thread->snoozed_until,
                        .has_snoozed_until = thread->snoozed_until != 0,
                        .due_at = thread->due_at,
                        .has_due_at = thread->due_at != 0,
                        .version = thread->version};
    g_auto(GStrv) tags = g_strsplit(thread->tags, "\n", -1);
    out.tags = hib_arena_array(arena, const char *, g_strv_length(tags) + 1);
    for (char **tag = tags; *tag; tag++)
        if (**tag)
            out.tags[out.n_tags++] = hib_arena_strdup(arena, *tag);
    return out;
}

bool
hib_on_list_threads(HibCall *call, const HibApiListThreadsQuery *in, GError **error)
{
    HibThread *rows;
    size_t n;
    const char *next;
    const HibThreadQuery query = {
        .account = in->has_account ? in->account : NULL,
        .network = in->has_network ? in->network : NULL,
        .assignee = in->has_assignee ? in->assignee : NULL,
        .tag = in->has_tag ? in->tag : NULL,
        .words = in->has_words ? in->words : NULL,
        .kind = in->has_kind ? in->kind : -1,
        .status = in->has_status ? in->status : -1,
        .sentiment = in->has_sentiment ? in->sentiment : -1,
        .intent = in->has_intent ? in->intent : -1,
        .urgency = in->has_urgency ? (int)in->urgency : 0,
        .is_unassigned = in->has_unassigned && in->unassigned,
        .is_overdue = in->has_overdue && in->overdue,
        .is_snoozed = in->has_snoozed && in->snoozed,
        .is_waiting = in->has_waiting && in->waiting,
        .order = in->has_order ? (HibThreadOrder)in->order : HIB_THREADS_URGENT,
        .limit = in->has_limit ? (int)in->limit : 0,
        .cursor = in->has_cursor ? in->cursor : NULL,
    };
    if (!hib_engage_threads(hib_call_db(call), &query, &rows, &n, &next, error))
        return false;
    HibApiThread *out = hib_arena_array(hib_call_arena(call), HibApiThread, n + 1);
    for (size_t i = 0; i < n; i++)
        out[i] = hib_thread_as_api(hib_call_arena(call), &rows[i]);
    const HibApiThreadPage page = {
        .threads = out, .n_threads = n, .next_cursor = next, .has_next_cursor = next != NULL};
    return hib_reply_thread_page(call, 200, &page);
}

bool
hib_on_get_thread(HibCall *call, const char *thread, const HibApiGetThreadQuery *in, GError **error)
{
    HibDb *db = hib_call_db(call);
    HibThread *found;
    HibTalk *rows;
    size_t n;
    const char *next;
    if (!hib_engage_thread(db, thread, &found, error) ||
        !hib_engage_thread_talk(db, thread, in->has_cursor ? in->cursor : NULL,
                                in->has_limit ? (int)in->limit : 0, &rows, &n, &next, error))
        return false;
    const HibApiThreadDetail out = {.thread = hib_thread_as_api(hib_call_arena(call), found),
                                    .talk = hib_talks_as_api(hib_call_arena(call), rows, n),
                                    .n_talk = n,
                                    .next_cursor = next,
                                    .has_next_cursor = next != NULL};
    return hib_reply_thread_detail(call, 200, &out);
}

bool
hib_on_get_inbox(HibCall *call, GError **error)
{
    HibThreadCounts counts;
    if (!hib_engage_counts(hib_call_db(call), hib_call_person(call), &counts, error))
        return false;
    const HibApiInboxCounts out = {counts.n_open, counts.n_mine, counts.n_urgent};
    return hib_reply_inbox_counts(call, 200, &out);
}
