/* X's counter against its own conformance vectors and against twitter-text over thousands of texts (tests/data/weighted.json,
 * written by tests/oracle/weighted.mjs). */
#include "text/weighted.h"
#include "text/weighted_private.h"

#include "base/json.h"

#include <string.h>
#include <time.h>

static HibJson
data(HibArena *arena)
{
    g_autofree char *text = NULL;
    gsize n = 0;
    HibJson out = {0};
    g_assert_true(g_file_get_contents(TEST_DATA "/weighted.json", &text, &n, NULL));
    g_assert_true(hib_json_parse(arena, text, n, &out, NULL));
    return out;
}

/* The links found, each on a line. */
static char *
links_of(HibArena *arena, const char *text)
{
    g_autofree char *formed = g_utf8_normalize(text, -1, G_NORMALIZE_NFC);
    glong n = 0;
    g_autofree gunichar *letters = g_utf8_to_ucs4_fast(formed, -1, &n);
    g_autoptr(GArray) links = hib_weighted_links(letters, (size_t)n);
    g_autoptr(GString) out = g_string_new("");
    for (guint i = 0; i < links->len; i++) {
        HibWeightedLink link = g_array_index(links, HibWeightedLink, i);
        for (size_t at = link.start; at < link.start + link.n; at++)
            g_string_append_unichar(out, letters[at]);
        g_string_append_c(out, '\n');
    }
    return hib_arena_strdup(arena, out->str);
}

static char *
expected_links(HibArena *arena, const cJSON *first)
{
    g_autoptr(GString) out = g_string_new("");
    for (; first; first = first->next)
        g_string_append_printf(out, "%s\n", first->valuestring);
    return hib_arena_strdup(arena, out->str);
}

static void
every_counting_vector_of_the_network_holds(void)
{
    g_autoptr(HibArena) arena = hib_arena_new();
    HibJson counts = {0};
    g_assert_true(hib_json_array(data(arena), "counts", &counts, NULL));
    g_assert_cmpuint(hib_json_count(counts), ==, 44);
    for (HibJson one = hib_json_first(counts); one.value; one = hib_json_next(counts, one)) {
        const char *text = NULL;
        int64_t config = 0, weight = 0;
        bool is_valid = false;
        g_assert_true(hib_json_text(one, "text", &text, NULL));
        g_assert_true(hib_json_int(one, "config", &config, NULL));
        g_assert_true(hib_json_int(one, "weight", &weight, NULL));
        g_assert_true(hib_json_bool(one, "valid", &is_valid, NULL));
        HibWeighted got = hib_weighted_count(text, config == 3);
        if (got.weight != (size_t)weight)
            g_test_message("%.200s", text);
        g_assert_cmpuint(got.weight, ==, (size_t)weight);
        g_assert_cmpint(!got.is_refused && got.weight > 0 && got.weight <= 280, ==, is_valid);
    }
}

static void
every_link_vector_of_the_network_holds(void)
{
    g_autoptr(HibArena) arena = hib_arena_new();
    HibJson links = {0};
    g_assert_true(hib_json_array(data(arena), "links", &links, NULL));
    g_assert_cmpuint(hib_json_count(links), >, 100);
    for (HibJson one = hib_json_first(links); one.value; one = hib_json_next(links, one)) {
        const char *text = NULL;
        HibJson list = {0};
        g_assert_true(hib_json_text(one, "text", &text, NULL));
        g_assert_true(hib_json_array(one, "links", &list, NULL));
        g_test_message("%s", text);
        g_assert_cmpstr(links_of(arena, text), ==, expected_links(arena, list.value->child));
    }
}

static void
every_top_level_domain_of_the_network_ends_a_name(void)
{
    g_autoptr(HibArena) arena = hib_arena_new();
    HibJson tlds = {0};
    g_assert_true(hib_json_array(data(arena), "tlds", &tlds, NULL));
    g_assert_cmpuint(hib_json_count(tlds), >, 1400);
    for (const cJSON *tld = tlds.value->child; tld; tld = tld->next) {
        const char *text = hib_arena_printf(arena, "https://twitter.%s", tld->valuestring);
        g_assert_cmpstr(links_of(arena, text), ==, hib_arena_printf(arena, "%s\n", text));
        g_assert_cmpuint(hib_text_weighted(text).weight, ==, HIB_WEIGHTED_LINK);
    }
}

static void
put_together_texts_weigh_what_the_networks_counter_says(void)
{
    g_autoptr(HibArena) arena = hib_arena_new();
    HibJson texts = {0};
    int n_wrong = 0;
    g_assert_true(hib_json_array(data(arena), "random", &texts, NULL));
    g_assert_cmpuint(hib_json_count(texts), ==, 6000);
    for (const cJSON *row = texts.value->child; row; row = row->next) {
        const char *text = row->child->valuestring;
        size_t weight = (size_t)row->child->next->valuedouble;
        const char *links = expected_links(arena, row->child->next->next);
        const char *got = links_of(arena, text);
        HibWeighted counted = hib_text_weighted(text);
        if (counted.weight == weight && g_str_equal(links, got))
            continue;
        if (n_wrong++ < 20)
            g_test_message("%s\n weighs %zu, not %zu; links\n%s not\n%s", text, counted.weight,
                           weight, got, links);
    }
    g_assert_cmpint(n_wrong, ==, 0);
}

static void
a_text_made_to_be_slow_is_counted_in_time(void)
{
    static const char *const pieces[] = {"a.",   "あ.",      "あ_あ.com", "a.日本.",
                                         "あa.", "https://", "👩‍",   "http://a.b/("};
    for (size_t i = 0; i < G_N_ELEMENTS(pieces); i++) {
        g_autoptr(GString) text = g_string_new(NULL);
        while (text->len < 100 * 1024)
            g_string_append(text, pieces[i]);
        clock_t before = clock(); /* the processor's time: a busy machine is not a slow text */
        (void)hib_text_weighted(text->str);
        double seconds = (double)(clock() - before) / CLOCKS_PER_SEC;
        g_test_message("%s: %.3f s", pieces[i], seconds);
        g_assert_cmpfloat(seconds, <, 5);
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/weighted/every_counting_vector_of_the_network_holds",
                    every_counting_vector_of_the_network_holds);
    g_test_add_func("/weighted/every_link_vector_of_the_network_holds",
                    every_link_vector_of_the_network_holds);
    g_test_add_func("/weighted/every_top_level_domain_of_the_network_ends_a_name",
                    every_top_level_domain_of_the_network_ends_a_name);
    g_test_add_func("/weighted/put_together_texts_weigh_what_the_networks_counter_says",
                    put_together_texts_weigh_what_the_networks_counter_says);
    g_test_add_func("/weighted/a_text_made_to_be_slow_is_counted_in_time",
                    a_text_made_to_be_slow_is_counted_in_time);
    return g_test_run();
}
