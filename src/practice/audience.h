/* A simulated audience: how many people like, repost, quote or answer a post by any instant, and how many follow.
 *
 * Pure and seeded: the same audience, post and instant give the same numbers each time, and numbers never fall. What is true
 * in it is known, so that what measure/ and improve/ find can be held against it: people read by the clock of Japan (commute, noon,
 * evening), weekends differ, interest halves within hours, and most of a post's fate is its own heavy-tailed luck. */
#pragma once
#include "base/time.h"

typedef struct {
    uint64_t seed;
    HibInstant since;        /* the account's first day */
    int64_t followers;       /* on that day */
    double followers_a_day;  /* mean of new followers minus lost ones */
    double likes_a_follower; /* of a plain post at the best hour; 0.02 is usual for a small shop */
} HibAudience;

/* An audience of usual manners: half-life and weekday habits follow from the seed. */
HibAudience hib_audience_new(uint64_t seed, HibInstant since, int64_t followers);

typedef struct {
    uint64_t key; /* tells posts apart: hib_audience_key(record key) */
    HibInstant at;
    int graphemes, n_images;
    const char *topic; /* a word such as "季節" that this audience likes more or less; NULL: none */
} HibAudiencePost;

typedef struct {
    int64_t likes, reposts, replies, quotes;
} HibAudienceCounts;

/* Everything a network may show of a post. */
typedef struct {
    int64_t views, reach; /* times shown; people who saw it */
    int64_t likes, comments, reposts, quotes, saves, shares, clicks, profile_visits, follows;
    HibDuration watched; /* of a video, all views together */
} HibAudienceNumbers;

/* Zero before the post is out. */
HibAudienceCounts hib_audience_counts(const HibAudience *audience, const HibAudiencePost *post,
                                      HibInstant now);
/* The same, told wider: what is not a reaction follows from the reactions. */
HibAudienceNumbers hib_audience_numbers(const HibAudience *audience, const HibAudiencePost *post,
                                        HibInstant now);
int64_t hib_audience_followers(const HibAudience *audience, HibInstant now);
uint64_t hib_audience_key(const char *text);

/* The truth behind the numbers, for tests and for judging optimisers. */
double hib_audience_mean_likes(const HibAudience *audience,
                               const HibAudiencePost *post); /* before luck */
double hib_audience_rhythm(
    HibInstant at); /* share of people reading at this instant in Japan; mean 1 over a week */
double hib_audience_half_life_h(const HibAudience *audience);
/* Share of all reactions that have come by `age` after `at`: 0..1, never falls. */
double hib_audience_share(const HibAudience *audience, HibInstant at, HibDuration age);
