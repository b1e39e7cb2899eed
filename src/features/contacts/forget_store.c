/* A person deleted for real, with proof.
 *
 * One transaction takes everything: contacts, identities, words of the search, marks, notes, consents, touchpoints, merges, suggestions; and every feature is asked to forget what it
 * keeps (HibFeature.forgets): what they said, webhooks that told it, whose click and purchase it was, posts about us, entries, notices, to whom answers went. Then it looks for what might be left, by queries of their own, and writes the certificate: when, asked by whom, how many of what, what was looked for. Of the person only
 * keyed hashes of its identities stay, by which an import knows it again and refuses. A crash before the commit leaves everything as it was and the job begins anew. */
#include "base/error.h"
#include "base/json.h"
#include "contacts/import.h"
#include "team/team.h"
#include <string.h>

typedef struct {
    HibDb *db;
    int64_t contacts, identities, marks, notes, consents, touches, merges, pairs, imports;
    const HibForgetKind *kinds; /* of other features … */
    int64_t *others;            /* … and how many rows of each */
    size_t n_others;
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

/* --- what others keep of them ------------------------------------------------------------------------------------------------ */
/* A table may have a network's person by the handle alone. */
static bool
refuse_handle(HibDb *db, const HibServices *services, const HibSqlIdentity *identity,
              GError **error)
{
    g_autofree char *low = g_utf8_strdown(identity->handle, -1);
    g_autofree char *key = g_strconcat("@", low, NULL);
    if (identity->kind != HIB_IDENTITY_NETWORK || !*low)
        return true;
    return hib_sql_gone_add(
        db,
        hib_contact_gone_hash(db, services->keys, HIB_IDENTITY_NETWORK, identity->network, "", key),
        error);
}

static bool
refuse_again(HibDb *db, const HibServices *services, const HibSqlIdentity *identity, GError **error)
{
    if (!refuse_handle(db, services, identity, error))
        return false;
    return hib_sql_gone_add(
        db,
        hib_contact_gone_hash(db, services->keys, (HibIdentityKind)identity->kind,
                              identity->network, identity->scope, identity->key),
        error);
}

/* What features below and above are asked to forget of one contact. */
typedef struct {
    GArray *names;
    GPtrArray *hashes, *threads, *answers;
} Known;

static bool
add_conversations(HibDb *db, Known *known, const HibForgottenName *name, GError **error)
{
    HibSqlThreadsOfAuthor *threads;
    HibSqlAnswersOfAuthor *answers;
    size_t n, n_answers;
    if (!hib_sql_threads_of_author(db, name->account, name->author, &threads, &n, error) ||
        !hib_sql_answers_of_author(db, name->account, name->author, &answers, &n_answers, error))
        return false;
    for (size_t i = 0; i < n; i++)
        g_ptr_array_add(known->threads, (char *)(uintptr_t)threads[i].id);
    for (size_t i = 0; i < n_answers; i++)
        g_ptr_array_add(known->answers, (char *)(uintptr_t)answers[i].id);
    return true;
}

static bool
add_names(HibDb *db, Known *known, const HibSqlIdentity *identity, GError **error)
{
    HibSqlAccountsOf *accounts;
    size_t n;
    if (!hib_sql_accounts_of(db, identity->network, identity->scope, &accounts, &n, error))
        return false;
    for (size_t i = 0; i < n; i++) {
        const HibForgottenName name = {.network = identity->network,
                                       .account = accounts[i].id,
                                       .author = identity->key,
                                       .handle = identity->handle,
                                       .name = identity->name};
        g_array_append_val(known->names, name);
        if (!add_conversations(db, known, &name, error))
            return false;
    }
    return true;
}

static bool
forget_elsewhere(Tally *tally, const HibServices *services, const char *contact, const Known *known,
                 GError **error)
{
    const HibForgotten who = {.contact = contact,
                              .names = (const HibForgottenName *)(const void *)known->names->data,
                              .n_names = known->names->len,
                              .address_hashes =
                                  (const char *const *)(const void *)known->hashes->pdata,
                              .n_address_hashes = known->hashes->len,
                              .threads = (const char *const *)(const void *)known->threads->pdata,
                              .n_threads = known->threads->len,
                              .answers = (const char *const *)(const void *)known->answers->pdata,
                              .n_answers = known->answers->len};
    for (size_t i = 0; i < tally->n_others; i++)
        if (!services->forgets[i].forget(tally->db, &who, &tally->others[i], &tally->left, error))
            return false;
    return true;
}

/* Their identities: kept in no table, known again by a hash; what other features know under them. */
static bool
forget_known(Tally *tally, const HibServices *services, const HibSqlMembersOf *contact,
             const HibSqlIdentity *rows, size_t n, GError **error)
{
    HibArena *arena = hib_db_arena(tally->db);
    g_autoptr(GArray) names = g_array_new(FALSE, FALSE, sizeof(HibForgottenName));
    g_autoptr(GPtrArray) hashes = g_ptr_array_new(), threads = g_ptr_array_new(),
                         answers = g_ptr_array_new();
    Known known = {names, hashes, threads, answers};
    for (size_t i = 0; i < n; i++) {
        const char *texts[] = {rows[i].handle, rows[i].name};
        if (!g_str_equal(rows[i].contact_id, contact->id))
            continue;
        if (!refuse_again(tally->db, services, &rows[i], error) ||
            !hib_contacts_words(tally->db, rows[i].num, texts, 2, true, error))
            return false;
        if (rows[i].kind != HIB_IDENTITY_NETWORK)
            g_ptr_array_add(hashes,
                            (char *)(uintptr_t)hib_contact_address_hash(arena, rows[i].handle));
        else if (!add_names(tally->db, &known, &rows[i], error))
            return false;
    }
    return forget_elsewhere(tally, services, contact->id, &known, error);
}

/* Tables that wait to be confirmed and have them in it: they are chosen anew. */
static bool
forget_open_imports(Tally *tally, const HibSqlIdentity *rows, size_t n, GError **error)
{
    HibSqlContactImportOpen *open;
    size_t n_open;
    int64_t gone = 0;
    if (!hib_sql_contact_import_open(tally->db, &open, &n_open, error))
        return false;
    for (size_t i = 0; i < n_open; i++) {
        bool has_them = false;
        for (size_t k = 0; k < n; k++)
            has_them |= *rows[k].handle && g_strstr_len(open[i].content.data,
                                                        (gssize)open[i].content.n, rows[k].handle);
        if (has_them && !hib_sql_contact_import_drop(tally->db, open[i].id, &gone, error))
            return false;
        tally->imports += has_them && gone;
    }
    return true;
}

static bool
forget_identities(Tally *tally, const HibServices *services, const char *person,
                  const HibSqlMembersOf *members, size_t n_members, GError **error)
{
    HibSqlIdentity *rows;
    size_t n;
    if (!hib_sql_identities_of(tally->db, person, &rows, &n, error))
        return false;
    for (size_t i = 0; i < n_members; i++)
        if (!forget_known(tally, services, &members[i], rows, n, error))
            return false;
    return forget_open_imports(tally, rows, n, error);
}

/* --- what stands here -------------------------------------------------------------------------------------------------------- */
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
               {hib_sql_forget_made, &tally->imports},
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
                   of->pairs + of->merges + of->made + by->marks + by->words;
    return true;
}

static bool
forget_person(Tally *tally, const HibServices *services, const char *person, GError **error)
{
    HibSqlMembersOf *members;
    size_t n;
    if (!hib_sql_members_of(tally->db, person, &members, &n, error) ||
        !forget_identities(tally, services, person, members, n, error))
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
               {"imports", tally->imports}};
    for (size_t i = 0; i < G_N_ELEMENTS(all); i++)
        cJSON_AddNumberToObject(out, all[i].name, (double)all[i].n);
    for (size_t i = 0; i < tally->n_others; i++)
        cJSON_AddNumberToObject(out, tally->kinds[i].what, (double)tally->others[i]);
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
    /* What they said and what is not stored yet would outlive the deletion. */
    if (services->hooks && !hib_hooks_settle(services->hooks, HIB_MINUTE)) {
        hib_error_set(error, HIB_ERROR_BUSY, "store.busy", "what was told is not stored yet");
        return false;
    }
    g_autoptr(HibTx) tx = hib_tx_begin(db, error);
    if (!tx || !hib_contacts_begin(db, error) ||
        !hib_sql_deletion_get(db, job->subject, &deletion, error))
        return false;
    if (!deletion || !deletion->subject_id)
        return true;
    if (!services->forgets) {
        hib_error_set(error, HIB_ERROR_INTERNAL, "contact.not_gone", "nobody else was asked");
        return false;
    }
    for (tally.kinds = services->forgets; tally.kinds[tally.n_others].forget;)
        tally.n_others++;
    tally.others = hib_arena_array(arena, int64_t, tally.n_others + 1);
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

bool
hib_contact_deletion(HibDb *db, const char *deletion, HibSqlDeletionRow **ret, GError **error)
{
    return hib_sql_deletion_get(db, deletion, ret, error);
}

bool
hib_contact_deletions(HibDb *db, size_t most, HibSqlDeletionRow **ret, size_t *ret_n,
                      GError **error)
{
    return hib_sql_deletion_list(db, (int64_t)most, ret, ret_n, error);
}
