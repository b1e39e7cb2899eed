/* Sessions: signing in and out, and knowing a caller again by cookie or API token.
 *
 * A session is a random token in a cookie; the store has its hash. It ends after 14 days without use and after 90 days anyway; once a day it gets
 * a new token, and the old one stays good for a minute, for requests that were under way. A change of password or second factor
 * gives a new token at once. Whoever writes an unknown address waits as long as with a wrong password. */
#include "base/log.h"
#include "team/team_private.h"
#include <string.h>

#define TOKEN_BYTES 32
#define LONGEST_AGENT 200

const char *
hib_team_hash_token(HibArena *arena, const char *token)
{
    return hib_sha256_hex(arena, token, strlen(token));
}

const char *
hib_team_csrf(const HibServices *services, HibArena *arena, const char *session)
{
    return hib_mac_hex(services->keys, arena, "team.csrf", session);
}

/* Cut at a character, since a browser may send what it likes. */
static const char *
short_agent(HibArena *arena, const char *agent)
{
    if (!agent)
        return "";
    if (strlen(agent) <= LONGEST_AGENT)
        return agent;
    const char *end = g_utf8_find_prev_char(agent, agent + LONGEST_AGENT);
    return hib_arena_strndup(arena, agent, end ? (size_t)(end - agent) : 0);
}

bool
hib_team_session_open(HibDb *db, const char *person, const char *replaces, const HibTeamFrom *from,
                      const char *action, HibNewSession *ret, GError **error)
{
    HibArena *arena = hib_db_arena(db);
    HibInstant now = hib_db_now(db);
    *ret = (HibNewSession){
        .id = hib_db_new_id(db), .token = hib_random_token(arena, TOKEN_BYTES), .person = person};
    hib_db_set_actor(db, HIB_ACTOR_PERSON, person);
    if (replaces && !hib_sql_session_end_hash(db, hib_team_hash_token(arena, replaces), error))
        return false;
    const char *after = hib_audit_json(arena, "client", from->client, "agent",
                                       short_agent(arena, from->agent), NULL);
    return hib_sql_session_add(db, ret->id, person, hib_team_hash_token(arena, ret->token), now,
                               from->client ? from->client : "", short_agent(arena, from->agent),
                               error) &&
           hib_sql_sessions_purge_idle(db, now - HIB_TEAM_SESSION_IDLE, error) &&
           hib_sql_sessions_purge_old(db, now - HIB_TEAM_SESSION_LIFE, error) &&
           hib_audit_everywhere(db, person, action, NULL, after, error);
}

/* One commit, whether or not the address belongs to somebody. */
static bool
note_failure(HibDb *db, const HibPerson *person, const HibSignIn *in, const char *email,
             const char *why, GError **error)
{
    const char *after =
        hib_audit_json(hib_db_arena(db), "client", in->from.client, "why", why, NULL);
    g_autoptr(HibTx) tx = hib_tx_begin(db, error);
    return tx &&
           hib_audit_everywhere(db, person ? person->id : "", "session.refused", NULL, after,
                                error) &&
           hib_team_throttle_failed(db, email, error) && hib_tx_commit(tx, error);
}

static bool
refuse(HibDb *db, const HibPerson *person, const HibSignIn *in, const char *email,
       const char *reason, const char *why, GError **error)
{
    if (!note_failure(db, person, in, email, why, error))
        return false;
    hib_log(HIB_WARN, "team.sign_in_refused", "client", in->from.client, "why", why, NULL);
    hib_error_set(error, HIB_ERROR_UNAUTHENTICATED, reason, "sign-in refused: %s", why);
    return false;
}

bool
hib_team_check_credentials(HibDb *db, const HibServices *services, const HibSignIn *in,
                           HibPerson **ret, GError **error)
{
    g_autofree char *folded = g_utf8_strdown(in->email, -1);
    const char *email = g_strstrip(folded);
    HibPerson *person;
    bool is_right;
    if (!hib_team_throttle_count(db, email, in->from.client, error) ||
        !hib_sql_person_by_email(db, email, &person, error) ||
        !hib_team_password_verify(services->team_cache, person ? person->password_hash : NULL,
                                  in->password, &is_right, error))
        return false;
    if (!is_right || !person)
        return refuse(db, person, in, email, "auth.bad_credentials",
                      person ? "wrong_password" : "unknown", error);
    if (person->totp_sealed && !in->code) {
        if (!hib_team_throttle_undo(db, email, in->from.client, error))
            return false;
        hib_error_set(error, HIB_ERROR_UNAUTHENTICATED, "auth.code_needed",
                      "the second factor is on");
        return false;
    }
    if (person->totp_sealed && !hib_team_use_code(db, services, person, in->code, &is_right, error))
        return false;
    if (!is_right)
        return refuse(db, person, in, email, "auth.bad_code", "wrong_code", error);
    *ret = person;
    return hib_team_throttle_clear(db, email, in->from.client, error);
}

bool
hib_team_sign_in(HibDb *db, const HibServices *services, const HibSignIn *in, HibNewSession *ret,
                 GError **error)
{
    HibPerson *person;
    const char *fresh = NULL;
    int64_t changed;
    if (!hib_team_check_credentials(db, services, in, &person, error))
        return false;
    if (hib_team_password_is_dated(person->password_hash) &&
        !(fresh =
              hib_team_password_hash(services->team_cache, hib_db_arena(db), in->password, error)))
        return false;
    g_autoptr(HibTx) tx = hib_tx_begin(db, error);
    if (!tx ||
        (fresh && !hib_sql_person_renew_password(db, person->id, person->password_hash, fresh,
                                                 &changed, error)) ||
        !hib_team_session_open(db, person->id, in->replaces, &in->from, "session.opened", ret,
                               error) ||
        !hib_tx_commit(tx, error))
        return false;
    if (in->replaces)
        hib_team_cache_drop(services->team_cache);
    return true;
}

bool
hib_team_sign_in_demo(HibDb *db, const HibServices *services, const char *replaces,
                      const HibTeamFrom *from, HibNewSession *ret, GError **error)
{
    HibSqlPersonFirst *first = NULL;
    if (services->is_demo && !hib_sql_person_first(db, &first, error))
        return false;
    if (!first) {
        hib_error_set(error, HIB_ERROR_NOT_FOUND, "http.not_found", "this is no demo");
        return false;
    }
    g_autoptr(HibTx) tx = hib_tx_begin(db, error);
    return tx &&
           hib_team_session_open(db, first->id, replaces, from, "session.opened", ret, error) &&
           hib_tx_commit(tx, error);
}

bool
hib_team_sessions(HibDb *db, const char *person, HibSession **ret_rows, size_t *ret_n,
                  GError **error)
{
    HibInstant now = hib_db_now(db);
    return hib_sql_sessions_of(db, person, now - HIB_TEAM_SESSION_IDLE, now - HIB_TEAM_SESSION_LIFE,
                               ret_rows, ret_n, error);
}

bool
hib_team_session_end(HibDb *db, const HibServices *services, const char *person,
                     const char *session, const char *action, GError **error)
{
    int64_t ended;
    g_autoptr(HibTx) tx = hib_tx_begin(db, error);
    if (!tx || !hib_sql_session_end(db, session, person, &ended, error))
        return false;
    if (!ended) {
        hib_error_set(error, HIB_ERROR_NOT_FOUND, "team.session_unknown",
                      "no such session of this person");
        return false;
    }
    if (!hib_audit_everywhere(db, person, action, NULL, NULL, error) ||
        !hib_event_emit(db, "session.ended", person, NULL, error) || !hib_tx_commit(tx, error))
        return false;
    hib_team_cache_drop(services->team_cache);
    return true;
}

bool
hib_team_session_renew(HibDb *db, const char *session, const char **ret_token, GError **error)
{
    HibArena *arena = hib_db_arena(db);
    int64_t changed;
    *ret_token = hib_random_token(arena, TOKEN_BYTES);
    if (!hib_sql_session_renew(db, session, hib_team_hash_token(arena, *ret_token), hib_db_now(db),
                               &changed, error))
        return false;
    if (changed)
        return true;
    hib_error_set(error, HIB_ERROR_UNAUTHENTICATED, "auth.needed",
                  "the session has ended meanwhile");
    return false;
}

/* --- knowing a caller again -------------------------------------------------------------------------------------- */
/* Neither may fail the request it comes with: the next one tries again. */
static void
keep_fresh(HibDb *db, const HibSqlSessionFind *row, HibTeamKnown *ret)
{
    HibInstant now = hib_db_now(db);
    g_autoptr(GError) error = NULL;
    if (now - row->rotated_at >= HIB_TEAM_ROTATE_AFTER) {
        int64_t changed = 0;
        const char *token = hib_random_token(hib_db_arena(db), TOKEN_BYTES);
        if (hib_sql_session_rotate(db, row->id, row->token_hash,
                                   hib_team_hash_token(hib_db_arena(db), token), row->token_hash,
                                   now + HIB_TEAM_ROTATE_GRACE, now, &changed, &error) &&
            changed)
            ret->new_token = token;
        ret->good_until = 0;
    } else if (now - row->seen_at >= HIB_TEAM_TOUCH_AFTER) {
        hib_sql_session_touch(db, row->id, now, &error);
    }
    if (error)
        hib_log_error(HIB_WARN, "team.session_not_refreshed", error, NULL);
}

bool
hib_team_know_session(HibDb *db, const HibServices *services, const char *token,
                      const char *workspace, HibTeamKnown *ret, GError **error)
{
    HibInstant now = hib_db_now(db);
    const char *hash = hib_team_hash_token(hib_db_arena(db), token);
    HibSqlSessionFind *row;
    *ret = (HibTeamKnown){0};
    if (!hib_sql_session_find(db, hash, now, workspace, &row, error))
        return false;
    if (!row || now - row->seen_at >= HIB_TEAM_SESSION_IDLE ||
        now - row->created_at >= HIB_TEAM_SESSION_LIFE)
        return true;
    ret->caller = (HibCaller){
        .person = row->person_id,
        .session = row->id,
        .role = row->role,
        .locale = row->locale,
        .csrf = hib_team_csrf(services, hib_db_arena(db), row->id),
    };
    if (strcmp(hash, row->token_hash) != 0)
        return true; /* the token before the last: good for what is under way, not to be remembered */
    ret->good_until = now + HIB_TEAM_CACHE_LIFE;
    keep_fresh(db, row, ret);
    return true;
}

bool
hib_team_know_token(HibDb *db, const char *secret, const char *workspace, HibTeamKnown *ret,
                    GError **error)
{
    HibInstant now = hib_db_now(db);
    HibSqlTokenFind *row;
    *ret = (HibTeamKnown){0};
    if (!hib_sql_token_find(db, hib_team_hash_token(hib_db_arena(db), secret), &row, error))
        return false;
    if (!row || row->has_revoked_at || (row->has_expires_at && row->expires_at <= now)) {
        hib_error_set(error, HIB_ERROR_UNAUTHENTICATED, "auth.bad_token",
                      "unknown, expired or revoked API token");
        return false;
    }
    bool is_here = workspace && strcmp(workspace, row->workspace_id) == 0;
    ret->caller = (HibCaller){
        .person = row->person_id,
        .token = row->id,
        .role = is_here ? row->role : NULL,
        .locale = row->locale,
        .scopes = (unsigned)row->scopes,
    };
    ret->good_until = now + HIB_TEAM_CACHE_LIFE;
    if (row->has_expires_at)
        ret->good_until = MIN(ret->good_until, row->expires_at);
    if (!row->has_last_used_at || now - row->last_used_at >= HIB_TEAM_TOUCH_AFTER) {
        g_autoptr(GError) late = NULL;
        if (!hib_sql_token_touch(db, row->workspace_id, row->id, now, &late))
            hib_log_error(HIB_WARN, "team.token_not_touched", late, NULL);
    }
    return true;
}
