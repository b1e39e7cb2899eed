/* Engage: the inbox. What people say to the accounts (comments, mentions, direct messages), as threads, and answering it.
 *
 * A thread is one conversation: a DM or LINE chat; a comment with its replies; a mention with what follows it. What was said is read as it comes in
 * (core/text/classify.h), so that the most urgent thread stands first.
 * Networks that can be asked are read by a job; those that tell by themselves come in through accounts' webhooks. The same thing told twice,
 * late or out of order is one row. An answer is a delivery of publish/: sent once, held by the switches, its outcome known. */
#pragma once
#include "publish/publish.h"
#include "store/feature.h"
#include "text/classify.h"

extern const HibFeature hib_engage;

/* What was read out of something said. */
typedef struct {
    bool is_read; /* false: own words, or nothing to read */
    HibSentiment sentiment;
    HibIntent intent, likely_intent; /* likely_intent: where the intent is UNSURE */
    double probability;              /* of the likely intent */
    int urgency;                     /* 0..HIB_URGENCY_MOST */
    const char *reasons;             /* names of hib_urgency_reasons, a comma between */
    int64_t from, to;                /* the bytes of the text that speak most for it */
    const char *corrected_by;        /* person; NULL: the machine's reading */
} HibTalkReading;

/* What came with it, fetched into a file of ours. */
typedef enum {
    HIB_FILE_FETCHING,
    HIB_FILE_READY,
    HIB_FILE_GONE,      /* the network has it no longer */
    HIB_FILE_TOO_LARGE, /* more than we keep: it can be seen at the network */
    HIB_FILE_REFUSED,   /* a type that is not taken, or damaged */
    HIB_FILE_UNREACHABLE,
    HIB_FILE_REMOVED /* kept as long as the workspace wants (keep.c) */
} HibFileState;
typedef struct {
    const char *id; /* NULL: nothing of it is fetched (a place, a link) */
    HibFileState state;
    const char *name, *mime; /* mime and what follows: READY */
    int shown;               /* media/kept.h: what it turned out to be */
    bool has_thumb;
    int64_t bytes, duration_ms;
    int width, height;
} HibTalkFile;

typedef struct {
    const char *id, *thread_id, *account_id, *network;
    HibNetTalkKind kind;
    const char *text, *author_handle, *author_name, *url;
    const char *post_id; /* our post it stands under; NULL: none of ours */
    HibInstant at;
    bool is_own, is_deleted, is_hidden, can_reply;
    HibInstant edited_at;                /* 0: as it was first said */
    const HibNetAttachment *attachments; /* stickers, pictures, files */
    size_t n_attachments;
    HibTalkFile *files; /* one each; NULL where there are none */
    HibInstant
        free_until; /* LINE: an answer until then costs no quota; 0: none does, or it never costs */
    HibTalkReading reading;
    const char *answer_id, *answer_text; /* our last answer: its delivery; NULL: none */
    HibDeliveryState answer_state;
    const char *answer_by; /* name of who wrote it; NULL: a program, or gone */
    HibInstant answer_at;  /* 0: not known */
} HibTalk;

typedef struct {
    const char *post; /* under this post of ours; NULL: all */
    bool is_open;     /* only what is not answered and not our own */
    int limit;        /* 1..HIB_LIMIT_PAGE; 0: 50 */
    const char *cursor;
} HibTalkQuery;
/* Newest first. INVALID engage.bad_cursor, NOT_FOUND post.unknown. */
bool hib_engage_list(HibDb *db, const HibTalkQuery *query, HibTalk **ret_rows, size_t *ret_n,
                     const char **ret_next, GError **error);
bool hib_engage_get(HibDb *db, const char *talk, HibTalk **ret,
                    GError **error); /* NOT_FOUND engage.unknown */
/* Answers it. CONFLICT engage.answered (there is an answer that was not refused) unless `again`; engage.deleted; and the errors of hib_publish_reply. */
bool hib_engage_reply(HibDb *db, const char *talk, const char *text, bool again, HibTalk **ret,
                      GError **error);
/* Stores what was said, each once, in one transaction; *ret_n: how many are new. */
bool hib_engage_store(HibDb *db, const char *account, const HibNetTalk *talk, size_t n,
                      size_t *ret_n, GError **error);
/* The same of what a network told by its webhooks: HibAccountsHear. */
bool hib_engage_hear(HibDb *db, const char *account, const HibNetTalk *talk, size_t n,
                     GError **error);

/* --- threads ----------------------------------------------------------------------------------------------------------------- */
typedef enum { HIB_THREAD_OPEN, HIB_THREAD_WAITING, HIB_THREAD_DONE } HibThreadStatus;
typedef struct {
    const char *id, *account_id, *network;
    HibNetTalkKind kind; /* of its first word */
    const char *post_id; /* our post it stands under; NULL: none of ours */
    const char *with_id, *with_handle, *with_name; /* who began it */
    HibInstant first_at, last_at;
    const char *last_text; /* its beginning */
    bool last_is_own;
    int64_t n_talk, n_waiting;             /* n_waiting: said by others since our last word */
    HibInstant waiting_since, answered_at; /* 0: nothing waits; never answered */
    HibTalkReading reading;                /* of the most urgent that waits */
    HibThreadStatus status;
    const char *assignee_id;          /* NULL: nobody */
    HibInstant snoozed_until, due_at; /* 0: not */
    const char *tags;                 /* a line each; "" */
    int64_t version;
} HibThread;

typedef enum { HIB_THREADS_URGENT, HIB_THREADS_NEWEST } HibThreadOrder;
/* NULL, -1, false: not asked for. */
typedef struct {
    const char *account, *network, *assignee, *tag;
    const char *words; /* all of them stand in one thing said; two characters at least each */
    int kind, status, sentiment, intent;
    int urgency;                                /* at least; 0: any */
    bool is_unassigned, is_overdue, is_snoozed; /* without is_snoozed, what sleeps is left out */
    bool is_waiting;                            /* something waits for us */
    HibThreadOrder order;                       /* of a search: always newest */
    int limit;                                  /* 1..HIB_LIMIT_PAGE; 0: 50 */
    const char *cursor;
} HibThreadQuery;
#define HIB_THREAD_QUERY_ALL                                                                       \
    ((HibThreadQuery){.kind = -1, .status = -1, .sentiment = -1, .intent = -1})

/* INVALID engage.bad_cursor, search.short. */
bool hib_engage_threads(HibDb *db, const HibThreadQuery *query, HibThread **ret_rows, size_t *ret_n,
                        const char **ret_next, GError **error);
/* What waits for us and does not sleep, 1,000 at most; of it `me`'s, and the urgent (60 or more). */
typedef struct {
    int64_t n_open, n_mine, n_urgent;
} HibThreadCounts;
bool hib_engage_counts(HibDb *db, const char *me, HibThreadCounts *ret, GError **error);
/* Once at each start: what a migration brought in is counted by a job, and the daily look at what was kept long enough. Global. */
bool hib_engage_begin(HibDb *db, GError **error);
/* NOT_FOUND engage.thread_unknown. */
bool hib_engage_thread(HibDb *db, const char *thread, HibThread **ret, GError **error);
/* What was said in it, newest first; the page's cursor is that of hib_engage_list. */
bool hib_engage_thread_talk(HibDb *db, const char *thread, const char *cursor, int limit,
                            HibTalk **ret_rows, size_t *ret_n, const char **ret_next,
                            GError **error);
/* A person says how it is meant: kept, learnt at once, and what waits is read anew (event talk.read). UNSURE: that part is right as it is.
 * NOT_FOUND engage.unknown; CONFLICT engage.unread (own words, or none), engage.deleted. */
bool hib_engage_correct(HibDb *db, const char *talk, HibSentiment sentiment, HibIntent intent,
                        HibTalk **ret, GError **error);

/* Events out: talk.received (subject: account id), talk.read (subject: account id or none), thread.changed (subject: thread id).
 * In: account.connected, account.reconnected, account.talk, delivery.published, delivery.failed, delivery.cancelled. */
