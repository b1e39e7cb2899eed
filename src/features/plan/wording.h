/* A text as it is sent: each network's own handles, own links marked. A part of plan.h, through which others reach it. */
#pragma once
#include "plan/kit.h"
#include "plan/plan.h"

typedef struct {
    const HibMention *mentions;
    size_t n_mentions;
    const char *const *hosts; /* none: no link is marked */
    size_t n_hosts;
    const char *medium, *campaign; /* campaign NULL: the post is of none */
} HibWording;
/* `campaign` NULL: none. */
bool hib_plan_wording(HibDb *db, const char *campaign, HibWording *ret, GError **error);
HibWording hib_plan_wording_of(const HibKit *kit, const char *campaign); /* pure */
/* @{name} as the network's handle, the plain name where there is none; own links marked. `network` NULL: names only. Pure; text NULL is NULL. */
const char *hib_plan_word(HibArena *arena, const HibWording *wording, const char *network,
                          const char *text);
/* The post with each account's texts as its network gets them: every variant has one of its own. The account may be gone. */
bool hib_plan_as_sent(HibDb *db, const HibPost *post, HibPost **ret, GError **error);
/* The same for many: pure; `networks` one a variant, NULL: gone. A text that nothing changes is the post's own. */
HibPost *hib_plan_reword(HibArena *arena, const HibWording *wording, const HibPost *post,
                         const char *const *networks);
