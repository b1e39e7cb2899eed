/* A person deleted for real, with proof.
 *
 * One transaction takes everything: contacts, identities, words of the search, marks, notes, consents, touchpoints, merges, suggestions, and with engage what the person said and was
 * called. Then it looks for what might be left, by queries of their own, and writes the certificate: when, asked by whom, how many of what, what was looked for. Of the person only
 * keyed hashes of its identities stay, by which an import knows it again and refuses. A crash before the commit leaves everything as it was and the job begins anew. */
#include "base/error.h"
#include "base/json.h"
#include "contacts/contacts_private.h"
#include "engage/engage.h"
#include "team/team.h"
#include <string.h>

typedef struct {
    HibDb *db;
    int64_t contacts, identities, marks, notes, consents, touches, merges, pairs, talk;
    int64_t left; /* found afterwards */
} Tally;

bool
hib_contact_delete(HibDb *db, const char *contact, int reason, const char **ret_deletion,
                   GError **error)
{
    HibSqlContactRow *person;
    HibSqlDeletionOpen *open;
    const char *id = hib_db_new_id(db), *actor = NULL;
    const bool is_person = hib_db_actor(db, &actor) == HIB_ACTOR_PERSON;
    g_autoptr(HibTx) tx = hib_tx_begin(db, error);
    if (!tx || !hib_contacts_begin(db, error) || !hib_contact_get(db, contact, &person, error) ||
        !hib_sql_deletion_open(db, person->id, &open, error))
        return false;
    if (open) {
        hib_error_set(error, HIB_ERROR_CONFLICT, "contact.deleting", "asked for already");
        return false;
    }
    *ret_deletion = id;
    return hib_sql_deletion_add(db, id, person->id, reason, hib_db_now(db),
                                is_person ? actor : NULL, error) &&
           hib_job_add(db, HIB_CONTACTS_FORGET, NULL, id, NULL, hib_db_now(db), NULL, error) &&
           hib_audit(db, "contact.delete", "deletion", id, NULL, NULL, error) &&
           hib_tx_commit(tx, error);
}

static bool
refuse_again(Tally *tally, const HibServices *services, const HibSqlIdentity *identity,
             GError **error)
{
    HibArena *arena = hib_db_arena(tally->db);
    const char *text =
        hib_arena_printf(arena, "%s\n%d\n%s\n%s\n%s", hib_db_workspace(tally->db),
                         (int)identity->kind, identity->network, identity->scope, identity->key);
    return hib_sql_gone_add(tally->db, hib_mac_hex(services->keys, arena, "contacts.gone", text),
                            error);
}

static bool
forget_talk(Tally *tally, const HibSqlIdentity *identity, GError **error)
{
    HibSqlAccountsOfAuthor *accounts;
    size_t n;
    if (identity->kind != HIB_IDENTITY_NETWORK)
        return true;
    if (!hib_sql_accounts_of_author(tally->db, identity->contact_id, &accounts, &n, error))
        return false;
    for (size_t i = 0; i < n; i++) {
        int64_t gone = 0;
        HibSqlLeftOfAuthor *left;
        if (!hib_engage_forget(tally->db, accounts[i].account_id, identity->key, &gone, error) ||
            !hib_sql_left_of_author(tally->db, accounts[i].account_id, identity->key, &left, error))
            return false;
        tally->talk += gone;
        tally->left += left->n;
    }
    return true;
}

static bool
forget_identities(Tally *tally, const HibServices *services, const char *person, GError **error)
{
    HibSqlIdentity *rows;
    size_t n;
    if (!hib_sql_identities_of(tally->db, person, &rows, &n, error))
        return false;
    for (size_t i = 0; i < n; i++) {
        const char *texts[] = {rows[i].handle, rows[i].name};
        if (!forget_talk(tally, &rows[i], error) ||
            !refuse_again(tally, services, &rows[i], error) ||
            !hib_contacts_words(tally->db, rows[i].num, texts, 2, true, error))
            return false;
    }
    return true;
}

typedef bool (*Forget)(HibDb *db, const char *contact_id, int64_t *changed, GError **error);

static bool
forget_contact(Tally *tally, const HibSqlMembersOf *contact, GError **error)
{
    HibDb *db = tally->db;
    const struct {
        Forget forget;
        int64_t *n;
    } all[] = {{hib_sql_forget_touches, &tally->touches},
               {hib_sql_forget_notes, &tally->notes},
               {hib_sql_forget_consents, &tally->consents},
               {hib_sql_forget_identities, &tally->identities},
               {hib_sql_forget_pairs, &tally->pairs},
               {hib_sql_forget_merges, &tally->merges},
               {hib_sql_forget_contact, &tally->contacts}};
    int64_t n = 0;
    /* Before the contact goes: it is counted anew by its number, which then leads nowhere. */
    if (!hib_contacts_words(db, contact->num, &contact->name, 1, true, error) ||
        !hib_contact_dirty(db, &contact->num, 1, error) ||
        !hib_sql_forget_marks(db, contact->num, &n, error))
        return false;
    tally->marks += n;
    for (size_t i = 0; i < G_N_ELEMENTS(all); i++) {
        if (!all[i].forget(db, contact->id, &n, error))
            return false;
        *all[i].n += n;
    }
    return true;
}

static bool
look_for(Tally *tally, const HibSqlMembersOf *contact, GError **error)
{
    HibSqlLeftOfContact *of;
    HibSqlLeftOfNum *by;
    int64_t n = 0;
    if (!hib_sql_left_of_contact(tally->db, contact->id, &of, error) ||
        !hib_sql_left_of_num(tally->db, contact->num, &by, error))
        return false;
    /* Words of a name it once had. */
    if (by->words && (!hib_sql_forget_words(tally->db, contact->num, &n, error) ||
                      !hib_sql_left_of_num(tally->db, contact->num, &by, error)))
        return false;
    tally->left += of->contacts + of->identities + of->touches + of->notes + of->consents +
                   of->pairs + of->merges + by->marks + by->words;
    return true;
}

static bool
forget_person(Tally *tally, const HibServices *services, const char *person, GError **error)
{
    HibSqlMembersOf *members;
    size_t n;
    if (!hib_sql_members_of(tally->db, person, &members, &n, error) ||
        !forget_identities(tally, services, person, error))
        return false;
    for (size_t i = 0; i < n; i++)
        if (!forget_contact(tally, &members[i], error))
            return false;
    for (size_t i = 0; i < n; i++)
        if (!look_for(tally, &members[i], error))
            return false;
    if (!tally->left)
        return true;
    hib_error_set(error, HIB_ERROR_INTERNAL, "contact.not_gone", "%d rows were left",
                  (int)tally->left);
    return false;
}

static const char *
counts_of(const Tally *tally)
{
    cJSON *out = cJSON_CreateObject();
    const struct {
        const char *name;
        int64_t n;
    } all[] = {{"contacts", tally->contacts}, {"identities", tally->identities},
               {"marks", tally->marks},       {"notes", tally->notes},
               {"consents", tally->consents}, {"touchpoints", tally->touches},
               {"merges", tally->merges},     {"pairs", tally->pairs},
               {"talk", tally->talk}};
    for (size_t i = 0; i < G_N_ELEMENTS(all); i++)
        cJSON_AddNumberToObject(out, all[i].name, (double)all[i].n);
    return hib_json_print(hib_db_arena(tally->db), out);
}

bool
hib_contacts_forget_run(HibDb *db, const HibJob *job, void *context, HibJobEnd *ret_end,
                        HibInstant *ret_at G_GNUC_UNUSED, GError **error)
{
    const HibServices *services = context;
    HibSqlDeletionRow *deletion;
    HibArena *arena = hib_db_arena(db);
    Tally tally = {.db = db};
    int64_t changed = 0;
    *ret_end = HIB_JOB_DONE;
    g_autoptr(HibTx) tx = hib_tx_begin(db, error);
    if (!tx || !hib_contacts_begin(db, error) ||
        !hib_sql_deletion_get(db, job->subject, &deletion, error))
        return false;
    if (!deletion || !deletion->subject_id)
        return true;
    if (!forget_person(&tally, services, deletion->subject_id, error))
        return false;
    const HibInstant now = hib_db_now(db);
    const char *counts = counts_of(&tally);
    const char *seal =
        hib_mac_hex(services->keys, arena, "contacts.deletion",
                    hib_arena_printf(arena, "%s\n%" G_GINT64_FORMAT "\n%" G_GINT64_FORMAT "\n%s",
                                     deletion->id, deletion->asked_at, now, counts));
    return hib_sql_deletion_done(db, deletion->id, now, counts, "{\"left\":0}", seal, &changed,
                                 error) &&
           hib_audit(db, "contact.deleted", "deletion", deletion->id, NULL, counts, error) &&
           hib_event_emit(db, "contact.forgotten", deletion->subject_id, NULL, error) &&
           hib_tx_commit(tx, error);
}
