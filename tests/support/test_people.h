/* A connector asks its practice face who follows, reposted and liked, page by page: what it hears is what the face knows to be true. */
#pragma once
#include "networks/network_optional.h"
#include "practice/fans.h"
#include <glib.h>

static inline void
hib_test_people(const HibNetwork *network, const HibNetContext *net, const HibGrant *grant,
                const char *post)
{
    static const struct {
        HibNetDeed deed;
        const char *name;
    } deeds[] = {{HIB_NET_REPOSTED, "repost"}, {HIB_NET_LIKED, "like"}};
    const HibNetOptional *asked = hib_net_optional(network);
    const HibNetPeopleRule *rule = network->limits()->people;
    const char **some = NULL; /* of the first page: the last one may have fewer than are asked */
    for (size_t d = 0; d < G_N_ELEMENTS(deeds); d++) {
        g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);
        const char *cursor = NULL;
        size_t n_pages = 0, n;
        do {
            const char **page = NULL;
            HibNetResult said =
                asked->list_people(net, grant, deeds[d].deed, post, cursor, &page, &n, &cursor);
            g_assert_cmpstr(hib_net_class_name(said.class), ==, "ok");
            g_assert_cmpuint(n, <=, (size_t)rule->page);
            for (size_t i = 0; i < n; i++) {
                g_assert_true(g_hash_table_add(seen, (gpointer)(uintptr_t)page[i]));
                g_assert_true(hib_fan_did(net->arena, deeds[d].name, post, page[i]));
            }
            some = some ? some : page;
        } while (cursor && ++n_pages < 100);
        g_assert_cmpuint(n_pages, >, 0); /* more than a page takes */
        g_assert_cmpuint(g_hash_table_size(seen), >, 90);
    }
    HibNetDone done[8];
    size_t n_yes = 0;
    HibNetResult said = asked->follows(net, grant, some, 8, done);
    g_assert_cmpstr(hib_net_class_name(said.class), ==, "ok");
    for (size_t i = 0; i < 8; i++) {
        bool does = hib_fan_did(net->arena, "follow", grant->remote_id, some[i]);
        g_assert_cmpint(done[i], ==, does ? HIB_NET_DEED_DONE : HIB_NET_DEED_NO);
        n_yes += does;
    }
    g_assert_cmpuint(n_yes, >, 0);
}
