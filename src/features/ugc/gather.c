/* Looks through what was said to the accounts: for posts with a hashtag or about us, for answers to requests, for entries to campaigns.
 *
 * A flood is looked through a page at a time, each in memory and a transaction of its own, so that it takes no more than its page however long it is.
 * Each of them remembers how far it looked, and of a campaign's entries only those of whoever entered anew are judged; all of them once, when it closes. Ids of talk grow with time but are not seen in order while two transactions store at once, so looking
 * goes on ten seconds before; what was found already is not found again. */
#include "base/error.h"
#include "base/id.h"
#include "engage/engage.h"
#include "text/links.h"
#include "ugc/ugc_private.h"
#include <string.h>

#define PAGE 500
#define UNCHECKED 9 /* as the statements say it, behind the deeds */
#define GATHER_EVERY (2 * HIB_SECOND)

/* --- words of talk ------------------------------------------------------------------------------------------------------------ */
const char *
hib_ugc_talk_at(HibArena *arena, HibInstant at)
{
    uint64_t ms = (uint64_t)MAX(at, 0) / 1000;
    return hib_arena_printf(arena, "%08x-%04x-7000-8000-000000000000", (unsigned)(ms >> 16),
                            (unsigned)(ms & 0xffff));
}

const char *
hib_ugc_before(HibArena *arena, const char *talk_id)
{
    return *talk_id ? hib_ugc_talk_at(arena, hib_id_time(talk_id) - 10 * HIB_SECOND) : "";
}

bool
hib_ugc_has_tag(HibArena *arena, const char *text, const char *tags)
{
    const HibLink *links;
    size_t n = *tags ? hib_text_links(arena, text, &links) : 0;
    if (!n)
        return false;
    g_auto(GStrv) wanted = g_strsplit(tags, "\n", -1);
    for (size_t i = 0; i < n; i++)
        for (size_t k = 0; links[i].kind == HIB_LINK_TAG && wanted[k]; k++)
            if (g_str_equal(hib_media_fold(arena, wanted[k]),
                            hib_media_fold(arena, links[i].value)))
                return true;
    return false;
}

/* --- a page at a time ------------------------------------------------------------------------------------------------------------ */
/* Looks at what came after `after` ("": where it stood), which becomes the last it saw. */
typedef bool Page(HibDb *db, const char *subject, char after[HIB_ID_TEXT], bool *ret_is_more,
                  GError **error);

static bool
page_by_page(HibDb *db, const char *subject, Page *page, GError **error)
{
    char after[HIB_ID_TEXT] = "";
    for (bool is_more = true; is_more;) {
        g_autoptr(HibArena) arena = hib_arena_new();
        g_autoptr(HibDb) own = hib_db_open(hib_db_store(db), arena, hib_db_workspace(db));
        if (!page(own, subject, after, &is_more, error))
            return false;
    }
    return true;
}

/* --- posts of customers -------------------------------------------------------------------------------------------------------- */
static bool
find_page(HibDb *db, const char *subject G_GNUC_UNUSED, char after[HIB_ID_TEXT], bool *ret_is_more,
          GError **error)
{
    HibUgcSetting setting;
    HibUgcTalk *talk;
    size_t n;
    *ret_is_more = false;
    if (!hib_ugc_setting(db, &setting, error))
        return false;
    if (!setting.version || (!*setting.tags && !setting.mentions))
        return true;
    const char *from = *after ? after : hib_ugc_before(hib_db_arena(db), setting.talk_id);
    g_autoptr(HibTx) tx = hib_tx_begin(db, error);
    if (!tx || !hib_sql_ugc_talk_after(db, from, PAGE, &talk, &n, error))
        return false;
    for (size_t i = 0; i < n; i++) {
        const char *id;
        bool is_wanted = !talk[i].is_own && !talk[i].is_deleted &&
                         talk[i].kind != HIB_TALK_MESSAGE &&
                         ((setting.mentions && talk[i].kind == HIB_TALK_MENTION) ||
                          hib_ugc_has_tag(hib_db_arena(db), talk[i].text, setting.tags));
        if (is_wanted && !hib_ugc_take_talk(db, &talk[i], &id, error))
            return false;
    }
    *ret_is_more = n == PAGE;
    if (n)
        g_strlcpy(after, talk[n - 1].id, HIB_ID_TEXT);
    return (strcmp(after, setting.talk_id) <= 0 || hib_sql_ugc_setting_at(db, after, error)) &&
           hib_tx_commit(tx, error);
}

/* --- entries ------------------------------------------------------------------------------------------------------------------- */
static bool
is_on(const char *networks, const char *network)
{
    g_auto(GStrv) all = g_strsplit(networks, " ", -1);
    return !*networks || g_strv_contains((const char *const *)all, network);
}

/* Under which of the networks' posts a comment must stand: those our post has become. */
static bool
is_under(HibDb *db, const char *post, const HibUgcTalk *talk, bool *ret, GError **error)
{
    const char *delivery = NULL;
    HibDelivery *found;
    *ret = false;
    if (!talk->post_remote_id)
        return true;
    if (!hib_publish_find(db, talk->account_id, talk->post_remote_id, &delivery, error))
        return false;
    if (delivery && !hib_publish_get(db, delivery, &found, error))
        return false;
    *ret = delivery && g_str_equal(found->post_id, post);
    return true;
}

static bool
takes_part(HibDb *db, const HibContest *contest, const HibUgcTalk *talk, const char *network,
           bool *ret, GError **error)
{
    static const HibNetTalkKind kinds[] = {[HIB_WAY_MENTION] = HIB_TALK_MENTION,
                                           [HIB_WAY_COMMENT] = HIB_TALK_COMMENT,
                                           [HIB_WAY_MESSAGE] = HIB_TALK_MESSAGE};
    *ret = !talk->is_own && is_on(contest->networks, network) &&
           (contest->way == HIB_WAY_HASHTAG ? talk->kind != HIB_TALK_MESSAGE
                                            : talk->kind == (int64_t)kinds[contest->way]) &&
           (!*contest->tag || hib_ugc_has_tag(hib_db_arena(db), talk->text, contest->tag));
    if (!*ret || contest->way != HIB_WAY_COMMENT || !contest->post_id)
        return true;
    return is_under(db, contest->post_id, talk, ret, error);
}

static bool
take_entry(HibDb *db, const HibContest *contest, const HibUgcTalk *talk, GHashTable *people,
           GError **error)
{
    HibAccount *account;
    bool is_in;
    int64_t added = 0;
    if (!hib_accounts_find(db, talk->account_id, &account, error))
        return false;
    const char *network = account ? account->network : "";
    if (!takes_part(db, contest, talk, network, &is_in, error) ||
        (is_in && !hib_sql_entry_add(db, contest->id, talk->id, talk->account_id, network,
                                     talk->author_id, talk->author_handle, talk->author_name,
                                     talk->url, talk->at, &added, error)))
        return false;
    if (added)
        hib_contest_entered(hib_db_arena(db), people, network, talk->author_id);
    return true;
}

static bool
is_ours(const HibAccount *accounts, size_t n, const HibJudged *entry)
{
    for (size_t i = 0; i < n; i++)
        if (g_str_equal(accounts[i].network, entry->network) &&
            (g_strcmp0(accounts[i].remote_id, entry->author) == 0 ||
             (*entry->handle && g_ascii_strcasecmp(accounts[i].handle, entry->handle) == 0)))
            return true;
    return false;
}

/* Reasons of these entries anew: another may have come before one, or its author may have taken it away. */
static bool
judge(HibDb *db, const HibContest *contest, const HibSqlEntryAll *rows, size_t n, GHashTable *seen,
      GError **error)
{
    HibAccount *accounts;
    size_t n_accounts;
    if (!hib_accounts_list(db, &accounts, &n_accounts, error))
        return false;
    HibJudged *entries = hib_arena_array(hib_db_arena(db), HibJudged, n + 1);
    for (size_t i = 0; i < n; i++) {
        entries[i] = (HibJudged){.id = rows[i].id,
                                 .network = rows[i].network,
                                 .author = rows[i].author_id,
                                 .handle = rows[i].author_handle,
                                 .person = rows[i].person_id,
                                 .at = rows[i].at,
                                 .is_gone = rows[i].is_deleted,
                                 .unmet = !rows[i].has_unmet ? HIB_ENTRY_ELIGIBLE
                                          : rows[i].unmet == UNCHECKED
                                              ? HIB_ENTRY_UNCHECKED
                                              : HIB_ENTRY_NOT_FOLLOWING + (int)rows[i].unmet};
        entries[i].is_own = is_ours(accounts, n_accounts, &entries[i]);
    }
    hib_ugc_judge(hib_db_arena(db), entries, n, contest->opens_at, contest->closes_at,
                  contest->staff, contest->blocked, seen);
    for (size_t i = 0; i < n; i++)
        if ((int64_t)entries[i].reason != rows[i].reason &&
            !hib_sql_entry_judge(db, contest->id, entries[i].id, entries[i].reason, error))
            return false;
    return true;
}

/* Of all of them, in their order, a page at a time: who had an entry before is all that is kept. */
bool
hib_contest_judge(HibDb *db, const HibContest *contest, GError **error)
{
    g_autoptr(GHashTable) seen = hib_ugc_seen();
    HibInstant at = INT64_MIN;
    char id[HIB_ID_TEXT] = "";
    for (size_t n = PAGE; n == PAGE;) {
        HibSqlEntryAll *rows;
        int64_t is_held = 0;
        g_autoptr(HibArena) arena = hib_arena_new();
        g_autoptr(HibDb) own = hib_db_open(hib_db_store(db), arena, hib_db_workspace(db));
        g_autoptr(HibTx) tx = hib_tx_begin(own, error);
        if (!tx || !hib_sql_contest_hold(own, contest->id, contest->state, &is_held, error))
            return false;
        if (!is_held) /* somebody closed or sealed it meanwhile: no reason changes behind the seal */
            return hib_tx_commit(tx, error);
        if (!hib_sql_entry_all(own, contest->id, at, id, PAGE, &rows, &n, error) ||
            !judge(own, contest, rows, n, seen, error) || !hib_tx_commit(tx, error))
            return false;
        if (n) {
            at = rows[n - 1].at;
            g_strlcpy(id, rows[n - 1].id, sizeof id);
        }
    }
    return true;
}

void
hib_contest_entered(HibArena *arena, GHashTable *people, const char *network, const char *author)
{
    g_hash_table_add(people, hib_arena_printf(arena, "%s\n%s", network, author));
}

bool
hib_contest_judge_people(HibDb *db, const HibContest *contest, GHashTable *people, GError **error)
{
    GHashTableIter iter;
    void *person;
    g_hash_table_iter_init(&iter, people);
    while (g_hash_table_iter_next(&iter, &person, NULL)) {
        HibSqlEntryAll *rows;
        size_t n;
        g_autoptr(GHashTable) seen = hib_ugc_seen();
        const char *author = strchr(person, '\n');
        const char *network =
            hib_arena_strndup(hib_db_arena(db), person, (size_t)(author - (const char *)person));
        if (!hib_sql_entry_person(db, contest->id, network, author + 1, &rows, &n, error) ||
            !judge(db, contest, rows, n, seen, error))
            return false;
    }
    return true;
}

static bool
gather_page(HibDb *db, const char *contest, char after[HIB_ID_TEXT], bool *ret_is_more,
            GError **error)
{
    HibContest *row;
    HibUgcTalk *talk;
    size_t n;
    int64_t is_open = 0;
    g_autoptr(GHashTable) people = g_hash_table_new(g_str_hash, g_str_equal);
    g_autoptr(HibTx) tx = hib_tx_begin(db, error);
    *ret_is_more = false;
    if (!tx || !hib_sql_contest_lock(db, contest, &is_open, error) ||
        !hib_contest(db, contest, &row, error))
        return false;
    if (!is_open) /* committed all the same: it may have joined another transaction */
        return hib_tx_commit(tx, error);
    const char *from = *after ? after : hib_ugc_before(hib_db_arena(db), row->talk_id);
    if (!hib_sql_ugc_talk_after(db, from, PAGE, &talk, &n, error))
        return false;
    for (size_t i = 0; i < n; i++)
        if (!take_entry(db, row, &talk[i], people, error))
            return false;
    *ret_is_more = n == PAGE;
    if (n)
        g_strlcpy(after, talk[n - 1].id, HIB_ID_TEXT);
    const bool is_new = strcmp(after, row->talk_id) > 0;
    return (!is_new || (hib_sql_contest_at(db, contest, after, error) &&
                        hib_event_emit(db, "ugc.changed", contest, NULL, error))) &&
           hib_contest_judge_people(db, row, people, error) && hib_tx_commit(tx, error);
}

bool
hib_contest_gather(HibDb *db, const char *contest, GError **error)
{
    return page_by_page(db, contest, gather_page, error);
}

bool
hib_contest_gather_last(HibDb *db, const char *contest, GError **error)
{
    char after[HIB_ID_TEXT] = "";
    for (bool is_more = true; is_more;)
        if (!gather_page(db, contest, after, &is_more, error))
            return false;
    return true;
}

/* Looking is put off to the next even second, so that a thousand things said at once are looked through once. Twice: the same. */
bool
hib_ugc_heard_run(HibDb *db, const HibJob *job G_GNUC_UNUSED, void *context G_GNUC_UNUSED,
                  HibJobEnd *ret_end, HibInstant *ret_at G_GNUC_UNUSED, GError **error)
{
    HibInstant now = hib_db_now(db);
    *ret_end = HIB_JOB_DONE;
    g_autoptr(HibTx) tx = hib_tx_begin(db, error);
    return tx &&
           hib_job_add(db, HIB_JOB_UGC_GATHER, "", NULL, NULL,
                       now - now % GATHER_EVERY + GATHER_EVERY, NULL, error) &&
           hib_tx_commit(tx, error);
}

/* Twice: what was found is not found again. */
bool
hib_ugc_gather_run(HibDb *db, const HibJob *job G_GNUC_UNUSED, void *context G_GNUC_UNUSED,
                   HibJobEnd *ret_end, HibInstant *ret_at G_GNUC_UNUSED, GError **error)
{
    HibContest *contests;
    size_t n;
    *ret_end = HIB_JOB_DONE;
    if (!page_by_page(db, "", find_page, error) || !hib_ugc_answers(db, error) ||
        !hib_sql_contest_list(db, &contests, &n, error))
        return false;
    for (size_t i = 0; i < n; i++)
        if (contests[i].state == HIB_CONTEST_OPEN && !hib_contest_gather(db, contests[i].id, error))
            return false;
    return true;
}
