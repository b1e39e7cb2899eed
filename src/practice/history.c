/* How the history is laid out: a plan of hours for each day, and a deck of texts that fit the season, none told twice. Every other post says what the day brings
 * (a bean, a dish, a free seat), in sentences put together from lists. */
#include "practice/history.h"
#include "base/secrets.h"
#include "networks/bluesky.h"
#include "practice/crowd.h"
#include "practice/history_texts.h"
#include "text/count.h"

#include <string.h>

#define JAPAN (9 * HIB_HOUR)
#define MOST (HIB_HISTORY_DAYS * 3)

/* What a day brings, for the sentences below: %1 and %2 are drawn from the two lists. */
typedef struct {
    HistoryHour hour;
    const char *topic, *before, *between, *after;
    const char *const *first, *const *second; /* ended by NULL */
} DayText;

static const char *const dishes[] = {"たまごサンド",       "ナポリタン",   "チキンカレー",
                                     "エビピラフ",         "ホットサンド", "きのこの雑炊",
                                     "ミートドリア",       "オムライス",   "野菜のスープ",
                                     "鮭のクリームパスタ", "ハヤシライス", NULL};
static const char *const beans[] = {"エチオピア", "グアテマラ", "コロンビア",     "ケニア",
                                    "ブラジル",   "マンデリン", "ひびきブレンド", NULL};
static const char *const tastes[] = {"はちみつのような甘さ",
                                     "みかんに似た酸味",
                                     "こうばしいナッツの香り",
                                     "黒糖のような余韻",
                                     "すっきりした後味",
                                     "花のような香り",
                                     NULL};
static const char *const sweets[] = {
    "プリン",   "チーズケーキ",   "シナモンロール", "ガトーショコラ",
    "スコーン", "バナナブレッド", "レモンケーキ",   NULL};
static const char *const seats[] = {"窓ぎわの席", "カウンター", "奥のソファ席",
                                    "テラス",     "本棚の前",   NULL};
static const char *const extras[] = {"小さなサラダ", "コンソメスープ", "自家製ピクルス",
                                     "半熟たまご", NULL};

static const DayText day_texts[] = {
    {AT_MORNING, "豆", "今朝は", "を淹れています。", "があります。お出かけ前の一杯に。", beans,
     tastes},
    {AT_MORNING, "甘いもの", "焼き上がりました。今朝は", "です。", "と一緒にどうぞ。", sweets,
     beans},
    {AT_MORNING, "店のこと", "8時に開けました。", "が空いています。今朝のおすすめは", "です。",
     seats, beans},
    {AT_NOON, "ランチ", "今日のお昼は", "。", "が付いて900円です。", dishes, extras},
    {AT_NOON, "ランチ", "12時をすぎると混み合います。", "と", "は、お早めにどうぞ。 #喫茶ひびき",
     dishes, sweets},
    {AT_NOON, "ランチ", "お昼の残りはあと数食です。", "は15時まで。食後は", "をどうぞ。", dishes,
     beans},
    {AT_EVENING, "甘いもの", "夜の", "は、あと少しです。", "を合わせるのが店主の好みです。", sweets,
     beans},
    {AT_EVENING, "店のこと", "雨の夜は静かです。", "でゆっくりどうぞ。", "、まだあります。", seats,
     sweets},
    {AT_EVENING, "淹れ方", "閉店後に飲み比べをしました。", "は、低めの温度だと",
     "がよく出ます。 #コーヒー", beans, tastes},
    {AT_EVENING, "お知らせ", "明日のお昼は", "の予定です。", "もお付けします。", dishes, extras},
};

typedef struct {
    HibArena *arena;
    HibSeeded dice;
    bool is_told[256];
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
        for (size_t i = 0; i < hib_n_history_texts; i++) {
            const HistoryText *text = &hib_history_texts[i];
            bool is_seasonal = text->seasons != ALL_YEAR;
            if (!history->is_told[i] && text->seasons & season &&
                (text->hour == hour || text->hour == AT_ANY_TIME) && is_seasonal == (pass == 0))
                fits[n++] = i;
        }
        if (n == 0)
            continue;
        size_t chosen = fits[hib_seeded_below(&history->dice, (int64_t)n)];
        history->is_told[chosen] = true;
        return &hib_history_texts[chosen];
    }
    return NULL;
}

static const char *
one_of(History *history, const char *const *words)
{
    return words[hib_seeded_below(&history->dice,
                                  (int64_t)g_strv_length((char **)(uintptr_t)words))];
}

static bool
is_new(const History *history, const char *text)
{
    for (size_t i = 0; i < history->n; i++)
        if (g_str_equal(history->posts[i].text, text))
            return false;
    return true;
}

/* What the day brings, in a sentence that was not posted before. */
static void
tell_the_day(History *history, HistoryHour hour, HibHistoryPost *post)
{
    do {
        const DayText *day =
            &day_texts[hib_seeded_below(&history->dice, (int64_t)G_N_ELEMENTS(day_texts))];
        if (day->hour != hour)
            continue;
        post->topic = day->topic;
        post->text =
            hib_arena_printf(history->arena, "%s%s%s%s%s", day->before, one_of(history, day->first),
                             day->between, one_of(history, day->second), day->after);
    } while (!post->text || !is_new(history, post->text));
}

static void
add(History *history, HibInstant at, HistoryHour hour, const HistoryText *text)
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
        tell_the_day(history, hour, post);
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
        /* About half of the posts are the day's, so that the deck lasts for all 90 days. */
        bool is_of_the_day = hib_seeded_unit(&history->dice) < 0.5;
        add(history, at, plan[i].hour, is_of_the_day ? NULL : draw(history, season, plan[i].hour));
    }
}

size_t
hib_history_posts(HibArena *arena, uint64_t seed, HibInstant now, const HibHistoryPost **ret)
{
    History history = {.arena = arena, .now = now};
    g_assert(hib_n_history_texts <= G_N_ELEMENTS(history.is_told));
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

/* One reading that is due: of a post, or (NULL) of the followers. */
typedef struct {
    HibInstant at;
    size_t post;
} Due;

static int
by_time(gconstpointer a, gconstpointer b)
{
    const Due *x = a;
    const Due *y = b;
    if (x->at != y->at)
        return x->at < y->at ? -1 : 1;
    return (x->post > y->post) - (x->post < y->post);
}

void
hib_history_readings(const HibAudience *audience, const HibHistoryPost *posts, size_t n,
                     HibInstant now, HibHistorySchedule next_read, HibHistoryEach each,
                     HibHistoryFollowers followers, void *data)
{
    g_autoptr(GArray) due = g_array_new(FALSE, FALSE, sizeof(Due));
    g_autoptr(HibCrowd) crowd = hib_crowd_new(audience);
    for (size_t i = 0; i < n; i++) {
        const HibAudiencePost seen = {.key = hib_audience_key(posts[i].rkey),
                                      .at = posts[i].at,
                                      .graphemes = (int)hib_text_graphemes(posts[i].text),
                                      .n_images = posts[i].n_images,
                                      .topic = posts[i].topic};
        hib_crowd_post(crowd, &seen);
        HibInstant last = posts[i].at;
        for (HibInstant at = next_read(posts[i].at, last); at > last && at <= now;
             at = next_read(posts[i].at, at)) {
            const Due one = {at, i};
            g_array_append_val(due, one);
            last = at;
        }
    }
    for (int day = HIB_HISTORY_DAYS; followers && day >= 0; day--) {
        const Due one = {now - day * HIB_DAY, SIZE_MAX};
        g_array_append_val(due, one);
    }
    g_array_sort(due, by_time);
    for (guint i = 0; i < due->len; i++) {
        const Due *one = &g_array_index(due, Due, i);
        if (one->post == SIZE_MAX) {
            followers(one->at, hib_crowd_followers(crowd, one->at), data);
            continue;
        }
        const HibAudienceNumbers numbers =
            hib_crowd_numbers(crowd, hib_audience_key(posts[one->post].rkey), one->at);
        each(one->post, one->at, &numbers, data);
    }
}
