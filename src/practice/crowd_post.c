/* A post's life in the crowd. Followers meet it in their feed, which forgets it by the wall's clock; some reshare it, and each reshare
 * is a new exposure of its own: a marked Hawkes process with TiDeH's memory kernel (Kobayashi and Lambiotte, ICWSM 2016), written as the
 * branching it is, so that its theory is known: a reshare leads to `branching` others in the mean, and a cascade has 1 / (1 - branching).
 * Four times the ranking looks at how a post does against what so many views should have brought, and shows the good ones to strangers. */
#include "practice/crowd_private.h"

#include <math.h>

#define FEED_HORIZON (14 * HIB_DAY)
#define RESHARE_VIEWS 24.0 /* of one reshare in the mean: 160 followers, one in seven looks */
#define LOOKERS 0.42       /* share of followers that hib_audience_seen gives 500 of them */

/* The memory kernel: flat for five minutes, then a power law. */
#define KERNEL_S0 (5.0 * 60)
#define KERNEL_THETA 0.242
#define KERNEL_FLAT (1 / (1 + 1 / KERNEL_THETA)) /* the share of the flat part */

/* What people do with what they see, as a factor on liking it. */
static const struct {
    HibCrowdKind kind; /* HIB_CROWD_VIEW: counted only */
    double factor;
    size_t counter;
} reactions[] = {
    {HIB_CROWD_LIKE, 1.0, offsetof(HibAudienceNumbers, likes)},
    {HIB_CROWD_REPOST, 0.16, offsetof(HibAudienceNumbers, reposts)},
    {HIB_CROWD_COMMENT, 0.07, offsetof(HibAudienceNumbers, comments)},
    {HIB_CROWD_QUOTE, 0.025, offsetof(HibAudienceNumbers, quotes)},
    {HIB_CROWD_VIEW, 0.11, offsetof(HibAudienceNumbers, saves)},
    {HIB_CROWD_VIEW, 0.08, offsetof(HibAudienceNumbers, shares)},
    {HIB_CROWD_VIEW, 0.20, offsetof(HibAudienceNumbers, clicks)},
    {HIB_CROWD_VIEW, 0.14, offsetof(HibAudienceNumbers, profile_visits)},
};
#define ALL_REACTIONS                                                                              \
    1.785 /* the factors together: most people do nothing, and are done with quickly */
static const HibDuration review_ages[] = {30 * HIB_MINUTE, 2 * HIB_HOUR, 6 * HIB_HOUR, HIB_DAY};

static CrowdPost *
post_at(const HibCrowd *crowd, guint32 place)
{
    return &g_array_index(crowd->posts, CrowdPost, place);
}

/* --- exposure --------------------------------------------------------------------------------------------- */
double
hib_crowd_kernel_share(double age_s)
{
    if (age_s <= KERNEL_S0)
        return KERNEL_FLAT * age_s / KERNEL_S0;
    return KERNEL_FLAT + KERNEL_FLAT / KERNEL_THETA * (1 - pow(age_s / KERNEL_S0, -KERNEL_THETA));
}

static double
kernel_age_s(double share)
{
    if (share <= KERNEL_FLAT)
        return KERNEL_S0 * share / KERNEL_FLAT;
    return KERNEL_S0 *
           pow(1 - (share - KERNEL_FLAT) * KERNEL_THETA / KERNEL_FLAT, -1 / KERNEL_THETA);
}

static double
half_life_s(const CrowdLive *live, CrowdKernel kernel)
{
    double hours = kernel == CROWD_SLOW        ? HIB_AUDIENCE_SLOW_H
                   : kernel == CROWD_STRANGERS ? 3 * live->half_life_h
                                               : live->half_life_h;
    return hours * 3600;
}

/* The next candidate's instant; false when the source has run dry. */
static bool
next_candidate(const HibCrowd *crowd, CrowdLive *live, CrowdSource *source, HibInstant *ret_at)
{
    bool is_reshare = source->kernel == CROWD_RESHARE;
    source->used += -log(1 - hib_seeded_unit(&live->dice)) / source->mean;
    if (source->used >= 1)
        return false;
    double age_s = is_reshare ? kernel_age_s(source->used * crowd->kernel_share)
                              : -log(1 - source->used) / log(2) * half_life_s(live, source->kernel);
    HibDuration horizon = is_reshare ? CROWD_RESHARE_HORIZON : FEED_HORIZON;
    if (age_s >= (double)(horizon / HIB_SECOND))
        return false;
    *ret_at = source->began_at + (HibDuration)(age_s * (double)HIB_SECOND);
    return true;
}

/* Puts the source's next view into the heap, or ends it. */
static void
schedule(HibCrowd *crowd, guint32 place, guint32 n)
{
    CrowdPost *post = post_at(crowd, place);
    CrowdLive *live = post->live;
    CrowdSource *source = &g_array_index(live->sources, CrowdSource, n);
    bool is_of_all = source->kernel == CROWD_RESHARE || source->kernel == CROWD_STRANGERS;
    int rhythm = is_of_all ? CROWD_SHARING : source->community;
    HibDuration fresh = crowd->audience.fresh;
    HibInstant at = 0;
    while (next_candidate(crowd, live, source, &at)) {
        double chance = crowd->rhythm[rhythm][hib_crowd_hour(at)] / crowd->rhythm_max[rhythm];
        if (is_of_all && fresh > 0)
            chance *= exp(-(double)(at - post->at) / (double)fresh);
        if (hib_seeded_unit(&live->dice) >= chance)
            continue;
        hib_crowd_push(crowd, (CrowdEvent){at, place, n});
        live->n_waiting++;
        return;
    }
    g_array_append_val(live->free, n);
}

static void
expose(HibCrowd *crowd, guint32 place, CrowdSource source)
{
    CrowdLive *live = post_at(crowd, place)->live;
    guint32 n = live->sources->len;
    if (source.mean <= 0)
        return;
    bool is_of_all = source.kernel == CROWD_RESHARE || source.kernel == CROWD_STRANGERS;
    source.mean *= crowd->rhythm_max[is_of_all ? CROWD_SHARING : source.community];
    if (live->free->len > 0) {
        n = g_array_index(live->free, guint32, live->free->len - 1);
        g_array_set_size(live->free, live->free->len - 1);
        g_array_index(live->sources, CrowdSource, n) = source;
    } else {
        g_array_append_val(live->sources, source);
    }
    schedule(crowd, place, n);
}

/* --- birth, reviews, end ---------------------------------------------------------------------------------- */
/* Posts of the last six hours share the attention. */
static double
attention(HibCrowd *crowd, HibInstant at)
{
    int n = 0;
    for (size_t i = 0; i < G_N_ELEMENTS(crowd->last_births); i++)
        n += crowd->last_births[i] > at - 6 * HIB_HOUR && crowd->last_births[i] != 0;
    crowd->last_births[crowd->n_births++ % (int)G_N_ELEMENTS(crowd->last_births)] = at;
    return 1 / (1 + 0.25 * n);
}

static CrowdLive *
live_new(const HibCrowd *crowd, const CrowdPost *post)
{
    const HibAudience *audience = &crowd->audience;
    const HibAudiencePost facts = {
        .graphemes = post->graphemes, .n_images = post->n_images, .length = post->length};
    CrowdLive *live = g_new0(CrowdLive, 1);
    hib_seeded_init(&live->dice, audience->seed * UINT64_C(0x9e3779b97f4a7c15) ^ post->key ^
                                     UINT64_C(0x94d049bb133111eb));
    double luck = hib_seeded_normal(&live->dice);
    live->quality = exp(audience->luck * luck - audience->luck * audience->luck / 2);
    live->sqrt_quality = sqrt(live->quality);
    live->content = hib_audience_content(&facts);
    live->half_life_h = hib_audience_half_life_h(audience);
    for (int c = 0; c < HIB_AUDIENCE_COMMUNITIES; c++)
        live->fits[c] = hib_audience_fit(audience, c, post->topic);
    live->sources = g_array_new(FALSE, FALSE, sizeof(CrowdSource));
    live->free = g_array_new(FALSE, FALSE, sizeof(guint32));
    return live;
}

void
hib_crowd_live_free(CrowdLive *live)
{
    if (!live)
        return;
    g_array_free(live->sources, TRUE);
    g_array_free(live->free, TRUE);
    g_free(live);
}

void
hib_crowd_birth(HibCrowd *crowd, guint32 place)
{
    CrowdPost *post = post_at(crowd, place);
    if (post->is_removed)
        return;
    CrowdLive *live = post->live = live_new(crowd, post);
    g_clear_pointer(&post->topic, g_free);
    crowd->n_live++;
    double seen = (double)crowd->followers * hib_audience_seen(crowd->followers) * live->content *
                  live->sqrt_quality * attention(crowd, post->at);
    for (int c = 0; c < HIB_AUDIENCE_COMMUNITIES; c++) {
        double mean = seen * hib_audience_weight(c) * live->fits[c];
        live->feed_views += mean;
        expose(crowd, place,
               (CrowdSource){.began_at = post->at,
                             .mean = mean * (1 - HIB_AUDIENCE_SLOW_SHARE),
                             .kernel = CROWD_FEED,
                             .community = c});
        expose(crowd, place,
               (CrowdSource){.began_at = post->at,
                             .mean = mean * HIB_AUDIENCE_SLOW_SHARE,
                             .kernel = CROWD_SLOW,
                             .community = c});
    }
    if (crowd->audience.discovery <= 0)
        return;
    for (size_t i = 0; i < G_N_ELEMENTS(review_ages); i++) {
        hib_crowd_push(crowd, (CrowdEvent){post->at + review_ages[i], place, CROWD_REVIEW});
        live->n_waiting++;
    }
}

void
hib_crowd_review(HibCrowd *crowd, guint32 place)
{
    const CrowdPost *post = post_at(crowd, place);
    CrowdLive *live = post->live;
    live->n_waiting--;
    if (post->is_removed)
        return;
    double ratio = ((double)post->n.likes + 3) / (live->expected_likes + 3);
    double mean =
        crowd->audience.discovery * 0.06 * live->feed_views * CLAMP(ratio * ratio - 0.5, 0, 25);
    HibDuration age = review_ages[live->n_reviews++];
    expose(crowd, place,
           (CrowdSource){.began_at = post->at + age, .mean = mean, .kernel = CROWD_STRANGERS});
}

void
hib_crowd_settle(HibCrowd *crowd, guint32 place)
{
    CrowdPost *post = post_at(crowd, place);
    if (!post->live || post->live->n_waiting > 0)
        return;
    hib_crowd_live_free(g_steal_pointer(&post->live));
    crowd->n_live--;
    if (post->comments) { /* no more will come: give the spare room back */
        GArray *kept = g_array_sized_new(FALSE, FALSE, sizeof(CrowdComment), post->comments->len);
        g_array_append_vals(kept, post->comments->data, post->comments->len);
        g_array_free(post->comments, TRUE);
        post->comments = kept;
    }
}

/* --- one view --------------------------------------------------------------------------------------------- */
static int
community_of(CrowdLive *live, const CrowdSource *source)
{
    if (source->kernel == CROWD_FEED || source->kernel == CROWD_SLOW)
        return source->community;
    double u = hib_seeded_unit(&live->dice);
    int c = 0;
    while (c < HIB_AUDIENCE_COMMUNITIES - 1 && (u -= hib_audience_weight(c)) >= 0)
        c++;
    return c;
}

static void
reshare(HibCrowd *crowd, guint32 place, const CrowdSource *seen_in, HibInstant at)
{
    CrowdPost *post = post_at(crowd, place);
    CrowdLive *live = post->live;
    uint64_t root = seen_in->kernel == CROWD_RESHARE ? seen_in->root : (uint64_t)live->n_roots++;
    /* Followers of those who reshare: Pareto with exponent 2, mean 1 here. */
    double mark = MIN(0.5 / sqrt(1 - hib_seeded_unit(&live->dice)), 200.0);
    hib_crowd_tell(crowd, HIB_CROWD_REPOST, at, post->key, root, hib_seeded_u64(&live->dice));
    expose(
        crowd, place,
        (CrowdSource){
            .began_at = at, .mean = RESHARE_VIEWS * mark, .kernel = CROWD_RESHARE, .root = root});
}

static void
react(HibCrowd *crowd, guint32 place, const CrowdSource *seen_in, size_t which, HibInstant at)
{
    CrowdPost *post = post_at(crowd, place);
    CrowdLive *live = post->live;
    ++*(int64_t *)(void *)((char *)&post->n + reactions[which].counter);
    switch (reactions[which].kind) {
    case HIB_CROWD_REPOST:
        reshare(crowd, place, seen_in, at);
        break;
    case HIB_CROWD_COMMENT: {
        const CrowdComment comment = hib_crowd_comment_new(live, at);
        if (!post->comments)
            post->comments = g_array_new(FALSE, FALSE, sizeof(CrowdComment));
        g_array_append_val(post->comments, comment);
        hib_crowd_tell(crowd, HIB_CROWD_COMMENT, at, post->key, post->comments->len - 1,
                       comment.who);
        break;
    }
    case HIB_CROWD_VIEW:
        break;
    default:
        hib_crowd_tell(crowd, reactions[which].kind, at, post->key, 0, hib_seeded_u64(&live->dice));
    }
}

/* What the one who sees it does: nothing, mostly; else one thing. */
static void
look(HibCrowd *crowd, guint32 place, const CrowdSource *seen_in, HibInstant at)
{
    CrowdLive *live = post_at(crowd, place)->live;
    double plain = crowd->audience.likes_a_follower / LOOKERS;
    double fit = live->fits[community_of(live, seen_in)];
    double like = MIN(plain * fit * live->sqrt_quality, 0.5);
    live->expected_likes += plain;
    double left = hib_seeded_unit(&live->dice);
    bool is_reshare = seen_in->kernel == CROWD_RESHARE;
    double pass_on =
        is_reshare ? MIN(crowd->audience.branching * live->sqrt_quality, 0.9) / RESHARE_VIEWS : 0;
    if (left >= like * ALL_REACTIONS + pass_on)
        return;
    for (size_t i = 0; i < G_N_ELEMENTS(reactions); i++) {
        double chance = like * reactions[i].factor;
        if (reactions[i].kind == HIB_CROWD_REPOST && is_reshare)
            chance = pass_on;
        if (left < chance) {
            react(crowd, place, seen_in, i, at);
            return;
        }
        left -= chance;
    }
}

void
hib_crowd_view(HibCrowd *crowd, guint32 place, guint32 source, HibInstant at)
{
    CrowdPost *post = post_at(crowd, place);
    CrowdLive *live = post->live;
    const CrowdSource seen_in = g_array_index(live->sources, CrowdSource, source);
    live->n_waiting--;
    if (post->is_removed)
        return;
    bool is_stranger = seen_in.kernel == CROWD_RESHARE || seen_in.kernel == CROWD_STRANGERS;
    post->n.views++;
    post->n.reach += hib_seeded_unit(&live->dice) < (is_stranger ? 0.92 : 0.82);
    if (post->length > 0)
        post->n.watched +=
            (HibDuration)((double)post->length * (0.1 + 0.7 * hib_seeded_unit(&live->dice)));
    hib_crowd_tell(crowd, HIB_CROWD_VIEW, at, post->key, 0, 0);
    if (is_stranger && hib_seeded_unit(&live->dice) < 0.004 * live->sqrt_quality) {
        post->n.follows++;
        crowd->followers++;
        hib_crowd_tell(crowd, HIB_CROWD_FOLLOW, at, post->key, 0, hib_seeded_u64(&live->dice));
    }
    look(crowd, place, &seen_in, at);
    schedule(crowd, place, source);
}
