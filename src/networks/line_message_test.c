/* Posts as LINE's message objects, held against LINE's own OpenAPI description by eye and word for word; and what is refused. */
#include "networks/check.h"
#include "networks/line_private.h"

#include <string.h>

static const HibNetMedia media[] = {
    {.kind = HIB_NET_IMAGE, .mime = "image/jpeg", .alt = "", .url = "https://h.example/m/0"},
    {.kind = HIB_NET_IMAGE,
     .mime = "image/jpeg",
     .alt = "",
     .url = "https://h.example/m/1",
     .preview_url = "https://h.example/m/1p"},
    {.kind = HIB_NET_VIDEO,
     .mime = "video/mp4",
     .alt = "",
     .url = "https://h.example/m/2",
     .preview_url = "https://h.example/m/2p"},
};

static const struct {
    HibNetPost post;
    const char *body;
} bodies[] = {
    {{.format = HIB_FORMAT_BROADCAST, .text = "夏\n「氷」"},
     "{\"messages\":[{\"type\":\"text\",\"text\":\"夏\\n「氷」\"}],\"notificationDisabled\":"
     "false}"},
    {{.format = HIB_FORMAT_BROADCAST,
      .text = "",
      .media = media,
      .n_media = 3,
      .options = "{\"silent\":true}"},
     "{\"messages\":[{\"type\":\"image\",\"originalContentUrl\":\"https://h.example/m/0\","
     "\"previewImageUrl\":\"https://h.example/m/0\"},"
     "{\"type\":\"image\",\"originalContentUrl\":\"https://h.example/m/1\",\"previewImageUrl\":"
     "\"https://h.example/m/1p\"},{\"type\":\"video\",\"originalContentUrl\":"
     "\"https://h.example/m/2\",\"previewImageUrl\":\"https://h.example/m/2p\"}],"
     "\"notificationDisabled\":true}"},
    {{.format = HIB_FORMAT_MESSAGE,
      .text = "x",
      .recipient = "U1",
      .media = media,
      .n_media = 1,
      .options =
          "{\"order\":\"media_first\",\"sender_name\":\"ねね\",\"aggregation_unit\":\"a_1\","
          "\"quick_replies\":[{\"label\":\"はい\",\"text\":\"行きます\"},{\"label\":\"場所\","
          "\"open\":\"location\"}]}"},
     "{\"to\":\"U1\",\"messages\":[{\"type\":\"image\",\"originalContentUrl\":"
     "\"https://h.example/m/0\",\"previewImageUrl\":\"https://h.example/m/0\",\"sender\":{\"name\":"
     "\"ねね\"}},{\"type\":\"text\",\"text\":\"x\",\"sender\":{\"name\":\"ねね\"},\"quickReply\":"
     "{\"items\":[{\"type\":\"action\",\"action\":{\"type\":\"message\",\"label\":\"はい\","
     "\"text\":"
     "\"行きます\"}},{\"type\":\"action\",\"action\":{\"type\":\"location\",\"label\":\"場所\"}}]}}"
     "],"
     "\"customAggregationUnits\":[\"a_1\"],\"notificationDisabled\":false}"},
    {{.format = HIB_FORMAT_BROADCAST,
      .text = "",
      .media = media,
      .n_media = 1,
      .options = "{\"rich\":{\"kind\":\"imagemap\",\"alt\":\"夏の新作\",\"image\":0,\"height\":520,"
                 "\"areas\":[{\"x\":0,\"y\":0,\"width\":520,\"height\":520,\"link\":"
                 "\"https://a.example/\",\"label\":\"左\"},{\"x\":520,\"y\":0,\"width\":520,"
                 "\"height\":520,\"copy\":\"NATSU\"}]}}"},
     "{\"messages\":[{\"type\":\"imagemap\",\"altText\":\"夏の新作\",\"baseUrl\":"
     "\"https://h.example/m/"
     "0\",\"baseSize\":{\"width\":1040,\"height\":520},\"actions\":[{\"type\":"
     "\"uri\",\"label\":\"左\",\"linkUri\":\"https://a.example/\",\"area\":{\"x\":0,\"y\":0,"
     "\"width\":520,\"height\":520}},{\"type\":\"clipboard\",\"clipboardText\":\"NATSU\",\"area\":"
     "{\"x\":520,\"y\":0,\"width\":520,\"height\":520}}]}],\"notificationDisabled\":false}"},
    {{.format = HIB_FORMAT_BROADCAST,
      .text = "",
      .media = media,
      .n_media = 2,
      .options =
          "{\"rich\":{\"kind\":\"carousel\",\"alt\":\"品\",\"shape\":\"square\",\"columns\":["
          "{\"image\":0,\"title\":\"桃\",\"text\":\"甘い\",\"tap\":{\"link\":\"https://a.example/"
          "1\"},"
          "\"actions\":[{\"label\":\"予約\",\"data\":\"p=1\",\"display\":\"桃\"}]},"
          "{\"image\":1,\"title\":\"梨\",\"text\":\"水\",\"actions\":[{\"label\":\"電話\",\"link\":"
          "\"tel:0312345678\"}]}]}}"},
     "{\"messages\":[{\"type\":\"template\",\"altText\":\"品\",\"template\":{\"type\":\"carousel\","
     "\"columns\":[{\"thumbnailImageUrl\":\"https://h.example/m/"
     "0\",\"title\":\"桃\",\"text\":\"甘い\","
     "\"defaultAction\":{\"type\":\"uri\",\"uri\":\"https://a.example/1\"},\"actions\":[{\"type\":"
     "\"postback\",\"label\":\"予約\",\"data\":\"p=1\",\"displayText\":\"桃\"}]},"
     "{\"thumbnailImageUrl\":\"https://h.example/m/"
     "1\",\"title\":\"梨\",\"text\":\"水\",\"actions\":["
     "{\"type\":\"uri\",\"label\":\"電話\",\"uri\":\"tel:0312345678\"}]}],\"imageAspectRatio\":"
     "\"square\"}}],\"notificationDisabled\":false}"},
    {{.format = HIB_FORMAT_BROADCAST,
      .text = "",
      .options =
          "{\"rich\":{\"kind\":\"confirm\",\"alt\":\"問\",\"text\":\"来ますか\",\"actions\":["
          "{\"label\":\"はい\",\"text\":\"はい\"},{\"label\":\"いいえ\",\"text\":\"いいえ\"}]}}"},
     "{\"messages\":[{\"type\":\"template\",\"altText\":\"問\",\"template\":{\"type\":\"confirm\","
     "\"text\":\"来ますか\",\"actions\":[{\"type\":\"message\",\"label\":\"はい\",\"text\":"
     "\"はい\"},"
     "{\"type\":\"message\",\"label\":\"いいえ\",\"text\":\"いいえ\"}]}}],\"notificationDisabled\":"
     "false}"},
    {{.format = HIB_FORMAT_BROADCAST,
      .text = "",
      .media = media,
      .n_media = 1,
      .options = "{\"rich\":{\"kind\":\"image_carousel\",\"alt\":\"絵\",\"columns\":[{\"image\":0,"
                 "\"action\":{\"link\":\"https://a.example/\"}}]}}"},
     "{\"messages\":[{\"type\":\"template\",\"altText\":\"絵\",\"template\":{\"type\":"
     "\"image_carousel\",\"columns\":[{\"imageUrl\":\"https://h.example/m/0\",\"action\":{\"type\":"
     "\"uri\",\"uri\":\"https://a.example/\"}}]}}],\"notificationDisabled\":false}"},
    {{.format = HIB_FORMAT_BROADCAST,
      .text = "読んでね",
      .options =
          "{\"rich\":{\"kind\":\"flex\",\"alt\":\"札\",\"contents\":{\"type\":\"bubble\",\"size\":"
          "\"mega\"}}}"},
     "{\"messages\":[{\"type\":\"text\",\"text\":\"読んでね\"},{\"type\":\"flex\",\"altText\":"
     "\"札\","
     "\"contents\":{\"type\":\"bubble\",\"size\":\"mega\"}}],\"notificationDisabled\":false}"},
    {{.format = HIB_FORMAT_NARROWCAST,
      .text = "x",
      .recipient = "11",
      .options = "{\"max\":500,\"up_to_quota\":true}"},
     "{\"messages\":[{\"type\":\"text\",\"text\":\"x\"}],\"recipient\":{\"type\":\"audience\","
     "\"audienceGroupId\":11},\"limit\":{\"max\":500,\"upToRemainingQuota\":true},"
     "\"notificationDisabled\":false}"},
    {{.format = HIB_FORMAT_NARROWCAST,
      .text = "x",
      .recipient = "11, 5614991017776",
      .options =
          "{\"not_audiences\":[\"13\"],\"gender\":[\"female\"],\"age_from\":\"age_20\","
          "\"age_below\":\"age_40\",\"areas\":[\"jp_13\",\"jp_14\"],\"all_or_nothing\":true}"},
     "{\"messages\":[{\"type\":\"text\",\"text\":\"x\"}],\"recipient\":{\"type\":\"operator\","
     "\"and\":["
     "{\"type\":\"operator\",\"or\":[{\"type\":\"audience\",\"audienceGroupId\":11},{\"type\":"
     "\"audience\",\"audienceGroupId\":5614991017776}]},{\"type\":\"operator\",\"not\":{\"type\":"
     "\"audience\",\"audienceGroupId\":13}}]},\"filter\":{\"demographic\":{\"type\":\"operator\","
     "\"and\":[{\"type\":\"gender\",\"oneOf\":[\"female\"]},{\"type\":\"age\",\"gte\":\"age_20\","
     "\"lt\":"
     "\"age_40\"},{\"type\":\"area\",\"oneOf\":[\"jp_13\",\"jp_14\"]}]}},\"limit\":"
     "{\"upToRemainingQuota\":true,\"forbidPartialDelivery\":true},\"notificationDisabled\":"
     "false}"},
};

static void
every_post_becomes_the_body_line_describes(void)
{
    for (size_t i = 0; i < G_N_ELEMENTS(bodies); i++) {
        g_autoptr(HibArena) arena = hib_arena_new();
        LineFault fault;
        g_autoptr(cJSON) body = hib_line_body(arena, &bodies[i].post, &fault);
        g_test_message("post %zu", i);
        g_assert_cmpstr(fault.reason, ==, NULL);
        g_assert_cmpstr(hib_net_progress_text(arena, body), ==, bodies[i].body);
        /* What was kept and read again prints the same. */
        g_autoptr(cJSON) again = cJSON_Parse(bodies[i].body);
        g_assert_cmpstr(hib_net_progress_text(arena, again), ==, bodies[i].body);
    }
}

#define WITH(format_, options_)                                                                    \
    {                                                                                              \
        .format = (format_), .text = "x", .recipient = "1", .media = media, .n_media = 3,          \
        .options = (options_)                                                                      \
    }
#define B HIB_FORMAT_BROADCAST
#define RICH(text) WITH(B, "{\"rich\":" text "}")
static const struct {
    HibNetPost post;
    const char *reason, *pointer;
} refusals[] = {
    {{.format = HIB_FORMAT_MESSAGE, .text = "x"}, "post.recipient_missing", "/recipient"},
    {{.format = HIB_FORMAT_NARROWCAST, .text = "x"}, "post.recipient_missing", "/recipient"},
    {{.format = HIB_FORMAT_NARROWCAST, .text = "x", .options = "{\"max\":5}"},
     "post.recipient_missing",
     "/recipient"},
    {{.format = HIB_FORMAT_NARROWCAST, .text = "x", .recipient = "all"},
     "post.option_value",
     "/recipient"},
    {{.format = B, .text = " "}, "post.empty", "/text"},
    {WITH(B, "[]"), "post.option_value", "/options"},
    {WITH(B, "{"), "post.option_value", "/options"},
    {WITH(B, "{\"silent\":\"yes\"}"), "post.option_value", "/options/silent"},
    {WITH(B, "{\"order\":5}"), "post.option_value", "/options/order"},
    {WITH(B, "{\"sender_name\":\"123456789012345678901\"}"), "post.option_value",
     "/options/sender_name"},
    {WITH(B, "{\"sender_icon\":\"http://a.example/\"}"), "post.option_value",
     "/options/sender_icon"},
    {WITH(HIB_FORMAT_MESSAGE, "{\"aggregation_unit\":\"a b\"}"), "post.option_value",
     "/options/aggregation_unit"},
    {WITH(HIB_FORMAT_NARROWCAST, "{\"gender\":[\"Female!\"]}"), "post.option_value",
     "/options/gender"},
    {WITH(HIB_FORMAT_NARROWCAST, "{\"max\":-1}"), "post.option_value", "/options/max"},
    {WITH(HIB_FORMAT_NARROWCAST, "{\"audiences\":[7]}"), "post.option_value", "/options/audiences"},
    {WITH(B, "{\"quick_replies\":[]}"), "post.option_value", "/options/quick_replies"},
    {WITH(B, "{\"quick_replies\":[{\"label\":\"x\",\"open\":\"door\"}]}"), "post.option_value",
     "/options/quick_replies/0"},
    {WITH(B, "{\"quick_replies\":[{\"label\":\"x\",\"text\":\"a\",\"data\":\"b\"}]}"),
     "post.option_value", "/options/quick_replies/0"},
    {WITH(B, "{\"quick_replies\":[{\"label\":\"x\",\"text\":\"a\"},{\"text\":\"a\"}]}"),
     "post.option_missing", "/options/quick_replies/1/label"},
    {RICH("5"), "post.option_value", "/options/rich"},
    {RICH("{\"kind\":\"poster\",\"alt\":\"a\"}"), "post.option_value", "/options/rich"},
    {RICH("{\"kind\":\"confirm\",\"text\":\"a\",\"actions\":[]}"), "post.option_missing",
     "/options/rich/alt"},
    {RICH("{\"kind\":\"buttons\",\"alt\":\"a\",\"text\":\"a\",\"actions\":[{\"label\":\"l\","
          "\"link\":"
          "\"javascript:x\"}]}"),
     "post.option_value", "/options/rich/actions/0/link"},
    {RICH("{\"kind\":\"imagemap\",\"alt\":\"a\",\"image\":2,\"height\":9,\"areas\":[]}"),
     "post.option_value", "/options/rich/image"},
    {RICH("{\"kind\":\"imagemap\",\"alt\":\"a\",\"height\":9,\"areas\":[]}"), "post.option_missing",
     "/options/rich/image"},
    {RICH("{\"kind\":\"imagemap\",\"alt\":\"a\",\"image\":0,\"height\":9,\"areas\":[7]}"),
     "post.option_value", "/options/rich/areas/0"},
    {RICH("{\"kind\":\"imagemap\",\"alt\":\"a\",\"image\":0,\"height\":9,\"areas\":[{\"x\":0,"
          "\"y\":0,\"width\":1040,\"height\":9}]}"),
     "post.option_missing", "/options/rich/areas/0"},
    {RICH("{\"kind\":\"imagemap\",\"alt\":\"a\",\"image\":0,\"height\":500,\"areas\":[{\"x\":900,"
          "\"y\":0,\"width\":141,\"height\":500,\"text\":\"a\"}]}"),
     "post.option_value", "/options/rich/areas/0"},
    {RICH("{\"kind\":\"carousel\",\"alt\":\"a\",\"columns\":[{\"text\":\"a\",\"actions\":[{"
          "\"label\":"
          "\"l\",\"text\":\"t\"}]},{\"text\":\"b\",\"title\":\"t\",\"actions\":[{\"label\":\"l\","
          "\"text\":\"t\"}]}]}"),
     "post.columns_unlike", "/options/rich/columns/1"},
    {RICH("{\"kind\":\"carousel\",\"alt\":\"a\",\"columns\":[{\"title\":\"t\",\"text\":"
          "\"1234567890123456789012345678901234567890123456789012345678901\",\"actions\":[]}]}"),
     "post.option_value", "/options/rich/columns/0/text"},
};

static void
what_line_would_refuse_is_refused_with_its_place(void)
{
    for (size_t i = 0; i < G_N_ELEMENTS(refusals); i++) {
        const char *reason = NULL, *pointer = NULL;
        g_test_message("refusal %zu", i);
        g_assert_false(hib_line_check(&refusals[i].post, &reason, &pointer));
        g_assert_cmpstr(reason, ==, refusals[i].reason);
        g_assert_cmpstr(pointer, ==, refusals[i].pointer);
    }
}

static void
five_bubbles_are_the_most(void)
{
    HibNetMedia many[6];
    const char *reason, *pointer;
    for (size_t i = 0; i < G_N_ELEMENTS(many); i++)
        many[i] = media[0];
    HibNetPost post = {.format = HIB_FORMAT_BROADCAST, .text = "x", .media = many, .n_media = 4};
    g_assert_true(hib_line_check(&post, &reason, &pointer));
    post.n_media = 5;
    g_assert_false(hib_line_check(&post, &reason, &pointer));
    g_assert_cmpstr(reason, ==, "post.too_many_bubbles");
    post.text = "";
    g_assert_true(hib_line_check(&post, &reason, &pointer));
}

/* The usual checks and LINE's together: a card alone is a post, nothing at all is none. */
static void
a_card_alone_is_no_empty_post(void)
{
    g_autoptr(HibArena) arena = hib_arena_new();
    HibNetProblem problems[4];
    HibNetPost post = bodies[5].post;
    g_assert_cmpuint(hib_net_check(arena, &hib_line, &post, problems, 4), ==, 0);
    post.options = NULL;
    g_assert_cmpuint(hib_net_check(arena, &hib_line, &post, problems, 4), ==, 1);
    g_assert_cmpstr(problems[0].reason, ==, "post.empty");
}

static void
a_body_too_large_to_keep_is_refused(void)
{
    g_autoptr(HibArena) arena = hib_arena_new();
    g_autoptr(GString) options =
        g_string_new("{\"rich\":{\"kind\":\"flex\",\"alt\":\"a\",\"contents\":{\"t\":\"");
    const char *reason, *pointer;
    for (int i = 0; i < 30000; i++)
        g_string_append_c(options, 'x');
    g_string_append(options, "\"}}}");
    HibNetPost post = {.format = HIB_FORMAT_BROADCAST, .text = "", .options = options->str};
    g_assert_false(hib_line_check(&post, &reason, &pointer));
    g_assert_cmpstr(reason, ==, "post.over_bytes");
}

static void
what_a_post_takes_of_the_month_is_known_before(void)
{
    static const char known[] =
        "{\"audiences\":[{\"id\":\"11\",\"count\":300},{\"id\":\"12\",\"count\":50},{\"id\":\"13\"}"
        "],"
        "\"followers\":{\"targeted_reaches\":200},\"recipients\":{\"broadcast\":1100}}";
    static const struct {
        HibNetFormat format;
        const char *recipient, *options;
        int64_t takes;
    } cases[] = {
        {HIB_FORMAT_BROADCAST, NULL, NULL, 1100},
        {HIB_FORMAT_MESSAGE, "U1", NULL, 1},
        {HIB_FORMAT_NARROWCAST, "11", NULL, 300},
        {HIB_FORMAT_NARROWCAST, "11,12", NULL, 350},
        {HIB_FORMAT_NARROWCAST, "11", "{\"not_audiences\":[\"12\"]}", 300},
        {HIB_FORMAT_NARROWCAST, "11", "{\"max\":20}", 20},
        {HIB_FORMAT_NARROWCAST, "11", "{\"gender\":[\"male\"]}", 200},
        {HIB_FORMAT_NARROWCAST, "13", NULL, 1100}, /* never more than everybody */
        {HIB_FORMAT_NARROWCAST, NULL, "{\"gender\":[\"male\"]}", 200},
        {HIB_FORMAT_NARROWCAST, NULL, NULL, -1}, /* goes to nobody we know */
    };
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(HibArena) arena = hib_arena_new();
        const char *quota = NULL;
        const HibNetPost post = {.format = cases[i].format,
                                 .text = "x",
                                 .recipient = cases[i].recipient,
                                 .options = cases[i].options};
        g_test_message("case %zu", i);
        g_assert_cmpint(hib_line.estimate(arena, &post, known, &quota), ==, cases[i].takes);
        g_assert_cmpstr(quota, ==, "messages");
        g_assert_cmpint(hib_line.estimate(arena, &post, "no JSON", &quota), ==,
                        cases[i].format == HIB_FORMAT_MESSAGE                 ? 1
                        : cases[i].options && strstr(cases[i].options, "max") ? 20
                                                                              : -1);
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
#define TEST(name) g_test_add_func("/networks/line_message/" #name, name)
    TEST(every_post_becomes_the_body_line_describes);
    TEST(what_line_would_refuse_is_refused_with_its_place);
    TEST(five_bubbles_are_the_most);
    TEST(a_card_alone_is_no_empty_post);
    TEST(a_body_too_large_to_keep_is_refused);
    TEST(what_a_post_takes_of_the_month_is_known_before);
    return g_test_run();
}
