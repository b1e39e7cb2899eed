/* Shared inside team/: the model's small types and what its files ask of each other.
 *
 * Rules live in the model files (no HTTP, no JSON of the contract); the *_api.c files read the call, ask the model and reply. */
#pragma once
#include "base/error.h"
#include "team/audit.sql.h"
#include "team/invitation.sql.h"
#include "team/member.sql.h"
#include "team/person.sql.h"
#include "team/session.sql.h"
#include "team/team.h"
#include "team/token.sql.h"

/* What the statements read is the model: a row is used as it is. All in the db's arena. */
typedef HibSqlPersonRow HibPerson;
typedef HibSqlMembershipRow HibMembership;
typedef HibSqlMemberRow HibMember;
typedef HibSqlSessionRow HibSession;
typedef HibSqlInvitationRow HibInvitation;
typedef HibSqlTokenRow HibToken;
typedef HibSqlAuditRow HibAuditLine;

#define HIB_TEAM_COOKIE "hibiki_session"
#define HIB_TEAM_SESSION_IDLE (14 * HIB_DAY)
#define HIB_TEAM_SESSION_LIFE (90 * HIB_DAY)
#define HIB_TEAM_ROTATE_AFTER HIB_DAY
#define HIB_TEAM_ROTATE_GRACE HIB_MINUTE
#define HIB_TEAM_TOUCH_AFTER HIB_MINUTE
#define HIB_TEAM_INVITATION_LIFE (7 * HIB_DAY)
#define HIB_TEAM_CACHE_LIFE (30 * HIB_SECOND)

/* --- the founding (team.c) --------------------------------------------------------------------------------- */
typedef struct {
    const char *client, *agent; /* who asks, for throttling and the session list */
} HibTeamFrom;
typedef struct {
    const char *id, *token, *person;
} HibNewSession;
/* As hib_team_found; `from` not NULL: signs the owner in as well. */
bool hib_team_set_up(HibDb *db, HibTeamCache *cache, const HibTeamFounding *founding,
                     const HibTeamFrom *from, const char **ret_workspace, HibNewSession *ret,
                     GError **error);

/* --- people (person.c) ------------------------------------------------------------------------------------- */
/* Lower case and trimmed; NULL with INVALID team.bad_email at `pointer` when it cannot be an address. */
const char *hib_team_fold_email(HibArena *arena, const char *email, const char *pointer,
                                GError **error);
/* Trimmed; NULL with INVALID input.too_short at `pointer` when nothing is left. */
const char *hib_team_trim_name(HibArena *arena, const char *name, const char *pointer,
                               GError **error);
bool hib_team_check_zone(const char *zone, const char *pointer, GError **error);
/* UNAUTHENTICATED auth.needed when the person is gone. */
bool hib_team_person(HibDb *db, const char *person, HibPerson **ret, GError **error);
typedef struct {
    const char *name, *locale, *theme; /* NULL: stays */
} HibPersonChange;
bool hib_team_change_person(HibDb *db, const HibServices *services, const char *person,
                            const HibPersonChange *change, HibPerson **ret, GError **error);
/* Asks for the password once more before something grave. FORBIDDEN auth.wrong_password, TOO_MANY auth.throttled. */
bool hib_team_prove(HibDb *db, const HibServices *services, const HibPerson *person,
                    const char *password, const HibTeamFrom *from, GError **error);
/* Changes the password: all other sessions end, this one goes on under *ret_token. */
bool hib_team_change_password(HibDb *db, const HibServices *services, const char *person,
                              const char *session, const char *current, const char *wanted,
                              const HibTeamFrom *from, const char **ret_token, GError **error);

/* --- passwords (password.c) -------------------------------------------------------------------------------- */
bool hib_team_password_is_dated(const char *hash);

/* --- one-time codes (totp.c: pure; second_factor.c: a person's) ------------------------------------------------- */
/* RFC 4226 for a raw key and counter; `digits` 6..8. */
bool hib_totp_code(const unsigned char *key, size_t n_key, int64_t step, int digits, char out[9]);
int64_t hib_totp_step(HibInstant at);
char *hib_totp_secret_new(HibArena *arena); /* 160 bits as base32 */
char *hib_totp_uri(HibArena *arena, const char *email, const char *secret);
/* The step whose code this is, one step of clock error either way, later than `after`; -1: none. */
int64_t hib_totp_match(const char *secret, HibInstant at, int64_t after, const char *code);
char *hib_recovery_code_new(HibArena *arena); /* "k7m2p-9xq4d" */

#define HIB_TEAM_RECOVERY_CODES 10
typedef struct {
    const char *secret, *uri;
} HibTotpStart;
bool hib_team_totp_start(HibDb *db, const HibServices *services, const char *person,
                         const char *password, const HibTeamFrom *from, HibTotpStart *ret,
                         GError **error);
bool hib_team_totp_confirm(HibDb *db, const HibServices *services, const char *person,
                           const char *session, const char *code, const HibTeamFrom *from,
                           const char *ret_codes[HIB_TEAM_RECOVERY_CODES], const char **ret_token,
                           GError **error);
bool hib_team_totp_disable(HibDb *db, const HibServices *services, const char *person,
                           const char *session, const char *password, const HibTeamFrom *from,
                           const char **ret_token, GError **error);
/* Uses up a code or recovery code of a person with 2FA; *ret_right false leaves everything as it was. */
bool hib_team_use_code(HibDb *db, const HibServices *services, const HibPerson *person,
                       const char *code, bool *ret_right, GError **error);

/* --- throttling (throttle.c) ------------------------------------------------------------------------------------ */
/* Counts an attempt before it is looked at, so that many at once count too. TOO_MANY auth.throttled with its time. */
bool hib_team_throttle_count(HibDb *db, const char *email, const char *client, GError **error);
bool hib_team_throttle_undo(HibDb *db, const char *email, const char *client,
                            GError **error); /* it was no failure */
/* It succeeded: the address of the person starts anew, the client's count only loses this attempt. */
bool hib_team_throttle_clear(HibDb *db, const char *email, const char *client, GError **error);
bool hib_team_throttle_failed(HibDb *db, const char *email,
                              GError **error); /* as many commits as a known person's failure */

/* --- sessions (session.c) --------------------------------------------------------------------------------------- */
typedef struct {
    const char *email, *password, *code; /* code NULL: none given */
    const char *replaces;                /* token of the session this browser had, NULL */
    HibTeamFrom from;
} HibSignIn;
/* UNAUTHENTICATED auth.bad_credentials, auth.code_needed, auth.bad_code; TOO_MANY auth.throttled. */
bool hib_team_check_credentials(HibDb *db, const HibServices *services, const HibSignIn *in,
                                HibPerson **ret, GError **error);
bool hib_team_sign_in(HibDb *db, const HibServices *services, const HibSignIn *in,
                      HibNewSession *ret, GError **error);
/* In the caller's transaction: a session for somebody whose right to it was just established. */
bool hib_team_session_open(HibDb *db, const char *person, const char *replaces,
                           const HibTeamFrom *from, const char *action, HibNewSession *ret,
                           GError **error);
/* NOT_FOUND team.session_unknown when it is not one of the person's. */
bool hib_team_session_end(HibDb *db, const HibServices *services, const char *person,
                          const char *session, const char *action, GError **error);
/* A new token for the session in the caller's transaction; the old one ends at once. */
bool hib_team_session_renew(HibDb *db, const char *session, const char **ret_token, GError **error);
bool hib_team_sessions(HibDb *db, const char *person, HibSession **ret_rows, size_t *ret_n,
                       GError **error);
/* The demo's owner signs in without being asked. NOT_FOUND http.not_found on a real instance. */
bool hib_team_sign_in_demo(HibDb *db, const HibServices *services, const char *replaces,
                           const HibTeamFrom *from, HibNewSession *ret, GError **error);
const char *hib_team_csrf(const HibServices *services, HibArena *arena, const char *session);
const char *hib_team_hash_token(HibArena *arena, const char *token);
typedef struct {
    HibCaller caller;
    const char *new_token; /* the cookie to set from now on, or NULL */
    HibInstant good_until; /* how long this may be believed without asking; 0: not at all */
} HibTeamKnown;
bool hib_team_know_session(HibDb *db, const HibServices *services, const char *token,
                           const char *workspace, HibTeamKnown *ret, GError **error);
/* UNAUTHENTICATED auth.bad_token. */
bool hib_team_know_token(HibDb *db, const char *secret, const char *workspace, HibTeamKnown *ret,
                         GError **error);

/* --- members, invitations, workspaces ------------------------------------------------------------------------------ */
bool hib_team_members(HibDb *db, HibMember **ret_rows, size_t *ret_n, GError **error);
bool hib_team_memberships(HibDb *db, const char *person, HibMembership **ret_rows, size_t *ret_n,
                          GError **error);
bool hib_team_change_member(HibDb *db, const HibServices *services, const char *by_role,
                            const char *person, const char *role, HibMember **ret, GError **error);
bool hib_team_remove_member(HibDb *db, const HibServices *services, const char *by_role,
                            const char *person, GError **error);
/* db global. *ret_workspace: its id. */
bool hib_team_create_workspace(HibDb *db, const char *person, const char *name, const char *zone,
                               const char **ret_workspace, GError **error);
bool hib_team_change_workspace(HibDb *db, const char *name, const char *zone,
                               GError **error); /* NULL: stays */
/* Tells every workspace of the person that something about them changed, and drops what was remembered of their sessions. */
bool hib_team_announce(HibDb *db, const HibServices *services, const char *person, const char *kind,
                       GError **error);

bool hib_team_invite(HibDb *db, const HibServices *services, const char *by_role,
                     const char *by_person, const char *email, const char *role, HibInvitation *ret,
                     const char **ret_link, GError **error);
bool hib_team_invitations(HibDb *db, HibInvitation **ret_rows, size_t *ret_n,
                          GError **error); /* open ones */
bool hib_team_withdraw(HibDb *db, const char *invitation, GError **error);
typedef struct {
    const char *workspace_id, *workspace_name, *invitation, *email, *role;
    bool is_known; /* the address belongs to a person already */
    HibInstant expires_at;
} HibOffer;
/* NOT_FOUND team.invitation_unknown, GONE team.invitation_expired (used or withdrawn too). */
bool hib_team_offer(HibDb *db, const char *token, HibOffer *ret, GError **error);
typedef struct {
    const char *name, *password, *code, *locale, *replaces;
    HibTeamFrom from;
} HibAcceptance;
bool hib_team_accept(HibDb *db, const HibServices *services, const char *token,
                     const HibAcceptance *in, HibNewSession *ret, GError **error);

/* --- API tokens (token.c) ------------------------------------------------------------------------------------------- */
extern const char *const hib_team_scope_names
    []; /* in the order of the HIB_SCOPE_ bits and of the contract; ended by NULL */
const char *hib_team_scopes_text(HibArena *arena, unsigned scopes);
bool hib_team_tokens(HibDb *db, HibToken **ret_rows, size_t *ret_n, GError **error);
/* NOT_FOUND team.token_unknown, also when revoked. */
bool hib_team_token(HibDb *db, const char *token, HibToken **ret, GError **error);
typedef HibSqlTokenThis HibThisToken;
/* The token the db acts for. FORBIDDEN auth.forbidden when it acts for none. */
bool hib_team_this_token(HibDb *db, HibThisToken **ret, GError **error);
bool hib_team_revoke_token(HibDb *db, const HibServices *services, const char *token,
                           GError **error);

/* --- the audit log (audit.c) ------------------------------------------------------------------------------------------ */
bool hib_audit_in(HibDb *db, const char *workspace, const char *action, const char *subject_kind,
                  const char *subject_id, const char *after, GError **error);
/* The person's own doings: a line in each workspace they belong to. */
bool hib_audit_everywhere(HibDb *db, const char *person, const char *action, const char *before,
                          const char *after, GError **error);
/* Newest first, below the line `below` (NULL: the newest), about `subject` or else about subjects of `kind` (NULL: everything); `most` lines. */
bool hib_audit_read(HibDb *db, const char *subject, const char *kind, const char *below,
                    size_t most, HibAuditLine **ret_rows, size_t *ret_n, GError **error);
/* {"name":"value",…} of pairs ended by NULL; a NULL value is left out. */
const char *hib_audit_json(HibArena *arena, const char *name, ...) G_GNUC_NULL_TERMINATED;

/* --- what the process remembers (cache.c) ------------------------------------------------------------------------------- */
/* All take NULL: nothing is remembered, nothing waits. */
bool hib_team_cache_find(HibTeamCache *cache, HibArena *arena, const char *hash,
                         const char *workspace, HibCaller *ret);
/* What a look at the store must have begun with, so that what changes meanwhile is not remembered as it was. */
typedef struct {
    uint64_t epoch, version;
} HibTeamMark;
HibTeamMark hib_team_cache_mark(HibTeamCache *cache, const char *workspace);
void hib_team_cache_keep(HibTeamCache *cache, HibTeamMark mark, const char *hash,
                         const char *workspace, const HibTeamKnown *known);
void hib_team_cache_drop(HibTeamCache *cache);
bool hib_team_gate_enter(HibTeamCache *cache,
                         GError **error); /* one of the two that may hash a password */
void hib_team_gate_leave(HibTeamCache *cache);
