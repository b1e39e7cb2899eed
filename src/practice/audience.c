/* The audience model. A post's reactions are N draws (N: Poisson around a mean times a heavy-tailed luck); each has its own quantile,
 * and by an instant those have come whose quantile lies under the share of reading that has happened. So counts are whole numbers
 * that never fall, without keeping any state. */
#include "practice/audience.h"
#include "base/secrets.h"

#include <math.h>
#include <string.h>

#define JAPAN (9 * HIB_HOUR) /* no summer time since 1951 */
#define QUARTER (15 * HIB_MINUTE)
#define HORIZON (14 * HIB_DAY)
#define MOST 20000 /* reactions of one kind; the tail is cut there */

/* People reading, by hour of the Japanese day. */
static const double by_hour[24] = {0.45, 0.25, 0.15, 0.10, 0.12, 0.25, 0.60, 1.10,
                                   1.20, 0.90, 0.80, 0.90, 1.45, 1.10, 0.85, 0.90,
                                   0.95, 1.10, 1.30, 1.50, 1.75, 1.85, 1.60, 0.95};
/* Monday first. */
static const double by_weekday[7] = {0.95, 0.92, 0.96, 0.98, 1.08, 1.10, 1.01};

HibAudience
hib_audience_new(uint64_t seed, HibInstant since, int64_t followers)
{
    return (HibAudience){.seed = seed,
                         .since = since,
                         .followers = followers,
                         .followers_a_day = 0.4 + (double)followers * 0.0011,
                         .likes_a_follower = 0.021};
}

uint64_t
hib_audience_key(const char *text)
{
    uint64_t h = UINT64_C(14695981039346656037); /* FNV-1a */
    for (const unsigned char *p = (const unsigned char *)text; *p; p++)
        h = (h ^ *p) * UINT64_C(1099511628211);
    return h;
}

static void
seeded(HibSeeded *out, const HibAudience *audience, uint64_t key, uint64_t purpose)
{
    hib_seeded_init(out, audience->seed * UINT64_C(0x9e3779b97f4a7c15) ^ key ^
                             purpose * UINT64_C(0xbf58476d1ce4e5b9));
}

double
hib_audience_rhythm(HibInstant at)
{
    HibInstant wall = at + JAPAN;
    int64_t day = wall / HIB_DAY - (wall % HIB_DAY < 0);
    HibDuration in_day = wall - day * HIB_DAY;
    int hour = (int)(in_day / HIB_HOUR);
    double part = (double)(in_day % HIB_HOUR) / (double)HIB_HOUR;
    int64_t weekday = ((day + 3) % 7 + 7) % 7; /* 1970-01-01 was a Thursday */
    double level = by_hour[hour] * (1 - part) + by_hour[(hour + 1) % 24] * part;
    return level / 0.9216666666666666 * by_weekday[weekday];
}

double
hib_audience_half_life_h(const HibAudience *audience)
{
    HibSeeded s;
    seeded(&s, audience, 0, 1);
    return 1.8 + 1.8 * hib_seeded_unit(&s);
}

/* Reading that reaches the post until `age`, and at all: rhythm times forgetting, in quarter hours on the first day and hours after.
 * A small share is slow (found days later), as on every network. */
static void
reading(const HibAudience *audience, HibInstant at, HibDuration age, double *ret_until,
        double *ret_all)
{
    double half_h = hib_audience_half_life_h(audience);
    double all = 0;
    double until = 0;
    HibDuration step = QUARTER;
    double fast = exp2(-0.25 / half_h);
    double slow = exp2(-0.25 / 60.0);
    double w_fast = 1;
    double w_slow = 0.02;
    for (HibDuration start = 0; start < HORIZON; start += step) {
        if (start == HIB_DAY) {
            step = HIB_HOUR;
            fast = exp2(-1 / half_h);
            slow = exp2(-1 / 60.0);
        }
        double weight = (w_fast + w_slow) * hib_audience_rhythm(at + start + step / 2) *
                        (double)(step / QUARTER); /* NOLINT: steps are whole quarters */
        if (age >= start + step)
            until += weight;
        else if (age > start)
            until += weight * (double)(age - start) / (double)step;
        all += weight;
        w_fast *= fast;
        w_slow *= slow;
    }
    *ret_until = until;
    *ret_all = all;
}

double
hib_audience_share(const HibAudience *audience, HibInstant at, HibDuration age)
{
    double until = 0;
    double all = 0;
    reading(audience, at, age, &until, &all);
    return until / all;
}

/* People's taste: pictures help, three or four hardly more than two; very short and very long texts do worse; a topic has its own
 * factor that belongs to this audience. */
static double
taste(const HibAudience *audience, const HibAudiencePost *post)
{
    static const double pictures[] = {1.0, 1.45, 1.55, 1.60, 1.60};
    double length = 1.0 - 0.25 * fabs(log(MAX(post->graphemes, 1) / 75.0)) / log(4.0);
    double topic = 1;
    if (post->topic && *post->topic) {
        HibSeeded s;
        seeded(&s, audience, hib_audience_key(post->topic), 2);
        topic = exp(0.30 * hib_seeded_normal(&s));
    }
    return pictures[CLAMP(post->n_images, 0, 4)] * MAX(length, 0.35) * topic;
}

/* Before luck, from the reading the post gets at all. */
static double
mean_likes(const HibAudience *audience, const HibAudiencePost *post, double all)
{
    double half_steps = hib_audience_half_life_h(audience) * 4 /
                        log(2.0); /* what `all` is around the clock on average */
    double slot = all / (half_steps * 1.3);
    return (double)hib_audience_followers(audience, post->at) * audience->likes_a_follower * slot *
           taste(audience, post);
}

double
hib_audience_mean_likes(const HibAudience *audience, const HibAudiencePost *post)
{
    double until = 0;
    double all = 0;
    reading(audience, post->at, 0, &until, &all);
    return mean_likes(audience, post, all);
}

static int64_t
come(HibSeeded *s, double mean, double share)
{
    int64_t n = hib_seeded_poisson(s, MIN(mean, (double)MOST / 2));
    int64_t out = 0;
    n = MIN(n, MOST);
    for (int64_t i = 0; i < n; i++)
        out += hib_seeded_unit(s) < share;
    return out;
}

HibAudienceCounts
hib_audience_counts(const HibAudience *audience, const HibAudiencePost *post, HibInstant now)
{
    HibAudienceCounts out = {0};
    if (now <= post->at)
        return out;
    HibSeeded s;
    seeded(&s, audience, post->key, 3);
    double luck = exp(0.65 * hib_seeded_normal(&s) - 0.21);
    if (hib_seeded_unit(&s) < 0.025)
        luck *= pow(1 - hib_seeded_unit(&s), -1 / 1.4); /* now and then one travels far */
    double until = 0;
    double all = 0;
    reading(audience, post->at, now - post->at, &until, &all);
    double likes = mean_likes(audience, post, all) * luck;
    double share = until / all;
    static const double kinds[] = {1.0, 0.16, 0.07, 0.025};
    int64_t *const counts[] = {&out.likes, &out.reposts, &out.replies, &out.quotes};
    for (int k = 0; k < 4; k++) {
        seeded(&s, audience, post->key, 10 + (uint64_t)k);
        *counts[k] = come(&s, likes * kinds[k], share);
    }
    return out;
}

HibAudienceNumbers
hib_audience_numbers(const HibAudience *audience, const HibAudiencePost *post, HibInstant now)
{
    const HibAudienceCounts n = hib_audience_counts(audience, post, now);
    return (HibAudienceNumbers){.views = n.likes * 38 + n.reposts * 70,
                                .reach = n.likes * 29 + n.reposts * 55,
                                .likes = n.likes,
                                .comments = n.replies,
                                .reposts = n.reposts,
                                .quotes = n.quotes,
                                .saves = n.likes / 9,
                                .shares = n.reposts / 2,
                                .clicks = n.likes / 4,
                                .profile_visits = n.likes / 7,
                                .follows = n.likes / 60,
                                .watched = n.likes * 38 * 6 * HIB_SECOND};
}

int64_t
hib_audience_followers(const HibAudience *audience, HibInstant now)
{
    int64_t out = audience->followers;
    if (now <= audience->since)
        return out;
    int64_t days = MIN((now - audience->since) / HIB_DAY, 20000);
    HibSeeded s;
    seeded(&s, audience, 0, 4);
    for (int64_t d = 0; d <= days; d++) {
        int64_t won = hib_seeded_poisson(&s, audience->followers_a_day * 1.5);
        int64_t lost = hib_seeded_poisson(&s, audience->followers_a_day * 0.5);
        double part =
            d < days ? 1 : (double)(now - audience->since - d * HIB_DAY) / (double)HIB_DAY;
        out += (int64_t)((double)(won - lost) * part);
    }
    return MAX(out, 0);
}
