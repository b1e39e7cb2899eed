/* Links that know whom they were sent to: CODE/~TOKEN, where the token is the contact's id and a signature over both. Who changes either is nobody. */
#include "base/id.h"
#include "base/secrets.h"
#include "links/links_private.h"
#include "links/spool.h"
#include <string.h>

#define PURPOSE "links.personal"
#define N_SIGN                                                                                     \
    12 /* characters of the signature: 48 bits, and a forger has no way to ask but one by one */

static char *
sign(HibKeys *keys, HibArena *arena, const char *code, const char *hex)
{
    char *text = hib_arena_printf(arena, "%s/%s", code, hex);
    char *mac = hib_mac_hex(keys, arena, PURPOSE, text);
    mac[N_SIGN] = '\0';
    return mac;
}

const char *
hib_links_personal(HibArena *arena, const HibServices *services, const char *code,
                   const char *contact)
{
    char hex[33] = "";
    uint8_t key[16];
    hib_click_key(contact, key);
    for (size_t i = 0; i < 16; i++)
        g_snprintf(hex + 2 * i, 3, "%02x", key[i]);
    return hib_arena_printf(arena, "%s/~%s%s", hib_links_url(arena, services, code), hex,
                            sign(services->keys, arena, code, hex));
}

bool
hib_link_contact(HibKeys *keys, HibArena *arena, const char *code, const char *token,
                 uint8_t ret[16])
{
    memset(ret, 0, 16);
    if (strlen(token) != 32 + N_SIGN || strspn(token, "0123456789abcdef") != 32 + N_SIGN)
        return false;
    char *hex = hib_arena_strndup(arena, token, 32);
    if (!hib_equal_secret(token + 32, sign(keys, arena, code, hex)))
        return false;
    for (size_t i = 0; i < 16; i++)
        ret[i] =
            (uint8_t)(g_ascii_xdigit_value(hex[2 * i]) << 4 | g_ascii_xdigit_value(hex[2 * i + 1]));
    return true;
}
