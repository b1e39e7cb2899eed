/* Fuzzing: any bytes as a text. Links stay inside it and in order, a cut is no longer than the text, normalising twice
 * changes nothing more. */
#include "text/count.h"
#include "text/links.h"
#include "text/threads_count.h"
#include "text/weighted.h"

#include <stdint.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    g_autoptr(HibArena) arena = hib_arena_new();
    const char *text = hib_arena_strndup(arena, (const char *)data, n);
    const HibLink *links = NULL;
    size_t n_links = n > 0 ? hib_text_links(arena, text, &links) : 0;
    size_t last = 0;
    for (size_t i = 0; i < n_links; i++) {
        g_assert_cmpuint(links[i].start, >=, last);
        g_assert_cmpuint(links[i].end, >, links[i].start);
        last = links[i].end;
    }
    if (n == 0)
        return 0;
    HibTextCount count = hib_text_count(text);
    g_assert_cmpuint(last, <=, count.bytes);
    g_assert_cmpuint(count.graphemes, <=, count.code_points);
    g_assert_cmpuint(hib_text_prefix_bytes(text, count.graphemes), ==, count.bytes);
    g_assert_cmpuint(hib_text_threads(text), <=, count.bytes);
    g_assert_cmpuint(hib_text_threads(text), >=, count.code_points);
    HibWeighted weighed = hib_text_weighted(text);
    g_assert_cmpuint(weighed.weight, <=, count.bytes * HIB_WEIGHTED_LINK);
    g_assert_cmpuint(weighed.n_links * HIB_WEIGHTED_LINK, <=, weighed.weight);
    const char *once = hib_text_nfc(arena, text);
    g_assert_cmpstr(once, ==, hib_text_nfc(arena, once));
    g_assert_cmpstr(hib_text_fingerprint(arena, text), ==, hib_text_fingerprint(arena, once));
    return 0;
}
