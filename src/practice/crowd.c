/* The crowd's clock: tells posts, takes events in order, lets people come and go. What happens to a post is in crowd_post.c. */
#include "practice/crowd.h"
#include "practice/crowd_private.h"

#include <math.h>

HibCrowd *
hib_crowd_new(const HibAudience *audience)
{
    HibCrowd *crowd = g_new0(HibCrowd, 1);
    crowd->audience = *audience;
    crowd->now = audience->since;
    crowd->followers = audience->followers;
    crowd->heap = g_array_new(FALSE, FALSE, sizeof(CrowdEvent));
    crowd->posts = g_array_new(FALSE, TRUE, sizeof(CrowdPost));
    crowd->by_key = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL);
    hib_seeded_init(&crowd->dice, audience->seed * UINT64_C(0x9e3779b97f4a7c15) ^ 4);
    HibInstant monday = 4 * HIB_DAY - 9 * HIB_HOUR;
    for (int c = 0; c < CROWD_RHYTHMS; c++)
        for (int h = 0; h < 168; h++) {
            HibInstant at = monday + h * HIB_HOUR;
            double rhythm = c < HIB_AUDIENCE_COMMUNITIES ? hib_audience_rhythm_of(c, at)
                                                         : hib_audience_rhythm(at);
            if (c == CROWD_SHARING)
                rhythm = 1 + CROWD_SHARING_SWING * (rhythm - 1);
            crowd->rhythm[c][h] = audience->is_timeless ? 1.0f : (float)rhythm;
            crowd->rhythm_max[c] = MAX(crowd->rhythm_max[c], crowd->rhythm[c][h]);
        }
    crowd->kernel_share = hib_crowd_kernel_share((double)(CROWD_RESHARE_HORIZON / HIB_SECOND));
    hib_crowd_push(crowd, (CrowdEvent){audience->since, CROWD_NO_POST, CROWD_JOIN});
    hib_crowd_push(crowd, (CrowdEvent){audience->since, CROWD_NO_POST, CROWD_LEAVE});
    return crowd;
}

void
hib_crowd_free(HibCrowd *crowd)
{
    if (!crowd)
        return;
    for (guint i = 0; i < crowd->posts->len; i++) {
        CrowdPost *post = &g_array_index(crowd->posts, CrowdPost, i);
        g_free(post->topic);
        if (post->comments)
            g_array_free(post->comments, TRUE);
        hib_crowd_live_free(post->live);
    }
    g_array_free(crowd->posts, TRUE);
    g_array_free(crowd->heap, TRUE);
    g_hash_table_destroy(crowd->by_key);
    g_free(crowd);
}

void
hib_crowd_hear(HibCrowd *crowd, void (*hear)(const HibCrowdEvent *event, void *data), void *data)
{
    crowd->hear = hear;
    crowd->hear_data = data;
}

static CrowdPost *
find(const HibCrowd *crowd, uint64_t key, guint *ret_place)
{
    guint place = GPOINTER_TO_UINT(g_hash_table_lookup(crowd->by_key, &key));
    if (place == 0)
        return NULL;
    *ret_place = place - 1;
    return &g_array_index(crowd->posts, CrowdPost, place - 1);
}

void
hib_crowd_post(HibCrowd *crowd, const HibAudiencePost *post)
{
    guint place = 0;
    const CrowdPost *known = find(crowd, post->key, &place);
    if (known && !known->is_leaving)
        return;
    place = crowd->posts->len;
    const CrowdPost row = {.key = post->key,
                           .at = MAX(post->at, crowd->now),
                           .length = post->length,
                           .graphemes = post->graphemes,
                           .n_images = post->n_images,
                           .topic = g_strdup(post->topic)};
    g_array_append_val(crowd->posts, row);
    uint64_t *key = g_new(uint64_t, 1);
    *key = post->key;
    g_hash_table_replace(crowd->by_key, key, GUINT_TO_POINTER(place + 1));
    hib_crowd_push(crowd, (CrowdEvent){row.at, place, CROWD_BIRTH});
}

void
hib_crowd_remove(HibCrowd *crowd, uint64_t key, HibInstant at)
{
    guint place = 0;
    CrowdPost *post = find(crowd, key, &place);
    if (!post || post->is_leaving)
        return;
    post->is_leaving = true;
    hib_crowd_push(crowd, (CrowdEvent){MAX(at, crowd->now), place, CROWD_REMOVE});
}

/* --- people who come and go by themselves ----------------------------------------------------------------- */
/* Those who leave are a share of all; those who come make up for them, and more. */
#define LEAVING_A_DAY 0.0006

static void
come_or_go(HibCrowd *crowd, const CrowdEvent *event)
{
    bool is_join = event->what == CROWD_JOIN;
    double leave_rate = LEAVING_A_DAY * (double)crowd->followers;
    double rate = is_join ? MAX(crowd->audience.followers_a_day +
                                    LEAVING_A_DAY * (double)crowd->audience.followers,
                                0.02)
                          : MAX(leave_rate, 0.02);
    double rhythm = crowd->rhythm[CROWD_ALL][hib_crowd_hour(event->at)];
    double most = crowd->rhythm_max[CROWD_ALL];
    bool is_first = event->at == crowd->audience.since;
    if (!is_first && hib_seeded_unit(&crowd->dice) * most < rhythm &&
        (is_join || crowd->followers > 0)) {
        crowd->followers += is_join ? 1 : -1;
        hib_crowd_tell(crowd, is_join ? HIB_CROWD_FOLLOW : HIB_CROWD_UNFOLLOW, event->at, 0, 0,
                       hib_seeded_u64(&crowd->dice));
    }
    double days = -log1p(-hib_seeded_unit(&crowd->dice)) / (rate * most);
    HibDuration wait = MAX((HibDuration)(MIN(days, 3650.0) * (double)HIB_DAY), 1);
    hib_crowd_push(crowd, (CrowdEvent){event->at + wait, event->post, event->what});
}

/* --- time ------------------------------------------------------------------------------------------------- */
void
hib_crowd_advance(HibCrowd *crowd, HibInstant to)
{
    CrowdEvent event;
    while (hib_crowd_pop(crowd, to, &event)) {
        if (event.post == CROWD_NO_POST) {
            come_or_go(crowd, &event);
            continue;
        }
        CrowdPost *post = &g_array_index(crowd->posts, CrowdPost, event.post);
        if (event.what == CROWD_REMOVE)
            post->is_removed = true;
        else if (event.what == CROWD_BIRTH)
            hib_crowd_birth(crowd, event.post);
        else if (event.what == CROWD_REVIEW)
            hib_crowd_review(crowd, event.post);
        else
            hib_crowd_view(crowd, event.post, event.what, event.at);
        hib_crowd_settle(crowd, event.post);
    }
    crowd->now = MAX(crowd->now, to);
}

HibAudienceNumbers
hib_crowd_numbers(HibCrowd *crowd, uint64_t key, HibInstant now)
{
    guint place = 0;
    hib_crowd_advance(crowd, now);
    const CrowdPost *post = find(crowd, key, &place);
    return post ? post->n : (HibAudienceNumbers){0};
}

int64_t
hib_crowd_followers(HibCrowd *crowd, HibInstant now)
{
    hib_crowd_advance(crowd, now);
    return crowd->followers;
}

size_t
hib_crowd_comments(HibCrowd *crowd, uint64_t key, HibInstant now, uint64_t from, size_t limit,
                   HibArena *arena, HibComment **ret)
{
    guint place = 0;
    *ret = NULL;
    hib_crowd_advance(crowd, now);
    const CrowdPost *post = find(crowd, key, &place);
    if (!post || !post->comments || from >= post->comments->len)
        return 0;
    size_t n = MIN(limit, post->comments->len - (size_t)from);
    *ret = hib_arena_array(arena, HibComment, n);
    for (size_t i = 0; i < n; i++) {
        (*ret)[i].n = from + i;
        hib_crowd_comment_tell(&crowd->audience,
                               &g_array_index(post->comments, CrowdComment, from + i), arena,
                               &(*ret)[i]);
    }
    return n;
}

void
hib_crowd_size(const HibCrowd *crowd, size_t *ret_live, size_t *ret_waiting)
{
    *ret_live = crowd->n_live;
    *ret_waiting = crowd->heap->len;
}
