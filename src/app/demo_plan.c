/* The demo's plans: see demo_plan.h. Days count from the first start, so that the demo is never out of date. */
#include "app/demo_plan.h"
#include "base/json.h"
#include "days/days.h"
#include "measure/measure.h"
#include "plan/plan.h"

#define NO_DAY 1000
#define NO_CAMPAIGN (-1)

typedef struct {
    const char *field, *text;
} Line;

static const Line winter[] = {
    {"background",
     "11月後半から平日の午後の来店が2割落ちる。豆の通信販売は12月に一年の3割が動くのに、"
     "知られていない。"},
    {"kpi", "KGI: 福袋の予約 120 件。\nKPI: 予約ページへのクリック 900、保存率 "
            "1.5%、店頭での「SNSを見た」60件。"},
    {"audience", "店から2駅圏内の30〜50代で、家でも豆を挽く人。県外の常連(通販)。\n除外: "
                 "転売目的のまとめ買い。"},
    {"message", "一年でいちばん深い焙煎を、家でも。\n根拠: "
                "焙煎記録(18分40秒)と、前年の福袋アンケート(満足91%、n=74)。"},
    {"channels",
     "Bluesky: 焙煎の日誌(店長)。Instagram: 湯気と断面の写真(店)。LINE: 予約開始の一通だけ。"},
    {"creative",
     "1080×1350と16:9。暖色、人の手を入れる。価格と個数を必ず書く。NG: 「最高」「日本一」、在庫を"
     "あおる言い方。"},
    {"offer",
     "福袋 "
     "3,900円(豆200g×3、マグ1)。限定120個。抽選で5名に焙煎体験(3,000円相当)。\n取引価額3,"
     "900円の一般"
     "懸賞なので上限は 78,000円、総額は売上予定の2%(9,360円)以内。体験5名分は 15,000円で超えるた"
     "め、3名に減らす。"},
    {"terms",
     "予約は12月10日 10時から、一人2個まで。受け取りは1月3〜10日。規約: 店のサイト /lucky。"},
    {"disclosure",
     "自社の宣伝。マグを提供した作家の投稿には「PR 喫茶ひびき提供」を先頭に付けてもらう。"},
    {"budget",
     "写真 40,000円、広告 80,000円、インフルエンサー 40,000円、予備 20,000円。計 180,000円。"},
    {"team", "担当: 店長。写真: 佐々木。承認: オーナー(価格と個数は必ず)。夜間は店長の携帯。"},
    {"schedule",
     "撮影 → 下書き → オーナー承認(24時間) → 予約開始 → 中間の数字を見る → 締切 → 報告。"},
    {"risks", "豆の入荷遅れ: 個数を減らして告知。売り切れ後の投稿は止める。大雨・地震: "
              "キャンペーンごと止める。"},
    {"exit", "予約単価(広告費÷予約)が "
             "1,200円を超えたら広告を止める。否定的な返信が5%を超えたら投稿を止め、店長が返"
             "信。"},
    {"success", "予約120件、または売り切れ。文面Aと文面B(焙煎時間の数字の有無)"
                "をLINE以外で交互に出し、クリック率を比"
                "べる。"},
};

static const Line window[] = {
    {"background", "常連さんの写真展。初めての人が入りやすい一週間にしたい。"},
    {"kpi", "KGI: 期間中の新規来店 40 人(レジで一言たずねる)。KPI: リーチ 8,000。"},
    {"audience", "近所で働く人、写真が好きな人。\n除外: 作者の顔や住まいが分かる投稿。"},
    {"message", "壁一面の「朝の窓」を、コーヒー1杯で。"},
    {"channels", "Bluesky と Instagram。作者の投稿は引用で紹介。"},
    {"creative", "作品は切り取らない。作者名と題を必ず書く。代替テキストに窓の外の様子。"},
    {"team", "担当: 店長。作者の許諾: 7人全員から書面(期限は会期終了まで)。"},
    {"risks", "作者から取り下げの連絡があれば、その日のうちに投稿を消す。"},
    {"success", "新規40人。来店のきっかけを3択で記録し、先月の同じ週と比べる。"},
};

static const Line cake[] = {
    {"background",
     "昨年は予約の半分が最後の3日に集まり、材料が足りなかった。早く決めてもらいたい。"},
    {"kpi", "KGI: 予約 60 台。うち前半2週間で 35 台。"},
    {"audience",
     "家族でゆっくり過ごす近所の人。\n除外: 当日の受け取りだけを望む人(お断りの文を用意)。"},
    {"message", "かためのプリンと、同じ卵で焼いています。"},
    {"offer", "4号 3,200円、5号 4,100円。早割は付けない(二重価格にしない)。"},
    {"schedule", "受け取り日と数を厨房に確認 → 予約開始 → 締切。"},
    {"exit", "60台で終わり。キャンセル待ちは取らない。"},
};

static const char *
brief(HibArena *arena, const Line *lines, size_t n)
{
    cJSON *json = cJSON_CreateObject();
    for (size_t i = 0; i < n; i++)
        cJSON_AddStringToObject(json, lines[i].field, lines[i].text);
    return hib_json_print(arena, json);
}

typedef struct {
    HibCampaignContent content;
    int starts, ends, due; /* days from the start of the demo */
    const Line *lines;
    size_t n_lines;
} Campaign;

static const Campaign campaigns[HIB_DEMO_CAMPAIGNS] = {
    [HIB_DEMO_WINTER] = {{.name = "冬のブレンドと福袋",
                          .status = HIB_CAMPAIGN_RUNNING,
                          .goal_metric = "engagements",
                          .goal_target = 1200,
                          .currency = "JPY",
                          .budget_minor = 180000,
                          .networks = "bluesky instagram line",
                          .industries = "food ec campaign",
                          .tags = "冬\n福袋\n通販"},
                         -HIB_DEMO_RUNNING_DAYS,
                         38,
                         30,
                         winter,
                         G_N_ELEMENTS(winter)},
    [HIB_DEMO_WINDOW] = {{.name = "写真展「朝の窓」",
                          .status = HIB_CAMPAIGN_RUNNING,
                          .goal_metric = "reach",
                          .goal_target = 8000,
                          .currency = "JPY",
                          .budget_minor = 40000,
                          .networks = "bluesky instagram",
                          .industries = "food",
                          .tags = "写真展\n常連さん"},
                         -1,
                         8,
                         8,
                         window,
                         G_N_ELEMENTS(window)},
    [HIB_DEMO_CAKE] = {{.name = "クリスマスケーキの予約",
                        .status = HIB_CAMPAIGN_PLANNED,
                        .goal_metric = "reservations",
                        .goal_target = 60,
                        .currency = "JPY",
                        .budget_minor = 30000,
                        .networks = "bluesky line",
                        .industries = "food",
                        .tags = "予約"},
                       5,
                       24,
                       19,
                       cake,
                       G_N_ELEMENTS(cake)},
};

static const struct {
    const char *title, *note, *tags;
    HibIdeaStatus status;
    int campaign, due;
    bool is_mine;
} ideas[] = {
    {"今年飲んだ豆を一枚に",
     "12月の最後の土曜。スタッフ3人が一つずつ選んで、手書きのカードを並べる。", "年末",
     HIB_IDEA_NEW, NO_CAMPAIGN, NO_DAY, false},
    {"マグの作家さんの工房をたずねる", "提供の投稿になるので「PR」を忘れない。動画は60秒まで。",
     "動画\nPR", HIB_IDEA_NEW, HIB_DEMO_WINTER, NO_DAY, false},
    {"窓の前で一番長くいた席", "写真展の来場者に一言もらう。顔は写さず、カップと窓だけ。", "写真展",
     HIB_IDEA_SHAPING, HIB_DEMO_WINDOW, 2, true},
    {"焙煎 18分40秒を数字で見せる", "豆の色が変わる4枚。時間と温度だけを書く。", "焙煎",
     HIB_IDEA_SHAPING, HIB_DEMO_WINTER, 4, true},
    {"プリンの卵の話",
     "クリスマスケーキの卵は、プリンと同じ養鶏場から届きます。朝の6時、まだ温かい箱を受け取るところ"
     "から一日が始"
     "まります。\n#喫茶ひびき",
     "プリン", HIB_IDEA_READY, HIB_DEMO_CAKE, 3, true},
    {"初売りのカウントダウン", "在庫をあおる言い方になるので見送り。", "", HIB_IDEA_DROPPED,
     HIB_DEMO_WINTER, NO_DAY, false},
};

static const struct {
    const char *title, *note;
    int campaign, due;
    bool is_mine;
} tasks[] = {
    {"ケーキの受け取り日と数を厨房に確認", "予約開始の前に。4号と5号の上限も。", HIB_DEMO_CAKE, 0,
     true},
    {"写真展の許諾書をそろえる(あと2人)", "期限と取り下げの連絡先が書いてあるか見る。",
     HIB_DEMO_WINDOW, -1, true},
    {"福袋の抽選を3名に直す", "景品の総額が売上予定の2%を超えないように。規約のページも直す。",
     HIB_DEMO_WINTER, 1, true},
    {"福袋の撮影", "湯気は朝の光で。1080×1350も残す。", HIB_DEMO_WINTER, 3, false},
    {"先月の数字をオーナーに送る", "", NO_CAMPAIGN, 6, true},
};

/* NULL for NO_DAY. */
static const char *
day(HibArena *arena, const HibDemo *demo, const HibZone *zone, int days)
{
    return days == NO_DAY ? NULL
                          : hib_day_text(arena, hib_day_plus(hib_day_at(zone, demo->since), days));
}

static bool
add_campaigns(HibDb *db, const HibDemo *demo, const HibZone *zone, const char **ret, GError **error)
{
    HibArena *arena = hib_db_arena(db);
    for (size_t i = 0; i < HIB_DEMO_CAMPAIGNS; i++) {
        const Campaign *one = &campaigns[i];
        HibCampaignContent content = one->content;
        HibCampaign *made;
        content.starts_on = day(arena, demo, zone, one->starts);
        content.ends_on = day(arena, demo, zone, one->ends);
        content.goal_due_on = day(arena, demo, zone, one->due);
        content.brief = brief(arena, one->lines, one->n_lines);
        if (!hib_plan_add_campaign(db, &content, &made, error))
            return false;
        ret[i] = made->id;
    }
    return true;
}

static const struct {
    const char *name, *metric;
    int starts; /* days from the start of the demo; they are due on the last day of the year */
    int64_t target,
        a_day; /* or so much for each of its days: about what comes in, whenever in the year one looks */
    bool is_mine;
} goals[] = {
    {"年内の反応を積み上げる", "engagements", -25, 0, 27, true},
    {"年末のフォロワー", "followers", -30, 6750, 0, false},
};

static int
days_between(int from, int until)
{
    GDate a, b;
    g_date_set_dmy(&a, (GDateDay)(from % 100), (GDateMonth)(from / 100 % 100),
                   (GDateYear)(from / 10000));
    g_date_set_dmy(&b, (GDateDay)(until % 100), (GDateMonth)(until / 100 % 100),
                   (GDateYear)(until / 10000));
    return g_date_days_between(&a, &b);
}

static bool
add_goals(HibDb *db, const HibDemo *demo, const HibZone *zone, GError **error)
{
    const int today = hib_day_at(zone, demo->since);
    for (size_t i = 0; i < G_N_ELEMENTS(goals); i++) {
        const int starts = hib_day_plus(today, goals[i].starts), due = today / 10000 * 10000 + 1231;
        const int64_t comes_to = goals[i].a_day * (days_between(starts, due) + 1);
        const HibGoalContent content = {.name = goals[i].name,
                                        .metric = goals[i].metric,
                                        .owner_id = goals[i].is_mine ? demo->person : NULL,
                                        .starts_on = starts,
                                        .due_on = due,
                                        .target = goals[i].target + (comes_to + 50) / 100 * 100};
        if (!hib_measure_add_goal(db, &content, error))
            return false;
    }
    return true;
}

bool
hib_demo_plan(HibDb *db, const HibDemo *demo, const HibZone *zone,
              const char *ret_campaigns[HIB_DEMO_CAMPAIGNS], GError **error)
{
    HibArena *arena = hib_db_arena(db);
    const char *id;
    if (!add_campaigns(db, demo, zone, ret_campaigns, error) || !add_goals(db, demo, zone, error))
        return false;
    for (size_t i = G_N_ELEMENTS(ideas); i > 0; i--) { /* the newest stands on top */
        int campaign = ideas[i - 1].campaign;
        const HibIdeaContent content = {
            .title = ideas[i - 1].title,
            .note = ideas[i - 1].note,
            .tags = ideas[i - 1].tags,
            .status = ideas[i - 1].status,
            .campaign_id = campaign == NO_CAMPAIGN ? NULL : ret_campaigns[campaign],
            .owner_id = ideas[i - 1].is_mine ? demo->person : NULL,
            .due_on = day(arena, demo, zone, ideas[i - 1].due)};
        if (!hib_plan_add_idea(db, &content, &id, error))
            return false;
    }
    for (size_t i = 0; i < G_N_ELEMENTS(tasks); i++) {
        const HibTaskContent content = {.title = tasks[i].title,
                                        .note = tasks[i].note,
                                        .assignee_id = tasks[i].is_mine ? demo->person : NULL,
                                        .due_on = day(arena, demo, zone, tasks[i].due),
                                        .campaign_id = tasks[i].campaign == NO_CAMPAIGN
                                                           ? NULL
                                                           : ret_campaigns[tasks[i].campaign]};
        if (!hib_plan_add_task(db, &content, &id, error))
            return false;
    }
    return true;
}
