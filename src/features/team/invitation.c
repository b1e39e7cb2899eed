/* Invitations: a link for one e-mail address, good for seven days and once. Whoever is known already proves it with the password (and code);
 * a newcomer chooses name and password. Accepting, joining and the first session are one transaction. */
#include "team/team_private.h"
#include <string.h>

#define TOKEN_BYTES 32

static bool
may_hand_out(const char *by_role, const char *role, GError **error)
{
    if (strcmp(role, "owner") != 0 || g_strcmp0(by_role, "owner") == 0)
        return true;
    hib_error_set_at(error, HIB_ERROR_FORBIDDEN, "team.owner_only", "/role",
                     "only owners invite owners");
    return false;
}

static bool
already_member(GError **error)
{
    hib_error_set(error, HIB_ERROR_CONFLICT, "team.already_member",
                  "belongs to the workspace already");
    return false;
}

bool
hib_team_invite(HibDb *db, const HibServices *services, const char *by_role, const char *by_person,
                const char *email, const char *role, HibInvitation *ret, const char **ret_link,
                GError **error)
{
    HibArena *arena = hib_db_arena(db);
    HibInstant now = hib_db_now(db);
    const char *address = hib_team_fold_email(arena, email, "/email", error);
    if (!address || !may_hand_out(by_role, role, error))
        return false;
    const char *token = hib_random_token(arena, TOKEN_BYTES);
    *ret = (HibInvitation){
        .id = hib_db_new_id(db),
        .email = address,
        .role = role,
        .created_at = now,
        .expires_at = now + HIB_TEAM_INVITATION_LIFE,
    };
    *ret_link = hib_arena_printf(arena, "%s/invite#%s", services->base_url, token);
    HibSqlMemberByEmail *member;
    int64_t replaced;
    g_autoptr(HibTx) tx = hib_tx_begin(db, error);
    if (!tx || !hib_team_person_name(db, by_person, &ret->invited_by, error) ||
        !hib_sql_member_by_email(db, address, &member, error))
        return false;
    if (member)
        return already_member(error);
    return hib_sql_invitation_end_email(db, address, now, &replaced, error) &&
           hib_sql_invitation_add(db, ret->id, hib_team_hash_token(arena, token), address, role,
                                  by_person ? by_person : "", now, ret->expires_at, error) &&
           hib_audit(db, "invitation.created", "invitation", ret->id, NULL,
                     hib_audit_json(arena, "email", address, "role", role, NULL), error) &&
           hib_event_emit(db, "invitation.created", ret->id, NULL, error) &&
           hib_tx_commit(tx, error);
}

bool
hib_team_invitations(HibDb *db, HibInvitation **ret_rows, size_t *ret_n, GError **error)
{
    return hib_sql_invitation_list(db, hib_db_now(db), ret_rows, ret_n, error);
}

bool
hib_team_withdraw(HibDb *db, const char *invitation, GError **error)
{
    int64_t ended;
    g_autoptr(HibTx) tx = hib_tx_begin(db, error);
    if (!tx || !hib_sql_invitation_end(db, invitation, hib_db_now(db), &ended, error))
        return false;
    if (!ended) {
        hib_error_set(error, HIB_ERROR_NOT_FOUND, "team.invitation_unknown",
                      "no such open invitation");
        return false;
    }
    return hib_audit(db, "invitation.withdrawn", "invitation", invitation, NULL, NULL, error) &&
           hib_event_emit(db, "invitation.withdrawn", invitation, NULL, error) &&
           hib_tx_commit(tx, error);
}

static bool
expired(GError **error)
{
    hib_error_set(error, HIB_ERROR_GONE, "team.invitation_expired", "used, withdrawn or expired");
    return false;
}

bool
hib_team_offer(HibDb *db, const char *token, HibOffer *ret, GError **error)
{
    HibSqlInvitationFound *row;
    HibPerson *person;
    if (!hib_sql_invitation_find(db, hib_team_hash_token(hib_db_arena(db), token), &row, error))
        return false;
    if (!row) {
        hib_error_set(error, HIB_ERROR_NOT_FOUND, "team.invitation_unknown", "no such invitation");
        return false;
    }
    if (row->has_ended_at || row->expires_at <= hib_db_now(db))
        return expired(error);
    if (!hib_sql_person_by_email(db, row->email, &person, error))
        return false;
    *ret = (HibOffer){
        .workspace_id = row->workspace_id,
        .workspace_name = row->workspace_name,
        .invitation = row->id,
        .email = row->email,
        .role = row->role,
        .is_known = person != NULL,
        .expires_at = row->expires_at,
    };
    return true;
}

/* In the caller's transaction: the invitation is used up, the person belongs, and is signed in. */
static bool
join(HibDb *db, const HibOffer *offer, const char *person, const HibAcceptance *in,
     HibNewSession *ret, GError **error)
{
    HibMember *member;
    int64_t ended;
    HibInstant now = hib_db_now(db);
    if (!hib_sql_invitation_end(db, offer->invitation, now, &ended, error))
        return false;
    if (!ended)
        return expired(error);
    if (!hib_sql_member_get(db, person, &member, error))
        return false;
    if (member)
        return already_member(error);
    hib_db_set_actor(db, HIB_ACTOR_PERSON, person);
    return hib_sql_member_add(db, person, offer->role, now, error) &&
           hib_audit(
               db, "member.joined", "person", person, NULL,
               hib_audit_json(hib_db_arena(db), "email", offer->email, "role", offer->role, NULL),
               error) &&
           hib_event_emit(db, "member.joined", person, NULL, error) &&
           hib_team_session_open(db, person, in->replaces, &in->from, "session.opened", ret, error);
}

static bool
accept_new(HibDb *db, const HibServices *services, const HibOffer *offer, const HibAcceptance *in,
           HibNewSession *ret, GError **error)
{
    HibArena *arena = hib_db_arena(db);
    if (!in->name) {
        hib_error_set_at(error, HIB_ERROR_INVALID, "input.missing", "/name",
                         "a new person needs a name");
        return false;
    }
    const char *name = hib_team_trim_name(arena, in->name, "/name", error);
    if (!name || !hib_team_password_strong(in->password, offer->email, "/password", error))
        return false;
    const char *hash = hib_team_password_hash(services->team_cache, arena, in->password, error);
    if (!hash)
        return false;
    const char *person = hib_db_new_id(db);
    g_autoptr(GError) twice = NULL;
    g_autoptr(HibTx) tx = hib_tx_begin(db, error);
    if (!tx)
        return false;
    if (!hib_sql_person_add(db, person, offer->email, name, in->locale, hash, hib_db_now(db),
                            &twice)) {
        if (hib_error_is(twice, HIB_ERROR_CONFLICT))
            hib_error_set(error, HIB_ERROR_CONFLICT, "team.email_taken",
                          "the address became known meanwhile");
        else
            g_propagate_error(error, g_steal_pointer(&twice));
        return false;
    }
    return join(db, offer, person, in, ret, error) && hib_tx_commit(tx, error);
}

/* The same questions as at sign-in: password, code, throttled. */
static bool
accept_known(HibDb *db, const HibServices *services, const HibOffer *offer, const HibAcceptance *in,
             HibNewSession *ret, GError **error)
{
    const HibSignIn proof = {
        .email = offer->email, .password = in->password, .code = in->code, .from = in->from};
    HibPerson *person;
    if (!hib_team_check_credentials(db, services, &proof, &person, error))
        return false;
    g_autoptr(HibTx) tx = hib_tx_begin(db, error);
    return tx && join(db, offer, person->id, in, ret, error) && hib_tx_commit(tx, error);
}

bool
hib_team_accept(HibDb *db, const HibServices *services, const char *token, const HibAcceptance *in,
                HibNewSession *ret, GError **error)
{
    HibOffer offer;
    if (!hib_team_offer(db, token, &offer, error))
        return false;
    g_autoptr(HibDb) scoped = hib_db_open(hib_db_store(db), hib_db_arena(db), offer.workspace_id);
    if (!(offer.is_known ? accept_known : accept_new)(scoped, services, &offer, in, ret, error))
        return false;
    hib_team_cache_drop(services->team_cache);
    return true;
}
