/* Shares of people: never more than all of them, for whatever account. */
#include "practice/people.h"

#include <glib.h>

static void
no_part_comes_to_more_than_everybody(void)
{
    for (int account = 0; account < 500; account++)
        for (int part = HIB_PEOPLE_AGE; part <= HIB_PEOPLE_AREA; part++) {
            HibFaceGroup people[HIB_PEOPLE_MOST];
            g_autofree char *id = g_strdup_printf("account-%d", account);
            const size_t n = hib_people(id, (HibPeoplePart)part, people);
            double sum = 0;
            g_assert_cmpuint(n, >=, 3);
            for (size_t i = 0; i < n; i++) {
                g_assert_cmpfloat(people[i].share, >, 0);
                sum += people[i].share;
            }
            g_assert_cmpfloat(sum, <=, 1);
        }
}

static void
accounts_differ_and_stay_as_they_are(void)
{
    HibFaceGroup one[HIB_PEOPLE_MOST], again[HIB_PEOPLE_MOST], other[HIB_PEOPLE_MOST];
    hib_people("account-1", HIB_PEOPLE_AGE, one);
    hib_people("account-1", HIB_PEOPLE_AGE, again);
    int n_differ = 0;
    for (int i = 2; i < 10; i++) {
        g_autofree char *id = g_strdup_printf("account-%d", i);
        hib_people(id, HIB_PEOPLE_AGE, other);
        n_differ += one[0].share < other[0].share || one[0].share > other[0].share;
    }
    g_assert_cmpfloat(one[0].share, ==, again[0].share);
    g_assert_cmpint(n_differ, >, 0);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/practice/people/sum", no_part_comes_to_more_than_everybody);
    g_test_add_func("/practice/people/stay", accounts_differ_and_stay_as_they_are);
    return g_test_run();
}
