/* Somebody else's account, as everybody may see it: public figures of it and of its newest posts. No texts: who compares needs none. */
#pragma once
#include "base/arena.h"
#include "base/time.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef enum {
    HIB_RIVAL_FOUND,
    HIB_RIVAL_UNKNOWN,  /* no such account, or it is gone */
    HIB_RIVAL_PRIVATE,  /* it is there and shows nothing to others, or not to the own account */
    HIB_RIVAL_SUSPENDED /* the network shut it off; it may come back */
} HibNetRivalState;
typedef struct {
    const char *remote_id;
    HibInstant at;
    int64_t likes, reposts, replies, quotes; /* -1: not told */
} HibNetRivalPost;
#define HIB_NET_RIVAL_POSTS 100
typedef struct {
    HibNetRivalState state; /* all else holds when found; remote_id also when private */
    const char *remote_id, *handle, *name, *url;
    int64_t followers, posts; /* -1: not told */
    HibNetRivalPost *recent;  /* its own, no answers to others and nothing passed on; in no order */
    size_t n_recent;
    HibInstant since; /* every post from then on is in recent; 0: every one there is */
    bool hides_followers;
    int64_t n_accounts_read,
        n_posts_read; /* by this look, whatever its state: what a network that charges takes money for */
} HibNetRival;

/* Room for the posts, in the arena; figures not told. */
HibNetRival hib_net_rival(HibArena *arena);
/* One post; beyond HIB_NET_RIVAL_POSTS nothing is added. False: no room. */
bool hib_net_rival_add(HibNetRival *rival, HibNetRivalPost post);
/* Where a post of theirs can be looked at, by the address of its profile and its remote_id; NULL: the id says no address (Instagram). Pure. */
const char *hib_net_rival_post_url(HibArena *arena, const char *network, const char *profile,
                                   const char *remote_id);
/* What a person typed or pasted (@name, name@host, https://…/@name, https://bsky.app/profile/name …) as the handle that read_rival takes; NULL: it cannot be one of this network.
 * Where handles and ids look alike (X, YouTube) the handle keeps its @. Pure. */
const char *hib_net_rival_handle(HibArena *arena, const char *network, const char *typed);
