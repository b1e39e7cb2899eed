/* The practice history: 90 days of posts of a small coffee shop 「喫茶ひびき」, as its own marketer would have written them.
 *
 * Seeded and pure: plain arrays, no database, no network. app/ stores them through the features' faces and puts the same posts on the
 * practice network, so that the numbers read later go on from the numbers shown. */
#pragma once
#include "base/arena.h"
#include "practice/audience.h"

#define HIB_HISTORY_DAYS 90
#define HIB_HISTORY_HANDLE "hibiki.test"
#define HIB_HISTORY_NAME "喫茶ひびき"

typedef struct {
    const char *rkey; /* its record key on the practice network */
    const char *text;
    HibInstant at; /* when it went out */
    const char *topic; /* "豆" "ランチ" "甘いもの" "季節" "お知らせ" "淹れ方" "店のこと" */
    int n_images;
    const char *alt; /* of its pictures; "" without any */
} HibHistoryPost;

/* Posts of the 90 days before `now`, oldest first, each with its own text; about 1.3 a day. Returns how many. */
size_t hib_history_posts(HibArena *arena, uint64_t seed, HibInstant now,
                         const HibHistoryPost **ret);
/* The audience they met; its first day is the first of the 90. */
HibAudience hib_history_audience(uint64_t seed, HibInstant now);

/* The readings of the posts up to `now`, in the order of time: each post's at the instants that `next_read` names (as measure does for
 * real posts; 0 ends), and the followers once a day up to `now` (NULL: not asked). */
typedef HibInstant (*HibHistorySchedule)(HibInstant published_at, HibInstant now);
typedef void (*HibHistoryEach)(size_t post, HibInstant as_of, const HibAudienceNumbers *numbers,
                               void *data);
typedef void (*HibHistoryFollowers)(HibInstant as_of, int64_t followers, void *data);
void hib_history_readings(const HibAudience *audience, const HibHistoryPost *posts, size_t n,
                          HibInstant now, HibHistorySchedule next_read, HibHistoryEach each,
                          HibHistoryFollowers followers, void *data);
