/* Addresses as lists write them are one and the same, what is none is told. */
#include "contacts/address.h"

static void
addresses_are_compared_as_people_mean_them(void)
{
    static const struct {
        HibIdentityKind kind;
        const char *in, *out;
    } all[] = {
        {HIB_IDENTITY_EMAIL, " Hanako@Example.JP ", "hanako@example.jp"},
        {HIB_IDENTITY_EMAIL, "ｈａｎａｋｏ＠example.jp", "hanako@example.jp"},
        {HIB_IDENTITY_EMAIL, "hanako", NULL},
        {HIB_IDENTITY_EMAIL, "@example.jp", NULL},
        {HIB_IDENTITY_EMAIL, "a@b@example.jp", NULL},
        {HIB_IDENTITY_EMAIL, "a@localhost", NULL},
        {HIB_IDENTITY_EMAIL, "a b@example.jp", NULL},
        {HIB_IDENTITY_EMAIL, "", NULL},
        {HIB_IDENTITY_PHONE, "090-1234-5678", "+819012345678"},
        {HIB_IDENTITY_PHONE, "０９０（１２３４）５６７８", "+819012345678"},
        {HIB_IDENTITY_PHONE, "+81 90 1234 5678", "+819012345678"},
        {HIB_IDENTITY_PHONE, "+1 (415) 555-0100", "+14155550100"},
        {HIB_IDENTITY_PHONE, "12345678", NULL},
        {HIB_IDENTITY_PHONE, "電話", NULL},
        {HIB_IDENTITY_PHONE, "0", NULL},
        {HIB_IDENTITY_PHONE, "+1234567890123456", NULL},
        {HIB_IDENTITY_CODE, " C-0001 ", "C-0001"},
        {HIB_IDENTITY_CODE, "  ", NULL},
    };
    g_autoptr(HibArena) arena = hib_arena_new();
    for (size_t i = 0; i < G_N_ELEMENTS(all); i++)
        g_assert_cmpstr(hib_contact_address(arena, all[i].kind, all[i].in), ==, all[i].out);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/contacts/addresses_are_compared_as_people_mean_them",
                    addresses_are_compared_as_people_mean_them);
    return g_test_run();
}
