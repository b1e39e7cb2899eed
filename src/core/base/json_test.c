/* JSON: what is refused, what is read, and where an error says it is. */
#include "base/json.h"

#include "base/error.h"
#include "base/limits.h"

#include <string.h>

static HibJson
parse(HibArena *arena, const char *text)
{
    g_autoptr(GError) error = NULL;
    HibJson json = {0};
    if (!hib_json_parse(arena, text, strlen(text), &json, &error))
        g_test_fail_printf("%s: %s", text, error->message);
    return json;
}

static void
what_is_no_json_is_refused_with_its_place(void)
{
    static const struct {
        const char *text;
        const char *offset;
    } cases[] = {
        {"", "0"},
        {" ", "1"},
        {"{", "1"},
        {"[1,]", "3"},
        {"[1 2]", "3"},
        {"{\"a\":1,}", "7"},
        {"{\"a\" 1}", "5"},
        {"{a:1}", "1"},
        {"{\"a\":1]", "6"},
        {"[1}", "2"},
        {"01", "1"},
        {"-", "1"},
        {"+1", "0"},
        {"1.", "2"},
        {".5", "0"},
        {"1e", "2"},
        {"0x10", "1"},
        {"nul", "0"},
        {"NaN", "0"},
        {"Infinity", "0"},
        {"true false", "5"},
        {"\"a", "2"},
        {"\"a\nb\"", "2"},
        {"\"\\x\"", "2"},
        {"\"\\u12g4\"", "5"},
        {"\"\\u0000\"", "7"},
        {"\"\\ud800\"", "7"},
        {"\"\\ud800\\u0041\"", "13"},
        {"\"\\udc00\"", "7"},
        {"\"\xff\"", "1"},
        {"\"\xed\xa0\x80\"", "1"},
        {"\"\xc0\x80\"", "1"},
        {"\xef\xbb\xbf{}", "0"},
        {"//x\n1", "0"},
        {"'a'", "0"},
        {"1111111111111111111111111111111111111111111111111111111111111", "61"},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(HibArena) arena = hib_arena_new();
        g_autoptr(GError) error = NULL;
        HibJson json = {0};
        if (hib_json_parse(arena, cases[i].text, strlen(cases[i].text), &json, &error))
            g_test_fail_printf("taken: %s", cases[i].text);
        g_assert_cmpstr(hib_error_reason(error), ==, "json.malformed");
        g_assert_cmpint(hib_error_kind(error), ==, HIB_ERROR_INVALID);
        if (g_strcmp0(hib_error_detail(error, "offset"), cases[i].offset) != 0)
            g_test_fail_printf("%s: at %s, not %s", cases[i].text,
                               hib_error_detail(error, "offset"), cases[i].offset);
    }
}

static void
a_nul_byte_or_an_infinite_number_is_refused(void)
{
    g_autoptr(HibArena) arena = hib_arena_new();
    HibJson json = {0};
    g_assert_false(hib_json_parse(arena, "\"a\0b\"", 5, &json, NULL));
    g_assert_false(hib_json_parse(arena, "1\0", 2, &json, NULL));
    g_assert_false(hib_json_parse(arena, "1e999", 5, &json, NULL));
    g_assert_false(hib_json_parse(arena, "{\"a\":[-1e999]}", 14, &json, NULL));
    g_assert_false(hib_json_parse(arena, NULL, 0, &json, NULL));
}

static void
nesting_ends_at_the_limit(void)
{
    g_autoptr(HibArena) arena = hib_arena_new();
    for (int depth = HIB_LIMIT_JSON_DEPTH - 1; depth <= HIB_LIMIT_JSON_DEPTH + 1; depth++) {
        g_autofree char *open = g_strnfill((gsize)depth, '[');
        g_autofree char *close = g_strnfill((gsize)depth, ']');
        g_autofree char *text = g_strconcat(open, close, NULL);
        HibJson json = {0};
        g_assert_cmpint(hib_json_parse(arena, text, strlen(text), &json, NULL), ==,
                        depth <= HIB_LIMIT_JSON_DEPTH);
    }
    g_autofree char *deep = g_strnfill(1000000, '[');
    HibJson json = {0};
    g_assert_false(hib_json_parse(arena, deep, 1000000, &json, NULL));
    g_autoptr(GString) objects = g_string_new("");
    for (int i = 0; i <= HIB_LIMIT_JSON_DEPTH; i++)
        g_string_append(objects, "{\"a\":");
    g_assert_false(hib_json_parse(arena, objects->str, objects->len, &json, NULL));
}

static void
a_repeated_key_is_refused_by_its_name(void)
{
    g_autoptr(HibArena) arena = hib_arena_new();
    static const char *const cases[] = {
        "{\"x\":[1,{\"a/b\":1,\"c\":2,\"a\\/b\":3}]}",
        "{\"x\":[1,{\"1\":0,\"2\":0,\"3\":0,\"4\":0,\"5\":0,\"6\":0,\"7\":0,\"8\":0,\"a/"
        "b\":1,\"a\\u002fb\":2}]}",
    };
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GError) error = NULL;
        HibJson json = {0};
        g_assert_false(hib_json_parse(arena, cases[i], strlen(cases[i]), &json, &error));
        g_assert_cmpstr(hib_error_reason(error), ==, "json.repeated_key");
        g_assert_cmpstr(hib_error_pointer(error), ==, "/x/1/a~1b");
    }
    parse(arena, "{\"a\":1,\"A\":2,\"b\":{\"a\":1}}");
}

static void
fields_are_read_by_their_type(void)
{
    g_autoptr(HibArena) arena = hib_arena_new();
    HibJson json = parse(
        arena, "{\"t\":\"\\u65e5\\ud83d\\ude00本\",\"i\":-9007199254740992,\"r\":2.5e-1,\"b\":true,"
               "\"at\":\"2026-12-01T09:00:00+09:00\",\"o\":{},\"a\":[],\"n\":null}");
    const char *text = NULL;
    int64_t number = 0;
    double real = 0;
    bool flag = false;
    HibInstant at = 0;
    HibJson child = {0};
    g_autoptr(GError) error = NULL;
    g_assert_true(hib_json_text(json, "t", &text, &error));
    g_assert_cmpstr(text, ==, "日😀本");
    g_assert_true(hib_json_int(json, "i", &number, &error));
    g_assert_cmpint(number, ==, -9007199254740992);
    g_assert_true(hib_json_real(json, "r", &real, &error));
    g_assert_cmpfloat(real, ==, 0.25);
    g_assert_true(hib_json_bool(json, "b", &flag, &error) && flag);
    g_assert_true(hib_json_time(json, "at", &at, &error));
    g_assert_cmpint(at, ==, 1796083200 * HIB_SECOND);
    g_assert_true(hib_json_object(json, "o", &child, &error) &&
                  hib_json_array(json, "a", &child, &error));
    g_assert_cmpuint(hib_json_count(child), ==, 0);
    g_assert_null(hib_json_first(child).value);
    text = "kept";
    g_assert_true(hib_json_opt_text(json, "n", &text, &error) &&
                  hib_json_opt_text(json, "none", &text, &error));
    g_assert_cmpstr(text, ==, "kept");
    g_assert_true(hib_json_opt_object(json, "n", &child, &error));
    g_assert_null(child.value);
    g_assert_no_error(error);
}

static void
a_wrong_field_is_named_by_its_pointer(void)
{
    g_autoptr(HibArena) arena = hib_arena_new();
    HibJson json = parse(
        arena, "{\"list\":[{},{\"a~b\":\"x\",\"half\":1.5,\"big\":9007199254740994,\"n\":null}]}");
    HibJson list = {0};
    g_assert_true(hib_json_array(json, "list", &list, NULL));
    g_assert_cmpuint(hib_json_count(list), ==, 2);
    HibJson second = hib_json_next(list, hib_json_first(list));
    g_assert_null(hib_json_next(list, second).value);

    g_autoptr(GError) error = NULL;
    int64_t number = 7;
    g_assert_false(hib_json_int(second, "a~b", &number, &error));
    g_assert_cmpstr(hib_error_reason(error), ==, "json.wrong_type");
    g_assert_cmpstr(hib_error_pointer(error), ==, "/list/1/a~0b");
    g_clear_error(&error);
    g_assert_false(hib_json_int(second, "none", &number, &error));
    g_assert_cmpstr(hib_error_reason(error), ==, "json.missing");
    g_clear_error(&error);
    g_assert_false(hib_json_opt_int(second, "half", &number, &error));
    g_assert_cmpstr(hib_error_reason(error), ==, "json.wrong_type");
    g_assert_false(hib_json_int(second, "big", &number, NULL));
    g_assert_false(hib_json_int(second, "n", &number, NULL));
    g_assert_false(hib_json_int(list, "0", &number, NULL)); /* no object at all */
    g_assert_false(hib_json_object(second, "a~b", &list, NULL));
    g_assert_cmpint(number, ==, 7);
}

static void
what_is_printed_reads_back(void)
{
    g_autoptr(HibArena) arena = hib_arena_new();
    cJSON *made = cJSON_CreateObject();
    cJSON_AddStringToObject(made, "text", "改行\nと\"引用\"");
    cJSON_AddNumberToObject(made, "n", 3);
    char *text = hib_json_print(arena, made);
    g_assert_cmpstr(text, ==, "{\"text\":\"改行\\nと\\\"引用\\\"\",\"n\":3}");
    const char *back = NULL;
    g_assert_true(hib_json_text(parse(arena, text), "text", &back, NULL));
    g_assert_cmpstr(back, ==, "改行\nと\"引用\"");
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/json/what_is_no_json_is_refused_with_its_place",
                    what_is_no_json_is_refused_with_its_place);
    g_test_add_func("/json/a_nul_byte_or_an_infinite_number_is_refused",
                    a_nul_byte_or_an_infinite_number_is_refused);
    g_test_add_func("/json/nesting_ends_at_the_limit", nesting_ends_at_the_limit);
    g_test_add_func("/json/a_repeated_key_is_refused_by_its_name",
                    a_repeated_key_is_refused_by_its_name);
    g_test_add_func("/json/fields_are_read_by_their_type", fields_are_read_by_their_type);
    g_test_add_func("/json/a_wrong_field_is_named_by_its_pointer",
                    a_wrong_field_is_named_by_its_pointer);
    g_test_add_func("/json/what_is_printed_reads_back", what_is_printed_reads_back);
    return g_test_run();
}
