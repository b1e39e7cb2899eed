/* The demo's data: see demo_history.h. Everything goes through the faces a person's own work goes through; only the past is stored as past. */
#include "app/demo_history.h"
#include "accounts/accounts.h"
#include "app/demo_plan.h"
#include "base/error.h"
#include "base/id.h"
#include "links/links.h"
#include "measure/measure.h"
#include "networks/bluesky.h"
#include "plan/plan.h"
#include "practice/history.h"
#include "publish/publish.h"
#include "team/team.h"
#include "ugc/ugc.h"
#include <string.h>

#define SECOND_HANDLE "tencho.hibiki.test"
#define SECOND_NAME "喫茶ひびき 店長"

HibFace *
hib_demo_face(const HibDemo *demo, const char *journal, HibArena *arena, GError **error)
{
    HibAudience audience = hib_history_audience(demo->seed, demo->since);
    HibFaceAccount accounts[] = {
        {.handle = HIB_HISTORY_HANDLE,
         .password = demo->password,
         .display_name = HIB_HISTORY_NAME,
         .audience = audience},
        {.handle = SECOND_HANDLE,
         .password = demo->password,
         .display_name = SECOND_NAME,
         .audience =
             hib_audience_new(demo->seed + 1, demo->since - HIB_HISTORY_DAYS * HIB_DAY, 310)},
    };
    HibFaceOptions options = {
        .port = demo->practice_port,
        .accounts = accounts,
        .n_accounts = G_N_ELEMENTS(accounts),
        .journal = journal,
        .has_control = true,
    };
    g_autoptr(HibFace) face = hib_face_start(&options, error);
    if (!face)
        return NULL;
    const HibHistoryPost *posts = NULL;
    size_t n = hib_history_posts(arena, demo->seed, demo->since, &posts);
    const char *did = hib_face_did(face, HIB_HISTORY_HANDLE);
    for (size_t i = 0; i < n; i++)
        hib_face_add_post(face, did, posts[i].rkey, posts[i].text, posts[i].at, posts[i].n_images,
                          posts[i].topic);
    return g_steal_pointer(&face);
}

/* --- the past --------------------------------------------------------------------------------------------- */
typedef struct {
    HibArena *arena;
    GArray *snapshots;
    const char *delivery, *account;
    const char **deliveries; /* of the posts */
    int64_t followers;       /* the last reading */
    HibInstant talked_about_at;
} Collecting;
/* Followers that came on the day somebody talked about the house: a day that is not as usual. */
#define TALKED_ABOUT 60

/* Readings as measure would have made them, but thinner, so that the first start stays quick: the shape of a curve needs no more. */
static HibInstant
thin_schedule(HibInstant published_at, HibInstant now)
{
    HibDuration age = now - published_at;
    HibDuration step = age < 6 * HIB_HOUR   ? HIB_HOUR
                       : age < 2 * HIB_DAY  ? 6 * HIB_HOUR
                       : age < 14 * HIB_DAY ? 2 * HIB_DAY
                                            : 20 * HIB_DAY;
    return now + step;
}

static void
take(Collecting *collecting, const char *metric, HibInstant as_of, int64_t value)
{
    HibSnapshot snapshot = {collecting->delivery, collecting->account, metric, as_of, value};
    g_array_append_val(collecting->snapshots, snapshot);
}

static void
on_reading(size_t post, HibInstant as_of, const HibAudienceNumbers *numbers, void *data)
{
    Collecting *collecting = data;
    collecting->delivery = collecting->deliveries[post];
    take(collecting, "likes", as_of, numbers->likes);
    take(collecting, "reposts", as_of, numbers->reposts);
    take(collecting, "replies", as_of, numbers->comments);
    take(collecting, "quotes", as_of, numbers->quotes);
}

static void
on_followers(HibInstant as_of, int64_t followers, void *data)
{
    Collecting *collecting = data;
    collecting->delivery = NULL;
    collecting->followers = followers - (as_of < collecting->talked_about_at ? TALKED_ABOUT : 0);
    take(collecting, "followers", as_of, collecting->followers);
}

static bool
add_past_post(HibDb *db, const HibHistoryPost *past, const HibAccount *account, const char *person,
              HibSeeded *chance, const char **ret_post, const char **ret_delivery, GError **error)
{
    HibArena *arena = hib_db_arena(db);
    HibPostVariant variant = {.account_id = account->id};
    int64_t late_ms = 120 + hib_seeded_below(chance, 600);
    HibPost post = {
        .id = hib_db_new_id(db),
        .text = past->text,
        .lang = "ja",
        .state = HIB_POST_PUBLISHED,
        .variants = &variant,
        .n_variants = 1,
        .has_due_at = true,
        .due_at = past->at,
        .created_at = past->at - HIB_DAY,
        .updated_at = past->at,
        .created_by = person,
        .version = 3,
    };
    HibDelivery delivery = {
        .id = hib_db_new_id(db),
        .post_id = post.id,
        .account_id = account->id,
        .network = account->network,
        .handle = account->handle,
        .text = past->text,
        .state = HIB_DELIVERY_PUBLISHED,
        .due_at = past->at,
        .has_sent_at = true,
        .sent_at = past->at + late_ms * HIB_MILLISECOND,
        .has_published_at = true,
        .published_at = past->at + (late_ms + 90) * HIB_MILLISECOND,
        .has_lateness = true,
        .lateness_ms = late_ms,
        .attempts = 1,
        .remote_id = hib_arena_printf(arena, "at://%s/app.bsky.feed.post/%s", account->remote_id,
                                      past->rkey),
        .url = hib_arena_printf(arena, "https://bsky.app/profile/%s/post/%s", account->handle,
                                past->rkey),
    };
    *ret_post = post.id;
    *ret_delivery = delivery.id;
    return hib_plan_add_past(db, &post, error) && hib_publish_add_past(db, &delivery, error);
}

/* `recent`: gets the ids of the posts of the days that a campaign has been running. */
static bool
load_past(HibDb *db, const HibDemo *demo, const HibAccount *account, GPtrArray *recent,
          GError **error)
{
    HibArena *arena = hib_db_arena(db);
    HibAudience audience = hib_history_audience(demo->seed, demo->since);
    const HibHistoryPost *posts = NULL;
    size_t n = hib_history_posts(arena, demo->seed, demo->since, &posts);
    g_autoptr(GArray) snapshots = g_array_new(FALSE, FALSE, sizeof(HibSnapshot));
    Collecting collecting = {
        .arena = arena, .snapshots = snapshots, .talked_about_at = demo->since - 5 * HIB_DAY};
    HibSeeded chance;
    hib_seeded_init(&chance, demo->seed);
    g_autoptr(HibTx) tx = hib_tx_begin(db, error);
    if (!tx)
        return false;
    collecting.account = account->id;
    collecting.deliveries = hib_arena_array(arena, const char *, n);
    for (size_t i = 0; i < n; i++) {
        const char *post;
        if (!add_past_post(db, &posts[i], account, demo->person, &chance, &post,
                           &collecting.deliveries[i], error))
            return false;
        if (posts[i].at >= demo->since - HIB_DEMO_RUNNING_DAYS * HIB_DAY)
            g_ptr_array_add(recent, (gpointer)post);
    }
    hib_history_readings(&audience, posts, n, demo->since, thin_schedule, on_reading, on_followers,
                         &collecting);
    return hib_measure_add(db, (const HibSnapshot *)(const void *)snapshots->data, snapshots->len,
                           error) &&
           hib_accounts_set_followers(db, account->id, collecting.followers, demo->since, error) &&
           hib_tx_commit(tx, error);
}

/* --- what is planned --------------------------------------------------------------------------------------- */
typedef struct {
    int day, hour, minute; /* day 0 = today; a time that has passed today moves a week on */
    bool is_draft, is_both;
    const char *text;
    int campaign; /* 1 + its place in demo_plan.h; 0: none */
} Planned;

static const Planned planned[] = {
    {0, 12, 15, false, false,
     "本日のランチは、きのこと鶏のクリーム煮です。小さなサラダとスープが付きます。14時まで、なくな"
     "り次第終わります。\n#喫茶ひびき"},
    {0, 18, 30, false, true, "夜は21時まで開けています。仕事帰りに、温かいカフェオレをどうぞ。"},
    {1, 8, 0, false, false,
     "おはようございます。今朝の豆はエチオピア、浅めの焙煎です。柑橘のような香りがします。"},
    {2, 12, 0, false, false,
     "木曜はプリンの日。かためで、カラメルは少し苦めに炊いています。\n#プリン #喫茶ひびき"},
    {4, 17, 0, false, true,
     "今週末は常連さんの写真展を開きます。壁一面の「朝の窓」。コーヒー1杯でごゆっくり。",
     1 + HIB_DEMO_WINDOW},
    {6, 9, 30, false, false,
     "冬のブレンドを始めました。深めに焼いた豆を3種類。ミルクとよく合います。",
     1 + HIB_DEMO_WINTER},
    {3, 17, 30, false, false,
     "福袋に入れるマグを、作家さんの窯出しの日に受け取ってきました。同じ青が二つとありません。",
     1 + HIB_DEMO_WINTER},
    {8, 10, 0, true, true, "福袋の予約開始のお知らせ(価格と個数はオーナーの承認のあとで)",
     1 + HIB_DEMO_WINTER},
    {1, 18, 0, false, false,
     "写真を壁に掛ける順番を、作者のみなさんと決めました。朝の光が入る側から、冬、春、夏、秋。",
     1 + HIB_DEMO_WINDOW},
    {3, 10, 0, true, false, "クリスマスケーキの予約について(受け取り日と数を確認してから)",
     1 + HIB_DEMO_CAKE},
    {0, 0, 0, true, false, "アイデア: 焙煎機の音だけの30秒。通勤の朝に。"},
};

static bool
plan_one(HibDb *db, const HibDemo *demo, const Planned *plan, const HibZone *zone,
         const char *const accounts[2], const char *const *campaigns, GError **error)
{
    HibPostVariant variants[] = {{.account_id = accounts[0]}, {.account_id = accounts[1]}};
    HibInstant day = hib_day_start(zone, demo->since, plan->day),
               at = day + plan->hour * HIB_HOUR + plan->minute * HIB_MINUTE;
    if (at <= demo->since + 2 * HIB_MINUTE)
        at = hib_day_start(zone, demo->since, plan->day + 7) + (at - day);
    HibPostContent content = {
        .text = plan->text,
        .lang = "ja",
        .variants = variants,
        .n_variants = plan->is_both ? 2 : 1,
        .due_at = plan->is_draft && plan->hour == 0 ? NULL : &at,
    };
    HibPost *post = NULL;
    if (!hib_plan_create(db, &content, &post, error) ||
        (plan->campaign &&
         !hib_plan_set_campaign(db, post->id, campaigns[plan->campaign - 1], error)))
        return false;
    return plan->is_draft || hib_publish_schedule(db, post->id, NULL, at, &post, error);
}

/* One that failed yesterday, as a network would have put it: a text over the limit by the network's own count. */
static bool
add_failed(HibDb *db, const HibDemo *demo, const HibAccount *account, const HibZone *zone,
           GError **error)
{
    HibInstant at = hib_day_start(zone, demo->since, -1) + 19 * HIB_HOUR;
    const char *text = "【お知らせ】12月の営業日です。写真の文字が小さかったため、差し替えてからも"
                       "う一度お送りします。";
    HibPostVariant variant = {.account_id = account->id};
    HibPost post = {.id = hib_db_new_id(db),
                    .text = text,
                    .lang = "ja",
                    .state = HIB_POST_FAILED,
                    .variants = &variant,
                    .n_variants = 1,
                    .has_due_at = true,
                    .due_at = at,
                    .created_at = at - HIB_DAY,
                    .updated_at = at,
                    .created_by = demo->person,
                    .version = 3};
    HibDelivery delivery = {
        .id = hib_db_new_id(db),
        .post_id = post.id,
        .account_id = account->id,
        .network = account->network,
        .handle = account->handle,
        .text = text,
        .state = HIB_DELIVERY_FAILED,
        .due_at = at,
        .has_sent_at = true,
        .sent_at = at + 300 * HIB_MILLISECOND,
        .has_lateness = true,
        .lateness_ms = 300,
        .attempts = 1,
        .has_error = true,
        .error_at = at + 900 * HIB_MILLISECOND,
        .error_class = HIB_NET_FIX_CONTENT,
        .error_status = 400,
        .error_code = "InvalidMimeType",
        .error_message =
            "Referenced Mimetype does not match stored blob. Expected: image/heic, Got: image/jpeg",
        .next = HIB_NEXT_EDIT};
    return hib_plan_add_past(db, &post, error) && hib_publish_add_past(db, &delivery, error);
}

/* --- first and later starts ---------------------------------------------------------------------------------- */
static bool
found(HibStore *store, HibDemo *demo, HibArena *arena, GError **error)
{
    g_autoptr(HibDb) db = hib_db_open(store, arena, NULL);
    HibTeamFounding founding = {
        .name = "デモのあなた",
        .email = "demo@hibiki.practice",
        .password = hib_random_token(arena, 24),
        .workspace_name = HIB_HISTORY_NAME,
        .zone = "Asia/Tokyo",
        .locale = "ja",
        .is_practice = true,
    };
    return hib_team_found(db, &founding, &demo->workspace, &demo->person, error);
}

bool
hib_demo_load(HibStore *store, const HibServices *services, HibDemo *demo, HibArena *arena,
              GError **error)
{
    if (!found(store, demo, arena, error))
        return false;
    g_autoptr(HibDb) db = hib_db_open(store, arena, demo->workspace);
    hib_db_set_actor(db, HIB_ACTOR_PERSON, demo->person);
    g_autoptr(HibZone) zone = hib_zone_open("Asia/Tokyo");
    HibAccount *first = NULL, *second = NULL;
    g_autoptr(GPtrArray) recent = g_ptr_array_new();
    if (!hib_accounts_connect(db, services, "bluesky", NULL, HIB_HISTORY_HANDLE, demo->password,
                              &first, error) ||
        !hib_accounts_connect(db, services, "bluesky", NULL, SECOND_HANDLE, demo->password, &second,
                              error) ||
        !load_past(db, demo, first, recent, error))
        return false;
    g_autoptr(HibTx) tx = hib_tx_begin(db, error);
    const char *campaigns[HIB_DEMO_CAMPAIGNS];
    if (!tx || !hib_demo_plan(db, demo, zone ? zone : hib_zone_utc(), campaigns, error))
        return false;
    for (guint i = 0; i < recent->len; i++)
        if (!hib_plan_set_campaign(db, recent->pdata[i], campaigns[HIB_DEMO_WINTER], error))
            return false;
    for (size_t i = 0; i < G_N_ELEMENTS(planned); i++)
        if (!plan_one(db, demo, &planned[i], zone ? zone : hib_zone_utc(),
                      (const char *const[]){first->id, second->id}, campaigns, error))
            return false;
    const char *token_id = NULL;
    unsigned scopes = HIB_SCOPE_READ | HIB_SCOPE_WRITE | HIB_SCOPE_PUBLISH;
    return add_failed(db, demo, first, zone ? zone : hib_zone_utc(), error) &&
           hib_ugc_example(db, campaigns[HIB_DEMO_WINTER], error) &&
           hib_team_token_make(db, "コマンドライン", scopes, NULL, &token_id, &demo->token,
                               error) &&
           hib_tx_commit(tx, error) && hib_links_example(db, services, campaigns, error);
}

bool
hib_demo_catch_up(HibStore *store, const HibDemo *demo, HibArena *arena, GError **error)
{
    g_autoptr(HibDb) db = hib_db_open(store, arena, demo->workspace);
    HibInstant now = hib_db_now(db), before = now - HIB_HOUR;
    HibDeliveryState waiting = HIB_DELIVERY_WAITING;
    HibDeliveryQuery query = {.to = &before, .state = &waiting, .limit = 200};
    HibDelivery *rows = NULL;
    size_t n = 0;
    const char *next = NULL;
    g_autoptr(HibZone) zone = hib_zone_open("Asia/Tokyo");
    if (!zone)
        zone = hib_zone_utc();
    if (!hib_publish_list(db, &query, &rows, &n, &next, error))
        return false;
    for (size_t i = 0; i < n; i++) {
        HibInstant time_of_day = rows[i].due_at - hib_day_start(zone, rows[i].due_at, 0);
        HibInstant at = hib_day_start(zone, now, 1 + (int)(i % 6)) + time_of_day;
        HibPost *post = NULL;
        if (!hib_publish_schedule(db, rows[i].post_id, NULL, at, &post, error))
            return false;
    }
    return true;
}
