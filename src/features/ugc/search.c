/* Searching for hashtags at the networks: which, through which account, how often, and what was found.
 *
 * One job a workspace does what is due, one hashtag at a time, and comes again when the next is. A search and what it found are stored together with where the next one goes on:
 * a crash between asking and storing asks again (minutes later: who asks has claimed it until then), and what was found already is there once (by its address). Limits are
 * the network's own (rules/networks/), spread over the hashtags so that none is starved; where reading is paid for, a day's most is the workspace's word. */
#include "base/error.h"
#include "base/log.h"
#include "days/days.h"
#include "engage/engage.h"
#include "ugc/search_private.h"
#include "ugc/ugc_private.h"
#include <string.h>

#define AT_ONCE 20 /* searches one step of the job makes */
#define NOBODY_LATER HIB_HOUR
#define REFUSED_LATER (6 * HIB_HOUR)
#define ASKING_MOST (2 * HIB_MINUTE) /* after which whoever asks counts as killed */

/* --- what is to be searched for ------------------------------------------------------------------------------------------------- */
static bool
has_word(const char *words, const char *between, const char *word)
{
    g_auto(GStrv) all = g_strsplit(words, between, -1);
    return *words && g_strv_contains((const char *const *)all, word);
}

static const HibAccount *
searcher(const HibAccount *accounts, size_t n, const char *network)
{
    for (size_t i = 0; i < n; i++)
        if (accounts[i].state == HIB_ACCOUNT_OK && g_str_equal(accounts[i].network, network))
            return &accounts[i];
    return NULL;
}

static bool
is_wanted(const GArray *out, const char *network, const char *tag)
{
    for (guint i = 0; i < out->len; i++) {
        const HibUgcSearch *one = &g_array_index(out, HibUgcSearch, i);
        if (g_str_equal(one->network, network) && g_str_equal(one->tag, tag))
            return true;
    }
    return false;
}

typedef struct {
    GArray *out; /* HibUgcSearch */
    const HibAccount *accounts;
    size_t n_accounts;
    const HibSqlUgcSearchList *rows;
    size_t n_rows;
} Listing;

static void
want(Listing *in, const HibNetwork *network, const char *tag)
{
    const HibAccount *account = searcher(in->accounts, in->n_accounts, network->name);
    if (!*tag || is_wanted(in->out, network->name, tag))
        return;
    HibUgcSearch one = {.network = network->name,
                        .account = account ? account->id : NULL,
                        .tag = tag,
                        .rule = network->limits()->search};
    for (size_t i = 0; account && i < in->n_rows; i++)
        if (g_str_equal(in->rows[i].account_id, account->id) && g_str_equal(in->rows[i].tag, tag)) {
            one.row = in->rows[i];
            one.next_at = in->rows[i].next_at;
        }
    g_array_append_val(in->out, one);
}

bool
hib_ugc_searches(HibDb *db, HibUgcSearch **ret, size_t *ret_n, GError **error)
{
    HibArena *arena = hib_db_arena(db);
    HibUgcSetting setting;
    HibContest *contests;
    HibAccount *accounts;
    HibSqlUgcSearchList *rows;
    size_t n_contests, n_accounts, n_rows;
    if (!hib_ugc_setting(db, &setting, error) || !hib_contests(db, &contests, &n_contests, error) ||
        !hib_accounts_list(db, &accounts, &n_accounts, error) ||
        !hib_sql_ugc_search_list(db, &rows, &n_rows, error))
        return false;
    g_autoptr(GArray) out = g_array_new(FALSE, TRUE, sizeof(HibUgcSearch));
    Listing in = {out, accounts, n_accounts, rows, n_rows};
    g_auto(GStrv) tags = g_strsplit(setting.tags, "\n", -1);
    for (const HibNetwork *const *at = hib_networks; *at; at++) {
        if (!(*at)->limits()->search || !has_word(setting.networks, " ", (*at)->name))
            continue;
        for (size_t i = 0; tags[i]; i++)
            want(&in, *at, hib_arena_strdup(arena, tags[i]));
        for (size_t i = 0; i < n_contests; i++)
            if (contests[i].state == HIB_CONTEST_OPEN && contests[i].way == HIB_WAY_HASHTAG &&
                (!*contests[i].networks || has_word(contests[i].networks, " ", (*at)->name)))
                want(&in, *at, contests[i].tag);
    }
    *ret_n = out->len;
    *ret = hib_arena_array(arena, HibUgcSearch, out->len + 1);
    if (out->len)
        memcpy(*ret, out->data, out->len * sizeof(HibUgcSearch));
    return true;
}

bool
hib_ugc_search_soon(HibDb *db, GError **error)
{
    HibInstant now = hib_db_now(db);
    return hib_sql_ugc_search_soon(db, now, error) &&
           hib_job_add(db, HIB_JOB_UGC_SEARCH, "", NULL, NULL, now, NULL, error);
}

/* --- what was found --------------------------------------------------------------------------------------------------------------- */
static bool
enter(HibDb *db, const HibUgcSearch *search, const HibContest *contest, const char *id,
      const HibNetTalk *talk, GHashTable *people, GError **error)
{
    int64_t added = 0;
    if (!hib_sql_entry_add(db, contest->id, id, search->account, search->network, talk->author_id,
                           talk->author_handle, talk->author_name, talk->url, talk->at, &added,
                           error))
        return false;
    if (added)
        hib_contest_entered(hib_db_arena(db), people, search->network, talk->author_id);
    return true;
}

static bool
take_found(HibDb *db, const HibUgcSearch *search, const HibNetTalk *talk, const char **ret_id,
           bool *ret_is_new, GError **error)
{
    HibArena *arena = hib_db_arena(db);
    HibSqlUgcItemByUrl *there;
    const char *id = hib_db_new_id(db);
    int64_t added = 0;
    *ret_is_new = false;
    if (!hib_sql_ugc_item_found(
            db, id, search->account, search->network, talk->remote_id, search->tag, talk->url,
            talk->text, talk->author_id, talk->author_handle, talk->author_name,
            hib_net_attachments_text(arena, talk->attachments, talk->n_attachments), talk->at,
            hib_db_now(db), &added, error))
        return false;
    *ret_id = id;
    *ret_is_new = added;
    if (added)
        return hib_ugc_step(db, id, HIB_UGC_STEP_FOUND, "", NULL, error);
    if (!hib_sql_ugc_item_by_url(db, talk->url, &there, error))
        return false;
    *ret_id = there ? there->talk_id ? there->talk_id : there->id : NULL;
    return true;
}

typedef struct {
    const HibUgcSearch *search;
    HibNetTalk *talk;
    size_t n;
    const char *next;
} Search;

static HibNetResult
search_now(const HibNetContext *net, const HibNetwork *network, const HibGrant *grant, void *data)
{
    Search *in = data;
    const char *cursor =
        in->search->row.account_id && *in->search->row.cursor ? in->search->row.cursor : NULL;
    return hib_net_optional(network)->search_tag(net, grant, in->search->tag, cursor, &in->talk,
                                                 &in->n, &in->next);
}

static bool
enter_all(HibDb *db, const Search *in, const HibContest *contest, const char *const *ids,
          GError **error)
{
    HibContest *row;
    int64_t is_open = 0;
    g_autoptr(GHashTable) people = g_hash_table_new(g_str_hash, g_str_equal);
    if (contest->state != HIB_CONTEST_OPEN || contest->way != HIB_WAY_HASHTAG ||
        !g_str_equal(contest->tag, in->search->tag) ||
        (*contest->networks && !has_word(contest->networks, " ", in->search->network)))
        return true;
    /* Asked again and held: somebody may be sealing its entries just now, and nobody enters behind the seal. */
    if (!hib_sql_contest_lock(db, contest->id, &is_open, error) ||
        !hib_contest(db, contest->id, &row, error))
        return false;
    if (!is_open)
        return true;
    for (size_t i = 0; i < in->n; i++)
        if (ids[i] && !enter(db, in->search, row, ids[i], &in->talk[i], people, error))
            return false;
    return !g_hash_table_size(people) || (hib_contest_judge_people(db, row, people, error) &&
                                          hib_event_emit(db, "ugc.changed", row->id, NULL, error));
}

static bool
store(HibDb *db, const Search *in, HibSqlUgcSearchList *row, GError **error)
{
    HibContest *contests;
    size_t n;
    const char **ids = hib_arena_array(hib_db_arena(db), const char *, in->n + 1);
    if (!hib_contests(db, &contests, &n, error))
        return false;
    for (size_t i = 0; i < in->n; i++) {
        const HibNetTalk *talk = &in->talk[i];
        bool is_new = false;
        ids[i] = NULL;
        if (!talk->is_own && talk->url && *talk->url &&
            !take_found(db, in->search, talk, &ids[i], &is_new, error))
            return false;
        row->n_found += is_new;
    }
    for (size_t k = 0; k < n; k++)
        if (!enter_all(db, in, &contests[k], ids, error))
            return false;
    return true;
}

/* --- when again ------------------------------------------------------------------------------------------------------------------- */
/* So that all hashtags of the account together stay within what it may ask. */
static HibDuration
pace(const HibNetSearchRule *rule, size_t n_tags, bool is_demo)
{
    HibDuration usual = rule->every_s * HIB_SECOND;
    if (rule->calls)
        usual = MAX(usual, (HibDuration)n_tags * rule->calls_s * HIB_SECOND / rule->calls);
    return is_demo ? MIN(usual, HIB_MINUTE) : usual;
}

static size_t
n_tags_of(const HibUgcSearch *all, size_t n, const char *network)
{
    size_t out = 0;
    for (size_t i = 0; i < n; i++)
        out += g_str_equal(all[i].network, network);
    return out;
}

/* Hashtags the account asked for within the network's window; this one not counted. */
static int
n_asked(const HibUgcSearch *search, const HibSqlUgcSearchList *rows, size_t n, HibInstant now)
{
    int out = 0;
    for (size_t i = 0; i < n; i++)
        out += g_str_equal(rows[i].account_id, search->account) &&
               !g_str_equal(rows[i].tag, search->tag) && rows[i].has_searched_at &&
               rows[i].searched_at > now - search->rule->tags_s * HIB_SECOND;
    return out;
}

static int64_t
n_read_today(const HibUgcSearch *search, const HibSqlUgcSearchList *rows, size_t n,
             const char *today)
{
    int64_t out = 0;
    for (size_t i = 0; i < n; i++)
        if (g_str_equal(rows[i].account_id, search->account) && g_str_equal(rows[i].day, today))
            out += rows[i].n_day;
    return out;
}

static void
note_failure(HibSqlUgcSearchList *row, const HibNetResult *said, HibInstant now, HibDuration usual)
{
    bool is_later = said->class == HIB_NET_RETRY_AFTER || said->class == HIB_NET_QUOTA;
    bool is_refused = said->class == HIB_NET_FATAL || said->class == HIB_NET_REAUTH_HUMAN ||
                      said->class == HIB_NET_BLOCKED || said->class == HIB_NET_FIX_CONTENT;
    row->fault = is_later ? "rate_limited" : is_refused ? "refused" : "unreachable";
    row->said = said->message ? said->message : "";
    row->next_at = MAX(now + (is_refused ? REFUSED_LATER : usual), said->retry_at);
}

/* Whether the network and the workspace let it be asked now; else row says why not and when. */
static bool
may_search(HibDb *db, const HibUgcSearch *search, HibSqlUgcSearchList *row, const char *today,
           bool *ret, GError **error)
{
    HibUgcSetting setting;
    HibSqlUgcSearchList *rows;
    size_t n;
    HibInstant now = hib_db_now(db);
    *ret = false;
    if (!hib_ugc_setting(db, &setting, error) || !hib_sql_ugc_search_list(db, &rows, &n, error))
        return false;
    if (search->rule->tags && n_asked(search, rows, n, now) >= search->rule->tags) {
        row->fault = "too_many_tags";
        row->next_at = now + HIB_DAY;
    } else if (search->rule->price_micros &&
               n_read_today(search, rows, n, today) + search->rule->posts > setting.most_a_day) {
        row->fault = "day_full";
        row->next_at = (now / HIB_DAY + 1) * HIB_DAY;
    } else
        *ret = true;
    return true;
}

const char *
hib_ugc_utc_day(HibDb *db)
{
    g_autoptr(HibZone) utc = hib_zone_utc();
    return hib_day_text(hib_db_arena(db), hib_day_at(utc, hib_db_now(db)));
}

static bool
put(HibDb *db, const HibUgcSearch *search, const HibSqlUgcSearchList *row, GError **error)
{
    return hib_sql_ugc_search_put(db, search->account, search->tag, row->cursor,
                                  row->has_searched_at ? &row->searched_at : NULL, row->next_at,
                                  row->n_found, row->day, row->n_day, row->fault, row->said,
                                  error) &&
           hib_event_emit(db, "ugc.changed", search->account, NULL, error);
}

static bool
search_one(HibDb *db, const HibServices *services, const HibUgcSearch *search, size_t n_tags,
           GError **error)
{
    HibInstant now = hib_db_now(db);
    g_autoptr(GError) failure = NULL;
    HibSqlUgcSearchList row = search->row;
    Search in = {.search = search};
    HibNetResult said;
    bool may;
    int64_t is_ours = 0;
    const char *today = hib_ugc_utc_day(db);
    if (!row.account_id)
        row = (HibSqlUgcSearchList){.cursor = ""};
    row.fault = row.said = "";
    row.day = today;
    row.n_day = 0; /* what is read now */
    /* A running job and a queued one see the same hashtag due: one of them asks, and pays. */
    if (!hib_sql_ugc_search_claim(db, search->account, search->tag, search->next_at,
                                  now + ASKING_MOST, &is_ours, error))
        return false;
    if (!is_ours)
        return true;
    if (!may_search(db, search, &row, today, &may, error))
        return false;
    if (may &&
        !hib_accounts_call(db, services, search->account, search_now, &in, &said, &failure)) {
        if (hib_error_is(failure, HIB_ERROR_NOT_FOUND))
            return true; /* disconnected meanwhile */
        g_propagate_error(error, g_steal_pointer(&failure));
        return false;
    }
    HibDuration usual = pace(search->rule, n_tags, services->is_demo);
    bool is_ok = may && said.class == HIB_NET_OK;
    if (is_ok) {
        row.cursor = in.next ? in.next : "";
        row.searched_at = now;
        row.has_searched_at = true;
        row.next_at = now + usual;
        row.n_day = (int64_t)in.n;
    } else if (may) {
        hib_log(HIB_WARN, "ugc.not_searched", "account", search->account, "class",
                hib_net_class_name(said.class), NULL);
        note_failure(&row, &said, now, usual);
    }
    g_autoptr(HibTx) tx = hib_tx_begin(db, error);
    return tx && (!is_ok || store(db, &in, &row, error)) && put(db, search, &row, error) &&
           hib_tx_commit(tx, error);
}

/* Twice: what was found is found once; a network is asked once more. */
bool
hib_ugc_search_run(HibDb *db, const HibJob *job G_GNUC_UNUSED, void *context, HibJobEnd *ret_end,
                   HibInstant *ret_at, GError **error)
{
    *ret_end = HIB_JOB_DONE;
    for (int i = 0;; i++) {
        HibUgcSearch *all, *next = NULL;
        size_t n;
        if (!hib_ugc_searches(db, &all, &n, error))
            return false;
        for (size_t k = 0; k < n; k++)
            if (all[k].account && (!next || all[k].next_at < next->next_at))
                next = &all[k];
        if (!n)
            return true;
        *ret_end = HIB_JOB_AGAIN;
        *ret_at = next ? next->next_at : hib_db_now(db) + NOBODY_LATER;
        if (!next || next->next_at > hib_db_now(db) || i == AT_ONCE)
            return true;
        if (!search_one(db, context, next, n_tags_of(all, n, next->network), error))
            return false;
    }
}

/* --- asking whom was found ---------------------------------------------------------------------------------------------------------- */
/* "@handle" as a whole word. */
static bool
names(const char *text, const char *handle)
{
    g_autofree char *wanted = g_strdup_printf("@%s", handle);
    size_t n = strlen(wanted);
    for (const char *at = text; (at = strchr(at, '@')); at++)
        if (g_ascii_strncasecmp(at, wanted, n) == 0 && !g_ascii_isalnum(at[n]) && at[n] != '_')
            return true;
    return false;
}

const char *
hib_ugc_ask_block(const HibUgcItem *item, const char *handle)
{
    if (item->talk_id)
        return NULL;
    const HibNetwork *network = hib_network_find(item->network);
    const HibNetSearchRule *rule = network ? network->limits()->search : NULL;
    if (!item->remote_id || !item->account_id || !rule)
        return "link";
    return rule->answer == HIB_SEARCH_UNANSWERED ? "unanswered"
           : rule->answer == HIB_SEARCH_ANSWERED_IF_NAMED && !(handle && names(item->text, handle))
               ? "not_named"
               : NULL;
}

static bool
hear(HibDb *db, const HibUgcItem *item, const char **ret_talk, GError **error)
{
    HibSqlUgcTalkByRemote *row;
    size_t n_new;
    int64_t changed;
    HibNetTalk talk = {.kind = HIB_TALK_MENTION,
                       .remote_id = item->remote_id,
                       .text = item->text,
                       .author_id = item->author_id,
                       .author_handle = item->author_handle,
                       .author_name = item->author_name,
                       .url = item->url,
                       .at = item->posted_at};
    HibNetAttachment *rows = NULL;
    if (item->attachments)
        hib_net_attachments_read(hib_db_arena(db), item->attachments, &rows, &talk.n_attachments);
    talk.attachments = rows;
    if (!hib_engage_store(db, item->account_id, &talk, 1, &n_new, error) ||
        !hib_sql_ugc_talk_by_remote(db, item->account_id, item->remote_id, &row, error))
        return false;
    if (!row) {
        hib_error_set(error, HIB_ERROR_CONFLICT, "ugc.cannot_ask", "it is not in the inbox");
        return false;
    }
    *ret_talk = row->id;
    return hib_sql_ugc_item_heard(db, item->id, row->id, &changed, error);
}

bool
hib_ugc_talk_of(HibDb *db, const HibUgcItem *item, const char **ret_talk, GError **error)
{
    HibAccount *account = NULL;
    if (item->talk_id) {
        *ret_talk = item->talk_id;
        return true;
    }
    if (item->account_id && !hib_accounts_find(db, item->account_id, &account, error))
        return false;
    const char *why = hib_ugc_ask_block(item, account ? account->handle : NULL);
    if (!why)
        return hear(db, item, ret_talk, error);
    hib_error_set(error, HIB_ERROR_CONFLICT,
                  g_str_equal(why, "link")        ? "ugc.cannot_ask"
                  : g_str_equal(why, "not_named") ? "ugc.not_named"
                                                  : "ugc.no_answer_here",
                  "on %s: %s", item->network, why);
    return false;
}
