/* Invitations: a link for one address, once, in time. */
#include "team/test_team.h"
#include <string.h>

static const char *
invite(HibTestTeam *team, const char *email, const char *role, HibInvitation *ret)
{
    const char *link;
    GError *error = NULL;
    g_autoptr(HibDb) db = hib_test_scoped(team, team->owner);
    hib_assert_ok(
        hib_team_invite(db, &team->services, "owner", team->owner, email, role, ret, &link, &error),
        error);
    g_assert_true(g_str_has_prefix(link, "https://hibiki.example/invite#"));
    return strchr(link, '#') + 1;
}

static bool
accept(HibTestTeam *team, const char *token, const char *name, const char *password,
       HibNewSession *ret, GError **error)
{
    const HibAcceptance in = {
        .name = name, .password = password, .locale = "en", .from = {.client = "192.0.2.7"}};
    return hib_team_accept(team->db, &team->services, token, &in, ret, error);
}

static void
a_newcomer_accepts_once(HibTestStore *test)
{
    g_autoptr(HibTestTeam) team = hib_test_team_new(test);
    GError *error = NULL;
    HibInvitation invitation;
    HibNewSession session;
    HibOffer offer;
    const char *token = invite(team, "Taro@Example.jp", "approver", &invitation);
    hib_assert_ok(hib_team_offer(team->db, token, &offer, &error), error);
    g_assert_cmpstr(offer.email, ==, "taro@example.jp");
    g_assert_false(offer.is_known);
    hib_assert_refused(accept(team, token, NULL, HIB_TEST_PASSWORD, &session, &error), error,
                       "input.missing");
    hib_assert_refused(accept(team, token, "Taro", "taro", &session, &error), error,
                       "team.weak_password");
    hib_assert_ok(accept(team, token, "Taro", HIB_TEST_PASSWORD, &session, &error), error);
    g_assert_cmpstr(hib_test_role(team, session.token), ==, "approver");
    hib_assert_refused(accept(team, token, "Taro", HIB_TEST_PASSWORD, &session, &error), error,
                       "team.invitation_expired");
    hib_assert_refused(
        accept(team, "no-such-token-at-all", "Taro", HIB_TEST_PASSWORD, &session, &error), error,
        "team.invitation_unknown");
}

static void
a_known_person_proves_it_with_the_password(HibTestStore *test)
{
    g_autoptr(HibTestTeam) team = hib_test_team_new(test);
    GError *error = NULL;
    HibInvitation invitation;
    HibNewSession session;
    HibOffer offer;
    const char *taro = hib_test_person(team, "taro@example.jp", "editor");
    g_autoptr(HibDb) db = hib_test_scoped(team, team->owner);
    hib_assert_ok(hib_team_remove_member(db, &team->services, "owner", taro, &error), error);
    const char *token = invite(team, "taro@example.jp", "client", &invitation);
    hib_assert_ok(hib_team_offer(team->db, token, &offer, &error), error);
    g_assert_true(offer.is_known);
    hib_assert_refused(accept(team, token, "Somebody", "another-password-9", &session, &error),
                       error, "auth.bad_credentials");
    hib_assert_ok(accept(team, token, NULL, HIB_TEST_PASSWORD, &session, &error), error);
    g_assert_cmpstr(session.person, ==, taro);
    g_assert_cmpstr(hib_test_role(team, session.token), ==, "client");
}

static void
an_invitation_ends_after_seven_days_or_when_withdrawn_or_replaced(HibTestStore *test)
{
    g_autoptr(HibTestTeam) team = hib_test_team_new(test);
    g_autoptr(HibDb) db = hib_test_scoped(team, team->owner);
    GError *error = NULL;
    HibInvitation invitation;
    HibOffer offer;
    const char *old = invite(team, "taro@example.jp", "editor", &invitation);
    const char *newer = invite(team, "taro@example.jp", "client", &invitation);
    hib_assert_refused(hib_team_offer(team->db, old, &offer, &error), error,
                       "team.invitation_expired");
    hib_assert_ok(hib_team_offer(team->db, newer, &offer, &error), error);
    hib_assert_ok(hib_team_withdraw(db, invitation.id, &error), error);
    hib_assert_refused(hib_team_offer(team->db, newer, &offer, &error), error,
                       "team.invitation_expired");
    hib_assert_refused(hib_team_withdraw(db, invitation.id, &error), error,
                       "team.invitation_unknown");
    const char *late = invite(team, "taro@example.jp", "client", &invitation);
    hib_clock_manual_set(test->clock, hib_clock_now(test->clock) + 7 * HIB_DAY);
    hib_assert_refused(hib_team_offer(team->db, late, &offer, &error), error,
                       "team.invitation_expired");
}

static void
members_are_not_invited_and_lost_rights_withdraw_what_they_offered(HibTestStore *test)
{
    const char *link;
    HibMember *member;
    g_autoptr(HibTestTeam) team = hib_test_team_new(test);
    GError *error = NULL;
    HibInvitation invitation;
    HibOffer offer;
    const char *second = hib_test_person(team, "second@example.jp", "owner");
    g_autoptr(HibDb) db = hib_test_scoped(team, second);
    hib_assert_refused(hib_team_invite(db, &team->services, "owner", second, " HANAKO@example.jp",
                                       "client", &invitation, &link, &error),
                       error, "team.already_member");
    hib_assert_ok(hib_team_invite(db, &team->services, "owner", second, "friend@example.jp",
                                  "owner", &invitation, &link, &error),
                  error);
    const char *token = strchr(link, '#') + 1;
    hib_assert_ok(
        hib_team_change_member(db, &team->services, "owner", second, "client", &member, &error),
        error);
    hib_assert_refused(hib_team_offer(team->db, token, &offer, &error), error,
                       "team.invitation_expired");
}

typedef struct {
    HibTestTeam *team;
    const char *token;
    bool is_done;
} Acceptor;

static void *
accept_at_once(void *data)
{
    Acceptor *acceptor = data;
    g_autoptr(HibArena) arena = hib_arena_new();
    g_autoptr(HibDb) db = hib_db_open(acceptor->team->test->store, arena, NULL);
    g_autoptr(GError) error = NULL;
    HibNewSession session;
    const HibAcceptance in = {.name = "Taro", .password = HIB_TEST_PASSWORD, .locale = "ja"};
    acceptor->is_done =
        hib_team_accept(db, &acceptor->team->services, acceptor->token, &in, &session, &error);
    if (!acceptor->is_done) /* which of the three depends on how far the winner was */
        g_assert_true(g_strv_contains(
            (const char *[]){"team.invitation_expired", "team.email_taken", "store.busy", NULL},
            hib_error_reason(error)));
    return NULL;
}

static void
a_link_opened_many_times_at_once_makes_one_member(HibTestStore *test)
{
    g_autoptr(HibTestTeam) team = hib_test_team_new(test);
    HibInvitation invitation;
    Acceptor acceptors[4];
    GThread *threads[4];
    const char *token = invite(team, "taro@example.jp", "editor", &invitation);
    for (int i = 0; i < 4; i++) {
        acceptors[i] = (Acceptor){.team = team, .token = token};
        threads[i] = g_thread_new("acceptor", accept_at_once, &acceptors[i]);
    }
    int n_done = 0;
    for (int i = 0; i < 4; i++) {
        g_thread_join(threads[i]);
        n_done += acceptors[i].is_done;
    }
    g_assert_cmpint(n_done, ==, 1);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
#define ADD(test) hib_test_add_manual("/invitation/" #test, test)
    ADD(a_newcomer_accepts_once);
    ADD(a_known_person_proves_it_with_the_password);
    ADD(an_invitation_ends_after_seven_days_or_when_withdrawn_or_replaced);
    ADD(members_are_not_invited_and_lost_rights_withdraw_what_they_offered);
    ADD(a_link_opened_many_times_at_once_makes_one_member);
    return g_test_run();
}
