/* A person's second factor: started with the password, on once the first code proves that the app has the seed, off with the password.
 * The seed is sealed with the instance's key; recovery codes are kept as keyed hashes, since fifty bits alone could be tried out by who stole
 * the database. */
#include "team/team_private.h"
#include <string.h>

static const char totp_purpose[] = "team.totp";

static const char *
recovery_hash(const HibServices *services, HibArena *arena, const char *person, const char *code)
{
    GString *plain = g_string_new(person);
    g_string_append_c(plain, ':');
    for (const char *p = code; *p; p++)
        if (g_ascii_isalnum(*p))
            g_string_append_c(plain, g_ascii_tolower(*p));
    const char *hash = hib_mac_hex(services->keys, arena, "team.recovery", plain->str);
    g_string_free(plain, TRUE);
    return hash;
}

static bool
refuse(GError **error, const char *reason, const char *text)
{
    hib_error_set(error, HIB_ERROR_CONFLICT, reason, "%s", text);
    return false;
}

bool
hib_team_totp_start(HibDb *db, const HibServices *services, const char *person,
                    const char *password, const HibTeamFrom *from, HibTotpStart *ret,
                    GError **error)
{
    HibArena *arena = hib_db_arena(db);
    HibPerson *row;
    if (!hib_team_person(db, person, &row, error))
        return false;
    if (row->totp_sealed)
        return refuse(error, "team.totp_on", "the second factor is on already");
    if (!hib_team_prove(db, services, row, password, from, error))
        return false;
    const char *secret = hib_totp_secret_new(arena);
    int64_t changed;
    g_autoptr(HibTx) tx = hib_tx_begin(db, error);
    if (!tx ||
        !hib_sql_person_set_totp_pending(
            db, person, hib_seal(services->keys, arena, totp_purpose, secret), &changed, error))
        return false;
    if (!changed)
        return refuse(error, "team.totp_on", "the second factor is on already");
    if (!hib_audit_everywhere(db, person, "person.totp_started", NULL, NULL, error) ||
        !hib_tx_commit(tx, error))
        return false;
    *ret = (HibTotpStart){.secret = secret, .uri = hib_totp_uri(arena, row->email, secret)};
    return true;
}

static bool
store_confirmed(HibDb *db, const HibServices *services, const HibPerson *row, int64_t step,
                const char *session, const char *ret_codes[HIB_TEAM_RECOVERY_CODES],
                const char **ret_token, GError **error)
{
    HibArena *arena = hib_db_arena(db);
    HibSqlRecoveryAddIn hashed[HIB_TEAM_RECOVERY_CODES];
    for (int i = 0; i < HIB_TEAM_RECOVERY_CODES; i++) {
        ret_codes[i] = hib_recovery_code_new(arena);
        hashed[i] = (HibSqlRecoveryAddIn){
            .person = row->id, .code_hash = recovery_hash(services, arena, row->id, ret_codes[i])};
    }
    int64_t changed;
    g_autoptr(HibTx) tx = hib_tx_begin(db, error);
    if (!tx || !hib_sql_person_totp_on(db, row->id, row->totp_pending, step, &changed, error))
        return false;
    if (!changed)
        return refuse(error, "team.totp_off", "another start has replaced this one");
    return hib_sql_recovery_clear(db, row->id, error) &&
           hib_sql_recovery_add_many(db, hashed, HIB_TEAM_RECOVERY_CODES, error) &&
           hib_team_session_renew(db, session, ret_token, error) &&
           hib_audit_everywhere(db, row->id, "person.totp_on", NULL, NULL, error) &&
           hib_tx_commit(tx, error);
}

bool
hib_team_totp_confirm(HibDb *db, const HibServices *services, const char *person,
                      const char *session, const char *code, const HibTeamFrom *from,
                      const char *ret_codes[HIB_TEAM_RECOVERY_CODES], const char **ret_token,
                      GError **error)
{
    HibArena *arena = hib_db_arena(db);
    HibPerson *row;
    if (!hib_team_person(db, person, &row, error))
        return false;
    if (row->totp_sealed)
        return refuse(error, "team.totp_on", "the second factor is on already");
    if (!row->totp_pending)
        return refuse(error, "team.totp_off", "the second factor was not started");
    if (!hib_team_throttle_count(db, row->email, from->client, error))
        return false;
    const char *secret = hib_unseal(services->keys, arena, totp_purpose, row->totp_pending, error);
    if (!secret)
        return false;
    int64_t step = hib_totp_match(secret, hib_db_now(db), row->totp_step, code);
    if (step < 0) {
        hib_error_set_at(error, HIB_ERROR_INVALID, "auth.bad_code", "/code",
                         "the code is not right");
        return false;
    }
    return hib_team_throttle_undo(db, row->email, from->client, error) &&
           store_confirmed(db, services, row, step, session, ret_codes, ret_token, error) &&
           hib_team_announce(db, services, person, "member.changed", error);
}

bool
hib_team_totp_disable(HibDb *db, const HibServices *services, const char *person,
                      const char *session, const char *password, const HibTeamFrom *from,
                      const char **ret_token, GError **error)
{
    HibPerson *row;
    if (!hib_team_person(db, person, &row, error))
        return false;
    if (!row->totp_sealed)
        return refuse(error, "team.totp_off", "the second factor is off already");
    if (!hib_team_prove(db, services, row, password, from, error))
        return false;
    int64_t changed;
    g_autoptr(HibTx) tx = hib_tx_begin(db, error);
    if (!tx || !hib_sql_person_totp_off(db, person, &changed, error))
        return false;
    if (!changed)
        return refuse(error, "team.totp_off", "the second factor is off already");
    return hib_sql_recovery_clear(db, person, error) &&
           hib_team_session_renew(db, session, ret_token, error) &&
           hib_audit_everywhere(db, person, "person.totp_off", NULL, NULL, error) &&
           hib_tx_commit(tx, error) &&
           hib_team_announce(db, services, person, "member.changed", error);
}

bool
hib_team_use_code(HibDb *db, const HibServices *services, const HibPerson *person, const char *code,
                  bool *ret_right, GError **error)
{
    HibArena *arena = hib_db_arena(db);
    int64_t changed = 0;
    *ret_right = false;
    const char *secret =
        hib_unseal(services->keys, arena, totp_purpose, person->totp_sealed, error);
    if (!secret)
        return false;
    int64_t step = hib_totp_match(secret, hib_db_now(db), person->totp_step, code);
    if (step >= 0 && !hib_sql_person_totp_use(db, person->id, step, &changed, error))
        return false;
    if (step < 0 &&
        !hib_sql_recovery_use(db, person->id, recovery_hash(services, arena, person->id, code),
                              hib_db_now(db), &changed, error))
        return false;
    *ret_right = changed == 1;
    return true;
}
