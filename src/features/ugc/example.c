/* What a demo begins with: customers' posts in each state a desk has, and a giveaway that takes entries. All of it goes the way a person's own would. */
#include "ugc/ugc_private.h"

typedef struct {
    HibUgcDraft draft;
    HibUgcState state; /* FOUND: nobody decided yet */
    const char *note, *proof, *until_day;
} Example;

static const Example posts[] = {
    {{.network = "instagram",
      .url = "https://www.instagram.com/p/hibiki-demo-1/",
      .text = "窓ぎわの席で朝のコーヒー。豆を買って帰りました #喫茶ひびき",
      .author_handle = "asa_no_mado",
      .author_name = "あさ"},
     HIB_UGC_FOUND,
     NULL,
     NULL,
     NULL},
    {{.network = "x",
      .url = "https://x.com/mame_diary/status/1990000000000000001",
      .text = "深煎りの福袋、ことしも予約した。#喫茶ひびき の豆で年を越す",
      .author_handle = "mame_diary",
      .author_name = "豆日記"},
     HIB_UGC_FOUND,
     NULL,
     NULL,
     NULL},
    {{.network = "instagram",
      .url = "https://www.instagram.com/p/hibiki-demo-2/",
      .text = "友だちと写真展へ。ケーキもおいしい #喫茶ひびき",
      .author_handle = "michi.pic",
      .author_name = "みち"},
     HIB_UGC_GRANTED,
     "店頭で用紙に書いてもらった",
     "店頭の承諾書 3番(出典表示、店の投稿とチラシ)",
     "2027-12-31"},
    {{.network = "threads",
      .url = "https://www.threads.net/@yoru_cafe/post/hibiki-demo-3",
      .text = "閉店まぎわの静けさがいい #喫茶ひびき",
      .author_handle = "yoru_cafe",
      .author_name = "夜カフェ"},
     HIB_UGC_REFUSED,
     "顔が写っているので使わないでほしい、との返事",
     NULL,
     NULL},
};

static bool
add_posts(HibDb *db, GError **error)
{
    for (size_t i = 0; i < G_N_ELEMENTS(posts); i++) {
        HibUgcItem *item;
        if (!hib_ugc_add(db, &posts[i].draft, &item, error))
            return false;
        const HibUgcDecision decision = {.state = posts[i].state,
                                         .note = posts[i].note,
                                         .proof = posts[i].proof,
                                         .until_day = posts[i].until_day,
                                         .version = item->version};
        if (posts[i].state != HIB_UGC_FOUND && !hib_ugc_decide(db, item->id, &decision, error))
            return false;
    }
    return true;
}

/* Comments at our posts are entries: the practice network's audience takes part by itself. */
static bool
add_contest(HibDb *db, const char *campaign, GError **error)
{
    static const HibPrize prizes[] = {{.name = "焙煎体験(ペア)", .n = 3, .value_yen = 3000}};
    const HibInstant now = hib_db_now(db);
    const char *id, **rules;
    size_t n;
    HibContest contest = {.campaign_id = campaign,
                          .name = "冬の焙煎体験プレゼント",
                          .premium = HIB_PREMIUM_OPEN,
                          .opens_at = now - 9 * HIB_DAY,
                          .closes_at = now + 11 * HIB_DAY,
                          .way = HIB_WAY_COMMENT,
                          .tag = "",
                          .networks = "bluesky",
                          .also = "",
                          .asks = "follow",
                          .staff = "",
                          .blocked = "",
                          .n_substitutes = 2,
                          .wording = "",
                          .answer_days = 7};
    rules = hib_promotion_open(hib_db_arena(db), contest.networks, "", &n);
    contest.checked = hib_ugc_lines(hib_db_arena(db), rules, n);
    return hib_contest_add(db, &contest, prizes, G_N_ELEMENTS(prizes), &id, error) &&
           hib_contest_open(db, id, error);
}

bool
hib_ugc_example(HibDb *db, const char *campaign, GError **error)
{
    HibUgcSetting setting;
    if (!hib_ugc_setting(db, &setting, error))
        return false;
    setting.tags = "喫茶ひびき";
    setting.mentions = true;
    return hib_ugc_set_setting(db, &setting, error) && add_posts(db, error) &&
           add_contest(db, campaign, error);
}
