/* Inside engage/ only. */
#pragma once
#include "engage/engage.h"

#define HIB_JOB_TALK_READ "engage.read" /* subject: account */
#define HIB_JOB_TALK_TAKE "engage.take" /* an event of accounts/ */
bool hib_engage_read_run(HibDb *db, const HibJob *job, void *context, HibJobEnd *ret_end,
                         HibInstant *ret_at, GError **error);
bool hib_engage_take_run(HibDb *db, const HibJob *job, void *context, HibJobEnd *ret_end,
                         HibInstant *ret_at, GError **error);

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
