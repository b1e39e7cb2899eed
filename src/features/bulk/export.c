/* Posts as a table: the columns of an import, one row a post. Where accounts of a post differ in what they get, those that get the same share a row, so that nothing is lost;
 * imported again these are posts of their own. */
#include "base/error.h"
#include "base/messages.h"
#include "bulk/bulk_private.h"
#include <string.h>

#define PAGE 500

/* --- where rows go -------------------------------------------------------------------------------------------- */
typedef struct {
    GString *csv;    /* or */
    HibSheet *sheet; /* this */
    size_t n;
} Out;

static bool
put(Out *out, const char *const cells[HIB_COLUMN_N], GError **error)
{
    if (out->n++ > HIB_BULK_ROWS) {
        GError *why = NULL;
        hib_error_set(&why, HIB_ERROR_INVALID, "bulk.too_many_rows", "more than %d", HIB_BULK_ROWS);
        hib_error_set_detail(why, "value", G_STRINGIFY(HIB_BULK_ROWS));
        g_propagate_error(error, why);
        return false;
    }
    if (out->sheet)
        return hib_sheet_add_row(out->sheet, cells, HIB_COLUMN_N, error);
    hib_table_print_row(out->csv, cells, HIB_COLUMN_N, true);
    return true;
}

static bool
begin(Out *out, const char *locale, bool is_sheet, GError **error)
{
    const char *head[HIB_COLUMN_N];
    for (HibBulkColumn i = 0; i < HIB_COLUMN_N; i++)
        head[i] = hib_bulk_column_name(locale, i);
    *out = (Out){0};
    if (is_sheet)
        out->sheet = hib_sheet_new(hib_message(locale, "bulk.sheet"));
    else
        out->csv = g_string_new("\xef\xbb\xbf"); /* Excel takes it for UTF-8 then */
    return put(out, head, error);
}

static bool
end(Out *out, bool is_good, GBytes **ret, GError **error)
{
    if (is_good && out->sheet)
        is_good = hib_sheet_finish(out->sheet, ret, error);
    else if (is_good)
        *ret = g_string_free_to_bytes(g_steal_pointer(&out->csv));
    if (out->csv)
        g_string_free(out->csv, TRUE);
    hib_sheet_free(out->sheet);
    return is_good;
}

/* --- a post ------------------------------------------------------------------------------------------------------ */
typedef struct {
    HibDb *db;
    HibArena *arena; /* of the page at hand */
    const char *locale;
    const HibExportQuery *query;
    HibZone *zone;
    GHashTable *accounts, *campaigns; /* id → HibAccount, name */
    const char *words;                /* folded; NULL */
    Out *out;
} Desk;

static bool
is_same(const HibPostVariant *a, const HibPostVariant *b)
{
    bool is_alike =
        g_strcmp0(a->text, b->text) == 0 && a->format == b->format &&
        g_strcmp0(a->title, b->title) == 0 && g_strcmp0(a->recipient, b->recipient) == 0 &&
        g_strcmp0(a->options, b->options) == 0 &&
        g_strcmp0(a->first_comment, b->first_comment) == 0 && a->n_thread == b->n_thread;
    for (size_t i = 0; is_alike && i < a->n_thread; i++)
        is_alike = strcmp(a->thread[i].text, b->thread[i].text) == 0;
    return is_alike;
}

static const char *
account_cell(const Desk *desk, const HibPost *post, const HibPostVariant *like, bool *done)
{
    g_autoptr(GString) out = g_string_new("");
    for (size_t i = 0; i < post->n_variants; i++) {
        if (done[i] || !is_same(&post->variants[i], like))
            continue;
        done[i] = true;
        const HibAccount *account =
            g_hash_table_lookup(desk->accounts, post->variants[i].account_id);
        g_string_append(out, out->len ? "; " : "");
        if (account) /* a handle without its network may be several people's */
            g_string_append_printf(out, "%s:%s", account->network,
                                   account->handle + (*account->handle == '@'));
        else
            g_string_append(out, post->variants[i].account_id);
    }
    return hib_arena_strdup(desk->arena, out->str);
}

static void
set_media(const Desk *desk, const HibPost *post, const char *cells[HIB_COLUMN_N])
{
    g_autoptr(GString) ids = g_string_new(""), alts = g_string_new("");
    for (size_t i = 0; i < post->n_media; i++) {
        g_autofree char *alt = g_strdup(post->media[i].alt ? post->media[i].alt : "");
        g_string_append_printf(ids, "%s%s", i ? "\n" : "", post->media[i].media_id);
        g_string_append_printf(alts, "%s%s", i ? "\n" : "", g_strdelimit(alt, "\r\n", ' '));
    }
    cells[HIB_COLUMN_MEDIA] = hib_arena_strdup(desk->arena, ids->str);
    cells[HIB_COLUMN_ALT] = *alts->str && strspn(alts->str, "\n") < alts->len
                                ? hib_arena_strdup(desk->arena, alts->str)
                                : "";
}

static void
set_moment(const Desk *desk, const HibPost *post, const char *cells[HIB_COLUMN_N])
{
    if (!post->has_due_at)
        return;
    const HibWall wall = hib_wall_at(desk->zone, post->due_at);
    cells[HIB_COLUMN_DATE] =
        hib_arena_printf(desk->arena, "%04d-%02d-%02d", wall.year, wall.month, wall.day);
    cells[HIB_COLUMN_TIME] =
        wall.second
            ? hib_arena_printf(desk->arena, "%02d:%02d:%02d", wall.hour, wall.minute, wall.second)
            : hib_arena_printf(desk->arena, "%02d:%02d", wall.hour, wall.minute);
}

static const char *
or_none(const char *text)
{
    return text ? text : "";
}

static bool
put_row(const Desk *desk, const HibPost *post, const HibPostVariant *like, const char *accounts,
        GError **error)
{
    const char *cells[HIB_COLUMN_N];
    g_autoptr(GString) thread = g_string_new("");
    for (size_t i = 0; i < HIB_COLUMN_N; i++)
        cells[i] = "";
    for (size_t i = 0; i < like->n_thread; i++)
        g_string_append_printf(thread, "%s%s", i ? "\n---\n" : "", like->thread[i].text);
    set_moment(desk, post, cells);
    set_media(desk, post, cells);
    cells[HIB_COLUMN_ACCOUNTS] = accounts;
    cells[HIB_COLUMN_TEXT] = like->text ? like->text : post->text;
    cells[HIB_COLUMN_THREAD] = thread->str;
    cells[HIB_COLUMN_FIRST_COMMENT] = or_none(like->first_comment);
    cells[HIB_COLUMN_TITLE] = or_none(like->title);
    cells[HIB_COLUMN_FORMAT] =
        like->format == HIB_FORMAT_POST ? "" : hib_net_format_name(like->format);
    cells[HIB_COLUMN_CAMPAIGN] =
        post->campaign_id ? or_none(g_hash_table_lookup(desk->campaigns, post->campaign_id)) : "";
    cells[HIB_COLUMN_STATE] = hib_bulk_state_name(desk->locale, post->state);
    cells[HIB_COLUMN_DISCLOSURE] =
        hib_bulk_disclosure_cell(desk->arena, desk->locale, post->disclosure);
    cells[HIB_COLUMN_LANG] = or_none(post->lang);
    cells[HIB_COLUMN_RECIPIENT] = or_none(like->recipient);
    cells[HIB_COLUMN_OPTIONS] = or_none(like->options);
    return put(desk->out, cells, error);
}

static bool
put_post(const Desk *desk, const HibPost *post, GError **error)
{
    const HibPostVariant bare = {0};
    bool *done = hib_arena_array(desk->arena, bool, post->n_variants + 1);
    if (!post->n_variants)
        return put_row(desk, post, &bare, "", error);
    for (size_t i = 0; i < post->n_variants; i++) {
        if (done[i])
            continue;
        const HibPostVariant *like = &post->variants[i];
        const char *accounts = account_cell(desk, post, like, done);
        if (!put_row(desk, post, like, accounts, error))
            return false;
    }
    return true;
}

/* --- which posts --------------------------------------------------------------------------------------------------- */
static bool
says(const Desk *desk, const char *text)
{
    return text && strstr(hib_bulk_fold(desk->arena, text), desk->words);
}

static bool
is_wanted(const Desk *desk, const HibPost *post)
{
    const HibExportQuery *query = desk->query;
    bool is_for = !query->account && !query->network,
         is_said = !desk->words || says(desk, post->text);
    for (size_t i = 0; i < post->n_variants; i++) {
        const HibPostVariant *variant = &post->variants[i];
        const HibAccount *account = g_hash_table_lookup(desk->accounts, variant->account_id);
        is_for = is_for ||
                 ((!query->account || g_str_equal(variant->account_id, query->account)) &&
                  (!query->network || (account && g_str_equal(account->network, query->network))));
        is_said = is_said || says(desk, variant->text);
        for (size_t k = 0; !is_said && k < variant->n_thread; k++)
            is_said = says(desk, variant->thread[k].text);
    }
    return is_for && is_said;
}

/* Page by page, each in an arena of its own. */
static bool
walk(Desk *desk, GError **error)
{
    HibStore *store = hib_db_store(desk->db);
    g_autofree char *cursor = NULL;
    do {
        g_autoptr(HibArena) arena = hib_arena_new();
        g_autoptr(HibDb) db = hib_db_open(store, arena, hib_db_workspace(desk->db));
        const HibPostQuery query = {.from = desk->query->from,
                                    .to = desk->query->to,
                                    .state = desk->query->state,
                                    .campaign = desk->query->campaign,
                                    .limit = PAGE,
                                    .cursor = cursor};
        HibPost *posts;
        size_t n;
        const char *next;
        if (!hib_plan_list(db, &query, &posts, &n, &next, error))
            return false;
        desk->arena = arena;
        for (size_t i = 0; i < n; i++)
            if (is_wanted(desk, &posts[i]) && !put_post(desk, &posts[i], error))
                return false;
        g_free(cursor);
        cursor = g_strdup(next);
    } while (cursor);
    return true;
}

static bool
open_desk(Desk *desk, GError **error)
{
    HibWorkspace *workspace;
    HibAccount *accounts;
    HibCampaign *campaigns;
    size_t n, n_campaigns;
    if (!hib_team_workspace(desk->db, &workspace, error) ||
        !hib_accounts_list(desk->db, &accounts, &n, error) ||
        !hib_plan_campaigns(desk->db, &campaigns, &n_campaigns, error))
        return false;
    desk->zone = hib_zone_open(workspace->zone);
    for (size_t i = 0; i < n; i++)
        g_hash_table_insert(desk->accounts, (gpointer)accounts[i].id, &accounts[i]);
    for (size_t i = 0; i < n_campaigns; i++)
        g_hash_table_insert(desk->campaigns, (gpointer)campaigns[i].id,
                            (gpointer)campaigns[i].content.name);
    return true;
}

bool
hib_bulk_export(HibDb *db, const char *locale, const HibExportQuery *query, GBytes **ret,
                GError **error)
{
    Out out;
    g_autoptr(GHashTable) accounts = g_hash_table_new(g_str_hash, g_str_equal);
    g_autoptr(GHashTable) campaigns = g_hash_table_new(g_str_hash, g_str_equal);
    Desk desk = {.db = db,
                 .locale = locale,
                 .query = query,
                 .accounts = accounts,
                 .campaigns = campaigns,
                 .out = &out,
                 .words = query->words && *query->words
                              ? hib_bulk_fold(hib_db_arena(db), query->words)
                              : NULL};
    bool is_good = open_desk(&desk, error);
    g_autoptr(HibZone) zone = desk.zone ? desk.zone : hib_zone_ref(hib_zone_utc());
    desk.zone = zone;
    if (!is_good)
        return false;
    is_good = begin(&out, locale, query->is_sheet, error) && walk(&desk, error);
    return end(&out, is_good, ret, error);
}

/* --- the template --------------------------------------------------------------------------------------------------- */
bool
hib_bulk_template(HibDb *db, const char *locale, bool is_sheet, GBytes **ret, GError **error)
{
    Out out;
    HibAccount *accounts;
    HibWorkspace *workspace;
    size_t n;
    HibPostVariant variant = {0};
    HibPost post = {
        .text = hib_message(locale, "bulk.example"), .variants = &variant, .has_due_at = true};
    if (!hib_accounts_list(db, &accounts, &n, error) || !hib_team_workspace(db, &workspace, error))
        return false;
    g_autoptr(HibZone) open = hib_zone_open(workspace->zone);
    const HibZone *zone = open ? open : hib_zone_utc();
    g_autoptr(GHashTable) by_id = g_hash_table_new(g_str_hash, g_str_equal);
    if (n) {
        g_hash_table_insert(by_id, (gpointer)accounts[0].id, &accounts[0]);
        variant.account_id = accounts[0].id;
        post.n_variants = 1;
    }
    post.due_at = hib_day_start(zone, hib_db_now(db), 7) + 9 * HIB_HOUR;
    const Desk desk = {.arena = hib_db_arena(db),
                       .locale = locale,
                       .zone = (HibZone *)zone,
                       .accounts = by_id,
                       .out = &out};
    const bool is_good = begin(&out, locale, is_sheet, error) && put_post(&desk, &post, error);
    return end(&out, is_good, ret, error);
}
