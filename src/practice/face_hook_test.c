/* Webhooks between two faces: one sends, one keeps what arrives. */
#include "practice/face_hook.h"

#include "practice/face_posts.h"
#include "practice/face_run.h"

#include <string.h>

static void
refuse(HibPracticeCall *call, HibPracticeRefusal why, const char *message)
{
    hib_practice_text(call, why == HIB_REFUSE_ERROR ? 500 : 404, "text/plain", message);
}

static void
arrive(HibPracticeCall *call)
{
    const char *signature = hib_practice_header_in(call, "X-Signature");
    HibPracticePost post = {.id = hib_practice_id(call),
                            .account = "1",
                            .text = call->body.head,
                            .extra = signature ? signature : ""};
    hib_practice_post_add(call->face, &post);
    hib_practice_empty(call, 200);
}

static const HibPracticeRoute routes[] = {{"POST", "/hook", "hook", arrive}};
static const HibPracticeNetwork network = {
    .name = "hooks", .title = "Hooks", .routes = routes, .n_routes = 1, .refuse = refuse};

typedef struct {
    HibArena *arena;
    HibPracticeFace *from, *to;
} World;

static World
world_new(void)
{
    static const HibPracticeAccount accounts[] = {{.id = "1", .handle = "a"}};
    const HibPracticeOptions options = {.accounts = accounts, .n_accounts = 1};
    World w = {.arena = hib_arena_new(),
               .from = hib_practice_start(&network, &options, NULL),
               .to = hib_practice_start(&network, &options, NULL)};
    g_assert_nonnull(w.from);
    g_assert_nonnull(w.to);
    hib_practice_hook_url(w.from, hib_arena_printf(w.arena, "%s/hook", hib_practice_url(w.to)));
    return w;
}

static void
world_free(World *w)
{
    hib_practice_stop(w->from);
    hib_practice_stop(w->to);
    hib_arena_free(w->arena);
}

static void
tell(World *w, const char *body)
{
    char *sum = hib_practice_hmac_hex(w->arena, "key", body, strlen(body));
    const char *const headers[] = {hib_arena_printf(w->arena, "X-Signature: %s", sum), NULL};
    hib_practice_hook(w->from, &(HibPracticeHook){.body = body, .headers = headers});
}

/* What arrived, in order. */
static const char *
arrived(World *w)
{
    const HibPracticePost *const *found = NULL;
    g_autoptr(GString) out = g_string_new(NULL);
    g_assert_true(hib_practice_hooks_settle(w->from, 5000));
    size_t n = hib_practice_posts(w->to, w->arena,
                                  &(HibPracticeQuery){.account = "1", .is_oldest_first = true},
                                  &found, NULL);
    for (size_t i = 0; i < n; i++)
        g_string_append_printf(out, "%s ", found[i]->text);
    return hib_arena_strdup(w->arena, out->str);
}

static void
events_arrive_signed_and_in_order(void)
{
    World w = world_new();
    tell(&w, "one");
    tell(&w, "two");
    tell(&w, "three");
    g_assert_cmpstr(arrived(&w), ==, "one two three ");
    const HibPracticePost *const *found = NULL;
    g_assert_cmpuint(hib_practice_posts(w.to, w.arena, &(HibPracticeQuery){0}, &found, NULL), ==,
                     3);
    g_assert_cmpstr(found[0]->extra, ==,
                    hib_practice_hmac_hex(w.arena, "key", found[0]->text, strlen(found[0]->text)));
    HibPracticeCounts counts = {0};
    hib_practice_counts(w.from, NULL, &counts);
    g_assert_cmpint(counts.n_hooks, ==, 3);
    g_assert_cmpint(counts.n_hooks_delivered, ==, 3);
    world_free(&w);
}

static void
they_come_twice_swapped_and_again_after_a_failure(void)
{
    World w = world_new();
    hib_practice_fault(w.from, &(HibPracticeFault){.fault = HIB_FAULT_HOOK_TWICE, .times = 1});
    tell(&w, "one");
    hib_practice_fault(w.from, &(HibPracticeFault){.fault = HIB_FAULT_HOOK_SWAPPED, .times = 1});
    tell(&w, "two");
    tell(&w, "three");
    g_assert_cmpstr(arrived(&w), ==, "one one three two ");
    hib_practice_fault(w.to, &(HibPracticeFault){.fault = HIB_FAULT_ERROR, .times = 1});
    tell(&w, "four");
    g_assert_cmpstr(arrived(&w), ==, "one one three two four ");
    hib_practice_hook_url(w.from, "");
    tell(&w, "five");
    g_assert_cmpstr(arrived(&w), ==, "one one three two four ");
    world_free(&w);
}

static void
signatures_are_those_of_rfc_4231(void)
{
    g_autoptr(HibArena) arena = hib_arena_new();
    const char *text = "what do ya want for nothing?";
    g_assert_cmpstr(hib_practice_hmac_hex(arena, "Jefe", text, strlen(text)), ==,
                    "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
    g_assert_cmpstr(hib_practice_hmac_base64(arena, "Jefe", text, strlen(text)), ==,
                    "W9zBRr9gdU5qBCQmCJV1x1oAPwidJzmDnexYuWTsOEM=");
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
#define TEST(name) g_test_add_func("/practice/face_hook/" #name, name)
    TEST(events_arrive_signed_and_in_order);
    TEST(they_come_twice_swapped_and_again_after_a_failure);
    TEST(signatures_are_those_of_rfc_4231);
    return g_test_run();
}
