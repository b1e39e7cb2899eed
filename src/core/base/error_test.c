/* Errors: what is put in comes out, also of a copy. */
#include "base/error.h"

static void
an_error_keeps_its_reason_place_time_and_values(void)
{
    g_autoptr(GError) error = NULL;
    hib_error_set_at(&error, HIB_ERROR_TOO_MANY, "post.too_long", "/text", "%d graphemes", 301);
    hib_error_set_detail(error, "limit", "300");
    hib_error_set_detail(error, "limit", "299");
    hib_error_set_detail(error, "unit", "graphemes");
    hib_error_set_retry_at(error, 77);
    g_autoptr(GError) copy = g_error_copy(error);
    g_clear_error(&error);

    HibInstant at = 0;
    g_assert_error(copy, HIB_ERROR, HIB_ERROR_TOO_MANY);
    g_assert_cmpstr(copy->message, ==, "301 graphemes");
    g_assert_cmpstr(hib_error_reason(copy), ==, "post.too_long");
    g_assert_cmpstr(hib_error_pointer(copy), ==, "/text");
    g_assert_cmpstr(hib_error_detail(copy, "limit"), ==, "299");
    g_assert_cmpstr(hib_error_detail(copy, "unit"), ==, "graphemes");
    g_assert_null(hib_error_detail(copy, "other"));
    g_assert_true(hib_error_retry_at(copy, &at));
    g_assert_cmpint(at, ==, 77);
    hib_error_set_pointer(copy, hib_error_pointer(copy));
    g_assert_cmpstr(hib_error_pointer(copy), ==, "/text");
    g_assert_true(hib_error_is(copy, HIB_ERROR_TOO_MANY));
}

static void
a_foreign_error_reads_as_internal(void)
{
    g_autoptr(GError) error = g_error_new_literal(G_FILE_ERROR, G_FILE_ERROR_NOENT, "gone");
    HibInstant at = 0;
    hib_error_set_detail(error, "a", "b");
    hib_error_set_pointer(error, "/a");
    hib_error_set_retry_at(error, 1);
    g_assert_cmpint(hib_error_kind(error), ==, HIB_ERROR_INTERNAL);
    g_assert_cmpstr(hib_error_reason(error), ==, "internal.unexpected");
    g_assert_null(hib_error_pointer(error));
    g_assert_null(hib_error_detail(error, "a"));
    g_assert_false(hib_error_retry_at(error, &at));
    g_assert_false(hib_error_is(NULL, HIB_ERROR_INTERNAL));
    hib_error_set(NULL, HIB_ERROR_INVALID, "a.b", "nobody listens");
}

static void
every_kind_has_a_status_and_a_name(void)
{
    for (int kind = 0; kind < HIB_ERROR_N; kind++) {
        g_assert_cmpint(hib_error_status((HibErrorKind)kind), >=, 400);
        g_assert_cmpint(hib_error_status((HibErrorKind)kind), <, 600);
        for (int other = 0; other < kind; other++)
            g_assert_cmpstr(hib_error_kind_name((HibErrorKind)kind), !=,
                            hib_error_kind_name((HibErrorKind)other));
    }
    g_assert_cmpint(hib_error_status(HIB_ERROR_NOT_FOUND), ==, 404);
    g_assert_cmpint(hib_error_status(HIB_ERROR_UNCERTAIN), ==, 504);
    g_assert_cmpint(hib_error_status((HibErrorKind)99), ==, 500);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/error/an_error_keeps_its_reason_place_time_and_values",
                    an_error_keeps_its_reason_place_time_and_values);
    g_test_add_func("/error/a_foreign_error_reads_as_internal", a_foreign_error_reads_as_internal);
    g_test_add_func("/error/every_kind_has_a_status_and_a_name",
                    every_kind_has_a_status_and_a_name);
    return g_test_run();
}
