/* One-time codes against the vectors of RFC 4226 (appendix D) and RFC 6238 (appendix B, SHA-1). */
#include "team/team_private.h"
#include <string.h>

static const unsigned char rfc_key[] = "12345678901234567890";
static const char rfc_base32[] = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";

static void
counters_give_the_codes_of_rfc_4226(void)
{
    static const char *const codes[] = {"755224", "287082", "359152", "969429", "338314",
                                        "254676", "287922", "162583", "399871", "520489"};
    for (int i = 0; i < 10; i++) {
        char code[9];
        g_assert_true(hib_totp_code(rfc_key, 20, i, 6, code));
        g_assert_cmpstr(code, ==, codes[i]);
    }
}

static void
times_give_the_codes_of_rfc_6238(void)
{
    static const struct {
        int64_t second;
        const char *code;
    } rows[] = {{59, "94287082"},         {1111111109, "07081804"}, {1111111111, "14050471"},
                {1234567890, "89005924"}, {2000000000, "69279037"}, {20000000000, "65353130"}};
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        char code[9];
        g_assert_true(
            hib_totp_code(rfc_key, 20, hib_totp_step(rows[i].second * HIB_SECOND), 8, code));
        g_assert_cmpstr(code, ==, rows[i].code);
        g_assert_cmpint(
            hib_totp_match(rfc_base32, rows[i].second * HIB_SECOND, 0, rows[i].code + 2), ==,
            rows[i].second / 30);
    }
}

static void
a_code_is_good_one_step_either_way_and_no_further(void)
{
    char code[9];
    const int64_t step = 50000000;
    g_assert_true(hib_totp_code(rfc_key, 20, step, 6, code));
    for (int64_t off = -3; off <= 3; off++) {
        int64_t found = hib_totp_match(rfc_base32, (step + off) * 30 * HIB_SECOND, 0, code);
        g_assert_cmpint(found, ==, off >= -1 && off <= 1 ? step : -1);
    }
}

static void
a_code_is_not_good_again_once_its_step_was_used(void)
{
    char code[9];
    const int64_t step = 50000000;
    const HibInstant at = step * 30 * HIB_SECOND;
    g_assert_true(hib_totp_code(rfc_key, 20, step, 6, code));
    g_assert_cmpint(hib_totp_match(rfc_base32, at, step - 1, code), ==, step);
    g_assert_cmpint(hib_totp_match(rfc_base32, at, step, code), ==, -1);
    g_assert_cmpint(hib_totp_match(rfc_base32, at, step + 1, code), ==, -1);
}

static void
a_new_secret_reads_back_as_160_bits(void)
{
    g_autoptr(HibArena) arena = hib_arena_new();
    const char *a = hib_totp_secret_new(arena), *b = hib_totp_secret_new(arena);
    g_assert_cmpuint(strlen(a), ==, 32);
    g_assert_cmpuint(strspn(a, "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"), ==, 32);
    g_assert_cmpstr(a, !=, b);
    g_assert_cmpint(hib_totp_match(a, 1000 * HIB_SECOND, 0, "12345"), ==, -1);
    const char *uri = hib_totp_uri(arena, "hanako@example.jp", a);
    g_assert_true(g_str_has_prefix(uri, "otpauth://totp/Hibiki:hanako%40example.jp?secret="));
}

static void
recovery_codes_leave_out_what_is_misread(void)
{
    g_autoptr(HibArena) arena = hib_arena_new();
    for (int i = 0; i < 200; i++) {
        const char *code = hib_recovery_code_new(arena);
        g_assert_cmpuint(strlen(code), ==, 11);
        g_assert_cmpint(code[5], ==, '-');
        g_assert_null(strpbrk(code, "ilo0"));
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/totp/counters_give_the_codes_of_rfc_4226",
                    counters_give_the_codes_of_rfc_4226);
    g_test_add_func("/totp/times_give_the_codes_of_rfc_6238", times_give_the_codes_of_rfc_6238);
    g_test_add_func("/totp/a_code_is_good_one_step_either_way_and_no_further",
                    a_code_is_good_one_step_either_way_and_no_further);
    g_test_add_func("/totp/a_code_is_not_good_again_once_its_step_was_used",
                    a_code_is_not_good_again_once_its_step_was_used);
    g_test_add_func("/totp/a_new_secret_reads_back_as_160_bits",
                    a_new_secret_reads_back_as_160_bits);
    g_test_add_func("/totp/recovery_codes_leave_out_what_is_misread",
                    recovery_codes_leave_out_what_is_misread);
    return g_test_run();
}
