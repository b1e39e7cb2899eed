/* Fuzzing: any bytes as a text for the rules, as an expression, as a file of rules. Places lie within the text and at its characters; an expression costs
 * no more steps than it is allowed; a file is taken or refused with its line. The first byte says which. */
#include "base/error.h"
#include "check/check.h"
#include "text/pattern.h"

#include <stdint.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static bool
is_boundary(const char *text, size_t at)
{
    return ((unsigned char)text[at] & 0xc0) != 0x80;
}

static void
look(HibArena *arena, const HibCheckHouse *house, const char *text)
{
    static const char *const all[] = {"cosme",   "supp",    "food",     "medical",
                                      "treat",   "alcohol", "finance",  "realestate",
                                      "recruit", "ec",      "campaign", NULL};
    const HibCheckSubject subject = {.text = text,
                                     .industries = all,
                                     .relation = HIB_RELATION_PAID,
                                     .disclosure_at_ms = -1,
                                     .is_disaster = true,
                                     .is_election = true};
    HibCheckResult result;
    hib_check(arena, house, &subject, &result);
    size_t n = strlen(text), last = 0;
    for (size_t i = 0; i < result.n; i++) {
        const HibCheckSpan *span = &result.findings[i].span;
        g_assert_cmpuint(span->start, <=, span->end);
        g_assert_cmpuint(span->end, <=, n);
        g_assert_cmpuint(span->start, >=, last);
        last = span->start;
        if (g_utf8_validate(text, -1, NULL)) {
            g_assert_true(is_boundary(text, span->start) && is_boundary(text, span->end));
            g_assert_cmpuint(span->utf16_start, <=, span->utf16_end);
            g_assert_cmpuint(span->utf16_end, <=, span->end);
        }
        g_assert_cmpuint(strlen(result.findings[i].found), ==, span->end - span->start);
    }
}

/* Up to the first NUL an expression, behind it a text. */
static void
match(HibArena *arena, const char *expression, const char *text)
{
    HibPatternFault fault;
    g_autoptr(HibPattern) pattern = hib_pattern_new(expression, &fault);
    if (!pattern) {
        g_assert_nonnull(fault.what);
        return;
    }
    const HibFolded folded = hib_text_fold(arena, text, strlen(text));
    int64_t steps = 200000;
    size_t start, end = 0, before = 0;
    while (hib_pattern_find(pattern, &folded, end, &steps, &start, &end) == HIB_PATTERN_FOUND) {
        g_assert_cmpuint(start, >=, before);
        g_assert_cmpuint(end, >, start);
        g_assert_cmpuint(end, <=, folded.n);
        before = end;
    }
    g_assert_cmpint(steps, >, -2 * HIB_PATTERN_SIZE);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    if (n < 2)
        return 0;
    g_autoptr(HibArena) arena = hib_arena_new();
    const char *text = hib_arena_strndup(arena, (const char *)data + 1, n - 1);
    if (data[0] % 3 == 0) {
        look(arena, NULL, text);
    } else if (data[0] % 3 == 1) {
        size_t used = strlen(text) + 2; /* the first byte and the NUL */
        match(arena, text,
              used < n ? hib_arena_strndup(arena, (const char *)data + used, n - used) : "");
    } else {
        g_autoptr(GError) error = NULL;
        g_autoptr(HibCheckRules) rules =
            hib_check_rules_parse("fuzz", (const char *)data + 1, n - 1, &error);
        g_assert_true((rules == NULL) == (error != NULL));
        g_assert_true(rules || hib_error_detail(error, "line") != NULL);
        const HibCheckHouse house = {.own = rules};
        look(arena, &house, "業界最安値のサーバ、ライバル社");
    }
    return 0;
}
