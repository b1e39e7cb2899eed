/* What a post costs: the prices and quotas of rules/networks, and which of them counts. */
#include "networks/price.h"

static HibNetLimits limits;

static const HibNetLimits *
some_limits(void)
{
    return &limits;
}

static const HibNetwork some = {.name = "some", .limits = some_limits};

static void
a_post_with_a_link_costs_what_x_asks_for_it(void)
{
    const HibNetwork *x = hib_network_find("x");
    static const HibNetMedia described[] = {{.alt = "店"}, {.alt = ""}, {.alt = NULL}};
    static const struct {
        HibNetPost post;
        int64_t micros;
        bool has_link;
        const char *quota;
    } cases[] = {
        {{.text = "新商品です"}, 15000, false, "posts"},
        {{.text = "新商品はexample.comで"}, 200000, true, "posts"},
        {{.text = "詳しくは https://example.jp/a"}, 200000, true, "posts"},
        {{.text = "続き https://example.jp/a", .reply_to = "1"}, 200000, true, "posts"},
        {{.text = "続き", .reply_to = "1"}, 15000, false, "posts"},
        {{.text = "あ", .media = described, .n_media = 3}, 20000, false, "posts"},
        {{.text = "https://a.jp", .format = HIB_FORMAT_MESSAGE, .recipient = "1"},
         15000,
         false,
         "messages"},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        HibNetPrice price = hib_net_price(x, &cases[i].post);
        g_assert_cmpint(price.micros, ==, cases[i].micros);
        g_assert_cmpint(price.has_link, ==, cases[i].has_link);
        g_assert_cmpstr(price.currency, ==, "USD");
        g_assert_cmpstr(price.quota, ==, cases[i].quota);
        g_assert_cmpint(price.takes, ==, 1);
    }
}

static void
a_message_to_all_friends_takes_as_many_as_there_are(void)
{
    static const HibNetQuotaRule quotas[] = {{.name = "messages", .is_per_recipient = true}};
    limits = (HibNetLimits){.quotas = quotas, .n_quotas = 1};
    static const struct {
        HibNetPost post;
        int64_t takes;
    } cases[] = {
        {{.text = "あ", .format = HIB_FORMAT_BROADCAST}, -1},
        {{.text = "あ", .format = HIB_FORMAT_NARROWCAST, .recipient = "5"}, -1},
        {{.text = "あ", .format = HIB_FORMAT_MESSAGE, .recipient = "U1"}, 1},
        {{.text = "あ", .format = HIB_FORMAT_MESSAGE, .recipient = "U1", .reply_token = "t"}, 0},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        HibNetPrice price = hib_net_price(&some, &cases[i].post);
        g_assert_cmpstr(price.quota, ==, "messages");
        g_assert_cmpint(price.takes, ==, cases[i].takes);
        g_assert_cmpint(price.micros, ==, 0);
        g_assert_null(price.currency);
    }
}

static void
a_quota_is_chosen_by_what_it_says_or_by_its_name(void)
{
    static const HibNetQuotaRule quotas[] = {{.name = "uploads", .limit = 100},
                                             {.name = "units", .limit = 10000, .reply = 50}};
    static const HibNetQuotaRule named[] = {{.name = "posts"}, {.name = "replies"}};
    static const HibNetPost post = {.text = "あ"};
    static const HibNetPost reply = {.text = "あ", .reply_to = "1"};
    limits = (HibNetLimits){.quotas = quotas, .n_quotas = 2};
    g_assert_cmpstr(hib_net_price(&some, &post).quota, ==, "uploads");
    g_assert_cmpstr(hib_net_price(&some, &reply).quota, ==, "units");
    g_assert_cmpint(hib_net_price(&some, &reply).takes, ==, 50);
    limits = (HibNetLimits){.quotas = named, .n_quotas = 2};
    g_assert_cmpstr(hib_net_price(&some, &post).quota, ==, "posts");
    g_assert_cmpstr(hib_net_price(&some, &reply).quota, ==, "replies");
    limits = (HibNetLimits){0};
    g_assert_null(hib_net_price(&some, &post).quota);
    g_assert_cmpint(hib_net_price(&some, &post).takes, ==, 0);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/networks/price/a_post_with_a_link_costs_what_x_asks_for_it",
                    a_post_with_a_link_costs_what_x_asks_for_it);
    g_test_add_func("/networks/price/a_message_to_all_friends_takes_as_many_as_there_are",
                    a_message_to_all_friends_takes_as_many_as_there_are);
    g_test_add_func("/networks/price/a_quota_is_chosen_by_what_it_says_or_by_its_name",
                    a_quota_is_chosen_by_what_it_says_or_by_its_name);
    return g_test_run();
}
