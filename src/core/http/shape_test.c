/* Shapes: what is read, what is refused and where, and that what is written reads back. */
#include "http/shape.h"

#include "base/error.h"
#include "base/json.h"

#include <string.h>

typedef struct {
    const char *id;
    const char *alt;
    bool has_alt;
} Image;
typedef struct {
    const char *text;
    int64_t n;
    bool has_n;
    double rate;
    bool has_rate;
    bool is_on, has_is_on;
    int color;
    bool has_color;
    HibInstant at;
    bool has_at;
    const char *extra;
    bool has_extra;
    Image *images;
    size_t n_images;
    bool has_images;
    const char **tags;
    size_t n_tags;
    bool has_tags;
    Image cover;
    bool has_cover;
} Post;

static const HibField image_fields[] = {
    {.name = "id", .kind = HIB_UUID, .is_required = true, .at = offsetof(Image, id)},
    {.name = "alt/~",
     .kind = HIB_TEXT,
     .is_required = true,
     .is_nullable = true,
     .at = offsetof(Image, alt),
     .has_at = offsetof(Image, has_alt),
     .max = 3},
};
static const HibShape image_shape = {
    .name = "Image", .size = sizeof(Image), .fields = image_fields, .n_fields = 2};
static const char *const colors[] = {"red", "green", NULL};
static const HibField post_fields[] = {
    {.name = "text",
     .kind = HIB_TEXT,
     .is_required = true,
     .at = offsetof(Post, text),
     .min = 2,
     .max = 4},
    {.name = "n",
     .kind = HIB_INT,
     .at = offsetof(Post, n),
     .has_at = offsetof(Post, has_n),
     .has_min = true,
     .min = -5,
     .has_max = true,
     .max = 0},
    {.name = "rate",
     .kind = HIB_REAL,
     .at = offsetof(Post, rate),
     .has_at = offsetof(Post, has_rate),
     .has_max = true,
     .max_real = 0.5},
    {.name = "is_on",
     .kind = HIB_BOOL,
     .at = offsetof(Post, is_on),
     .has_at = offsetof(Post, has_is_on)},
    {.name = "color",
     .kind = HIB_ENUM,
     .at = offsetof(Post, color),
     .has_at = offsetof(Post, has_color),
     .names = colors},
    {.name = "at", .kind = HIB_TIME, .at = offsetof(Post, at), .has_at = offsetof(Post, has_at)},
    {.name = "extra",
     .kind = HIB_ANY,
     .at = offsetof(Post, extra),
     .has_at = offsetof(Post, has_extra)},
    {.name = "images",
     .kind = HIB_OBJECT,
     .is_array = true,
     .at = offsetof(Post, images),
     .n_at = offsetof(Post, n_images),
     .has_at = offsetof(Post, has_images),
     .min_items = 1,
     .max_items = 2,
     .sub = &image_shape},
    {.name = "tags",
     .kind = HIB_TEXT,
     .is_array = true,
     .at = offsetof(Post, tags),
     .n_at = offsetof(Post, n_tags),
     .has_at = offsetof(Post, has_tags),
     .min = 1,
     .max = 3,
     .pattern = "^[a-z]+$"},
    {.name = "cover",
     .kind = HIB_OBJECT,
     .at = offsetof(Post, cover),
     .has_at = offsetof(Post, has_cover),
     .sub = &image_shape},
};
static const HibShape post_shape = {.name = "Post",
                                    .size = sizeof(Post),
                                    .fields = post_fields,
                                    .n_fields = G_N_ELEMENTS(post_fields)};
#define ID "01890f0a-0000-7000-8000-000000000001"

static bool
read_text(HibArena *arena, const char *text, Post *post, GError **error)
{
    HibJson json = {0};
    return hib_json_parse(arena, text, strlen(text), &json, error) &&
           hib_shape_read(&post_shape, json.value, arena, post, error);
}

static void
faults_name_the_exact_place_and_reason(void)
{
    static const struct {
        const char *text, *pointer, *reason;
    } cases[] = {
        {"[]", "", "input.wrong_type"},
        {"{}", "/text", "input.missing"},
        {"{\"text\":null}", "/text", "input.wrong_type"},
        {"{\"text\":1}", "/text", "input.wrong_type"},
        {"{\"text\":\"響\"}", "/text", "input.too_short"},
        {"{\"text\":\"響響響響き\"}", "/text", "input.too_long"},
        {"{\"text\":\"ab\",\"Text\":\"ab\"}", "/Text", "input.unknown"},
        {"{\"text\":\"ab\",\"a/~b\":1}", "/a~1~0b", "input.unknown"},
        {"{\"text\":\"ab\",\"n\":-6}", "/n", "input.too_small"},
        {"{\"text\":\"ab\",\"n\":1}", "/n", "input.too_large"},
        {"{\"text\":\"ab\",\"n\":0.5}", "/n", "input.wrong_type"},
        {"{\"text\":\"ab\",\"n\":1e300}", "/n", "input.too_large"},
        {"{\"text\":\"ab\",\"rate\":0.51}", "/rate", "input.too_large"},
        {"{\"text\":\"ab\",\"is_on\":\"true\"}", "/is_on", "input.wrong_type"},
        {"{\"text\":\"ab\",\"color\":\"blue\"}", "/color", "input.not_allowed"},
        {"{\"text\":\"ab\",\"at\":\"2026-02-30T00:00:00Z\"}", "/at", "input.not_a_time"},
        {"{\"text\":\"ab\",\"extra\":[]}", "/extra", "input.wrong_type"},
        {"{\"text\":\"ab\",\"images\":[]}", "/images", "input.too_few"},
        {"{\"text\":\"ab\",\"images\":[1,2,3]}", "/images", "input.too_many"},
        {"{\"text\":\"ab\",\"images\":{}}", "/images", "input.wrong_type"},
        {"{\"text\":\"ab\",\"images\":[{\"id\":\"" ID "\",\"alt/~\":null},{\"id\":\"x\"}]}",
         "/images/1/id", "input.not_an_id"},
        {"{\"text\":\"ab\",\"images\":[{\"id\":\"" ID "\"}]}", "/images/0/alt~1~0",
         "input.missing"},
        {"{\"text\":\"ab\",\"images\":[{\"id\":\"" ID "\",\"alt/~\":\"long\"}]}",
         "/images/0/alt~1~0", "input.too_long"},
        {"{\"text\":\"ab\",\"tags\":[\"a\",\"B\"]}", "/tags/1", "input.pattern"},
        {"{\"text\":\"ab\",\"tags\":[\"a\\n\"]}", "/tags/0", "input.pattern"},
        {"{\"text\":\"ab\",\"tags\":[\"a\",\"\"]}", "/tags/1", "input.too_short"},
        {"{\"text\":\"ab\",\"cover\":{\"id\":\"" ID "\",\"alt/~\":null,\"x\":1}}", "/cover/x",
         "input.unknown"},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(HibArena) arena = hib_arena_new();
        g_autoptr(GError) error = NULL;
        Post post = {0};
        g_test_message("%s", cases[i].text);
        g_assert_false(read_text(arena, cases[i].text, &post, &error));
        g_assert_cmpstr(hib_error_reason(error), ==, cases[i].reason);
        g_assert_cmpstr(hib_error_pointer(error), ==, cases[i].pointer);
    }
}

static void
limits_and_choices_are_told(void)
{
    g_autoptr(HibArena) arena = hib_arena_new();
    g_autoptr(GError) error = NULL;
    Post post = {0};
    g_assert_false(read_text(arena, "{\"text\":\"abcde\"}", &post, &error));
    g_assert_cmpstr(hib_error_detail(error, "limit"), ==, "4");
    g_clear_error(&error);
    g_assert_false(read_text(arena, "{\"text\":\"ab\",\"color\":\"\"}", &post, &error));
    g_assert_cmpstr(hib_error_detail(error, "allowed"), ==, "red, green");
}

static void
what_is_written_reads_back_the_same(void)
{
    const char *text = "{\"text\":\"a\\\"\\n\\u0001\",\"n\":-5,\"rate\":0.1,\"is_on\":true,"
                       "\"color\":\"green\",\"at\":\"2026-12-01T00:00:00Z\","
                       "\"extra\":{\"a\":[1,null]},\"images\":[{\"id\":\"" ID
                       "\",\"alt/~\":null},{\"id\":\"" ID "\",\"alt/~\":\"響\"}],"
                       "\"tags\":[\"a\",\"b\"],\"cover\":{\"id\":\"" ID "\",\"alt/~\":\"\"}}";
    g_autoptr(HibArena) arena = hib_arena_new();
    g_autoptr(GError) error = NULL;
    Post post = {0};
    g_assert_true(read_text(arena, text, &post, &error));
    g_assert_no_error(error);
    g_assert_cmpuint(post.n_images, ==, 2);
    g_assert_false(post.images[0].has_alt);
    g_assert_cmpstr(post.images[1].alt, ==, "響");
    g_autoptr(GString) out = g_string_new(NULL);
    hib_shape_print(&post_shape, &post, out);
    g_assert_cmpstr(out->str, ==, text);
}

static void
large_numbers_and_bad_bytes_leave_as_valid_json(void)
{
    Post post = {
        .text = "a\xff", .n = G_MAXINT64, .has_n = true, .rate = 1.0 / 3, .has_rate = true};
    g_autoptr(GString) out = g_string_new(NULL);
    hib_shape_print(&post_shape, &post, out);
    g_assert_cmpstr(
        out->str, ==,
        "{\"text\":\"a\xef\xbf\xbd\",\"n\":9223372036854775807,\"rate\":0.33333333333333331}");
}

static void
a_query_is_judged_like_a_body(void)
{
    static const HibShape shape = {
        .name = "Query", .size = sizeof(Post), .fields = post_fields, .n_fields = 6};
    static const struct {
        const char *query, *pointer, *reason;
    } cases[] = {
        {"text=ab&n=x", "?n", "input.wrong_type"},
        {"text=ab&n=-6", "?n", "input.too_small"},
        {"text=ab&text=ab", "?text", "input.wrong_type"},
        {"text=ab&m=1", "?m", "input.unknown"},
        {"n=0", "?text", "input.missing"},
        {"text=%FF%FE", "?text", "input.wrong_type"},
        {"text=ab&is_on=1", "?is_on", "input.wrong_type"},
        {"text=ab&color=%72ed&at=x", "?at", "input.not_a_time"},
        {"text=ab&n=0x1", "?n", "input.wrong_type"},
        {"text=ab&n=nan", "?n", "input.wrong_type"},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(HibArena) arena = hib_arena_new();
        g_autoptr(GError) error = NULL;
        Post post = {0};
        g_test_message("%s", cases[i].query);
        g_assert_false(hib_shape_read_query(&shape, cases[i].query, arena, &post, &error));
        g_assert_cmpstr(hib_error_reason(error), ==, cases[i].reason);
        g_assert_cmpstr(hib_error_pointer(error), ==, cases[i].pointer);
    }
    g_autoptr(HibArena) arena = hib_arena_new();
    g_autoptr(GError) error = NULL;
    Post post = {0};
    g_assert_true(
        hib_shape_read_query(&shape, "text=%E9%9F%BF+a&n=-3&is_on=true&&", arena, &post, &error));
    g_assert_cmpstr(post.text, ==, "響 a");
    g_assert_cmpint(post.n, ==, -3);
    g_assert_true(post.is_on);
    g_assert_true(hib_shape_read_query(NULL, NULL, arena, NULL, &error));
    g_assert_false(hib_shape_read_query(NULL, "a=b", arena, NULL, &error));
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
#define ADD(name) g_test_add_func("/http/shape/" #name, name)
    ADD(faults_name_the_exact_place_and_reason);
    ADD(limits_and_choices_are_told);
    ADD(what_is_written_reads_back_the_same);
    ADD(large_numbers_and_bad_bytes_leave_as_valid_json);
    ADD(a_query_is_judged_like_a_body);
    return g_test_run();
}
