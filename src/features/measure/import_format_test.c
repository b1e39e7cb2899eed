/* Exports are known by their heads, in either language; what is not is left to the person. */
#include "measure/import.h"
#include <string.h>

static HibArena *arena;

static HibImportHead
head_of(const char *text)
{
    HibImportHead head;
    hib_import_find_head(arena, text, strlen(text), &head);
    return head;
}

/* "id - at views …": what each column was taken for. */
static char *
columns_of(const HibImportHead *head)
{
    static const char *const names[] = {"-",       "id",   "url",  "at",   "day",    "month",
                                        "weekday", "hour", "text", "type", "account"};
    GString *out = g_string_new("");
    for (size_t i = 0; i < head->n_heads; i++)
        g_string_append_printf(out, "%s%s", i ? " " : "",
                               head->columns[i].role == HIB_COLUMN_METRIC
                                   ? head->columns[i].metric
                                   : names[head->columns[i].role]);
    return g_string_free(out, FALSE);
}

static void
exports_are_known_by_their_heads(void)
{
    static const struct {
        const char *text, *format, *columns;
    } rows[] = {
        {"Post ID,Account ID,Account username,Account name,Description,Duration (sec),Publish "
         "time,Permalink,Post type,Data "
         "comment,Date,Views,Reach,Likes,Shares,Follows,Comments,Saves\n",
         "instagram_posts",
         "id - account - text - at url type - - views reach likes shares follows replies saves"},
        {"投稿ID,アカウントID,アカウントのユーザーネーム,アカウント名,説明,時間(秒),公開時間,"
         "リンク,投稿タイプ,データコメント,日時,ビュー,リーチ,いいね！の数,シェア数,フォロー数,"
         "コメント数,保存数\n",
         "instagram_posts",
         "id - account - text - at url type - - views reach likes shares follows replies saves"},
        {"Post ID,Page ID,Page name,Title,Duration (sec),Publish time,Permalink,Post "
         "type,Views,Average Seconds viewed\n",
         "facebook_posts", "id - account text - at url type views -"},
        {"Post id,Date,Post text,Post Link,Impressions,Likes,Engagements,Bookmarks,Shares,New "
         "follows,Replies,Reposts,Profile visits,Detail Expands,URL Clicks,Hashtag "
         "Clicks,Permalink Clicks\n",
         "x_posts",
         "id at text url impressions likes network_engagements saves shares follows replies "
         "reposts profile_visits - clicks - -"},
        {"Date,Impressions,Likes,Engagements,Bookmarks,Shares,New "
         "follows,Unfollows,Replies,Reposts,Profile visits,Create Post,Video views,Media views\n",
         "x_days",
         "day impressions likes interactions saves shares follows unfollows replies reposts "
         "profile_visits - views -"},
        {"ポストID,日付,ポスト本文,ポストのリンク,インプレッション数,いいね,エンゲージメント,"
         "ブックマーク,共有された回数,新しいフォロー,返信,リポスト,プロフィールへのアクセス数,"
         "詳細のクリック数,URLのクリック数,ハッシュタグのクリック数,パーマリンクのクリック数\n",
         "x_posts",
         "id at text url impressions likes network_engagements saves shares follows replies "
         "reposts profile_visits - clicks - -"},
        {"Date,インプレッション数,いいね,エンゲージメント,ブックマーク,共有された回数\\,"
         "新しいフォロー,フォロー解除,返信,リポスト,プロフィールへのアクセス数,ポストを作成,"
         "動画再生数,メディアの再生数\n",
         "x_days",
         "day impressions likes interactions saves shares follows unfollows replies reposts "
         "profile_visits - views -"},
        {"ツイートID,ツイートの固定リンク,ツイート本文,時間,インプレッション,エンゲージメント,"
         "エンゲージメント率,リツイート,返信,いいね,ユーザープロフィールクリック,URLクリック数\n",
         "x_tweets",
         "id url text at impressions network_engagements - reposts replies likes profile_visits "
         "clicks"},
        {"コンテンツ,動画のタイトル,動画公開時刻,長さ,視聴回数,総再生時間（単位: "
         "時間）,平均視聴時間,インプレッション数,インプレッションのクリック率 (%)\n",
         "youtube_videos", "id text at - views watch_ms - impressions -"},
        {"コンテンツ,動画のタイトル,動画公開時刻,視聴回数,サムネイルのインプレッション数,高評価数,"
         "低評価数,コメントの追加回数,共有数,登録者増加数,登録者減少数\n",
         "youtube_videos", "id text at views impressions likes - replies shares follows -"},
        {"日付,視聴回数,総再生時間（単位: 時間）,コメントの追加回数,登録者増加数,登録者減少数\n",
         "youtube_days", "day views watch_ms replies follows -"},
        {"Content,Video title,Video publish time,Views,Watch time "
         "(hours),Subscribers,Impressions,Impressions click-through rate (%)\n",
         "youtube_videos", "id text at views watch_ms - impressions -"},
        {"Date,Views,Watch time (hours)\n", "youtube_days", "day views watch_ms"},
        {"Date,Video Views,Profile Views,Likes,Comments,Shares\n", "tiktok_days",
         "day views profile_visits likes replies shares"},
        {"Date,Followers,Difference in followers from previous day\n", "tiktok_followers",
         "day followers -"},
        {"Video title,Video link,Post time,Total likes,Total comments,Total shares,Total "
         "views,Average watch time\n",
         "tiktok_videos", "text url at likes replies shares views -"},
        {"date,contacts,targetReaches,blocks\n", "line_friends",
         "day followers targeted_reach blocks"},
        {"日付,総友だち数,ターゲットリーチ,ブロック数\n", "line_friends",
         "day followers targeted_reach blocks"},
        {"# ----\n# Traffic acquisition, by day\n# Start date: 20260101\n\nDate,Sessions,Active "
         "users,Engagement rate\n",
         "ga4_days", "day sessions users -"},
        {"# ----\n# トラフィック獲得\n# 開始日: 20261001\n# 終了日: 20261031\n# ----\n#\n# "
         "すべてのユーザー\n日付,セッション,エンゲージのあったセッション数,エンゲージメント率,"
         "セッションあたりの平均エンゲージメント時間,イベント数,キーイベント,"
         "セッション キーイベント率,合計収益,表示回数,アクティブ ユーザー\n",
         "ga4_days", "day sessions - - - - conversions - - views users"},
        {"sep=,\n\"Instagram follows\"\n\"Date\",\"Primary\"\n", "meta_days", "day follows"},
        {"sep=,\n\"Some new thing\"\n\"Date\",\"Primary\"\n", "meta_days", "day -"},
        {"page_id,status_id,status_type,status_published,num_comments,num_shares,num_reactions,num_"
         "likes\n",
         "posts", "account id type at replies shares likes -"},
        {"投稿日時;本文;いいね;保存\n", "posts", "at text likes saves"},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        const HibImportHead head = head_of(rows[i].text);
        g_assert_nonnull(head.format);
        g_autofree char *columns = columns_of(&head);
        g_assert_cmpstr(head.format->id, ==, rows[i].format);
        g_assert_cmpstr(columns, ==, rows[i].columns);
        g_assert_cmpuint(head.n_known, <=, head.n_heads);
    }
}

static void
an_unknown_table_is_not_guessed_over(void)
{
    const HibImportHead head = head_of("sep=;\nfoo;bar;baz\n1;2;3\n");
    g_assert_null(head.format);
    g_assert_cmpuint(head.head_row, ==, 2);
    g_assert_cmpuint(head.n_heads, ==, 3);
    g_assert_cmpint(head.delimiter, ==, ';');
    g_assert_cmpint(head.columns[0].role, ==, HIB_COLUMN_SKIP);
    g_assert_cmpuint(head_of("").head_row, ==, 0);
    g_assert_cmpuint(head_of("\n\nnothing\n").head_row, ==, 0);
}

static void
a_mapping_is_kept_whole(void)
{
    GError *error = NULL;
    HibMetricMapping again;
    HibMetricColumn columns[] = {{HIB_COLUMN_DAY, "", HIB_UNIT_COUNT},
                                 {HIB_COLUMN_METRIC, "watch_ms", HIB_UNIT_HOURS}};
    const HibMetricMapping mapping = {.format = "youtube_days",
                                      .about = HIB_ABOUT_DAYS,
                                      .columns = columns,
                                      .n = 2,
                                      .zone = "America/Los_Angeles",
                                      .order = HIB_ORDER_DMY,
                                      .year = 2026,
                                      .as_of = 1790000000000000,
                                      .is_mixed_fine = true,
                                      .account = "abc"};
    g_assert_true(
        hib_metric_mapping_read(arena, hib_metric_mapping_print(arena, &mapping), &again, &error));
    g_assert_cmpstr(again.format, ==, mapping.format);
    g_assert_cmpint(again.about, ==, mapping.about);
    g_assert_cmpuint(again.n, ==, 2);
    g_assert_cmpstr(again.columns[1].metric, ==, "watch_ms");
    g_assert_cmpint(again.columns[1].unit, ==, HIB_UNIT_HOURS);
    g_assert_cmpstr(again.zone, ==, mapping.zone);
    g_assert_cmpint(again.order, ==, mapping.order);
    g_assert_cmpint(again.as_of, ==, mapping.as_of);
    g_assert_true(again.is_mixed_fine && !again.is_by_account);
    g_assert_cmpstr(again.account, ==, "abc");
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    arena = hib_arena_new();
    g_test_add_func("/import_format/known", exports_are_known_by_their_heads);
    g_test_add_func("/import_format/unknown", an_unknown_table_is_not_guessed_over);
    g_test_add_func("/import_format/kept", a_mapping_is_kept_whole);
    const int code = g_test_run();
    hib_arena_free(arena);
    return code;
}
