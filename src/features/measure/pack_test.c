/* What is packed comes back, in few bytes; what is no pack is told, and nothing is read past its end. */
#include "base/secrets.h"
#include "measure/pack.h"
#include <string.h>

static HibBytes
bytes_of(const GByteArray *array)
{
    return (HibBytes){array->data, array->len};
}

static void
assert_comes_back(const HibReading *readings, size_t n, size_t at_most)
{
    g_autoptr(GByteArray) pack = g_byte_array_new();
    g_autoptr(GArray) out = g_array_new(FALSE, FALSE, sizeof(HibReading));
    g_autofree HibPackEnd *end = g_new0(HibPackEnd, 1), *read = g_new0(HibPackEnd, 1);
    /* In pieces, each from where the last one ended, as the store does it. */
    for (size_t i = 0; i < n; i += 7) {
        hib_pack_add(pack, end, readings + i, MIN(7, n - i));
        g_assert_true(hib_pack_read(bytes_of(pack), NULL, read));
        g_assert_cmpmem(read, sizeof *read, end, sizeof *end);
    }
    g_assert_true(hib_pack_read(bytes_of(pack), out, read));
    g_assert_cmpuint(out->len, ==, n);
    g_assert_cmpint(read->n_readings, ==, n);
    for (size_t i = 0; i < n; i++) {
        const HibReading *is = &g_array_index(out, HibReading, i), *should = &readings[i];
        g_assert_true(is->as_of == should->as_of && is->fetched_at == should->fetched_at &&
                      is->value == should->value && is->metric == should->metric &&
                      is->state == should->state);
    }
    g_autoptr(GByteArray) at_once = g_byte_array_new();
    memset(end, 0, sizeof *end);
    hib_pack_add(at_once, end, readings, n);
    g_assert_cmpuint(at_once->len, <=, at_most);
}

static void
hourly_readings_take_two_bytes_each(void)
{
    HibReading readings[1000];
    HibInstant start = (HibInstant)1760000000 * HIB_SECOND;
    for (size_t i = 0; i < G_N_ELEMENTS(readings); i++) {
        HibInstant at = start + (HibInstant)(i / 5) * HIB_HOUR;
        readings[i] = (HibReading){at, at, (int64_t)(i / 5 * (i % 5) * 3), (uint8_t)(i % 5 + 1), 0};
    }
    assert_comes_back(readings, G_N_ELEMENTS(readings), 2000);
}

static void
anything_comes_back(void)
{
    HibSeeded chance;
    hib_seeded_init(&chance, 20261126);
    HibReading readings[500];
    HibInstant at = 0;
    for (size_t i = 0; i < G_N_ELEMENTS(readings); i++) {
        at += hib_seeded_below(&chance, 3) ? 0 : hib_seeded_below(&chance, HIB_DAY) - HIB_HOUR;
        HibInstant fetched =
            hib_seeded_below(&chance, 4) ? at : at + hib_seeded_below(&chance, HIB_DAY);
        int64_t value = hib_seeded_below(&chance, 10) ? hib_seeded_below(&chance, 1000)
                                                      : INT64_MIN + hib_seeded_below(&chance, 2);
        readings[i] = (HibReading){at, fetched, hib_seeded_below(&chance, 20) ? value : INT64_MAX,
                                   (uint8_t)(1 + hib_seeded_below(&chance, 255)),
                                   (uint8_t)hib_seeded_below(&chance, 3)};
    }
    assert_comes_back(readings, G_N_ELEMENTS(readings), sizeof readings);
    assert_comes_back(readings, 0, 0);
}

static void
numbers_and_days_come_back(void)
{
    g_autofree HibNumber *numbers = g_new0(HibNumber, 256), *read = g_new0(HibNumber, 256);
    numbers[1] = (HibNumber){5, -7, HIB_METRIC_EXACT, true};
    numbers[8] = (HibNumber){5, INT64_MAX, HIB_METRIC_ESTIMATED, true};
    numbers[255] = (HibNumber){INT64_MIN, 0, HIB_METRIC_PARTIAL, true};
    g_autoptr(GByteArray) bytes = g_byte_array_new();
    hib_numbers_write(bytes, numbers);
    g_assert_true(hib_numbers_read(bytes_of(bytes), read));
    for (int i = 0; i < 256; i++)
        g_assert_true(read[i].is_known == numbers[i].is_known &&
                      read[i].value == numbers[i].value && read[i].as_of == numbers[i].as_of &&
                      read[i].state == numbers[i].state);
    const HibDayChange changes[] = {{20000, 5, 1}, {20000, -3, 2}, {20001, 0, 1}, {20400, 1, 255}};
    g_autoptr(GByteArray) days = g_byte_array_new();
    g_autoptr(GArray) out = g_array_new(FALSE, FALSE, sizeof(HibDayChange));
    hib_days_write(days, changes, G_N_ELEMENTS(changes));
    g_assert_true(hib_days_read(bytes_of(days), out));
    g_assert_cmpuint(out->len, ==, G_N_ELEMENTS(changes));
    for (guint i = 0; i < out->len; i++) {
        const HibDayChange *is = &g_array_index(out, HibDayChange, i);
        g_assert_true(is->day == changes[i].day && is->change == changes[i].change &&
                      is->metric == changes[i].metric);
    }
}

/* Every prefix of a pack, and noise. The bytes stand at the end of their own allocation: the sanitizer sees a read past it. */
static void
what_is_no_pack_is_told(void)
{
    HibSeeded chance;
    hib_seeded_init(&chance, 7);
    g_autofree HibPackEnd *end = g_new0(HibPackEnd, 1);
    g_autofree HibNumber *numbers = g_new0(HibNumber, 256);
    g_autoptr(GByteArray) pack = g_byte_array_new();
    const HibReading two[] = {{1000001, 9, 5000, 3, 0}, {1000001, 9, 70, 4, 0}};
    hib_pack_add(pack, end, two, 2);
    for (guint n = 1; n < pack->len; n++) {
        g_autofree uint8_t *cut = g_memdup2(pack->data, n);
        g_assert_false(hib_pack_read((HibBytes){cut, n}, NULL, end));
    }
    for (int round = 0; round < 20000; round++) {
        size_t n = (size_t)hib_seeded_below(&chance, 40);
        g_autofree uint8_t *noise = g_malloc(n + 1);
        g_autofree uint8_t *exact = NULL;
        for (size_t i = 0; i < n; i++)
            noise[i] = (uint8_t)hib_seeded_below(&chance, 256);
        exact = n ? g_memdup2(noise, n) : NULL;
        g_autoptr(GArray) readings = g_array_new(FALSE, FALSE, sizeof(HibReading));
        g_autoptr(GArray) days = g_array_new(FALSE, FALSE, sizeof(HibDayChange));
        (void)hib_pack_read((HibBytes){exact, n}, readings, end);
        (void)hib_numbers_read((HibBytes){exact, n}, numbers);
        (void)hib_days_read((HibBytes){exact, n}, days);
        g_assert_cmpuint(readings->len, <=, 255 * n + 255);
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
#define TEST(name) g_test_add_func("/measure/pack/" #name, name)
    TEST(hourly_readings_take_two_bytes_each);
    TEST(anything_comes_back);
    TEST(numbers_and_days_come_back);
    TEST(what_is_no_pack_is_told);
    return g_test_run();
}
