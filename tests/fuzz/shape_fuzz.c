/* Fuzz target: any bytes as the body or the query of an operation. What is taken prints as JSON that the same shape takes again
 * and prints the same; what is refused is INVALID and names its place. */
#include "api.gen.h"
#include "base/error.h"
#include "base/json.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static void
check_again(const HibShape *shape, HibArena *arena, const void *value)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GString) first = g_string_new(NULL);
    g_autoptr(GString) second = g_string_new(NULL);
    HibJson json = {0};
    void *again = hib_arena_take(arena, shape->size);
    hib_shape_print(shape, value, first);
    g_assert_true(hib_json_parse(arena, first->str, first->len, &json, &error));
    g_assert_true(hib_shape_read(shape, json.value, arena, again, &error));
    hib_shape_print(shape, again, second);
    g_assert_cmpstr(first->str, ==, second->str);
}

/* The first byte chooses the shape; the second whether it is a query. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    static const HibShape *const shapes[] = {&hib_api_post_draft_shape, &hib_api_post_time_shape,
                                             &hib_api_token_draft_shape, &hib_api_audit_page_shape,
                                             &hib_api_list_deliveries_query_shape};
    if (n < 2)
        return 0;
    const HibShape *shape = shapes[data[0] % G_N_ELEMENTS(shapes)];
    g_autoptr(HibArena) arena = hib_arena_new();
    g_autoptr(GError) error = NULL;
    void *value = hib_arena_take(arena, shape->size);
    const char *text = hib_arena_strndup(arena, (const char *)data + 2, n - 2);
    HibJson json = {0};
    bool is_read = data[1] % 2 == 0 ? hib_shape_read_query(shape, text, arena, value, &error)
                                    : hib_json_parse(arena, text, strlen(text), &json, &error) &&
                                          hib_shape_read(shape, json.value, arena, value, &error);
    if (is_read) {
        check_again(shape, arena, value);
        return 0;
    }
    g_assert_true(hib_error_is(error, HIB_ERROR_INVALID));
    g_assert_true(json.value == NULL || hib_error_pointer(error) != NULL);
    return 0;
}
