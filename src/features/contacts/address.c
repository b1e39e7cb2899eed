/* Addresses by which shops and lists know people. An address itself stands only with its identity, where a person can read it; everywhere else is its hash. */
#include "contacts/address.h"
#include <string.h>

enum { EMAIL_BYTES = 254, PHONE_LEAST = 7, PHONE_MOST = 15, CODE_BYTES = 100 };

static const char *
email_of(HibArena *arena, char *text)
{
    g_autofree char *low = g_utf8_strdown(text, -1);
    const char *at = strchr(low, '@');
    if (!at || at == low || strchr(at + 1, '@') || strlen(low) > EMAIL_BYTES ||
        strpbrk(low, " \t\r\n,;<>\"") || !strchr(at + 1, '.') || at[1] == '.' ||
        g_str_has_suffix(low, "."))
        return NULL;
    return hib_arena_strdup(arena, low);
}

/* A number without a country is Japan's, as in lists from here. */
static const char *
phone_of(HibArena *arena, const char *text)
{
    g_autoptr(GString) digits = g_string_new("");
    const bool is_whole = *text == '+';
    for (const char *at = text + is_whole; *at; at++) {
        if (g_ascii_isdigit(*at))
            g_string_append_c(digits, *at);
        else if (!strchr("-() .", *at))
            return NULL;
    }
    if (!is_whole && *digits->str != '0')
        return NULL;
    if (!is_whole) {
        g_string_erase(digits, 0, 1);
        g_string_prepend(digits, "81");
    }
    return digits->len < PHONE_LEAST || digits->len > PHONE_MOST
               ? NULL
               : hib_arena_printf(arena, "+%s", digits->str);
}

const char *
hib_contact_address(HibArena *arena, HibIdentityKind kind, const char *text)
{
    g_autofree char *plain = g_utf8_normalize(text, -1, G_NORMALIZE_NFKC);
    if (!plain)
        return NULL;
    g_strstrip(plain);
    if (kind == HIB_IDENTITY_EMAIL)
        return email_of(arena, plain);
    if (kind == HIB_IDENTITY_PHONE)
        return phone_of(arena, plain);
    return *plain && strlen(plain) <= CODE_BYTES ? hib_arena_strdup(arena, plain) : NULL;
}

const char *
hib_contact_address_hash(HibArena *arena, const char *address)
{
    return hib_sha256_hex(arena, address, strlen(address));
}

const char *
hib_contact_address_key(HibArena *arena, HibKeys *keys, HibIdentityKind kind, const char *hash)
{
    return hib_mac_hex(keys, arena, "contacts.identity",
                       hib_arena_printf(arena, "%d\n%s", (int)kind, hash));
}

const char *
hib_contact_gone_hash(HibDb *db, HibKeys *keys, HibIdentityKind kind, const char *network,
                      const char *scope, const char *key)
{
    HibArena *arena = hib_db_arena(db);
    return hib_mac_hex(keys, arena, "contacts.gone",
                       hib_arena_printf(arena, "%s\n%d\n%s\n%s\n%s", hib_db_workspace(db),
                                        (int)kind, network, scope, key));
}
