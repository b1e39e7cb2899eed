/* Contacts make themselves: of what people say, and of whom networks tell that they follow.
 *
 * Talk is read through engage's view from a place on, a page at a time, with who said it where that is known; a page is stored in one transaction under the claim. A statement that
 * committed late may lie before the place, so reading begins ten seconds earlier: what was taken in already has its touchpoint and is not read again. A burst is not slowed: many
 * events become one reading a second, storing talk waits for nothing of this, and while much waits to be stored only a share is taken now and then, until the first waits too long. */
#include "accounts/accounts.h"
#include "base/error.h"
#include "base/id.h"
#include "base/json.h"
#include "contacts/contacts_private.h"
#include "contacts/take.sql.h"
#include <string.h>

enum { PAGE = 1000, PAGES = 20, SHARE = 2, PACK_FROM = 5000 };
#define OVERLAP (10 * HIB_SECOND)
#define EVERY HIB_SECOND
#define PUT_OFF (2 * HIB_SECOND)
#define SHARE_EVERY (10 * HIB_SECOND) /* while storing goes first */
#define LATEST (10 * HIB_MINUTE) /* what was stored so long ago waits no longer for what was not */
#define PACK_AFTER HIB_MINUTE

/* As talk is read (engage_talk.sentiment, intent), without unsure. */
static const char *const sentiments[] = {"positive", "neutral", "negative"};
static const char *const intents[] = {"question", "complaint", "purchase", "praise",
                                      "request",  "spam",      "crisis",   "none"};

/* One author of a page. */
typedef struct {
    const char *network, *scope, *author, *handle, *name, *old_handle, *old_name;
    const char *contact, *person;
    int64_t num, n;
    HibInstant first_at, last_at;
    bool is_new;
    unsigned sentiments, intents; /* bits */
} Author;

static Author *
author_of(HibArena *arena, GHashTable *authors, GPtrArray *order, const HibSqlTakenTalk *talk)
{
    char *key = hib_arena_printf(arena, "%s\n%s\n%s", talk->network, talk->scope, talk->author_id);
    Author *author = g_hash_table_lookup(authors, key);
    if (author)
        return author;
    author = hib_arena_new0(arena, Author);
    *author = (Author){.network = talk->network,
                       .scope = talk->scope,
                       .author = talk->author_id,
                       .old_handle = talk->handle,
                       .old_name = talk->name,
                       .contact = talk->contact_id,
                       .person = talk->person_id,
                       .num = talk->num,
                       .first_at = talk->at,
                       .last_at = talk->at,
                       .is_new = !talk->contact_id};
    g_hash_table_insert(authors, key, author);
    g_ptr_array_add(order, author);
    return author;
}

static void
hear(Author *author, const HibSqlTakenTalk *talk)
{
    author->n++;
    if (talk->at >= author->last_at || !author->handle) {
        author->handle = talk->author_handle;
        author->name = talk->author_name;
    }
    author->first_at = MIN(author->first_at, talk->at);
    author->last_at = MAX(author->last_at, talk->at);
    if (talk->has_sentiment && talk->sentiment < 32)
        author->sentiments |= 1u << talk->sentiment;
    if (talk->has_intent && talk->intent < 32)
        author->intents |= 1u << talk->intent;
}

static const char *
called(const Author *author)
{
    return *author->name ? author->name : *author->handle ? author->handle : author->author;
}

/* --- storing a page --------------------------------------------------------------------------------------------------- */
static bool
add_new(HibDb *db, GPtrArray *authors, HibContactSource source, GError **error)
{
    HibArena *arena = hib_db_arena(db);
    HibSqlContactAddIn *contacts = hib_arena_array(arena, HibSqlContactAddIn, authors->len + 1);
    HibSqlIdentityAddIn *identities = hib_arena_array(arena, HibSqlIdentityAddIn, authors->len + 1);
    HibSqlContactsNums *nums;
    size_t n = 0;
    for (guint i = 0; i < authors->len; i++)
        n += ((Author *)authors->pdata[i])->is_new;
    if (!n)
        return true;
    if (!hib_sql_contacts_nums(db, (int64_t)n, &nums, error))
        return false;
    int64_t num = nums->next_num - (int64_t)n;
    n = 0;
    for (guint i = 0; i < authors->len; i++) {
        Author *author = authors->pdata[i];
        if (!author->is_new)
            continue;
        author->contact = author->person = hib_db_new_id(db);
        author->num = num++;
        contacts[n] = (HibSqlContactAddIn){.id = author->contact,
                                           .num = author->num,
                                           .name = called(author),
                                           .language = "",
                                           .city = "",
                                           .first_at = author->first_at,
                                           .last_at = author->last_at,
                                           .n_messages = author->n,
                                           .source = source,
                                           .created_at = hib_db_now(db)};
        identities[n++] =
            (HibSqlIdentityAddIn){.kind = HIB_IDENTITY_NETWORK,
                                  .network = author->network,
                                  .scope = author->scope,
                                  .key = author->author,
                                  .id = hib_db_new_id(db),
                                  .contact_id = author->contact,
                                  .handle = author->handle,
                                  .name = author->name,
                                  .core = hib_contact_core(arena, author->network, author->handle),
                                  .first_at = author->first_at};
    }
    return hib_sql_contact_add_many(db, contacts, n, error) &&
           hib_sql_identity_add_many(db, identities, n, error);
}

/* Who calls themselves otherwise now is found by that, and by the old name no more. */
static bool
rename_author(HibDb *db, const Author *author, GError **error)
{
    if (!author->is_new && g_str_equal(author->handle, author->old_handle) &&
        g_str_equal(author->name, author->old_name))
        return true;
    const char *old[] = {author->old_handle, author->old_name},
               *now[] = {author->handle, author->name};
    const char *core = hib_contact_core(hib_db_arena(db), author->network, author->handle);
    if (!author->is_new &&
        (!hib_contacts_words(db, author->num, old, 2, true, error) ||
         !hib_sql_identity_rename(db, HIB_IDENTITY_NETWORK, author->network, author->scope,
                                  author->author, author->handle, author->name, core, error)))
        return false;
    return hib_contacts_words(db, author->num, now, 2, false, error) &&
           (!author->is_new || hib_contact_suggest(db, author->contact, author->network,
                                                   author->handle, author->name, error));
}

static bool
mark_many(HibDb *db, int64_t num, const char *kind, const char *const *names, size_t n_names,
          unsigned bits, GArray *rows, GError **error)
{
    for (size_t i = 0; i < n_names; i++) {
        HibSqlMarkAddIn row = {.num = num};
        if (!(bits >> i & 1))
            continue;
        if (!hib_mark_of(db, kind, names[i], &row.mark, error))
            return false;
        g_array_append_val(rows, row);
    }
    return true;
}

static bool
mark_authors(HibDb *db, GPtrArray *authors, GError **error)
{
    g_autoptr(GArray) rows = g_array_new(FALSE, FALSE, sizeof(HibSqlMarkAddIn));
    for (guint i = 0; i < authors->len; i++) {
        const Author *author = authors->pdata[i];
        if ((author->is_new &&
             !mark_many(db, author->num, "network", &author->network, 1, 1, rows, error)) ||
            !mark_many(db, author->num, "sentiment", sentiments, G_N_ELEMENTS(sentiments),
                       author->sentiments, rows, error) ||
            !mark_many(db, author->num, "intent", intents, G_N_ELEMENTS(intents), author->intents,
                       rows, error))
            return false;
    }
    return !rows->len ||
           hib_sql_mark_add_many(db, (const HibSqlMarkAddIn *)(void *)rows->data, rows->len, error);
}

static bool
count_authors(HibDb *db, GPtrArray *authors, GError **error)
{
    HibArena *arena = hib_db_arena(db);
    HibSqlContactSeenIn *seen = hib_arena_array(arena, HibSqlContactSeenIn, authors->len + 1);
    HibSqlContactShownIn *shown = hib_arena_array(arena, HibSqlContactShownIn, authors->len + 1);
    int64_t *nums = hib_arena_array(arena, int64_t, authors->len + 1);
    size_t n = 0;
    for (guint i = 0; i < authors->len; i++) {
        const Author *author = authors->pdata[i];
        nums[i] = author->num;
        if (author->is_new)
            continue;
        seen[n] = (HibSqlContactSeenIn){.id = author->contact,
                                        .first_at = author->first_at,
                                        .last_at = author->last_at,
                                        .n_messages = author->n};
        shown[n++] = (HibSqlContactShownIn){.id = author->person, .at = author->last_at};
    }
    return (!n || (hib_sql_contact_seen_many(db, seen, n, error) &&
                   hib_sql_contact_shown_many(db, shown, n, error))) &&
           hib_contact_dirty(db, nums, authors->len, error);
}

static bool
store_authors(HibDb *db, GPtrArray *authors, HibContactSource source, GError **error)
{
    if (!add_new(db, authors, source, error))
        return false;
    for (guint i = 0; i < authors->len; i++)
        if (!rename_author(db, authors->pdata[i], error))
            return false;
    return mark_authors(db, authors, error) && count_authors(db, authors, error);
}

static bool
add_touches(HibDb *db, const HibSqlTakenTalk *talk, Author *const *of, size_t n, GError **error)
{
    HibSqlTouchAddIn *rows = hib_arena_array(hib_db_arena(db), HibSqlTouchAddIn, n + 1);
    for (size_t i = 0; i < n; i++)
        rows[i] = (HibSqlTouchAddIn){.kind = talk[i].kind,
                                     .ref = talk[i].id,
                                     .contact_id = of[i]->contact,
                                     .at = talk[i].at,
                                     .account_id = talk[i].account_id,
                                     .network = talk[i].network,
                                     .text = ""};
    return !n || hib_sql_touch_add_many(db, rows, n, error);
}

/* In memory of its own: what a page needs is not kept for the next. */
static bool
take_page(HibDb *whole, char after[HIB_ID_TEXT], size_t *ret_n, GError **error)
{
    HibSqlTakenTalk *talk;
    g_autoptr(HibArena) arena = hib_arena_new();
    g_autoptr(HibDb) db = hib_db_open(hib_db_store(whole), arena, hib_db_workspace(whole));
    g_autoptr(GPtrArray) order = g_ptr_array_new();
    g_autoptr(GHashTable) authors = g_hash_table_new(g_str_hash, g_str_equal);
    g_autoptr(HibTx) tx = hib_tx_begin(db, error);
    if (!tx || !hib_contacts_begin(db, error) ||
        !hib_sql_take_talk(db, after, PAGE, &talk, ret_n, error))
        return false;
    Author **of = hib_arena_array(arena, Author *, *ret_n + 1);
    for (size_t i = 0; i < *ret_n; i++) {
        of[i] = author_of(arena, authors, order, &talk[i]);
        hear(of[i], &talk[i]);
    }
    if (!store_authors(db, order, HIB_SOURCE_TALK, error) ||
        !add_touches(db, talk, of, *ret_n, error))
        return false;
    if (*ret_n)
        g_strlcpy(after, talk[*ret_n - 1].id, HIB_ID_TEXT);
    return hib_sql_contacts_state_taken(db, after, hib_db_now(db), error) &&
           hib_tx_commit(tx, error);
}

const char *
hib_contacts_id_at(HibArena *arena, HibInstant at)
{
    const int64_t ms = MAX(at, 0) / 1000;
    return hib_arena_printf(arena, "%08" G_GINT64_MODIFIER "x-%04" G_GINT64_MODIFIER "x-7",
                            ms >> 16, ms & 0xffff);
}

static bool
take_pages(HibDb *db, const HibSqlContactsStateGet *state, int n_pages, size_t *ret_n,
           GError **error)
{
    char after[HIB_ID_TEXT] = "";
    if (state && *state->talk_id)
        g_strlcpy(after,
                  hib_contacts_id_at(hib_db_arena(db), hib_id_time(state->talk_id) - OVERLAP),
                  sizeof after);
    *ret_n = 0;
    for (int page = 0; page < n_pages; page++) {
        size_t n;
        if (!take_page(db, after, &n, error))
            return false;
        *ret_n += n;
        if (n < PAGE)
            break;
    }
    return true;
}

bool
hib_contacts_take(HibDb *db, size_t *ret_n, GError **error)
{
    HibSqlContactsStateGet *state;
    return hib_sql_contacts_state_get(db, &state, error) &&
           take_pages(db, state, PAGES, ret_n, error);
}

static bool
put_off(HibDb *db, const HibJob *job, HibJobEnd *ret_end, HibInstant *ret_at, GError **error)
{
    *ret_at = hib_db_now(db) + PUT_OFF;
    *ret_end = g_str_equal(job->kind, HIB_CONTACTS_TAKE) ? HIB_JOB_AGAIN : HIB_JOB_DONE;
    if (*ret_end == HIB_JOB_AGAIN)
        return true;
    g_autoptr(HibTx) tx = hib_tx_begin(db, error);
    return tx && hib_job_add(db, HIB_CONTACTS_TAKE, "take", NULL, NULL, *ret_at, NULL, error) &&
           hib_tx_commit(tx, error);
}

/* A share now and then, so that an endless storm starves nobody; all of it when what is next was stored long ago. */
static bool
may_take(HibDb *db, const HibSqlContactsStateGet *state)
{
    const HibInstant now = hib_db_now(db);
    return !state || now - state->taken_at >= SHARE_EVERY ||
           (*state->talk_id && now - hib_id_time(state->talk_id) >= LATEST);
}

static bool
pack_many(HibDb *db, GError **error)
{
    size_t n_packed;
    HibSqlDirtyCount *dirty;
    return hib_sql_dirty_count(db, PACK_FROM, &dirty, error) &&
           (dirty->n < PACK_FROM || hib_contacts_pack(db, PACK_FROM, &n_packed, error));
}

/* --- jobs -------------------------------------------------------------------------------------------------------------- */
bool
hib_contacts_take_run(HibDb *db, const HibJob *job, void *context, HibJobEnd *ret_end,
                      HibInstant *ret_at, GError **error)
{
    const HibServices *services = context;
    const bool is_behind = hib_hooks_are_behind(services->hooks);
    const int n_pages = is_behind ? SHARE : PAGES;
    HibSqlContactsStateGet *state;
    size_t n;
    if (!hib_sql_contacts_state_get(db, &state, error))
        return false;
    if (is_behind && !may_take(db, state)) /* storing what was said goes first */
        return put_off(db, job, ret_end, ret_at, error);
    if (!take_pages(db, state, n_pages, &n, error) || (!is_behind && !pack_many(db, error)))
        return false;
    *ret_end = n >= (size_t)PAGE * (size_t)n_pages ? HIB_JOB_AGAIN : HIB_JOB_DONE;
    *ret_at = hib_db_now(db);
    if (!n)
        return true;
    const HibInstant minute = hib_db_now(db) / PACK_AFTER * PACK_AFTER;
    g_autoptr(HibTx) tx = hib_tx_begin(db, error);
    return tx &&
           hib_job_add(db, HIB_CONTACTS_PACK, "pack", NULL, NULL, minute + 2 * PACK_AFTER, NULL,
                       error) &&
           hib_tx_commit(tx, error);
}

/* Whom a network tells of: it follows now, or not any more. */
static bool
take_follow(HibDb *db, const HibAccountHookEvent *told, const char *ref, GError **error)
{
    HibSqlIdentityFind *known;
    const bool leaves = g_str_equal(told->event.kind, "unfollow");
    const HibInstant at = told->event.at ? told->event.at : hib_db_now(db);
    Author author = {.network = told->network,
                     .scope = hib_contact_is_global(told->network) ? "" : told->account,
                     .author = told->event.remote_id,
                     .handle = "",
                     .name = "",
                     .old_handle = "",
                     .old_name = "",
                     .first_at = at,
                     .last_at = at};
    g_autoptr(GPtrArray) authors = g_ptr_array_new();
    g_ptr_array_add(authors, &author);
    g_autoptr(HibTx) tx = hib_tx_begin(db, error);
    if (!tx || !hib_contacts_begin(db, error) ||
        !hib_sql_identity_find(db, HIB_IDENTITY_NETWORK, author.network, author.scope,
                               author.author, &known, error))
        return false;
    author.is_new = known == NULL;
    if (known) {
        author.contact = known->contact_id;
        author.person = known->person_id;
        author.num = known->num;
    }
    int64_t added = 0;
    return store_authors(db, authors, HIB_SOURCE_FOLLOW, error) &&
           hib_sql_touch_add(db, leaves ? HIB_TOUCH_UNFOLLOW : HIB_TOUCH_FOLLOW, ref,
                             author.contact, at, told->account, told->network, "", NULL, NULL,
                             &added, error) &&
           hib_tx_commit(tx, error);
}

static bool
hear_follow(HibDb *db, HibJson payload, GError **error)
{
    HibJson data = {0};
    const char *id = NULL;
    HibAccountHookEvent *told;
    if (!hib_json_opt_object(payload, "data", &data, error) || !data.value ||
        !hib_json_text(data, "hook_event", &id, error) ||
        !hib_accounts_hook_event(db, id, &told, error))
        return false;
    return !told || !told->event.remote_id || !*told->event.remote_id ||
           take_follow(db, told, id, error);
}

bool
hib_contacts_hear_run(HibDb *db, const HibJob *job, void *context, HibJobEnd *ret_end,
                      HibInstant *ret_at, GError **error)
{
    HibJson payload;
    const char *event = "", *subject = NULL;
    HibSqlContactsStateGet *state;
    *ret_end = HIB_JOB_DONE;
    if (!hib_json_parse(hib_db_arena(db), job->json, strlen(job->json), &payload, error) ||
        !hib_json_opt_text(payload, "event", &event, error))
        return false;
    if (g_str_equal(event, "account.follow"))
        return hear_follow(db, payload, error);
    if (g_str_equal(event, "link.clicked_by_contact")) {
        size_t n;
        return hib_contacts_take_clicks(db, &n, error);
    }
    if (g_str_has_prefix(event, "conversion."))
        return hib_json_opt_text(payload, "subject", &subject, error) &&
               hib_contacts_hear_result(db, event, subject, error);
    if (!hib_sql_contacts_state_get(db, &state, error))
        return false;
    if (!state || hib_db_now(db) - state->taken_at >= EVERY)
        return hib_contacts_take_run(db, job, context, ret_end, ret_at, error);
    g_autoptr(HibTx) tx = hib_tx_begin(db, error);
    return tx &&
           hib_job_add(db, HIB_CONTACTS_TAKE, "take", NULL, NULL, state->taken_at + EVERY, NULL,
                       error) &&
           hib_tx_commit(tx, error);
}
