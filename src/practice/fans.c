/* What people did, made of their names. */
#include "practice/fans.h"
#include "base/secrets.h"
#include "practice/tagged.h"

#include <glib.h>
#include <string.h>

bool
hib_fan_did(HibArena *arena, const char *deed, const char *of, const char *id)
{
    const char *what = hib_arena_printf(arena, "%s\n%s\n%s", deed, of, id);
    const char *sum = hib_sha256_hex(arena, what, strlen(what));
    int first = 16 * g_ascii_xdigit_value(sum[0]) + g_ascii_xdigit_value(sum[1]);
    return first < (g_str_equal(deed, "like") ? 128 : 192);
}

typedef struct {
    const HibFans *fans;
    HibFan *out;
    size_t from, most, n_seen, n;
    GHashTable *handles;
} Listing;

static void
consider(HibArena *arena, Listing *in, const char *handle, const char *name)
{
    if (!g_hash_table_add(in->handles, (gpointer)(uintptr_t)handle))
        return;
    const HibFan one = {in->fans->id_of(arena, handle), handle, name};
    if (!hib_fan_did(arena, in->fans->deed, in->fans->of, one.id))
        return;
    if (in->n_seen >= in->from && in->n < in->most)
        in->out[in->n++] = one;
    in->n_seen++;
}

size_t
hib_fans(HibArena *arena, const HibFans *fans, size_t from, size_t most, HibFan **ret,
         size_t *ret_next)
{
    g_autoptr(GHashTable) handles = g_hash_table_new(g_str_hash, g_str_equal);
    Listing in = {.fans = fans,
                  .out = hib_arena_array(arena, HibFan, most + 1),
                  .from = from,
                  .most = most,
                  .handles = handles};
    for (uint64_t who = 0; who < HIB_TAGGED_PEOPLE; who++) {
        const char *handle, *name;
        hib_crowd_who(arena, who, &handle, &name);
        consider(arena, &in, handle, name);
    }
    for (size_t i = 0; i < fans->n_said; i++)
        consider(arena, &in, fans->said[i].handle, fans->said[i].name);
    *ret = in.out;
    *ret_next = in.n_seen > from + in.n ? from + in.n : 0;
    return in.n;
}
