/* Work on threads over HTTP: what the team knows of one, the same to many, notes, typing, hiding; and answers that wait for an approval. */
#include "base/error.h"
#include "engage/desk.h"
#include "engage/engage_private.h"
#include "http/call.h"
#include "http/services.h"

/* --- answers that wait ------------------------------------------------------------------------------------------------------ */
static HibApiReplyWait
wait_out(const HibReplyWait *wait)
{
    return (HibApiReplyWait){.id = wait->id,
                             .talk_id = wait->talk_id,
                             .thread_id = wait->thread_id,
                             .account_id = wait->account_id,
                             .said = wait->said,
                             .text = wait->text,
                             .has_person_id = wait->person_id != NULL,
                             .person_id = wait->person_id,
                             .name = wait->name,
                             .at = wait->at,
                             .state = (int)wait->state,
                             .has_decided_name = wait->decided_name != NULL,
                             .decided_name = wait->decided_name,
                             .has_decided_at = wait->decided_at != 0,
                             .decided_at = wait->decided_at,
                             .has_note = wait->note != NULL,
                             .note = wait->note,
                             .has_sent_text = wait->sent_text != NULL,
                             .sent_text = wait->sent_text,
                             .has_delivery_id = wait->delivery_id != NULL,
                             .delivery_id = wait->delivery_id};
}

static HibApiReplyWait *
waits_out(HibArena *arena, const HibReplyWait *waits, size_t n)
{
    HibApiReplyWait *out = hib_arena_array(arena, HibApiReplyWait, n + 1);
    for (size_t i = 0; i < n; i++)
        out[i] = wait_out(&waits[i]);
    return out;
}

bool
hib_on_list_reply_waits(HibCall *call, GError **error)
{
    HibReplyWait *rows;
    size_t n;
    if (!hib_wait_list(hib_call_db(call), &rows, &n, error))
        return false;
    const HibApiReplyWaitList out = {.waits = waits_out(hib_call_arena(call), rows, n),
                                     .n_waits = n};
    return hib_reply_reply_wait_list(call, 200, &out);
}

bool
hib_on_decide_reply(HibCall *call, const char *wait, const HibApiReplyDecision *in, GError **error)
{
    static const HibWaitState verdicts[] = {HIB_WAIT_APPROVED, HIB_WAIT_REFUSED,
                                            HIB_WAIT_WITHDRAWN};
    HibReplyWait now;
    if (!hib_wait_decide(hib_call_db(call), wait, verdicts[in->verdict],
                         in->has_text ? in->text : NULL, in->has_note ? in->note : NULL, &now,
                         error))
        return false;
    const HibApiReplyWait out = wait_out(&now);
    return hib_reply_reply_wait(call, 200, &out);
}

static bool
reply_accounts(HibCall *call, GError **error)
{
    const char *const *ids;
    size_t n;
    if (!hib_wait_accounts(hib_call_db(call), &ids, &n, error))
        return false;
    const HibApiReplyApproval out = {.accounts = (const char **)ids, .n_accounts = n};
    return hib_reply_reply_approval(call, 200, &out);
}

bool
hib_on_get_reply_approval(HibCall *call, GError **error)
{
    return reply_accounts(call, error);
}

bool
hib_on_set_reply_approval(HibCall *call, const HibApiReplyApproval *in, GError **error)
{
    return hib_wait_set_accounts(hib_call_db(call), (const char *const *)in->accounts,
                                 in->n_accounts, error) &&
           reply_accounts(call, error);
}

/* --- threads ------------------------------------------------------------------------------------------------------------------- */
/* The two bodies have the same fields under two names; their types are told apart by the contract alone. */
#define CHANGE_OF(in)                                                                              \
    (HibWorkChange)                                                                                \
    {                                                                                              \
        .has_status = (in)->has_status, .status = (HibWorkStatus)(in)->status,                     \
        .has_assignee = (in)->has_assignee || ((in)->has_is_unassigned && (in)->is_unassigned),    \
        .assignee = (in)->has_is_unassigned && (in)->is_unassigned ? NULL : (in)->assignee,        \
        .has_snooze = (in)->has_snoozed_until || ((in)->has_is_awake && (in)->is_awake),           \
        .snoozed_until = (in)->has_is_awake && (in)->is_awake ? 0 : (in)->snoozed_until,           \
        .has_hold = (in)->has_is_held, .is_held = (in)->is_held, .has_hide = (in)->has_is_hidden,  \
        .is_hidden = (in)->is_hidden, .add_tags = (const char *const *)(in)->add_tags,             \
        .n_add_tags = (in)->has_add_tags ? (in)->n_add_tags : 0,                                   \
        .drop_tags = (const char *const *)(in)->drop_tags,                                         \
        .n_drop_tags = (in)->has_drop_tags ? (in)->n_drop_tags : 0,                                \
    }

static HibApiThreadWorkStep
step_out(const HibWorkStep *step)
{
    const HibWorkChange *change = &step->change;
    bool is_freed = change->has_assignee && !change->assignee;
    bool is_woken = change->has_snooze && !change->snoozed_until;
    return (HibApiThreadWorkStep){.thread = step->thread,
                                  .version = step->version,
                                  .has_status = change->has_status,
                                  .status = (int)change->status,
                                  .has_assignee = change->has_assignee && !is_freed,
                                  .assignee = change->assignee,
                                  .has_is_unassigned = is_freed,
                                  .is_unassigned = is_freed,
                                  .has_snoozed_until = change->has_snooze && !is_woken,
                                  .snoozed_until = change->snoozed_until,
                                  .has_is_awake = is_woken,
                                  .is_awake = is_woken,
                                  .has_is_held = change->has_hold,
                                  .is_held = change->is_held,
                                  .has_is_hidden = change->has_hide,
                                  .is_hidden = change->is_hidden,
                                  .has_add_tags = change->n_add_tags > 0,
                                  .add_tags = (const char **)change->add_tags,
                                  .n_add_tags = change->n_add_tags,
                                  .has_drop_tags = change->n_drop_tags > 0,
                                  .drop_tags = (const char **)change->drop_tags,
                                  .n_drop_tags = change->n_drop_tags,
                                  .has_talks = change->n_talks > 0,
                                  .talks = (const char **)change->talks,
                                  .n_talks = change->n_talks};
}

static bool
reply_done(HibCall *call, const HibWorkDone *done)
{
    HibArena *arena = hib_call_arena(call);
    HibApiThreadWorkStep *undo = hib_arena_array(arena, HibApiThreadWorkStep, done->n_changed + 1);
    HibApiThreadNotDone *not_done =
        hib_arena_array(arena, HibApiThreadNotDone, done->n_not_done + 1);
    for (size_t i = 0; i < done->n_changed; i++)
        undo[i] = step_out(&done->undo[i]);
    for (size_t i = 0; i < done->n_not_done; i++)
        not_done[i] = (HibApiThreadNotDone){.thread = done->not_done[i].thread,
                                            .why = (int)done->not_done[i].why};
    const HibApiThreadWorkDone out = {.n_changed = (int64_t)done->n_changed,
                                      .undo = undo,
                                      .n_undo = done->n_changed,
                                      .not_done = not_done,
                                      .n_not_done = done->n_not_done};
    return hib_reply_thread_work_done(call, 200, &out);
}

bool
hib_on_work_on_threads(HibCall *call, const HibApiThreadWorkChange *in, GError **error)
{
    HibWorkDone done;
    const HibWorkChange change = CHANGE_OF(in);
    return hib_work_change(hib_call_db(call), (const char *const *)in->threads, in->n_threads,
                           &change, &done, error) &&
           reply_done(call, &done);
}

/* Ends the list, as HibWorkChange wants it. */
static const char *const *
ended(HibArena *arena, const char *const *ids, size_t n)
{
    const char **out = hib_arena_array(arena, const char *, n + 1);
    for (size_t i = 0; i < n; i++)
        out[i] = ids[i];
    return out;
}

bool
hib_on_undo_thread_work(HibCall *call, const HibApiThreadWorkUndo *in, GError **error)
{
    HibWorkDone done;
    HibArena *arena = hib_call_arena(call);
    HibWorkStep *steps = hib_arena_array(arena, HibWorkStep, in->n_steps + 1);
    for (size_t i = 0; i < in->n_steps; i++) {
        const HibApiThreadWorkStep *one = &in->steps[i];
        steps[i] = (HibWorkStep){one->thread, one->version, CHANGE_OF(one)};
        if (!one->has_talks)
            continue;
        steps[i].change.talks = ended(arena, (const char *const *)one->talks, one->n_talks);
        steps[i].change.n_talks = one->n_talks;
    }
    return hib_work_take_back(hib_call_db(call), steps, in->n_steps, &done, error) &&
           reply_done(call, &done);
}

static HibApiThreadNote
note_out(const HibNote *note)
{
    return (HibApiThreadNote){.id = note->id,
                              .has_person_id = note->person_id != NULL,
                              .person_id = note->person_id,
                              .name = note->name,
                              .text = note->text,
                              .at = note->at};
}

static void
lists_out(HibArena *arena, const HibWork *work, HibApiThreadWork *out)
{
    out->notes = hib_arena_array(arena, HibApiThreadNote, work->n_notes + 1);
    out->typing = hib_arena_array(arena, HibApiThreadTyping, work->n_typing + 1);
    out->rules = hib_arena_array(arena, HibApiThreadRuleMet, work->n_met + 1);
    out->hidden = hib_arena_array(arena, HibApiTalkHidden, work->n_hidden + 1);
    out->n_notes = work->n_notes;
    out->n_typing = work->n_typing;
    out->n_rules = work->n_met;
    out->n_hidden = work->n_hidden;
    for (size_t i = 0; i < work->n_notes; i++)
        out->notes[i] = note_out(&work->notes[i]);
    for (size_t i = 0; i < work->n_typing; i++)
        out->typing[i] = (HibApiThreadTyping){.person_id = work->typing[i].person_id,
                                              .name = work->typing[i].name,
                                              .until = work->typing[i].until_at};
    for (size_t i = 0; i < work->n_met; i++)
        out->rules[i] = (HibApiThreadRuleMet){.rule_id = work->met[i].rule_id,
                                              .talk_id = work->met[i].talk_id,
                                              .name = work->met[i].name,
                                              .at = work->met[i].at};
    for (size_t i = 0; i < work->n_hidden; i++)
        out->hidden[i] = (HibApiTalkHidden){.talk_id = work->hidden[i].talk_id,
                                            .is_hidden = work->hidden[i].is_hidden,
                                            .state = (int)work->hidden[i].state,
                                            .has_reason = work->hidden[i].reason != NULL,
                                            .reason = work->hidden[i].reason};
}

bool
hib_on_get_thread_work(HibCall *call, const char *thread, GError **error)
{
    HibArena *arena = hib_call_arena(call);
    HibWork work;
    if (!hib_work_of(hib_call_db(call), thread, hib_call_person(call), &work, error))
        return false;
    HibApiThreadWork out = {.is_held = work.is_held,
                            .needs_approval = work.needs_approval,
                            .clock = {.has_due_at = work.due_at != 0,
                                      .due_at = work.due_at,
                                      .has_waiting_since = work.waiting_since != 0,
                                      .waiting_since = work.waiting_since,
                                      .level = work.level,
                                      .is_open = work.is_open,
                                      .has_changes_at = work.changes_at != 0,
                                      .changes_at = work.changes_at,
                                      .left_ms = work.left / HIB_MILLISECOND},
                            .waits = waits_out(arena, work.waits, work.n_waits),
                            .n_waits = work.n_waits};
    lists_out(arena, &work, &out);
    return hib_reply_thread_work(call, 200, &out);
}

bool
hib_on_add_thread_note(HibCall *call, const char *thread, const HibApiThreadNoteDraft *in,
                       GError **error)
{
    HibNote note;
    if (!hib_note_add(hib_call_db(call), thread, in->text, &note, error))
        return false;
    const HibApiThreadNote out = note_out(&note);
    return hib_reply_thread_note(call, 201, &out);
}

bool
hib_on_delete_thread_note(HibCall *call, const char *note, GError **error)
{
    return hib_note_drop(hib_call_db(call), note, error) && hib_call_reply_empty(call, 204);
}

bool
hib_on_type_in_thread(HibCall *call, const char *thread, const HibApiThreadTypingDraft *in,
                      GError **error)
{
    return hib_work_type(hib_call_db(call), thread, in->stops, error) &&
           hib_call_reply_empty(call, 204);
}

bool
hib_on_hide_talk(HibCall *call, const char *talk, const HibApiTalkHide *in, GError **error)
{
    HibDb *db = hib_call_db(call);
    HibTalk *said;
    g_autoptr(HibTx) tx = hib_tx_begin(db, error);
    if (!tx || !hib_engage_get(db, talk, &said, error))
        return false;
    if (said->is_own || said->is_deleted || !hib_hide_can(said->network, said->kind)) {
        hib_error_set(error, HIB_ERROR_CONFLICT, "engage.cannot_hide", "not on %s", said->network);
        return false;
    }
    return hib_hide_want(db, talk, in->is_hidden, error) && hib_tx_commit(tx, error) &&
           hib_call_reply_empty(call, 204);
}
