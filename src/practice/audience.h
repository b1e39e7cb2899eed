/* A simulated audience, described: who they are, when they read, what they like. crowd.h lets them live.
 *
 * What is true of them is known (hib_audience_truth_…), so that what measure/ and improve/ find can be held against it: people read by
 * the clock of Japan, each community by its own; topics please some more than others; and most of a post's fate is its own luck.
 * Pure: everything here follows from the description. */
#pragma once
#include "base/time.h"
#include <stdint.h>

#define HIB_AUDIENCE_COMMUNITIES 4 /* at work, at school, at home, up at night */

typedef enum {
    HIB_INDUSTRY_CAFE,
    HIB_INDUSTRY_BEAUTY,
    HIB_INDUSTRY_SHOP, /* goods, by mail too */
    HIB_INDUSTRY_TRAVEL,
    HIB_INDUSTRY_SOFTWARE,
    HIB_INDUSTRY_N
} HibIndustry;

typedef struct {
    uint64_t seed;
    HibInstant since;       /* the account's first day */
    int64_t followers;      /* on that day */
    double followers_a_day; /* mean of new followers minus lost ones, beside those that posts win */
    double likes_a_follower; /* of a plain post, over all hours; 0.015 is usual for a small shop */
    double branching;     /* mean reshares that one reshare leads to: below 1, or it never ends */
    double luck;          /* spread of log quality between posts; 0: all alike */
    double discovery;     /* how much the ranking shows a good post to strangers; 0: not at all */
    double english;       /* share of comments in English */
    HibDuration fresh;    /* how long a post goes on being reshared: e-fold; 0: for ever */
    HibIndustry industry; /* what comments talk about */
    bool is_timeless;     /* no rhythm at all: for tests of the theory */
} HibAudience;

/* An audience of usual manners. */
HibAudience hib_audience_new(uint64_t seed, HibInstant since, int64_t followers);

typedef struct {
    uint64_t key; /* tells posts apart: hib_audience_key(id) */
    HibInstant at;
    int graphemes, n_images;
    HibDuration length; /* of a video; 0: none */
    const char *topic;  /* a word such as "季節"; NULL: none */
} HibAudiencePost;

/* Everything a network may show of a post. */
typedef struct {
    int64_t views, reach; /* times shown; people who saw it */
    int64_t likes, comments, reposts, quotes, saves, shares, clicks, profile_visits, follows;
    HibDuration watched; /* of a video, all views together */
} HibAudienceNumbers;

uint64_t hib_audience_key(const char *text);

/* --- the truth -------------------------------------------------------------------------------------------- */
/* People reading at this instant: all of them, mean 1 over a week. */
double hib_audience_rhythm(HibInstant at);
/* The same of one community (0 … HIB_AUDIENCE_COMMUNITIES - 1). */
double hib_audience_rhythm_of(int community, HibInstant at);
double hib_audience_weight(int community); /* its share of the people; they sum to 1 */
double hib_audience_half_life_h(const HibAudience *audience); /* of a post in the followers' feed */
double hib_audience_fit(const HibAudience *audience, int community,
                        const char *topic); /* 1: like any */
/* How much more (1.2: 20 %) a post gets than the mean over the week for having come out in this hour (weekday 0 = Monday, Japan's clock). */
double hib_audience_truth_hour(const HibAudience *audience, int weekday, int hour);
/* … for being about this topic, whatever the hour. */
double hib_audience_truth_topic(const HibAudience *audience, const char *topic);
/* Mean likes of a post from the feed of `followers` people, luck, other posts and reshares left out. */
double hib_audience_mean_likes(const HibAudience *audience, const HibAudiencePost *post,
                               int64_t followers);
/* Share of the feed's likes that have come by `age`: 0..1, never falls. */
double hib_audience_share(const HibAudience *audience, HibInstant at, HibDuration age);

/* --- what the simulation goes by (crowd_*.c) -------------------------------------------------------------- */
double hib_audience_content(const HibAudiencePost *post); /* what pictures and length are worth */
double hib_audience_seen(int64_t followers); /* views in the feed per follower, of a plain post */
#define HIB_AUDIENCE_SLOW_SHARE 0.07         /* of the feed's views: found days later */
#define HIB_AUDIENCE_SLOW_H 60.0             /* their half-life */
