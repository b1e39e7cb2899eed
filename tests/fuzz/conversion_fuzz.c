/* Fuzzing: any bytes as what a page tells, as a server's signed call, as its signature and as a table of conversions (the first byte says which). What is taken has passed every check; nothing that we did not sign
 * is believed; every fault of a table has its row. */
#include "base/error.h"
#include "base/time.h"
#include "links/conversion.h"
#include <stdint.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

#define NOW (20000 * HIB_DAY)
static const char SECRET[] = "a secret of the fuzzer";

static void
check_one(const HibConversion *one)
{
    g_assert_true(hib_conversion_check(one, NOW, "", NULL));
    g_assert_true(!one->has_value || ABS(one->value_minor) <= HIB_CONVERSION_MOST);
    g_assert_true(!one->id || strlen(one->id) <= HIB_CONVERSION_ID);
    g_assert_true(!one->currency || hib_currency_valid(one->currency));
}

static void
as_beacon(HibArena *arena, const char *body, size_t n)
{
    g_autoptr(GError) error = NULL;
    HibBeacon beacon;
    if (!hib_beacon_read(arena, body, n, NOW, &beacon, &error)) {
        g_assert_nonnull(error);
        return;
    }
    g_assert_cmpuint(strlen(beacon.visitor), ==, 32);
    g_assert_cmpuint(beacon.n_clicks, <=, HIB_BEACON_CLICKS);
    if (beacon.has_conversion)
        check_one(&beacon.conversion);
}

static void
as_call(HibArena *arena, const char *body, size_t n)
{
    g_autoptr(GError) error = NULL;
    HibServerCall in;
    g_autofree char *changed = g_memdup2(body, n + 1);
    const char *signature = hib_conversion_sign(arena, SECRET, NOW, body, n);
    g_assert_true(hib_conversion_verify(arena, SECRET, signature, NOW, body, n, NULL));
    g_assert_false(hib_conversion_verify(arena, "another", signature, NOW, body, n, NULL));
    if (n) {
        changed[n / 2] ^= 1;
        g_assert_false(hib_conversion_verify(arena, SECRET, signature, NOW, changed, n, NULL));
    }
    if (!hib_server_call_read(arena, body, n, NOW, &in, &error)) {
        g_assert_nonnull(error);
        return;
    }
    g_assert_true(in.n >= 1 && in.n <= HIB_SERVER_CALL);
    for (size_t i = 0; i < in.n; i++) {
        g_assert_nonnull(in.rows[i].id);
        check_one(&in.rows[i]);
    }
}

static void
as_signature(HibArena *arena, const char *header)
{
    static const char body[] = "{}";
    g_autoptr(GError) error = NULL;
    g_assert_false(hib_conversion_verify(arena, SECRET, header, NOW, body, 2, &error));
    g_assert_true(hib_error_is(error, HIB_ERROR_FORBIDDEN));
}

/* Orders that begin with 1 are there, in yen. */
static bool
find(void *data G_GNUC_UNUSED, HibConversionKind kind, const char *number,
     const char **ret_currency, GError **error G_GNUC_UNUSED)
{
    g_assert_true(kind < HIB_CONVERSION_KINDS);
    *ret_currency = *number == '1' ? "JPY" : NULL;
    return true;
}

static void
as_table(HibArena *arena, const char *text, size_t n)
{
    g_autoptr(GError) error = NULL;
    const HibConversionTable in = {
        .locale = n % 2 ? "ja" : "en", .zone = hib_zone_utc(), .now = NOW, .find = find};
    HibConversionImport import = {0};
    g_autofree char *csv = g_memdup2(text, n + 1);
    if (!g_utf8_validate_len(text, n, NULL)) /* decoding is table_fuzz's */
        return;
    if (!hib_conversion_table_read(arena, &in, csv, n, &import, &error)) {
        g_assert_true(hib_error_is(error, HIB_ERROR_INVALID));
        return;
    }
    g_assert_true(import.n_bad_rows <= (int64_t)import.n_problems);
    for (size_t i = 0; i < import.n_problems; i++)
        g_assert_true(import.problems[i].row >= 1 && *import.problems[i].detail);
    for (int64_t i = 0; !import.n_problems && i < import.n_rows; i++)
        check_one(&import.rows[i]);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    g_autoptr(HibArena) arena = hib_arena_new();
    if (!n)
        return 0;
    g_autofree char *text = g_malloc(n); /* exactly as long: a byte too far is seen */
    memcpy(text, data + 1, n - 1);
    text[n - 1] = '\0';
    switch (data[0] % 4) {
    case 0:
        as_beacon(arena, text, n - 1);
        break;
    case 1:
        as_call(arena, text, n - 1);
        break;
    case 2:
        as_signature(arena, text);
        break;
    default:
        as_table(arena, text, n - 1);
    }
    return 0;
}
