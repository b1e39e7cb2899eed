/* Fuzzing: any bytes as JSON. What is taken must print and read back to the same print; what is refused must say why. */
#include "base/error.h"
#include "base/json.h"

#include <stdint.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    g_autoptr(HibArena) arena = hib_arena_new();
    g_autoptr(GError) error = NULL;
    HibJson json = {0};
    if (!hib_json_parse(arena, (const char *)data, n, &json, &error)) {
        g_assert_true(hib_error_is(error, HIB_ERROR_INVALID));
        return 0;
    }
    HibJson again = {0};
    const char *printed = hib_json_print(arena, cJSON_Duplicate(json.value, true));
    g_assert_true(hib_json_parse(arena, printed, strlen(printed), &again, &error));
    g_assert_cmpstr(printed, ==, hib_json_print(arena, cJSON_Duplicate(again.value, true)));

    const char *text = NULL;
    HibInstant at = 0;
    hib_json_text(json, "a", &text, NULL);
    hib_json_time(json, "a", &at, NULL);
    for (HibJson e = hib_json_first(json); e.value != NULL; e = hib_json_next(json, e))
        hib_json_opt_text(e, "a", &text, NULL);
    return 0;
}
