/* For tests: a fresh, migrated store on each database.
 *
 * SQLite always; PostgreSQL too when HIBIKI_TEST_POSTGRES holds a libpq URL (tools/with_postgres.sh sets it): each store there is
 * a database of its own, dropped at the end. A test that runs on both registers itself with hib_test_add. */
#pragma once
#include "store/store.h"

typedef struct {
    HibStore *store;
    HibClock *clock; /* the manual one given, or the real one */
    HibArena *arena;
    char *url; /* to open the same data again, after hib_test_store_shut */
    bool is_postgres;
    char *directory; /* of the SQLite file */
} HibTestStore;

/* Aborts the test when it cannot. `clock` NULL: the real one. */
HibTestStore *hib_test_store_new(bool is_postgres, HibClock *clock);
/* Closes and opens again what is on disk. */
void hib_test_store_reopen(HibTestStore *test);
void hib_test_store_shut(HibTestStore *test); /* closes only */
void hib_test_store_free(HibTestStore *test); /* closes and removes */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(HibTestStore, hib_test_store_free)

/* Registers "/sqlite<path>" and, when there is one, "/postgres<path>". */
void hib_test_add(const char *path, void (*run)(HibTestStore *test));
/* The same with a manual clock standing at 2026-01-05 00:00 UTC. */
void hib_test_add_manual(const char *path, void (*run)(HibTestStore *test));
/* "/sqlite<path>" only: for heavy tests of what does not depend on the database. */
void hib_test_add_once(const char *path, void (*run)(HibTestStore *test));

/* Fails the test with the error's text. */
#define hib_assert_ok(expression, error)                                                           \
    do {                                                                                           \
        const bool is_ok_ = (expression);                                                          \
        g_assert_no_error(error);                                                                  \
        g_assert_true(is_ok_);                                                                     \
    } while (0)
/* The expression fails with this reason; the error is cleared. */
#define hib_assert_refused(expression, error, reason)                                              \
    do {                                                                                           \
        const bool is_ok_ = (expression);                                                          \
        g_assert_false(is_ok_);                                                                    \
        g_assert_nonnull(error);                                                                   \
        g_assert_cmpstr(hib_error_reason(error), ==, (reason));                                    \
        g_clear_error(&(error));                                                                   \
    } while (0)
