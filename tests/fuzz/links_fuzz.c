/* Fuzzing: any bytes as a link's target, as what a browser says of itself, and as records of a spool. What is taken as a target must be a web address that a header can hold; a record that reads must
 * be written back as the same bytes. */
#include "base/error.h"
#include "links/links_private.h"
#include "links/spool.h"
#include "links/visit.h"
#include <stdint.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static void
as_target(const char *text)
{
    static const HibLinkDomain domain = {.base_url = "https://hibiki.example.jp",
                                         .short_url = "https://hbk.example"};
    g_autoptr(GError) error = NULL;
    if (!hib_link_check_target(&domain, text, "/target", &error)) {
        g_assert_true(hib_error_is(error, HIB_ERROR_INVALID));
    } else {
        g_autofree char *location = hib_link_location(text);
        g_assert_true(g_ascii_strncasecmp(location, "http", 4) == 0);
        for (const char *at = location; *at; at++)
            g_assert_true(*at > 0x20 && *at < 0x7f);
    }
    hib_link_check_app(&domain, text, "/ios_url", NULL);
    hib_link_check_slug(text, NULL);
    g_assert_true(!hib_link_network(text) || strlen(text) < 12);
}

static void
as_visitor(const char *text)
{
    const char *network;
    char language[4];
    HibVisitAgent agent = hib_visit_agent(text);
    g_assert_true(agent.device < HIB_DEVICES && strlen(agent.network) < 12);
    g_assert_true(hib_visit_referrer(text, &network) < HIB_REFERRERS && strlen(network) < 12);
    hib_visit_language(text, language);
    g_assert_true(strlen(language) < 4);
}

static void
as_marked(const char *text)
{
    static const char *const hosts[] = {"example.jp"};
    const HibUtm utm = {.hosts = hosts,
                        .n_hosts = 1,
                        .medium = "social",
                        .is_lower = true,
                        .rules = {[HIB_UTM_CAMPAIGN] = {.is_required = true, .pattern = "2*"}}};
    g_autoptr(HibArena) arena = hib_arena_new();
    hib_utm_check(arena, &utm, text, "/target", NULL);
    if (hib_utm_is_own(&utm, text))
        g_assert_true(hib_utm_is_marked(hib_utm_mark(arena, &utm, text, "x", "夏")));
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    g_autofree char *text = g_strndup((const char *)data, n);
    HibClick click;
    uint8_t again[HIB_CLICK_BYTES];
    as_target(text);
    as_visitor(text);
    as_marked(text);
    if (hib_click_decode(data, n, &click)) {
        hib_click_encode(&click, again);
        g_assert_true(hib_click_decode(again, sizeof again, &click));
    }
    return 0;
}
