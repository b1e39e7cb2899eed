/* For the tests of measure/: a workspace in a zone of choice, accounts, deliveries that are out, and what is stored, as text. */
#pragma once
#include "accounts/accounts.h"
#include "measure/measure_private.h"
#include "store/test_store.h"

typedef struct {
    HibTestStore *test;
    HibServices services; /* blobs, http: NULL unless given */
    HibArena *arena;
    HibDb *db;
    HibZone *zone;
    char *directory;
} HibTestMeasure;

HibTestMeasure *hib_test_measure_new(HibTestStore *test, const char *zone, bool is_practice);
void hib_test_measure_free(HibTestMeasure *t);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(HibTestMeasure, hib_test_measure_free)
/* An account nobody signed in to. The id. */
const char *hib_test_measure_account(HibTestMeasure *t, const char *handle);
/* A delivery published then; it is not followed yet. `remote_id` NULL: any. The id. */
const char *hib_test_measure_out(HibTestMeasure *t, const char *account, HibInstant at,
                                 const char *remote_id);
const char *hib_test_measure_post_out(HibTestMeasure *t, const char *post, const char *account,
                                      HibInstant at, const char *remote_id);
/* Adds one batch, which must work. */
void hib_test_measure_add(HibTestMeasure *t, const HibSnapshot *snapshots, size_t n);
/* The roll-ups of all days and of these deliveries, one line each. */
char *hib_test_measure_dump(HibTestMeasure *t, const char *const *deliveries, size_t n);
/* Every roll-up of every metric, and each post's days, as text. */
char *hib_test_measure_rolls(HibTestMeasure *t);
HibInstant hib_test_at(const char *rfc3339);
