/* The audit log: who changed what, from what to what. Written in the transaction of the change, so neither is there without the other. */
#include "base/json.h"
#include "team/team_private.h"
#include <stdarg.h>

static const char *
actor_of(HibDb *db, const char **ret_id)
{
    switch (hib_db_actor(db, ret_id)) {
    case HIB_ACTOR_PERSON:
        return "person";
    case HIB_ACTOR_TOKEN:
        return "token";
    case HIB_ACTOR_SYSTEM:
        break;
    }
    *ret_id = NULL;
    return "system";
}

bool
hib_audit(HibDb *db, const char *action, const char *subject_kind, const char *subject_id,
          const char *before, const char *after, GError **error)
{
    const char *actor;
    const char *kind = actor_of(db, &actor);
    return hib_sql_audit_add(db, hib_db_new_id(db), hib_db_now(db), kind, actor, action,
                             subject_kind, subject_id, before, after, error);
}

bool
hib_audit_has(HibDb *db, const char *action, const char *subject_id, HibInstant since, bool *ret,
              GError **error)
{
    const char *actor;
    HibSqlAuditHas *row;
    const char *kind = actor_of(db, &actor);
    if (!hib_sql_audit_has(db, subject_id, action, kind, actor, since, &row, error))
        return false;
    *ret = row != NULL;
    return true;
}

bool
hib_audit_in(HibDb *db, const char *workspace, const char *action, const char *subject_kind,
             const char *subject_id, const char *after, GError **error)
{
    const char *actor;
    const char *kind = actor_of(db, &actor);
    return hib_sql_audit_add_in(db, workspace, hib_db_new_id(db), hib_db_now(db), kind, actor,
                                action, subject_kind, subject_id, NULL, after, error);
}

bool
hib_audit_everywhere(HibDb *db, const char *person, const char *action, const char *before,
                     const char *after, GError **error)
{
    const char *actor;
    const char *kind = actor_of(db, &actor);
    return hib_sql_audit_add_everywhere(db, person, hib_db_new_id(db), hib_db_now(db), kind, actor,
                                        action, before, after, error);
}

bool
hib_audit_read(HibDb *db, const char *subject, const char *kind, const char *below, size_t most,
               HibAuditLine **ret_rows, size_t *ret_n, GError **error)
{
    if (subject)
        return hib_sql_audit_page_about(db, subject, below, (int64_t)most, ret_rows, ret_n, error);
    return hib_sql_audit_page(db, kind, below, (int64_t)most, ret_rows, ret_n, error);
}

const char *
hib_audit_json(HibArena *arena, const char *name, ...)
{
    cJSON *object = cJSON_CreateObject();
    va_list pairs;
    va_start(pairs, name);
    for (const char *key = name; key; key = va_arg(pairs, const char *)) {
        const char *value = va_arg(pairs, const char *);
        if (value)
            cJSON_AddStringToObject(object, key, value);
    }
    va_end(pairs);
    return hib_json_print(arena, object);
}
