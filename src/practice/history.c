/* How the history is laid out: a plan of hours for each day, a deck of texts that fit the season, none told twice. When the deck
 * runs dry the day's menu speaks: a dish and a bean of the day, which are never the same pair. */
#include "practice/history.h"
#include "base/secrets.h"
#include "networks/bluesky.h"
#include "practice/history_texts.h"

#include <string.h>

#define JAPAN (9 * HIB_HOUR)
#define MOST (HIB_HISTORY_DAYS * 3)

static const char *const dishes[] = {"たまごサンド",
                                     "ナポリタン",
                                     "チキンカレー",
                                     "エビピラフ",
                                     "ハムチーズのホットサンド",
                                     "きのこの雑炊",
                                     "ミートドリア",
                                     "オムライス",
                                     "野菜のスープとパン",
                                     "鮭のクリームパスタ",
                                     "ハヤシライス"};
static const char *const beans[] = {"エチオピア", "グアテマラ", "コロンビア",    "ケニア",
                                    "ブラジル",   "マンデリン", "ひびきブレンド"};

typedef struct {
    HibArena *arena;
    HibSeeded dice;
    bool is_told[256];
    size_t n_menus;
    HibHistoryPost *posts;
    size_t n;
    HibInstant now;
} History;

static HibInstant
japan_midnight(HibInstant at)
{
    return (at + JAPAN) / HIB_DAY * HIB_DAY - JAPAN;
}

static int
season_of(HibInstant day)
{
    g_autoptr(HibZone) utc = hib_zone_utc();
    const HibWall wall = hib_wall_at(
        utc, day + JAPAN); /* Japan has no clock changes: its wall is UTC moved by nine hours */
    static const int by_month[] = {WINTER, WINTER, SPRING, SPRING, SPRING, RAINS,
                                   SUMMER, SUMMER, AUTUMN, AUTUMN, AUTUMN, WINTER};
    return by_month[wall.month - 1];
}

/* A text of the season and hour that has not been told; NULL when the deck has none. What belongs to the season only comes first. */
static const HistoryText *
draw(History *history, int season, HistoryHour hour)
{
    size_t fits[256];
    for (int pass = 0; pass < 2; pass++) {
        size_t n = 0;
        if (pass == 0 && hib_seeded_unit(&history->dice) > 0.3)
            continue; /* three posts in ten speak of the season */
        for (size_t i = 0; i < n_history_texts; i++) {
            const HistoryText *text = &history_texts[i];
            bool is_seasonal = text->seasons != ALL_YEAR;
            if (!history->is_told[i] && text->seasons & season &&
                (text->hour == hour || text->hour == AT_ANY_TIME) && is_seasonal == (pass == 0))
                fits[n++] = i;
        }
        if (n == 0)
            continue;
        size_t chosen = fits[hib_seeded_below(&history->dice, (int64_t)n)];
        history->is_told[chosen] = true;
        return &history_texts[chosen];
    }
    return NULL;
}

static void
add(History *history, HibInstant at, const HistoryText *text)
{
    HibHistoryPost *post = &history->posts[history->n];
    char *rkey = hib_arena_take(history->arena, HIB_TID_TEXT);
    hib_tid_fill_salted(rkey, at, (unsigned)history->n);
    *post = (HibHistoryPost){.rkey = rkey, .at = at, .alt = ""};
    if (text) {
        post->text = text->text;
        post->topic = text->topic;
        post->n_images = text->n_images;
        post->alt = text->alt ? text->alt : "";
    } else {
        size_t menu =
            history->n_menus++; /* 11 and 7 share no divisor: 77 days without a repeated pair */
        post->text = hib_arena_printf(
            history->arena,
            "本日のお昼は%s、おすすめの豆は%sです。売り切れましたら、ごめんなさい。 #喫茶ひびき",
            dishes[menu % G_N_ELEMENTS(dishes)], beans[menu % G_N_ELEMENTS(beans)]);
        post->topic = "ランチ";
    }
    history->n++;
}

/* The posts of one day; Wednesday the shop is closed and says so now and then. */
static void
live_day(History *history, HibInstant day)
{
    static const struct {
        HistoryHour hour;
        int from_h, span_h;
        double share, share_closed;
    } plan[] = {
        {AT_MORNING, 7, 2, 0.42, 0.15}, {AT_NOON, 11, 1, 0.38, 0}, {AT_EVENING, 17, 4, 0.62, 0.25}};
    int64_t weekday = ((day + JAPAN) / HIB_DAY + 3) % 7; /* Monday 0 */
    int season = season_of(day);
    for (size_t i = 0; i < G_N_ELEMENTS(plan); i++) {
        bool is_posting =
            hib_seeded_unit(&history->dice) < (weekday == 2 ? plan[i].share_closed : plan[i].share);
        /* Planned on five minutes, out within seconds of it. */
        HibInstant at = day + plan[i].from_h * HIB_HOUR +
                        hib_seeded_below(&history->dice, plan[i].span_h * 12) * 5 * HIB_MINUTE +
                        200 * HIB_MILLISECOND +
                        hib_seeded_below(&history->dice, 900) * HIB_MILLISECOND;
        if (!is_posting || at >= history->now || history->n >= MOST)
            continue;
        add(history, at, draw(history, season, plan[i].hour));
    }
}

size_t
hib_history_posts(HibArena *arena, uint64_t seed, HibInstant now, const HibHistoryPost **ret)
{
    History history = {.arena = arena, .now = now};
    g_assert(n_history_texts <= G_N_ELEMENTS(history.is_told));
    hib_seeded_init(&history.dice, seed ^ UINT64_C(0x6869626b69));
    history.posts = hib_arena_array(arena, HibHistoryPost, MOST);
    HibInstant today = japan_midnight(now);
    for (int d = HIB_HISTORY_DAYS; d >= 0; d--)
        live_day(&history, today - d * HIB_DAY);
    *ret = history.posts;
    return history.n;
}

HibAudience
hib_history_audience(uint64_t seed, HibInstant now)
{
    return hib_audience_new(seed, japan_midnight(now) - HIB_HISTORY_DAYS * HIB_DAY, 640);
}

void
hib_history_readings(const HibAudience *audience, const HibHistoryPost *post, HibInstant now,
                     HibHistorySchedule next_read, HibHistoryEach each, void *data)
{
    const HibAudiencePost seen = {.key = hib_audience_key(post->rkey),
                                  .at = post->at,
                                  .graphemes = (int)g_utf8_strlen(post->text, -1),
                                  .n_images = post->n_images,
                                  .topic = post->topic};
    HibInstant last = post->at;
    for (HibInstant at = next_read(post->at, last); at > last && at <= now;
         at = next_read(post->at, at)) {
        const HibAudienceCounts counts = hib_audience_counts(audience, &seen, at);
        each(post, at, &counts, data);
        last = at;
    }
}
