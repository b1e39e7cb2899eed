/* Engage: what people say to the accounts (comments, mentions, direct messages), and answering it.
 *
 * Networks that can be asked are read by a job; those that tell by themselves come in through accounts' webhooks. The same thing told twice,
 * late or out of order is one row. An answer is a delivery of publish/: sent once, held by the switches, its outcome known. */
#pragma once
#include "publish/publish.h"
#include "store/feature.h"

extern const HibFeature hib_engage;

typedef struct {
    const char *id, *account_id, *network;
    HibNetTalkKind kind;
    const char *text, *author_handle, *author_name, *url;
    const char *post_id; /* our post it stands under; NULL: none of ours */
    HibInstant at;
    bool is_own, is_deleted, can_reply;
    const char *answer_id, *answer_text; /* our last answer: its delivery; NULL: none */
    HibDeliveryState answer_state;
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

/* Events out: talk.received (subject: account id). In: account.connected, account.reconnected, account.talk. */
