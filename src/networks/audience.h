/* Who follows an account, or watched it, as far as its network tells: shares of ages, genders, places.
 *
 * The one idea: every network says it in its own words, and here it is said in one ("18-24", "female", "JP"), so that accounts of different networks stand side by side. What a network does not say
 * (small groups, people it knows nothing of) is not in it: the shares of a part may come to less than 1. */
#pragma once
#include "base/arena.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef enum {
    HIB_NET_AGE,        /* "13-17" "65+" "unknown" */
    HIB_NET_GENDER,     /* "female" "male" "other" "unknown" */
    HIB_NET_COUNTRY,    /* "JP" */
    HIB_NET_CITY,       /* in the network's words */
    HIB_NET_AREA,       /* LINE's prefectures, "unknown" */
    HIB_NET_SYSTEM,     /* "ios" "android" "other" */
    HIB_NET_FRIEND_FOR, /* LINE, in days: "under_7" … "under_365" "over_365" "unknown" */
    HIB_NET_AUDIENCE_PARTS
} HibNetAudiencePart; /* same order as the contract */
typedef struct {
    HibNetAudiencePart part;
    const char *name;
    double share;  /* of the followers, or of who watched */
    int64_t count; /* -1: only the share is said */
} HibNetAudienceGroup;
#define HIB_NET_AUDIENCE_GROUPS 60 /* of one part; the smaller ones are left out */
typedef struct {
    HibNetAudienceGroup *groups; /* by part, the greatest first */
    size_t n;      /* 0: the network tells nothing (too few followers, not counted yet) */
    int64_t total; /* followers the counts are of; -1: not known */
} HibNetAudience;

/* Room for what a network may tell, in the arena. */
HibNetAudience hib_net_audience(HibArena *arena);
/* One group; another of the same part and name is added to it. What is no share (0 to 1) or has no name is left out. */
void hib_net_audience_add(HibNetAudience *audience, HibNetAudienceGroup group);
/* Puts it in order, cuts what is too much, and makes shares of counts: of `total`, where that is known and not less than they come to. */
void hib_net_audience_end(HibNetAudience *audience);
