/* Conversions as they come in: money, numbers, signatures, and the script's size. */
#include "base/error.h"
#include "base/secrets.h"
#include "links/conversion.h"

#include <string.h>

#define NOW ((HibInstant)1800000000 * HIB_SECOND)
#define VISITOR "0123456789abcdef0123456789abcdef"

static void
amounts_are_read_in_the_currencys_smallest_unit(void)
{
    static const struct {
        const char *text, *currency;
        int64_t want; /* INT64_MIN: refused */
    } rows[] = {{"1980", "JPY", 1980},
                {"1,980", "JPY", 1980},
                {"¥1,980", "JPY", 1980},
                {"１，９８０円", "JPY", 1980},
                {"1980.00", "JPY", 1980},
                {"1980.5", "JPY", INT64_MIN},
                {"19.80", "USD", 1980},
                {"$19.8", "USD", 1980},
                {"19", "USD", 1900},
                {"19.805", "USD", INT64_MIN},
                {"1.234", "KWD", 1234},
                {"-500", "JPY", -500},
                {"△500", "JPY", -500},
                {"", "JPY", INT64_MIN},
                {"-", "JPY", INT64_MIN},
                {".", "USD", INT64_MIN},
                {"1e3", "JPY", INT64_MIN},
                {"1.2.3", "USD", INT64_MIN},
                {"99999999999999999999", "JPY", INT64_MIN},
                {"1000000000001", "JPY", INT64_MIN},
                {"9999999999999", "USD", INT64_MIN}};
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        int64_t got = 0;
        const bool ok = hib_conversion_amount(rows[i].text, rows[i].currency, &got);
        g_test_message("%s %s", rows[i].text, rows[i].currency);
        g_assert_cmpint(ok, ==, rows[i].want != INT64_MIN);
        if (ok)
            g_assert_cmpint(got, ==, rows[i].want);
    }
}

static void
clicks_and_contacts_are_what_they_say(void)
{
    g_autoptr(HibArena) arena = hib_arena_new();
    int64_t click;
    g_assert_true(hib_conversion_click("1a2b", &click));
    g_assert_cmpint(click, ==, 0x1a2b);
    g_assert_true(hib_conversion_click("ffffffffffffffff", &click));
    g_assert_cmpint(click, ==, -1);
    static const char *const none[] = {"", "1A", "0x1", "-1", "10000000000000000", " 1"};
    for (size_t i = 0; i < G_N_ELEMENTS(none); i++)
        g_assert_false(hib_conversion_click(none[i], &click));
    /* sha256("taro@example.com"), by sha256sum. */
    g_assert_cmpstr(hib_conversion_contact(arena, " Taro@Example.com "), ==,
                    hib_sha256_hex(arena, "taro@example.com", 16));
    g_assert_null(hib_conversion_contact(arena, "taro"));
    g_assert_null(hib_conversion_contact(arena, "@"));
    g_assert_null(hib_conversion_contact(arena, "a b@example.com"));
}

static void
signatures_hold_for_five_minutes_and_one_body(void)
{
    g_autoptr(HibArena) arena = hib_arena_new();
    /* openssl dgst -sha256 -hmac secret of "1800000000.{}" */
    const char *want = "t=1800000000,v1=";
    const char *good = hib_conversion_sign(arena, "secret", NOW, "{}", 2);
    g_assert_true(g_str_has_prefix(good, want));
    g_autofree char *again = g_compute_hmac_for_string(G_CHECKSUM_SHA256, (const guchar *)"secret",
                                                       6, "1800000000.{}", -1);
    g_assert_cmpstr(good + strlen(want), ==, again);
    g_assert_true(
        hib_conversion_verify(arena, "secret", good, NOW + HIB_SIGNATURE_AGE, "{}", 2, NULL));
    static const struct {
        const char *secret, *body;
        HibDuration later;
        const char *reason;
    } rows[] = {{"other", "{}", 0, "conversion.bad_signature"},
                {"secret", "[]", 0, "conversion.bad_signature"},
                {"secret", "{}", HIB_SIGNATURE_AGE + HIB_SECOND, "conversion.stale"},
                {"secret", "{}", -HIB_SIGNATURE_AGE - HIB_SECOND, "conversion.stale"}};
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autoptr(GError) error = NULL;
        g_assert_false(hib_conversion_verify(arena, rows[i].secret, good, NOW + rows[i].later,
                                             rows[i].body, 2, &error));
        g_assert_cmpstr(hib_error_reason(error), ==, rows[i].reason);
    }
    static const char *const none[] = {NULL, "", "t=", "t=,v1=", "v1=,t=1", "t=1,v1=00"};
    for (size_t i = 0; i < G_N_ELEMENTS(none); i++)
        g_assert_false(hib_conversion_verify(arena, "secret", none[i], NOW, "{}", 2, NULL));
}

static void
a_beacon_is_read_whole_or_refused(void)
{
    g_autoptr(HibArena) arena = hib_arena_new();
    HibBeacon beacon;
    const char *body = "{\"v\":\"" VISITOR "\",\"c\":[\"1a\",\"2b\"],\"e\":{\"kind\":\"coupon\","
                       "\"value_minor\":5}}";
    g_assert_true(hib_beacon_read(arena, body, strlen(body), NOW, &beacon, NULL));
    g_assert_cmpuint(beacon.n_clicks, ==, 2);
    g_assert_cmpint(beacon.clicks[1], ==, 0x2b);
    g_assert_cmpint(beacon.conversion.kind, ==, HIB_CONVERSION_COUPON);
    g_assert_cmpint(beacon.conversion.at, ==, NOW);
    GString *many = g_string_new("{\"v\":\"" VISITOR "\",\"c\":[\"1\"");
    for (int i = 0; i < 500; i++)
        g_string_append(many, ",\"2\"");
    g_string_append(many, "]}");
    g_assert_true(hib_beacon_read(arena, many->str, many->len, NOW, &beacon, NULL));
    g_assert_cmpuint(beacon.n_clicks, ==, HIB_BEACON_CLICKS);
    g_assert_false(hib_beacon_read(arena, many->str, many->len - 1, NOW, &beacon, NULL));
    g_string_free(many, TRUE);
}

static void
the_script_is_under_two_kilobytes_and_cannot_be_broken_out_of(void)
{
    g_autoptr(HibArena) arena = hib_arena_new();
    const char *script =
        hib_conversion_script(arena, "https://hibiki.a-rather-long-company-name.example.com",
                              "abcdefghij0123456789", true);
    g_test_message("%zu bytes", strlen(script));
    g_assert_cmpuint(strlen(script), <, 2048);
    g_assert_nonnull(strstr(script, "/t/abcdefghij0123456789/beacon'"));
    g_assert_null(strstr(script, "cookie"));
    g_assert_null(strstr(hib_conversion_script(arena, "x'+alert(1)+'", "k", false), "'+alert"));
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/conversion/amounts", amounts_are_read_in_the_currencys_smallest_unit);
    g_test_add_func("/conversion/ids", clicks_and_contacts_are_what_they_say);
    g_test_add_func("/conversion/signatures", signatures_hold_for_five_minutes_and_one_body);
    g_test_add_func("/conversion/beacon", a_beacon_is_read_whole_or_refused);
    g_test_add_func("/conversion/script",
                    the_script_is_under_two_kilobytes_and_cannot_be_broken_out_of);
    return g_test_run();
}
