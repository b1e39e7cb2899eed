/* Inside engage/ only. */
#pragma once
#include "engage/engage.h"
#include "engage/thread.sql.h"

#define HIB_JOB_TALK_READ "engage.read"   /* subject: account */
#define HIB_JOB_TALK_TAKE "engage.take"   /* subject: account; what webhooks told, many at once */
#define HIB_JOB_TALK_BEGIN "engage.begin" /* subject: account that was connected */
#define HIB_JOB_TALK_ANSWERED "engage.answered" /* subject: delivery, of whatever kind */
#define HIB_JOB_TALK_REREAD "engage.reread"     /* what waits, after a correction */
#define HIB_JOB_TALK_FETCH "engage.fetch"       /* subject: file that came with something said */
#define HIB_JOB_TALK_COUNT "engage.count"       /* threads that a migration brought in */
#define HIB_JOB_TALK_SWEEP "engage.sweep"       /* files that were kept long enough */
#define HIB_JOB_TALK_INDEX "engage.index"       /* what came in a flood, into the full text */
#define HIB_SEARCH_TALK "talk"                  /* kind of what the full text holds */
bool hib_engage_read_run(HibDb *db, const HibJob *job, void *context, HibJobEnd *ret_end,
                         HibInstant *ret_at, GError **error);
bool hib_engage_take_run(HibDb *db, const HibJob *job, void *context, HibJobEnd *ret_end,
                         HibInstant *ret_at, GError **error);
bool hib_engage_begin_run(HibDb *db, const HibJob *job, void *context, HibJobEnd *ret_end,
                          HibInstant *ret_at, GError **error);
bool hib_engage_answered_run(HibDb *db, const HibJob *job, void *context, HibJobEnd *ret_end,
                             HibInstant *ret_at, GError **error);
bool hib_engage_reread_run(HibDb *db, const HibJob *job, void *context, HibJobEnd *ret_end,
                           HibInstant *ret_at, GError **error);
bool hib_engage_fetch_run(HibDb *db, const HibJob *job, void *context, HibJobEnd *ret_end,
                          HibInstant *ret_at, GError **error);
bool hib_engage_sweep_run(HibDb *db, const HibJob *job, void *context, HibJobEnd *ret_end,
                          HibInstant *ret_at, GError **error);
bool hib_engage_count_run(HibDb *db, const HibJob *job, void *context, HibJobEnd *ret_end,
                          HibInstant *ret_at, GError **error);
bool hib_engage_index_run(HibDb *db, const HibJob *job, void *context, HibJobEnd *ret_end,
                          HibInstant *ret_at, GError **error);
/* What was stored with ids from the first to the last is put into the full text soon (talk_index.c). In the caller's transaction. */
bool hib_talk_index_later(HibDb *db, const char *first, const char *last, GError **error);

/* --- threads (thread_place.c, thread_count.c) -------------------------------------------------------------------------------- */
/* A thread as it is while something is stored in it. Its row is locked until the transaction ends. */
typedef HibSqlThreadNow HibThreadNow;
/* The thread something said belongs to, also when what it answers came later than itself; *ret NULL: it begins one, under *ret_key. Threads that turn out to
 * be one are joined. In a transaction that holds the account (hib_sql_thread_lock_account). */
bool hib_thread_place(HibDb *db, const char *account, const HibNetTalk *talk,
                      const HibThreadNow **ret, const char **ret_key, GError **error);
/* The same in two steps, for who knows more than the store: the thread of what it answers, and the key under which its own stands if that one is none. */
typedef struct {
    const char *thread; /* NULL: not known, or none */
    bool is_post;       /* it answers a post of ours, or nothing: it begins a thread */
} HibThreadParent;
bool hib_thread_parent(HibDb *db, const char *account, const HibNetTalk *talk, HibThreadParent *ret,
                       GError **error);
const char *hib_thread_key(HibDb *db, const HibNetTalk *talk, bool has_thread,
                           const HibThreadParent *parent);
/* Whether something that answers it is here already. */
bool hib_thread_is_followed(HibDb *db, const char *account, const HibNetTalk *talk, bool *ret,
                            GError **error);
/* Threads of what answers `talk` and came before it, joined into `thread`; *ret_n: how many. */
bool hib_thread_gather(HibDb *db, const char *account, const HibNetTalk *talk, const char *thread,
                       size_t *ret_n, GError **error);
/* Counts a thread anew from what was said in it: its last words, what waits and since when, its reading, its place in the list. In the caller's
 * transaction, after whatever changed it. What is said anew opens a thread that was done and wakes one that sleeps: storing does that. */
bool hib_thread_refresh(HibDb *db, const char *thread, GError **error);
/* The inbox's order, ascending: urgency, then waiting longest; what does not wait after all that does, the newest first. Never 0. */
int64_t hib_thread_rank(int64_t n_waiting, int64_t urgency, HibInstant waiting_since,
                        HibInstant last_at);
#define HIB_THREAD_RESTS (INT64_C(1) << 62) /* ranks from here on: nothing waits */
const char *hib_thread_excerpt(HibArena *arena, const char *text);

/* --- what came with it (attached.c) ------------------------------------------------------------------------------------------ */
/* The files of something said that was just stored, and the jobs that fetch them. */
bool hib_attached_take(HibDb *db, const char *account, const char *talk,
                       const HibNetAttachment *rows, size_t n, GError **error);
/* They go, with what was kept; what is being fetched is not kept. */
bool hib_attached_drop(HibDb *db, const char *talk, GError **error);
bool hib_attached_forget(HibDb *db, const char *account, const char *author, GError **error);
/* Whether a telling has the attachments that are known (as engage_talk keeps them). */
bool hib_attached_is_same(HibDb *db, const char *known, const HibNetAttachment *rows, size_t n);
/* talk[].files, in one statement. */
bool hib_attached_fill(HibDb *db, HibTalk *talk, size_t n, GError **error);
/* What keeps a file that is here. NOT_FOUND engage.file_unknown, GONE engage.file_gone, CONFLICT engage.file_not_here. */
bool hib_attached_kept(HibDb *db, const char *file, const char **ret_kept, GError **error);

/* --- readings (reading.c) --------------------------------------------------------------------------------------------------- */
/* What the workspace taught; *ret NULL: nothing yet. The caller frees. */
bool hib_talk_learnt(HibDb *db, HibClassifierLearnt **ret, GError **error);
void hib_talk_classify(const HibClassifierLearnt *learnt, HibArena *arena, const char *text,
                       HibTalkReading *ret);

bool hib_talk_set_reading(HibDb *db, const char *talk, const HibTalkReading *reading,
                          GError **error);

/* A text as the full text has it: width, case and kana alike. */
const char *hib_talk_folded(HibArena *arena, const char *text);

/* An answer went out or did not: its thread waits for them or for us; the network's echo of it, told too early to be known as ours, goes. Other deliveries
 * than answers are passed over. */
bool hib_talk_answered(HibDb *db, const char *delivery, GError **error);

/* How reading an account's talk stands. */
typedef struct {
    const char *cursor; /* NULL: from the start */
    HibInstant read_at; /* 0: never */
    int64_t failures;   /* in a row */
} HibTalkState;
bool hib_talk_state_get(HibDb *db, const char *account, HibTalkState *ret, GError **error);
/* What was said and where to go on, in one transaction: a crash before it reads the same again, which stores nothing twice. */
bool hib_talk_state_set(HibDb *db, const char *account, const HibTalkState *state,
                        const HibNetTalk *talk, size_t n, GError **error);
/* Remote ids of the account's newest posts, ended by NULL: where comments are read post by post. */
bool hib_talk_own_posts(HibDb *db, const char *account, const char *const **ret, GError **error);

/* forget_store.c: HibForget. Words, names and where they answer go, attachments, corrections and notes with them; the rows stay, so that threads keep their shape. */
bool hib_engage_forget(HibDb *db, const HibForgotten *who, int64_t *ret_n, int64_t *ret_left,
                       GError **error);
/* Who was deleted since the oldest of these was said; NULL: nobody. The caller frees the table, its rows are the arena's. In a transaction that holds the account. */
bool hib_talk_gone_load(HibDb *db, const char *account, const HibNetTalk *talk, size_t n,
                        GHashTable **ret, GError **error);
/* They said it, or it was said to them, before. */
bool hib_talk_is_gone(HibDb *db, GHashTable *gone, const char *account, const HibNetTalk *talk);
#define HIB_GONE_KEPT (31 * HIB_DAY) /* longer than anything is on its way (HIB_HOOK_KEPT) */
