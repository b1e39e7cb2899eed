/* Links that know whom they were sent to. */
#include "base/error.h"
#include "links/links_private.h"
#include "links/spool.h"
#include "test_workspace.h"
#include <string.h>

static void
a_signature_is_of_one_code_and_one_contact(HibTestStore *test)
{
    g_auto(HibTestWorkspace) ws = {0};
    hib_test_workspace_open(&ws, test);
    const char *contact = "01890a5d-ac96-774b-bcce-b302099a8057";
    const char *url = hib_links_personal(test->arena, &ws.services, "abc2345", contact);
    const char *token = strstr(url, "/~");
    uint8_t key[16], want[16];
    g_assert_nonnull(token);
    token += 2;
    hib_click_key(contact, want);
    g_assert_true(hib_link_contact(ws.services.keys, test->arena, "abc2345", token, key));
    g_assert_cmpmem(key, 16, want, 16);
    g_assert_false(hib_link_contact(ws.services.keys, test->arena, "abc2346", token, key));
    for (size_t i = 0; token[i]; i++) {
        char *changed = hib_arena_strdup(test->arena, token);
        changed[i] = changed[i] == '0' ? '1' : '0';
        g_assert_false(hib_link_contact(ws.services.keys, test->arena, "abc2345", changed, key));
    }
    g_assert_false(hib_link_contact(ws.services.keys, test->arena, "abc2345", "", key));
    static const uint8_t nobody[16];
    g_assert_cmpmem(key, 16, nobody, 16);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    hib_test_add_manual("/links/personal", a_signature_is_of_one_code_and_one_contact);
    return g_test_run();
}
