/* The description of an audience and the truth that follows from it. The day is Japan's, measured on 40,000 impressions of one week of
 * a Japanese shop (open_bandit, November 2019, CC BY 4.0); the communities part it so that together they read by exactly that day. */
#include "practice/audience.h"
#include "base/secrets.h"

#include <math.h>
#include <string.h>

#define JAPAN (9 * HIB_HOUR) /* no summer time since 1951 */
#define HORIZON (14 * HIB_DAY)

static const double by_hour[24] = {1.60, 0.70, 0.42, 0.25, 0.17, 0.25, 0.41, 0.64,
                                   0.76, 0.88, 0.95, 0.98, 1.24, 1.03, 0.99, 0.94,
                                   0.96, 1.04, 1.13, 1.26, 1.62, 1.95, 2.00, 1.84};
#define BY_HOUR_SUM 24.01
/* Monday first; mean 1. */
static const double by_weekday[7] = {0.95, 0.92, 0.96, 0.98, 1.08, 1.10, 1.01};

static const double weights[HIB_AUDIENCE_COMMUNITIES] = {0.34, 0.22, 0.24, 0.20};
/* At work, at school, at home, as a factor on the day of all; those up at night are what is left. */
static const double leanings[3][24] = {
    {0.7, 0.7,  0.7,  0.7,  0.7,  0.7,  1.0, 1.5, 1.5, 0.75, 0.75, 0.75,
     1.5, 0.75, 0.75, 0.75, 0.75, 0.75, 1.1, 1.1, 1.1, 1.1,  1.1,  1.0},
    {1.45, 1.45, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 0.7, 0.7,  0.7,
     0.7,  0.7,  0.7, 0.7, 1.2, 1.2, 1.2, 1.0, 1.0, 1.0, 1.45, 1.45},
    {0.6, 0.6, 0.6, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.5, 1.5, 1.5,
     1.0, 1.5, 1.5, 1.5, 1.0, 1.0, 1.0, 1.0, 0.9, 0.9, 0.6, 0.6},
};

HibAudience
hib_audience_new(uint64_t seed, HibInstant since, int64_t followers)
{
    return (HibAudience){.seed = seed,
                         .since = since,
                         .followers = followers,
                         .followers_a_day = 0.4 + (double)followers * 0.0011,
                         .likes_a_follower = 0.015,
                         .branching = 0.30,
                         .luck = 0.65,
                         .discovery = 0.7,
                         .english = 0.15,
                         .fresh = 2 * HIB_DAY};
}

uint64_t
hib_audience_key(const char *text)
{
    uint64_t h = UINT64_C(14695981039346656037); /* FNV-1a */
    for (const unsigned char *p = (const unsigned char *)text; *p; p++)
        h = (h ^ *p) * UINT64_C(1099511628211);
    return h;
}

/* --- rhythm ----------------------------------------------------------------------------------------------- */
/* Hours since a Monday's midnight in Japan, 0..167. */
static int
hour_of_week(HibInstant at)
{
    int64_t hours = (at + JAPAN) / HIB_HOUR - ((at + JAPAN) % HIB_HOUR < 0);
    return (int)(((hours + 72) % 168 + 168) % 168); /* 1970-01-01 was a Thursday */
}

static double
all_at(int hour_of_the_week)
{
    return by_hour[hour_of_the_week % 24] * (24 / BY_HOUR_SUM) * by_weekday[hour_of_the_week / 24];
}

static double
leaning(int community, int hour)
{
    double left = 1;
    if (community < 3)
        return leanings[community][hour];
    for (int c = 0; c < 3; c++)
        left -= weights[c] * leanings[c][hour];
    return left / weights[3];
}

double
hib_audience_rhythm(HibInstant at)
{
    return all_at(hour_of_week(at));
}

double
hib_audience_rhythm_of(int community, HibInstant at)
{
    int hour = hour_of_week(at);
    return all_at(hour) * leaning(community, hour % 24);
}

double
hib_audience_weight(int community)
{
    return weights[community];
}

/* --- taste ------------------------------------------------------------------------------------------------ */
static void
seeded(HibSeeded *out, const HibAudience *audience, uint64_t key, uint64_t purpose)
{
    hib_seeded_init(out, audience->seed * UINT64_C(0x9e3779b97f4a7c15) ^ key ^
                             purpose * UINT64_C(0xbf58476d1ce4e5b9));
}

double
hib_audience_half_life_h(const HibAudience *audience)
{
    HibSeeded s;
    seeded(&s, audience, 0, 1);
    return 1.8 + 1.8 * hib_seeded_unit(&s);
}

double
hib_audience_fit(const HibAudience *audience, int community, const char *topic)
{
    if (!topic || !*topic)
        return 1;
    HibSeeded s;
    seeded(&s, audience, hib_audience_key(topic), 2);
    double common = 0.20 * hib_seeded_normal(&s);
    for (int c = 0; c < community; c++)
        (void)hib_seeded_normal(&s);
    return exp(common + 0.25 * hib_seeded_normal(&s));
}

/* Pictures help, three or four hardly more than two; a film up to a minute helps most; very short and very long texts do worse. */
double
hib_audience_content(const HibAudiencePost *post)
{
    static const double pictures[] = {1.0, 1.45, 1.55, 1.60, 1.60};
    double length = 1.0 - 0.25 * fabs(log(MAX(post->graphemes, 1) / 75.0)) / log(4.0);
    double shown = pictures[CLAMP(post->n_images, 0, 4)];
    if (post->length > 0)
        shown = post->length <= HIB_MINUTE ? 1.8 : 1.35;
    return shown * MAX(length, 0.35);
}

double
hib_audience_seen(int64_t followers)
{
    return 0.42 * pow(MAX((double)followers, 1.0) / 500.0, -0.12);
}

/* --- truth ------------------------------------------------------------------------------------------------ */
/* Reading of a community that a post of `at` meets until `age`: the feed forgets by the wall's clock, people come by theirs. */
static double
reading(const HibAudience *audience, int community, HibInstant at, HibDuration age)
{
    double fast = log(2) / hib_audience_half_life_h(audience);
    double slow = log(2) / HIB_AUDIENCE_SLOW_H;
    double out = 0;
    for (HibDuration from = 0; from < MIN(age, HORIZON);) {
        HibDuration into = ((at + from) % HIB_HOUR + HIB_HOUR) % HIB_HOUR;
        HibDuration until = MIN(from + HIB_HOUR - into, MIN(age, HORIZON));
        double a = (double)from / (double)HIB_HOUR;
        double b = (double)until / (double)HIB_HOUR;
        double rhythm = audience->is_timeless ? 1 : hib_audience_rhythm_of(community, at + from);
        out += rhythm * ((1 - HIB_AUDIENCE_SLOW_SHARE) * (exp(-fast * a) - exp(-fast * b)) +
                         HIB_AUDIENCE_SLOW_SHARE * (exp(-slow * a) - exp(-slow * b)));
        from = until;
    }
    return out;
}

/* Over the communities, each by how it likes the topic: it sees more of it and likes more of what it sees. */
static double
met(const HibAudience *audience, HibInstant at, const char *topic, HibDuration age)
{
    double out = 0;
    for (int c = 0; c < HIB_AUDIENCE_COMMUNITIES; c++) {
        double fit = hib_audience_fit(audience, c, topic);
        out += weights[c] * fit * fit * reading(audience, c, at, age);
    }
    return out;
}

double
hib_audience_truth_hour(const HibAudience *audience, int weekday, int hour)
{
    HibInstant monday = 4 * HIB_DAY - JAPAN;
    double sum = 0;
    for (int h = 0; h < 168; h++)
        sum += met(audience, monday + h * HIB_HOUR + HIB_HOUR / 2, NULL, HORIZON);
    return met(audience, monday + (weekday * 24 + hour) * HIB_HOUR + HIB_HOUR / 2, NULL, HORIZON) /
           (sum / 168);
}

double
hib_audience_truth_topic(const HibAudience *audience, const char *topic)
{
    double out = 0;
    for (int c = 0; c < HIB_AUDIENCE_COMMUNITIES; c++) {
        double fit = hib_audience_fit(audience, c, topic);
        out += weights[c] * fit * fit;
    }
    return out;
}

double
hib_audience_mean_likes(const HibAudience *audience, const HibAudiencePost *post, int64_t followers)
{
    return (double)followers * audience->likes_a_follower * (hib_audience_seen(followers) / 0.42) *
           hib_audience_content(post) * met(audience, post->at, post->topic, HORIZON);
}

double
hib_audience_share(const HibAudience *audience, HibInstant at, HibDuration age)
{
    return met(audience, at, NULL, age) / met(audience, at, NULL, HORIZON);
}
