/* For tests: a founded instance (owner Hanako, workspace 喫茶ひびき) on a test store, with keys and the cache of callers. */
#pragma once
#include "store/test_store.h"
#include "team/team_private.h"

#define HIB_TEST_EMAIL "hanako@example.jp"
#define HIB_TEST_PASSWORD "kissa-hibiki-2026"

typedef struct {
    HibTestStore *test;
    HibServices services;
    HibDb *db; /* global */
    const char *workspace, *owner;
    char *directory;
} HibTestTeam;

HibTestTeam *hib_test_team_new(HibTestStore *test);
void hib_test_team_free(HibTestTeam *team); /* closes the store of the test */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(HibTestTeam, hib_test_team_free)
/* One more person with the test password, as a member of the workspace. */
const char *hib_test_person(HibTestTeam *team, const char *email, const char *role);
/* A handle scoped to the workspace, acting for `person`. */
HibDb *hib_test_scoped(HibTestTeam *team, const char *person);
HibNewSession hib_test_sign_in(HibTestTeam *team, const char *email);
/* The role the session's token has in the workspace now; NULL: nobody or not a member. */
const char *hib_test_role(HibTestTeam *team, const char *token);
/* The newest line of the workspace's log about `subject`, or NULL. */
const char *hib_test_last_action(HibTestTeam *team, const char *subject);
