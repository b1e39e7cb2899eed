/* Team: people, workspaces, roles, sessions, 2FA, API tokens, invitations, and the audit log.
 *
 * A person exists once and belongs to any number of workspaces with one role in each. Passwords are Argon2id, session and API tokens are stored
 * as SHA-256 only, TOTP seeds are sealed. Sign-in attempts are throttled per address and per person.
 * View for other features' statements: team_v_person (id, name), so that a list of 500 rows gets its authors' names in one statement. */
#pragma once
#include "http/server.h"
#include "http/services.h"
#include "store/feature.h"

extern const HibFeature hib_team;

/* Callers seen lately, so that cached replies need no store; and the gate that lets two passwords be hashed at a time. Made after the store, freed
 * after it is closed (it listens to its events); handed round as HibServices.team_cache, NULL there works without. Thread-safe. */
typedef struct HibTeamCache HibTeamCache;
HibTeamCache *hib_team_cache_new(HibStore *store);
void hib_team_cache_free(HibTeamCache *cache);

/* The server's authoriser: session cookie or `Authorization: Bearer hib_…`. */
bool hib_team_authorise(HibCall *call, const char *workspace, bool may_block, HibCaller *ret,
                        GError **error);

typedef struct {
    const char *id, *name, *zone;
    bool is_practice;
    HibInstant created_at;
} HibWorkspace;
/* The workspace `db` is scoped to. NOT_FOUND team.workspace_unknown. In the db's arena. */
bool hib_team_workspace(HibDb *db, HibWorkspace **ret, GError **error);

typedef struct {
    const char *name, *email, *password, *workspace_name, *zone, *locale;
    bool is_practice; /* the workspace holds practice data and says so */
} HibTeamFounding;
/* Makes the first (or the demo's) owner with a workspace in one transaction; db is global. *ret_workspace, *ret_person: ids.
 * INVALID team.bad_email, team.bad_zone, team.weak_password; CONFLICT setup.done when a person exists already. */
bool hib_team_found(HibDb *db, const HibTeamFounding *founding, const char **ret_workspace,
                    const char **ret_person, GError **error);
/* True in *ret when nobody exists yet. Global. */
bool hib_team_needs_setup(HibDb *db, bool *ret, GError **error);

/* The name to show for an actor or author; "" when the person is gone. */
bool hib_team_person_name(HibDb *db, const char *person, const char **ret, GError **error);

/* A token for the command line on the machine itself (`hibiki token`): scopes as HIB_SCOPE_ bits; *ret_secret is shown once. */
bool hib_team_token_make(HibDb *db, const char *name, unsigned scopes, const HibInstant *expires_at,
                         const char **ret_id, const char **ret_secret, GError **error);
/* The person's role in the workspace of `db`; *ret_role NULL: no member. */
bool hib_team_role(HibDb *db, const char *person, const char **ret_role, GError **error);
/* All workspaces, for commands and jobs that walk them. Global. */
bool hib_team_workspaces(HibDb *db, HibWorkspace **ret_rows, size_t *ret_n, GError **error);

/* Ids of the workspaces in which the person may edit and publish, oldest first. Global. */
bool hib_team_workspaces_to_edit(HibDb *db, const char *person, const char ***ret_ids,
                                 size_t *ret_n, GError **error);

/* A guess at a secret of `what` ("review") that was wrong: the next ones from there get slower. TOO_MANY auth.throttled with its time. db global. */
bool hib_team_throttle_guess(HibDb *db, const char *what, const char *client, GError **error);

/* What was guessed was right after all: the counter begins anew. */
bool hib_team_throttle_forget(HibDb *db, const char *what, const char *client, GError **error);

/* --- passwords, of people and of what they share ---------------------------------------------------------- */
/* INVALID team.weak_password at `pointer`. `email` may not be most of it. */
bool hib_team_password_strong(const char *password, const char *email, const char *pointer,
                              GError **error);
/* Argon2id, one of at most two at a time (`cache` may be NULL: commands). BUSY http.busy after 5 s of waiting. */
char *hib_team_password_hash(HibTeamCache *cache, HibArena *arena, const char *password,
                             GError **error);
/* `hash` NULL: nobody has this password, found out in the same time. */
bool hib_team_password_verify(HibTeamCache *cache, const char *hash, const char *password,
                              bool *ret_right, GError **error);

/* Whether the db's actor did the same to the subject since then: what is only looked at is written once a day. */
bool hib_audit_has(HibDb *db, const char *action, const char *subject_id, HibInstant since,
                   bool *ret, GError **error);
/* One line of the audit log, in the caller's transaction: every change of every feature writes one. before/after: compact JSON objects or
 * NULL, never a secret. The actor is the db's. */
bool hib_audit(HibDb *db, const char *action, const char *subject_kind, const char *subject_id,
               const char *before, const char *after, GError **error);
