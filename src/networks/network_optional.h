/* What only some networks offer, beside network.h: a caller asks for it by the network's name and finds a function or none.
 *
 * What it may cost, how often it may be asked and what it leaves out is data (limits.h: HibNetSearchRule, from rules/networks/). */
#pragma once
#include "networks/audience.h"
#include "networks/network.h"
#include "networks/rival.h"

typedef enum { HIB_NET_FOLLOWS, HIB_NET_REPOSTED, HIB_NET_LIKED } HibNetDeed;
typedef enum { HIB_NET_DEED_NO, HIB_NET_DEED_DONE, HIB_NET_DEED_UNKNOWN } HibNetDone;

typedef struct {
    const char *network;
    /* Public posts with the hashtag `tag` (no #, at most HIB_NET_TAG_BYTES) since `cursor` (NULL: the last days, where the network goes back so far), oldest first, with the cursor
     * to go on from: what came in the same moments may come again, under the same remote id. One call takes at most what limits()->search says of posts. Where the network
     * does not tell who posted, author_id and author_handle are "". REAUTH_HUMAN and FATAL: this account may not search. */
    HibNetResult (*search_tag)(const HibNetContext *net, const HibGrant *grant, const char *tag,
                               const char *cursor, HibNetTalk **ret, size_t *ret_n,
                               const char **ret_cursor);
    /* Who follows the account (limits()->audience says whether it is who follows or who watched); *ret->n 0: the network tells nothing of this one. FATAL: it may not be asked. */
    HibNetResult (*read_audience)(const HibNetContext *net, const HibGrant *grant,
                                  HibNetAudience *ret);
    /* Whether each of `people` (as HibNetTalk.author_id, at most limits()->people->batch) follows the account: ret[n], UNKNOWN where the network leaves one out.
     * FATAL: the grant does not open it. */
    HibNetResult (*follows)(const HibNetContext *net, const HibGrant *grant,
                            const char *const *people, size_t n, HibNetDone *ret);
    /* A page of who reposted or liked the own post `post`, as HibNetTalk.author_id. `cursor` NULL: from the start; *ret_cursor NULL: that was the last. */
    HibNetResult (*list_people)(const HibNetContext *net, const HibGrant *grant, HibNetDeed deed,
                                const char *post, const char *cursor, const char ***ret,
                                size_t *ret_n, const char **ret_cursor);
    /* Somebody else's account as everybody may see it, looked at with an own grant. `who`: the handle of hib_net_rival_handle, or the remote_id of an earlier look.
     * Posts before `from` are known and need not be read again: left out where each costs money (limits()->rival). 0: none is known. */
    HibNetResult (*read_rival)(const HibNetContext *net, const HibGrant *grant, const char *who,
                               HibInstant from, HibNetRival *ret);
    bool finds_by_handle; /* read_rival takes no remote_id: who is renamed is unknown */
} HibNetOptional;
#define HIB_NET_TAG_BYTES 300

/* Never NULL; what the network does not offer is. */
const HibNetOptional *hib_net_optional(const HibNetwork *network);
