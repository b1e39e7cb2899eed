/* See rival.h. */
#include "practice/rival.h"
#include "practice/audience.h"

#include <glib.h>
#include <math.h>
#include <string.h>

#define BEGIN (INT64_C(1767225600) * HIB_SECOND) /* 2026-01-01T00:00:00Z */
#define HALF_OF_ALL (8 * HIB_HOUR) /* by then half of what a post ever gets is there */

static const HibFaceRival rivals[] = {
    {.slug = "tonari",
     .name = "となりの珈琲店",
     .followers = 4200,
     .followers_a_day = 6,
     .every_h = 24,
     .likes = 60},
    {.slug = "minato",
     .name = "港の焙煎所",
     .followers = 900,
     .followers_a_day = 1.5,
     .every_h = 60,
     .likes = 35},
    {.slug = "hikkoshi",
     .name = "引っこし珈琲",
     .followers = 300,
     .followers_a_day = 0.5,
     .every_h = 96,
     .likes = 9,
     .is_moving = true},
    {.slug = "kagi",
     .name = "鍵のかかった店",
     .followers = 120,
     .every_h = 48,
     .likes = 5,
     .is_private = true},
    {.slug = "kakushi",
     .name = "数を見せない店",
     .followers = 2600,
     .followers_a_day = 3,
     .every_h = 36,
     .likes = 25,
     .hides_followers = true},
    {.slug = "toketsu",
     .name = "凍結された店",
     .followers = 800,
     .every_h = 30,
     .likes = 12,
     .is_suspended = true},
};

const HibFaceRival *
hib_face_rival_at(size_t i)
{
    return i < G_N_ELEMENTS(rivals) ? &rivals[i] : NULL;
}

const char *
hib_face_rival_handle(const HibFaceRival *rival, HibInstant now, char ret[64])
{
    if (rival->is_moving)
        g_snprintf(ret, 64, "%s%d", rival->slug, (int)((now - BEGIN) / (30 * HIB_DAY)));
    else
        g_strlcpy(ret, rival->slug, 64);
    return ret;
}

const HibFaceRival *
hib_face_rival(const char *handle, bool is_lasting, HibInstant now)
{
    char own[64];
    for (size_t i = 0; handle && i < G_N_ELEMENTS(rivals); i++)
        if (!strcmp(handle,
                    is_lasting ? rivals[i].slug : hib_face_rival_handle(&rivals[i], now, own)))
            return &rivals[i];
    return NULL;
}

int64_t
hib_face_rival_followers(const HibFaceRival *rival, HibInstant now)
{
    const double days = (double)(now - BEGIN) / (double)HIB_DAY;
    return rival->followers + (int64_t)(days * rival->followers_a_day);
}

int64_t
hib_face_rival_n_posts(const HibFaceRival *rival, HibInstant now)
{
    return MAX((now - BEGIN) / (rival->every_h * HIB_HOUR), 0);
}

size_t
hib_face_rival_posts(const HibFaceRival *rival, HibInstant now, size_t most,
                     HibFaceRivalPost ret[HIB_FACE_RIVAL_POSTS])
{
    const int64_t n_all = hib_face_rival_n_posts(rival, now);
    size_t n = 0;
    for (int64_t i = n_all; i > 0 && n < most && n < HIB_FACE_RIVAL_POSTS; i--) {
        g_autofree char *key = g_strdup_printf("%s %d", rival->slug, (int)i);
        const HibInstant at = BEGIN + i * rival->every_h * HIB_HOUR;
        const double luck = 0.5 + (double)(hib_audience_key(key) % 101) / 100;
        const double there = 1 - exp2(-(double)(now - at) / (double)HALF_OF_ALL);
        const double likes = (double)rival->likes * luck * there;
        ret[n++] =
            (HibFaceRivalPost){.id = (uint64_t)(at / HIB_SECOND) * 10 + (uint64_t)(rival - rivals),
                               .at = at,
                               .likes = (int64_t)likes,
                               .reposts = (int64_t)(likes / 8),
                               .replies = (int64_t)(likes / 12),
                               .quotes = (int64_t)(likes / 40),
                               .views = (int64_t)(likes * 22)};
    }
    return n;
}
