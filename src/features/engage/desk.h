/* Inside engage/ only: the team's work on the inbox. Hours and promises, saved replies, notes, who is typing, rules at work, answers that wait for an approval. */
#pragma once
#include "engage/engage.h"
#include "engage/rule.h"
#include "engage/saved.h"
#include "engage/sla.h"

/* --- hours.c: when the team is at work, and how soon it answers --------------------------------------------------------------------- */
typedef struct {
    const char *zone;
    const char *week[7]; /* Monday first: "09:00-12:00,13:00-18:00", "" closed */
    bool closed_on_holidays;
    const char *const *closed; /* YYYY-MM-DD */
    size_t n_closed;
    int64_t minutes[HIB_SLA_LEVELS]; /* open minutes until an answer is due; 0: no promise */
    bool now_always;                 /* the gravest are counted round the clock */
    int64_t version;                 /* 0: nobody chose yet, this is the usual */
} HibHoursSetting;
bool hib_hours_get(HibDb *db, HibHoursSetting *ret, GError **error);
/* INVALID team.bad_zone, hours.bad_day, hours.bad_time, hours.never_open, with pointer; CONFLICT hours.edited when `version` is not the stored one. */
bool hib_hours_set(HibDb *db, const HibHoursSetting *setting, HibHoursSetting *ret, GError **error);

/* Ready for counting; in the db's arena. */
typedef struct {
    HibHours hours;
    const HibZone *zone;
    int64_t minutes[HIB_SLA_LEVELS];
    bool now_always;
    HibDueMemo memo[HIB_SLA_LEVELS]; /* what was counted last */
} HibSla;
bool hib_sla_load(HibDb *db, HibSla *ret, GError **error);
int hib_sla_level(int urgency); /* of an urgency 0..100 */
/* When an answer is due to what waits since then; 0: no promise. */
HibInstant hib_sla_due(HibSla *sla, HibInstant waiting_since, int urgency);
#define HIB_JOB_DUE "engage.due" /* counts all running clocks anew; subject: none */
bool hib_engage_due_run(HibDb *db, const HibJob *job, void *context, HibJobEnd *ret_end,
                        HibInstant *ret_at, GError **error);

/* --- saved_store.c ---------------------------------------------------------------------------------------------------------------------- */
typedef struct {
    const char *id, *folder, *name, *shortcut, *text;
    int64_t n_used;
    HibInstant updated_at;
    int64_t version;
} HibSavedReply;
bool hib_saved_list(HibDb *db, HibSavedReply **ret, size_t *ret_n, GError **error);
/* `id` NULL: a new one. INVALID saved.bad_name, saved.bad_shortcut, saved.bad_blank (with pointer and place), CONFLICT saved.name_taken, saved.shortcut_taken,
 * saved.too_many, saved.edited; NOT_FOUND saved.unknown. */
bool hib_saved_put(HibDb *db, const char *id, int64_t version, const HibSavedReply *draft,
                   HibSavedReply *ret, GError **error);
bool hib_saved_drop(HibDb *db, const char *id, GError **error);
/* Filled for an answer to `talk` by `person`. NOT_FOUND saved.unknown, engage.unknown. Counts as used. */
bool hib_saved_use(HibDb *db, const char *id, const char *talk, const char *person,
                   const char **ret_text, const char ***ret_missing, GError **error);

/* --- rule_json.c ------------------------------------------------------------------------------------------------------------------------ */
extern const char *const hib_rule_ons[HIB_RULE_ONS + 1];
const char *hib_rule_conditions_json(HibArena *arena, const HibRule *rule);
const char *hib_rule_actions_json(HibArena *arena, const HibRuleActions *actions);
bool hib_rule_read(HibArena *arena, const char *conditions, const char *actions, HibRule *ret,
                   GError **error); /* adds to what stands in *ret */

/* --- rule_store.c ------------------------------------------------------------------------------------------------------------------------- */
typedef struct {
    HibRule rule;
    bool is_on;
    HibInstant updated_at, met_at; /* met_at 0: not within the last 30 days */
    int64_t n_met;                 /* in these */
    int64_t version;
} HibModerationRule;
bool hib_moderation_list(HibDb *db, HibModerationRule **ret, size_t *ret_n, GError **error);
/* `id` NULL: a new one. What hib_rule_wrong says, rule.bad_name, accounts.unknown, campaign.unknown, team.member_unknown, all with pointer; CONFLICT rule.name_taken,
 * rule.too_many, rule.edited; NOT_FOUND rule.unknown. */
bool hib_moderation_put(HibDb *db, const char *id, int64_t version, const HibModerationRule *draft,
                        HibModerationRule *ret, GError **error);
bool hib_moderation_drop(HibDb *db, const char *id, GError **error);
/* All that can be wrong with a rule but its name. */
bool hib_moderation_check(HibDb *db, const HibRule *rule, GError **error);

/* --- rule_run.c --------------------------------------------------------------------------------------------------------------------------- */
typedef struct {
    const char *talk, *thread, *network, *author, *text;
    HibInstant at;
    bool can_hide;
} HibRuleSample;
typedef struct {
    int64_t n_seen, n_met,
        n_cannot_hide;      /* n_cannot_hide: met, but their network cannot hide them */
    HibInstant since;       /* how far back was looked */
    bool is_cut;            /* not the whole of the time: too much was said */
    HibRuleSample *samples; /* the newest it would have met */
    size_t n_samples;
} HibRuleTrial;
/* What the rule would have met; does nothing. The errors of hib_moderation_put but those of its name. */
bool hib_moderation_try(HibDb *db, const HibRule *rule, int days, HibRuleTrial *ret,
                        GError **error);
/* Runs the rules that are on over what was just stored, in the caller's transaction. Own and deleted words are left out; each rule meets a message once. */
bool hib_moderation_run(HibDb *db, const char *const *talks, size_t n, GError **error);

/* --- hide.c: what is hidden at the network ----------------------------------------------------------------------------------------------- */
typedef enum { HIB_HIDE_WAITING, HIB_HIDE_DONE, HIB_HIDE_UNKNOWN, HIB_HIDE_REFUSED } HibHideState;
bool hib_hide_can(const char *network, HibNetTalkKind kind);
/* Wants it hidden, or shown again; in the caller's transaction. The job calls the network, again where the outcome is not known: hiding twice is hiding. */
bool hib_hide_want(HibDb *db, const char *talk, bool is_hidden, GError **error);
#define HIB_JOB_HIDE "engage.hide" /* subject: talk */
bool hib_engage_hide_run(HibDb *db, const HibJob *job, void *context, HibJobEnd *ret_end,
                         HibInstant *ret_at, GError **error);

/* --- work_change_store.c, work_store.c: threads as the team handles them ---------------------------------------------------------------------------------------- */
typedef enum {
    HIB_WORK_OPEN,
    HIB_WORK_WAITING,
    HIB_WORK_DONE
} HibWorkStatus; /* as engage_thread.status */
typedef struct {
    bool has_status, has_assignee, has_snooze, has_hold, has_hide;
    HibWorkStatus status;
    const char *assignee;     /* NULL: nobody */
    HibInstant snoozed_until; /* 0: awake */
    bool is_held, is_hidden;
    const char *const *add_tags, *const *drop_tags;
    const char *const *
        talks; /* ended by NULL: only these are hidden or shown; n_talks 0: what the other one said in it */
    size_t n_add_tags, n_drop_tags, n_talks;
} HibWorkChange;
typedef struct {
    const char *thread;
    int64_t version; /* as it was left */
    HibWorkChange change;
} HibWorkStep;
typedef enum { HIB_WORK_GONE, HIB_WORK_CANNOT_HIDE, HIB_WORK_CHANGED_SINCE } HibWorkWhy;
typedef struct {
    const char *thread;
    HibWorkWhy why;
} HibWorkNot;
typedef struct {
    HibWorkStep *undo; /* n_changed of them: what takes each change back */
    HibWorkNot *not_done;
    size_t n_changed, n_not_done;
} HibWorkDone;
/* The same to all of them, in one transaction. What is left out is said per thread: it is gone, or cannot be hidden (the rest was done to it).
 * INVALID work.not_member, work.bad_snooze (not in the future or over a year away), work.bad_tag, work.nothing: nothing is done to any. */
bool hib_work_change(HibDb *db, const char *const *threads, size_t n, const HibWorkChange *change,
                     HibWorkDone *ret, GError **error);
/* Takes changes back, in one transaction. Left out, beside the above: what is no longer as it was left. INVALID work.bad_tag, work.nothing. */
bool hib_work_take_back(HibDb *db, const HibWorkStep *steps, size_t n, HibWorkDone *ret,
                        GError **error);

/* The same to one thread, in the caller's transaction; nothing is checked. */
bool hib_work_apply(HibDb *db, const char *thread, const HibWorkChange *change, GError **error);
const char *hib_work_excerpt(HibArena *arena, const char *text); /* its beginning, on one line */
const char *hib_work_place(HibArena *arena, const char *thread); /* where the page shows it */
/* The caller's person; NULL: a token, or the system. */
const char *hib_work_actor(HibDb *db);

typedef struct {
    const char *id, *person_id, *name, *text;
    HibInstant at;
} HibNote;
typedef struct {
    const char *person_id, *name;
    HibInstant until_at;
} HibTyping;
typedef struct {
    const char *rule_id, *talk_id, *name;
    HibInstant at;
} HibRuleMet;
typedef struct {
    const char *talk_id, *reason; /* reason: the network's, NULL */
    bool is_hidden;
    HibHideState state;
} HibHidden;
typedef enum {
    HIB_WAIT_OPEN,
    HIB_WAIT_APPROVED,
    HIB_WAIT_REFUSED,
    HIB_WAIT_WITHDRAWN
} HibWaitState;
typedef struct {
    const char *id, *talk_id, *thread_id, *account_id, *text, *person_id, *name;
    HibInstant at;
    HibWaitState state;
    const char *decided_name, *note, *sent_text, *delivery_id; /* NULL: not */
    HibInstant decided_at;                                     /* 0: not */
    const char *said; /* the beginning of what it answers */
} HibReplyWait;
/* What the team knows of a thread beside what was said in it. */
typedef struct {
    bool is_held, needs_approval;     /* needs_approval: of answers by the one who asks */
    HibInstant due_at, waiting_since; /* 0: no promise, nothing waits */
    int level;                        /* of its urgency */
    bool is_open;                     /* the team is at work */
    HibInstant changes_at;            /* when that changes; 0: not soon */
    HibDuration left;                 /* open time until it is due; below zero: since */
    HibNote *notes;
    HibTyping *typing; /* others than the one who asks */
    HibRuleMet *met;
    HibHidden *hidden;
    HibReplyWait *waits;
    size_t n_notes, n_typing, n_met, n_hidden, n_waits;
} HibWork;
bool hib_work_of(HibDb *db, const char *thread, const char *person, HibWork *ret, GError **error);
/* INVALID note.empty. People called with @name hear of it. */
bool hib_note_add(HibDb *db, const char *thread, const char *text, HibNote *ret, GError **error);
bool hib_note_drop(HibDb *db, const char *note,
                   GError **error); /* NOT_FOUND note.unknown; FORBIDDEN note.not_yours */
/* Marks that the caller is writing for the next seconds; `stops`: no more. */
bool hib_work_type(HibDb *db, const char *thread, bool stops, GError **error);

/* --- wait_store.c: answers that somebody looks at first ------------------------------------------------------------------------------------- */
bool hib_wait_accounts(HibDb *db, const char *const **ret, size_t *ret_n, GError **error);
bool hib_wait_set_accounts(HibDb *db, const char *const *accounts, size_t n, GError **error);
/* Whether an answer of the caller from this account waits: the account is chosen, and the caller neither approves nor manages. */
bool hib_wait_is_needed(HibDb *db, const char *account, bool *ret, GError **error);
/* Asks for it; in the caller's transaction. CONFLICT wait.waiting: one to the same words waits already. */
bool hib_wait_ask(HibDb *db, const char *talk, const char *text, bool again, GError **error);
/* What stands before an answer, in its transaction: CONFLICT engage.held; or it waits for an approval (*ret_waits) and is not sent now. */
bool hib_wait_gate(HibDb *db, const char *talk, const char *text, bool again, bool *ret_waits,
                   GError **error);
bool hib_wait_list(HibDb *db, HibReplyWait **ret, size_t *ret_n,
                   GError **error); /* those that wait, oldest first */
/* Approves (with `text` in place of what was asked for, when not NULL): the answer goes out as any other. Or refuses, with a reason. The one who asked may only withdraw it.
 * NOT_FOUND wait.unknown; CONFLICT wait.decided; INVALID wait.no_reason; and the errors of hib_engage_reply. */
bool hib_wait_decide(HibDb *db, const char *wait, HibWaitState verdict, const char *text,
                     const char *note, HibReplyWait *ret, GError **error);

/* --- keep.c: how long what came with something said is kept ---------------------------------------------------------------------------------- */
enum { HIB_KEEP_DAYS = 400 }; /* where nobody chose */
bool hib_keep_get(HibDb *db, int64_t *ret_days, GError **error);
bool hib_keep_set(HibDb *db, int64_t days, GError **error);
