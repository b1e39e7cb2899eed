/* Saved replies in the store: a small list, read whole. */
#include "accounts/accounts.h"
#include "base/error.h"
#include "engage/desk.h"
#include "engage/saved.sql.h"
#include "plan/plan.h"
#include "team/team.h"
#include <string.h>

#define MOST 500

static HibSavedReply
to_reply(const HibSqlSavedRow *row)
{
    return (HibSavedReply){.id = row->id,
                           .folder = row->folder,
                           .name = row->name,
                           .shortcut = row->shortcut,
                           .text = row->text,
                           .n_used = row->n_used,
                           .updated_at = row->updated_at,
                           .version = row->version};
}

bool
hib_saved_list(HibDb *db, HibSavedReply **ret, size_t *ret_n, GError **error)
{
    HibSqlSavedRow *rows;
    if (!hib_sql_saved_list(db, &rows, ret_n, error))
        return false;
    *ret = hib_arena_array(hib_db_arena(db), HibSavedReply, *ret_n + 1);
    for (size_t i = 0; i < *ret_n; i++)
        (*ret)[i] = to_reply(&rows[i]);
    return true;
}

static bool
get(HibDb *db, const char *id, HibSqlSavedRow **ret, GError **error)
{
    if (!hib_sql_saved_get(db, id, ret, error))
        return false;
    if (!*ret)
        hib_error_set(error, HIB_ERROR_NOT_FOUND, "saved.unknown", "no saved reply %s", id);
    return *ret != NULL;
}

/* --- writing ------------------------------------------------------------------------------------------------------------------ */
static bool
refuse(GError **error, HibErrorKind kind, const char *reason, const char *pointer, const char *what)
{
    hib_error_set_at(error, kind, reason, pointer, "%s", what);
    return false;
}

static const char *
tidy(HibArena *arena, const char *text)
{
    g_autofree char *out = g_strstrip(g_strdup(text));
    return hib_arena_strdup(arena, out);
}

/* One word to be typed after a slash. */
static bool
is_shortcut(const char *text)
{
    for (const char *at = text; *at; at = g_utf8_next_char(at)) {
        gunichar c = g_utf8_get_char(at);
        if (g_unichar_isspace(c) || c == '/' || g_unichar_iscntrl(c))
            return false;
    }
    return true;
}

static bool
check(HibDb *db, const char *id, const HibSavedReply *draft, GError **error)
{
    HibSqlSavedTaken *rows;
    size_t n;
    if (!*draft->name || strpbrk(draft->name, "\r\n\t"))
        return refuse(error, HIB_ERROR_INVALID, "saved.bad_name", "/name", "no name");
    if (!is_shortcut(draft->shortcut))
        return refuse(error, HIB_ERROR_INVALID, "saved.bad_shortcut", "/shortcut", "no word");
    int wrong = hib_saved_wrong(draft->text);
    if (wrong >= 0) {
        refuse(error, HIB_ERROR_INVALID, "saved.bad_blank", "/text", "a blank of nobody");
        g_autofree char *blank =
            g_strndup(draft->text + wrong + 1, strcspn(draft->text + wrong + 1, "|}"));
        if (error)
            hib_error_set_detail(*error, "blank", blank);
        return false;
    }
    if (!hib_sql_saved_taken(db, draft->folder, draft->name, draft->shortcut, id ? id : "", &rows,
                             &n, error))
        return false;
    if (!n)
        return true;
    bool is_name = g_str_equal(rows[0].name, draft->name);
    return refuse(error, HIB_ERROR_CONFLICT, is_name ? "saved.name_taken" : "saved.shortcut_taken",
                  is_name ? "/name" : "/shortcut", "taken");
}

static bool
add(HibDb *db, const HibSavedReply *draft, const char *id, GError **error)
{
    HibSqlSavedN *count;
    if (!hib_sql_saved_n(db, &count, error))
        return false;
    if (count->n >= MOST) {
        hib_error_set(error, HIB_ERROR_CONFLICT, "saved.too_many", "%d of them", MOST);
        return false;
    }
    return hib_sql_saved_insert(db, id, draft->folder, draft->name, draft->shortcut, draft->text,
                                hib_db_now(db), error);
}

static bool
change(HibDb *db, const HibSavedReply *draft, const char *id, int64_t version, GError **error)
{
    int64_t changed;
    if (!hib_sql_saved_update(db, id, version, draft->folder, draft->name, draft->shortcut,
                              draft->text, hib_db_now(db), &changed, error))
        return false;
    if (!changed)
        hib_error_set(error, HIB_ERROR_CONFLICT, "saved.edited", "somebody changed it");
    return changed > 0;
}

bool
hib_saved_put(HibDb *db, const char *id, int64_t version, const HibSavedReply *draft,
              HibSavedReply *ret, GError **error)
{
    HibArena *arena = hib_db_arena(db);
    HibSqlSavedRow *row;
    const HibSavedReply taken = {.folder = tidy(arena, draft->folder),
                                 .name = tidy(arena, draft->name),
                                 .shortcut = tidy(arena, draft->shortcut),
                                 .text = draft->text};
    const char *is = id ? id : hib_db_new_id(db);
    g_autoptr(HibTx) tx = hib_tx_begin(db, error);
    if (!tx || (id && !get(db, id, &row, error)) || !check(db, id, &taken, error) ||
        !(id ? change(db, &taken, id, version, error) : add(db, &taken, is, error)) ||
        !get(db, is, &row, error))
        return false;
    *ret = to_reply(row);
    return hib_event_emit(db, "saved.changed", is, NULL, error) &&
           hib_audit(db, id ? "saved.change" : "saved.create", "saved_reply", is, NULL, NULL,
                     error) &&
           hib_tx_commit(tx, error);
}

bool
hib_saved_drop(HibDb *db, const char *id, GError **error)
{
    HibSqlSavedRow *row;
    int64_t changed;
    g_autoptr(HibTx) tx = hib_tx_begin(db, error);
    return tx && get(db, id, &row, error) && hib_sql_saved_delete(db, id, &changed, error) &&
           hib_event_emit(db, "saved.changed", id, NULL, error) &&
           hib_audit(db, "saved.delete", "saved_reply", id, NULL, NULL, error) &&
           hib_tx_commit(tx, error);
}

/* --- using ---------------------------------------------------------------------------------------------------------------------- */
static bool
post_url(HibDb *db, const HibTalk *talk, const char **ret, GError **error)
{
    HibDelivery *rows;
    size_t n;
    const char *next;
    const HibDeliveryQuery query = {.post = talk->post_id};
    if (!talk->post_id || !*talk->post_id)
        return true;
    if (!hib_publish_list(db, &query, &rows, &n, &next, error))
        return false;
    for (size_t i = 0; i < n; i++)
        if (g_str_equal(rows[i].account_id, talk->account_id) && rows[i].url && *rows[i].url)
            *ret = rows[i].url;
    return true;
}

bool
hib_saved_use(HibDb *db, const char *id, const char *talk, const char *person,
              const char **ret_text, const char ***ret_missing, GError **error)
{
    HibSqlSavedRow *row;
    HibTalk *said;
    HibAccount *account;
    HibSavedFacts facts = {0};
    int64_t changed;
    g_autoptr(HibTx) tx = hib_tx_begin(db, error);
    if (!tx || !get(db, id, &row, error) || !hib_engage_get(db, talk, &said, error) ||
        !hib_accounts_find(db, said->account_id, &account, error) ||
        !post_url(db, said, &facts.post_url, error) ||
        (person && !hib_team_person_name(db, person, &facts.me, error)) ||
        !hib_sql_saved_use(db, id, &changed, error))
        return false;
    facts.name = said->author_name;
    facts.handle = said->author_handle;
    if (account)
        facts.account = *account->display_name ? account->display_name : account->handle;
    *ret_text = hib_saved_fill(hib_db_arena(db), row->text, &facts, ret_missing);
    return hib_tx_commit(tx, error);
}
