/* People: their name, language and theme, and their password. What all workspaces show of a person is announced to each of them. */
#include "team/team_private.h"
#include <string.h>

#define LONGEST_EMAIL 254

static bool
is_address(const char *text)
{
    const char *at = strrchr(text, '@');
    if (!at || at == text || at - text > 64 || !at[1] || strlen(text) > LONGEST_EMAIL ||
        strchr(text, '@') != at)
        return false;
    if (at[1] == '.' || at[1] == '-' || text[strlen(text) - 1] == '.' || strstr(at, ".."))
        return false;
    for (const char *p = text; *p; p = g_utf8_next_char(p)) {
        gunichar c = g_utf8_get_char(p);
        if (g_unichar_iscntrl(c) || g_unichar_isspace(c) ||
            strchr("<>()[],;:\\\"", (int)(c < 128 ? c : 'a')))
            return false;
    }
    return true;
}

const char *
hib_team_fold_email(HibArena *arena, const char *email, const char *pointer, GError **error)
{
    g_autofree char *folded = g_utf8_strdown(email, -1);
    g_strstrip(folded);
    if (is_address(folded))
        return hib_arena_strdup(arena, folded);
    hib_error_set_at(error, HIB_ERROR_INVALID, "team.bad_email", pointer,
                     "this is no e-mail address");
    return NULL;
}

const char *
hib_team_trim_name(HibArena *arena, const char *name, const char *pointer, GError **error)
{
    g_autofree char *trimmed = g_strdup(name);
    g_strstrip(trimmed);
    if (*trimmed)
        return hib_arena_strdup(arena, trimmed);
    GError *fault = NULL;
    hib_error_set_at(&fault, HIB_ERROR_INVALID, "input.too_short", pointer,
                     "a name of spaces only");
    hib_error_set_detail(fault, "limit", "1");
    g_propagate_error(error, fault);
    return NULL;
}

bool
hib_team_check_zone(const char *zone, const char *pointer, GError **error)
{
    g_autoptr(HibZone) found = hib_zone_open(zone);
    if (found)
        return true;
    hib_error_set_at(error, HIB_ERROR_INVALID, "team.bad_zone", pointer,
                     "there is no such time zone");
    return false;
}

bool
hib_team_person(HibDb *db, const char *person, HibPerson **ret, GError **error)
{
    if (!hib_sql_person_by_id(db, person, ret, error))
        return false;
    if (*ret)
        return true;
    hib_error_set(error, HIB_ERROR_UNAUTHENTICATED, "auth.needed", "the person is gone");
    return false;
}

bool
hib_team_change_person(HibDb *db, const HibServices *services, const char *person,
                       const HibPersonChange *change, HibPerson **ret, GError **error)
{
    HibArena *arena = hib_db_arena(db);
    HibPerson *old;
    const char *name = NULL;
    if (change->name && !(name = hib_team_trim_name(arena, change->name, "/name", error)))
        return false;
    g_autoptr(HibTx) tx = hib_tx_begin(db, error);
    if (!tx || !hib_team_person(db, person, &old, error))
        return false;
    int64_t changed;
    const char *before =
        hib_audit_json(arena, "name", old->name, "locale", old->locale, "theme", old->theme, NULL);
    if (!hib_sql_person_change(db, person, name, change->locale, change->theme, &changed, error) ||
        !hib_team_person(db, person, ret, error))
        return false;
    const char *after = hib_audit_json(arena, "name", (*ret)->name, "locale", (*ret)->locale,
                                       "theme", (*ret)->theme, NULL);
    if (strcmp(before, after) == 0)
        return hib_tx_commit(tx, error);
    if (!hib_audit_everywhere(db, person, "person.changed", before, after, error) ||
        !hib_tx_commit(tx, error))
        return false;
    return hib_team_announce(db, services, person, "member.changed", error);
}

bool
hib_team_prove(HibDb *db, const HibServices *services, const HibPerson *person,
               const char *password, const HibTeamFrom *from, GError **error)
{
    bool is_right;
    if (!hib_team_throttle_count(db, person->email, from->client, error) ||
        !hib_team_password_verify(services->team_cache, person->password_hash, password, &is_right,
                                  error))
        return false;
    if (is_right)
        return hib_team_throttle_undo(db, person->email, from->client, error);
    if (!hib_audit_everywhere(db, person->id, "person.proof_failed", NULL,
                              hib_audit_json(hib_db_arena(db), "client", from->client, NULL),
                              error))
        return false;
    hib_error_set(error, HIB_ERROR_FORBIDDEN, "auth.wrong_password", "the password is not right");
    return false;
}

bool
hib_team_change_password(HibDb *db, const HibServices *services, const char *person,
                         const char *session, const char *current, const char *wanted,
                         const HibTeamFrom *from, const char **ret_token, GError **error)
{
    HibPerson *row;
    if (!hib_team_person(db, person, &row, error) ||
        !hib_team_password_strong(wanted, row->email, "/new", error) ||
        !hib_team_prove(db, services, row, current, from, error))
        return false;
    const char *hash =
        hib_team_password_hash(services->team_cache, hib_db_arena(db), wanted, error);
    if (!hash)
        return false;
    int64_t changed, ended;
    g_autoptr(HibTx) tx = hib_tx_begin(db, error);
    if (!tx || !hib_sql_person_set_password(db, person, hash, &changed, error) ||
        !hib_sql_session_end_others(db, person, session, &ended, error) ||
        !hib_team_session_renew(db, session, ret_token, error) ||
        !hib_audit_everywhere(db, person, "person.password_changed", NULL, NULL, error) ||
        !hib_event_emit(db, "session.ended", person, NULL, error) || !hib_tx_commit(tx, error))
        return false;
    hib_team_cache_drop(services->team_cache);
    return true;
}
