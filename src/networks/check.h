/* The usual checks of a post against its network's limits, before it may be scheduled: what the network would refuse is refused here, with
 * the rule and the number. Pure; the limits are rules/networks' data. */
#pragma once
#include "networks/network.h"

typedef struct {
    const char *reason; /* "post.over_limit": slug of the sentence a person reads */
    const char *
        pointer; /* "/text" "/title" "/format" "/options/privacy" "/media/0" "/media/0/alt"; in the arena */
    double limit, actual; /* limit 0: there is none to name */
    bool is_fittable;     /* media/ can make a version that passes */
} HibNetProblem;

/* Everything wrong with `post` on the network, at most `most`; 0: nothing. */
size_t hib_net_check(HibArena *arena, const HibNetwork *network, const HibNetPost *post,
                     HibNetProblem *ret, size_t most);
/* Nothing in it that a reader would see. */
bool hib_net_is_blank(const char *text);
