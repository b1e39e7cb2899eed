/* Files as networks write them, and as they go wrong: every fault has its row, nothing is guessed over. */
#include "measure/import.h"
#include <stdio.h>
#include <string.h>

static HibArena *arena;

typedef struct {
    HibImportHead head;
    HibMetricMapping mapping;
    HibMetricSummary sum;
    GString *rows;
} Read;

static bool
on_row(const HibMetricRow *row, void *data, GError **error G_GNUC_UNUSED)
{
    Read *read = data;
    char at[HIB_INSTANT_TEXT];
    g_string_append_printf(read->rows, "%zu %s %s", row->row, *row->id ? row->id : row->url,
                           hib_instant_format(row->at, at));
    for (size_t i = 0; i < read->mapping.n; i++)
        if (row->has[i])
            g_string_append_printf(read->rows, " %s=%" G_GINT64_FORMAT,
                                   read->mapping.columns[i].metric, row->values[i]);
    g_string_append_c(read->rows, '\n');
    return true;
}

static HibInstant
now(void)
{
    HibInstant at = 0;
    g_assert_true(hib_instant_parse("2026-11-26T00:00:00Z", &at));
    return at;
}

/* Reads `text` in pieces; `change` may say what a person would. */
static Read
read_with(const char *text, const char *zone, void (*change)(HibMetricMapping *))
{
    GError *error = NULL;
    const size_t n = strlen(text);
    Read read = {.rows = g_string_new("")};
    hib_import_find_head(arena, text, n, &read.head);
    const HibImportFormat *format = read.head.format;
    read.mapping = (HibMetricMapping){.format = format ? format->id : "",
                                      .about = format ? format->about : HIB_ABOUT_POSTS,
                                      .columns = read.head.columns,
                                      .n = read.head.n_heads,
                                      .zone = format && *format->zone ? format->zone : zone,
                                      .order = format ? format->order : HIB_ORDER_ASK,
                                      .account = ""};
    if (change)
        change(&read.mapping);
    g_autoptr(HibZone) in = hib_zone_open(read.mapping.zone);
    g_autoptr(HibMetricReader) reader =
        hib_metric_reader_new(arena, &read.head, &read.mapping, in, now(), on_row, &read);
    for (size_t i = 0; i < n; i += 7)
        g_assert_true(hib_metric_reader_feed(reader, text + i, MIN(7, n - i), &error));
    g_assert_true(hib_metric_reader_end(reader, &read.sum, &error));
    g_assert_no_error(error);
    return read;
}

static Read
read_text(const char *text)
{
    return read_with(text, "Asia/Tokyo", NULL);
}

static void
expect_rows(Read read, const char *rows)
{
    for (size_t i = 0; i < read.sum.n_problems; i++)
        g_test_message("row %zu %s %s", read.sum.problems[i].row, read.sum.problems[i].reason,
                       read.sum.problems[i].value);
    g_assert_cmpuint(read.sum.n_problems, ==, 0);
    g_assert_cmpstr(read.rows->str, ==, rows);
    g_string_free(read.rows, TRUE);
}

static void
expect_problem(Read read, size_t row, const char *column, const char *reason, const char *value)
{
    bool is_found = false;
    for (size_t i = 0; i < read.sum.n_problems; i++) {
        const HibMetricProblem *p = &read.sum.problems[i];
        is_found |= p->row == row && g_strcmp0(p->column, column) == 0 &&
                    g_str_equal(p->reason, reason) && (!value || g_str_equal(p->value, value));
    }
    if (!is_found)
        g_test_fail_printf("no %s at row %zu (%zu problems, first %s)", reason, row,
                           read.sum.n_problems,
                           read.sum.n_problems ? read.sum.problems[0].reason : "none");
    g_string_free(read.rows, TRUE);
}

static void
posts_of_instagram(void)
{
    expect_rows(
        read_text(
            "投稿ID,アカウントのユーザーネーム,説明,公開時間,リンク,投稿タイプ,ビュー,リーチ,"
            "いいね！の数,コメント数,保存数\n"
            "1788,user,\"神戸\nあるある\",09/22/2026 "
            "23:48,https://www.instagram.com/reel/x/,IGリール動画,\"105,375\",70894,448,122,-\n"),
        "2 1788 2026-09-22T14:48:00Z views=105375 reach=70894 likes=448 replies=122\n");
}

/* The id holds the instant, the file only the day; a total and a blank row are no posts. */
static void
posts_of_x(void)
{
    expect_rows(read_text("Post id,Date,Post text,Post Link,Impressions,Likes,Engagements\n"
                          "1585841080431321088,\"Fri, Oct 28, 2022\",the "
                          "bird,https://x.com/u/status/1585841080431321088,1.2K,12,\"1,300\"\n\n"),
                "2 1585841080431321088 2022-10-28T03:49:11.734000Z impressions=1200 likes=12 "
                "network_engagements=1300\n");
}

static void
videos_of_youtube(void)
{
    Read read =
        read_text("コンテンツ,動画のタイトル,動画公開時刻,長さ,視聴回数,総再生時間（単位: 時間）\n"
                  "合計,,,,\"1,500\",100.5\n"
                  "abcdefghijk,動画A,\"Sep 1, 2026\",600,\"1,000\",70.5\n");
    g_assert_cmpuint(read.sum.n_totals, ==, 1);
    g_assert_true(read.sum.is_day_only);
    expect_rows(read, "3 abcdefghijk 2026-09-01T03:00:00Z views=1000 watch_ms=253800000\n");
}

static void
in_2025(HibMetricMapping *mapping)
{
    mapping->year = 2025;
}

/* Days end in the file's own zone; years turn between rows. */
static void
days_without_a_year(void)
{
    expect_rows(read_with("Date,Video Views,Profile Views,Likes,Comments,Shares\n"
                          "December 31,100,10,2,1,3\nJanuary 1,200,20,4,undefined,1\n",
                          "Asia/Tokyo", in_2025),
                "2  2025-12-31T14:59:59Z views=100 profile_visits=10 likes=2 replies=1 shares=3\n"
                "3  2026-01-01T14:59:59Z views=200 profile_visits=20 likes=4 shares=1\n");
    expect_problem(read_text("Date,Video Views,Profile Views\nDecember 31,100,10\n"), 2, "Date",
                   "measure.import_year", "December 31");
}

static void
friends_of_line(void)
{
    expect_rows(
        read_with("日付,総友だち数,ターゲットリーチ,ブロック数\n20260927,100,80,20\n", "UTC", NULL),
        "2  2026-09-27T14:59:59Z followers=100 targeted_reach=80 blocks=20\n");
}

static void
days_of_ga4(void)
{
    Read read = read_text("# ----\n# Start date: 20260101\n\nDate,Sessions,Active "
                          "users\n,120,80,Grand total\n20260101,70,50\n");
    g_assert_cmpuint(read.sum.n_totals, ==, 0);
    g_string_free(read.rows, TRUE);
    read = read_text("# ----\n\nDate,Sessions,Active users,\n,120,80,Grand "
                     "total\n20260101,70,50\n# ----\n# Another\nPage,Views\n/,3\n");
    g_assert_cmpuint(read.sum.n_totals, ==, 1);
    expect_rows(read, "5  2026-01-01T14:59:59Z sessions=70 users=50\n");
}

static void
one_metric_with_its_name_above(void)
{
    expect_rows(
        read_text("sep=,\n\"Viewers\"\n\"Date\",\"Primary\"\n\"2026-08-22T00:00:00\",\"7485\"\n"),
        "4  2026-08-22T14:59:59Z reach=7485\n");
}

static void
two_zones_are_asked_about(void)
{
    static const char head[] = "published,text,likes\n";
    g_autofree char *both =
        g_strconcat(head, "2026-09-01 10:00,a,1\n2026-09-01T10:00:00Z,b,2\n", NULL);
    g_autofree char *two =
        g_strconcat(head, "2026-09-01T10:00:00+02:00,a,1\n2026-09-01T10:00:00Z,b,2\n", NULL);
    g_autofree char *one =
        g_strconcat(head, "2026-09-01T10:00:00Z,a,1\n2026-09-02T10:00:00Z,b,2\n", NULL);
    expect_problem(read_text(both), 0, "published", "measure.import_zones", NULL);
    expect_problem(read_text(two), 0, "published", "measure.import_zones", NULL);
    Read read = read_text(one);
    g_assert_cmpuint(read.sum.n_problems, ==, 0);
    g_string_free(read.rows, TRUE);
    /* one zone whose clocks change is one zone */
    g_autofree char *summer =
        g_strconcat(head, "2026-09-01T10:00:00-07:00,a,1\n2026-01-02T10:00:00-08:00,b,2\n", NULL);
    read = read_with(summer, "America/Los_Angeles", NULL);
    g_assert_cmpuint(read.sum.n_problems, ==, 0);
    g_string_free(read.rows, TRUE);
}

static void
faults_are_told_where_they_are(void)
{
    static const char head[] = "post id,published,text,likes,comments\n";
    static const struct {
        const char *rows;
        size_t row;
        const char *column, *reason, *value;
    } faults[] = {
        {"1,2026-09-01 10:00,a,12.3%,1\n", 2, "likes", "measure.import_number", "12.3%"},
        {"1,2026-09-01 10:00,a,-4,1\n", 2, "likes", "measure.import_number", "-4"},
        {"1,2026-02-31 10:00,a,1,1\n", 2, "published", "measure.import_date", "2026-02-31 10:00"},
        {"1,01/02/2026,a,1,1\n", 2, "published", "measure.import_order", "01/02/2026"},
        {"1,,a,1,1\n", 2, "published", "measure.import_no_time", ""},
        {"1,2027-09-01 10:00,a,1,1\n", 2, "published", "measure.import_future", NULL},
        {"1,2026-09-01,a,1,1\n1,2026-09-01,a,2,1\n", 3, "post id", "measure.import_twice", "2"},
        {"1,2026-09-01,a,1,1\n2,2026-09-01,b", 3, NULL, "measure.import_cut", ""},
        {"1,2026-09-01,a,1,1\n2,2026-09-01,\"b", 3, "text", "measure.import_cut", NULL},
        {"1,2026-09-01,a,1,1,000\n", 2, NULL, "measure.import_columns", NULL},
        {"1,2026-09-01,a\"b,1,1\n", 2, "text", "measure.import_cell", "2"},
        {"", 0, NULL, "measure.import_no_rows", NULL},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(faults); i++) {
        g_autofree char *text = g_strconcat(head, faults[i].rows, NULL);
        expect_problem(read_text(text), faults[i].row, faults[i].column, faults[i].reason,
                       faults[i].value);
    }
    expect_problem(read_text("published,text\n2026-09-01,a\n"), 0, NULL, "measure.import_no_metric",
                   NULL);
}

static void
a_row_said_twice_counts_once(void)
{
    Read read = read_text("post id,published,likes\n1,2026-09-01,5\n1,2026-09-01,5\n");
    g_assert_cmpuint(read.sum.n_repeats, ==, 1);
    g_assert_cmpuint(read.sum.n_rows, ==, 1);
    g_string_free(read.rows, TRUE);
}

/* Without an id a post is the same in every later export, whatever its numbers; two alike are two. */
static void
posts_without_an_id_are_known_again(void)
{
    Read a = read_text("published,text,likes\n2026-09-01,x,5\n2026-09-01,x,9\n");
    Read b = read_text("published,text,likes\n2026-09-01,x,50\n2026-09-01,x,90\n");
    g_assert_cmpuint(a.sum.n_rows, ==, 2);
    g_auto(GStrv) first = g_strsplit(a.rows->str, " ", 3), second = g_strsplit(b.rows->str, " ", 3);
    g_assert_cmpstr(first[1], ==, second[1]);
    g_assert_nonnull(strstr(a.rows->str, "-1 ") ? strstr(a.rows->str, "-2 ") : NULL);
    g_string_free(a.rows, TRUE);
    g_string_free(b.rows, TRUE);
}

static char *
shared(const char *path)
{
    char *text = NULL;
    g_autofree char *file = g_build_filename(SHARED_DATA, path, NULL);
    if (!g_file_get_contents(file, &text, NULL, NULL)) {
        g_autofree char *why = g_strdup_printf("%s is not here: shared data", file);
        g_test_skip(why);
    }
    return text;
}

static void
real_posts_of_live_sellers(void)
{
    g_autofree char *text = shared("live_sellers/posts.csv");
    if (!text)
        return;
    Read read = read_with(text, "Asia/Bangkok", NULL);
    g_assert_cmpuint(read.sum.n_accounts, ==, 9);
    g_assert_cmpuint(read.sum.n_problems, ==, 0);
    g_assert_cmpuint(read.sum.n_rows + read.sum.n_repeats, ==, 4195);
    g_string_free(read.rows, TRUE);
}

static void
in_2014(HibMetricMapping *mapping)
{
    mapping->year = 2014;
}

static void
real_posts_of_facebook_metrics(void)
{
    g_autofree char *text = shared("facebook_metrics/dataset_Facebook.csv");
    if (!text)
        return;
    Read read = read_with(text, "UTC", in_2014);
    g_assert_cmpuint(read.sum.n_problems, ==, 0);
    g_assert_cmpuint(read.sum.n_rows, ==, 500);
    g_assert_true(read.sum.is_estimated);
    g_assert_cmpint(hib_wall_at(hib_zone_utc(), read.sum.first_at).year, ==, 2014);
    g_string_free(read.rows, TRUE);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    arena = hib_arena_new();
    g_test_add_func("/import_read/instagram", posts_of_instagram);
    g_test_add_func("/import_read/x", posts_of_x);
    g_test_add_func("/import_read/youtube", videos_of_youtube);
    g_test_add_func("/import_read/tiktok", days_without_a_year);
    g_test_add_func("/import_read/line", friends_of_line);
    g_test_add_func("/import_read/ga4", days_of_ga4);
    g_test_add_func("/import_read/titled", one_metric_with_its_name_above);
    g_test_add_func("/import_read/zones", two_zones_are_asked_about);
    g_test_add_func("/import_read/faults", faults_are_told_where_they_are);
    g_test_add_func("/import_read/twice", a_row_said_twice_counts_once);
    g_test_add_func("/import_read/no_id", posts_without_an_id_are_known_again);
    g_test_add_func("/import_read/live_sellers", real_posts_of_live_sellers);
    g_test_add_func("/import_read/facebook", real_posts_of_facebook_metrics);
    const int code = g_test_run();
    hib_arena_free(arena);
    return code;
}
