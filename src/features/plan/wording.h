/* A text as it is sent: each network's own handles, own links marked. A part of plan.h, through which others reach it. */
#pragma once
#include "links/links.h"
#include "plan/kit.h"
#include "plan/plan.h"

typedef struct {
    const HibMention *mentions;
    size_t n_mentions;
    const char *const *hosts; /* none: no link is marked */
    size_t n_hosts;
    const char *medium, *campaign; /* campaign NULL: the post is of none */
    const char
        *short_base; /* links are made short: what stands before a code; NULL: they are not */
    const HibPostLink *shorts; /* those that are there; others get a code that stands for theirs */
    size_t n_shorts;
} HibWording;
/* `campaign` NULL: none. */
bool hib_plan_wording(HibDb *db, const char *campaign, HibWording *ret, GError **error);
HibWording hib_plan_wording_of(const HibKit *kit, const char *campaign); /* pure */
/* @{name} as the network's handle, the plain name where there is none; own links marked. `network` NULL: names only. Pure; text NULL is NULL. */
const char *hib_plan_word(HibArena *arena, const HibWording *wording, const char *network,
                          const char *text);
/* The same with links made short, where the wording says so. `account` NULL: of none yet. */
const char *hib_plan_word_for(HibArena *arena, const HibWording *wording, const char *network,
                              const char *account, const char *text);
/* Makes the short links that a post with is_short needs and has not; in the caller's transaction. */
bool hib_plan_shorten(HibDb *db, const HibPost *post, GError **error);
/* The post's links as the workspace wants them named; pointers "/variants/0/text". INVALID links.utm_… */
bool hib_plan_check_links(HibDb *db, const HibPost *post, GError **error);
/* The post with each account's texts as its network gets them: every variant has one of its own. The account may be gone. */
bool hib_plan_as_sent(HibDb *db, const HibPost *post, HibPost **ret, GError **error);
/* The same for many: pure; `networks` one a variant, NULL: gone. A text that nothing changes is the post's own. */
HibPost *hib_plan_reword(HibArena *arena, const HibWording *wording, const HibPost *post,
                         const char *const *networks);
