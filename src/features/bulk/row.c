/* A row as a post: each cell read by its column, each fault told at it. What repeats from row to row (accounts, states, campaigns, media) is looked up once. */
#include "base/error.h"
#include "base/json.h"
#include "base/limits.h"
#include "bulk/bulk_private.h"
#include <string.h>

enum {
    MOST_TEXT = 20000,
    MOST_COMMENT = 10000,
    MOST_ALT = 2000,
    MOST_TITLE = 500,
    MOST_RECIPIENT = 300,
    MOST_LANG = 20
};
#define SEVERAL "" /* as an id: a name that more than one has */

/* --- the desk --------------------------------------------------------------------------------------------------- */
static void
know(GHashTable *names, const char *folded, const char *id)
{
    const char *known = g_hash_table_lookup(names, folded);
    if (*folded)
        g_hash_table_insert(names, (gpointer)folded,
                            (gpointer)(known && strcmp(known, id) ? SEVERAL : id));
}

static void
know_account(HibBulkDesk *desk, const HibAccount *account)
{
    HibArena *arena = desk->arena;
    const HibNetwork *network = hib_network_find(account->network);
    const char *handle = account->handle + (*account->handle == '@');
    know(desk->account_names, account->id, account->id);
    know(desk->account_names, hib_bulk_fold(arena, handle), account->id);
    know(desk->account_names, hib_bulk_fold(arena, account->network), account->id);
    know(desk->account_names,
         hib_bulk_fold(arena, hib_arena_printf(arena, "%s:%s", account->network, handle)),
         account->id);
    if (account->display_name)
        know(desk->account_names, hib_bulk_fold(arena, account->display_name), account->id);
    if (network)
        know(desk->account_names, hib_bulk_fold(arena, network->title), account->id);
}

static bool
know_campaigns(HibBulkDesk *desk, GError **error)
{
    HibCampaign *campaigns;
    size_t n;
    if (!hib_plan_campaigns(desk->db, &campaigns, &n, error))
        return false;
    for (size_t i = 0; i < n; i++) {
        know(desk->campaign_names, campaigns[i].id, campaigns[i].id);
        know(desk->campaign_names, hib_bulk_fold(desk->arena, campaigns[i].content.name),
             campaigns[i].id);
    }
    return true;
}

bool
hib_bulk_desk_open(HibDb *db, bool schedules, HibBulkDesk *ret, GError **error)
{
    HibWorkspace *workspace;
    const char *actor;
    *ret = (HibBulkDesk){.db = db,
                         .arena = hib_db_arena(db),
                         .schedules = schedules,
                         .now = hib_db_now(db),
                         .account_names = g_hash_table_new(g_str_hash, g_str_equal),
                         .campaign_names = g_hash_table_new(g_str_hash, g_str_equal),
                         .account_cells = g_hash_table_new(g_str_hash, g_str_equal),
                         .state_cells = g_hash_table_new(g_str_hash, g_str_equal),
                         .media = g_hash_table_new(g_str_hash, g_str_equal)};
    ret->person = hib_db_actor(db, &actor) == HIB_ACTOR_PERSON ? actor : NULL;
    if (!hib_team_workspace(db, &workspace, error) ||
        !hib_accounts_list(db, &ret->accounts, &ret->n_accounts, error) ||
        !hib_plan_asks_approval(db, &ret->asks_approval, error) || !know_campaigns(ret, error))
        return false;
    ret->zone = hib_zone_open(workspace->zone);
    if (!ret->zone)
        ret->zone = hib_zone_ref(hib_zone_utc());
    for (size_t i = 0; i < ret->n_accounts; i++)
        know_account(ret, &ret->accounts[i]);
    return true;
}

void
hib_bulk_desk_close(HibBulkDesk *desk)
{
    hib_zone_unref(desk->zone);
    g_hash_table_unref(desk->account_names);
    g_hash_table_unref(desk->campaign_names);
    g_hash_table_unref(desk->account_cells);
    g_hash_table_unref(desk->state_cells);
    g_hash_table_unref(desk->media);
}

/* --- one row at hand ----------------------------------------------------------------------------------------------- */
typedef struct {
    HibBulkDesk *desk;
    const HibTableRow *cells;
    HibBulkRow *row;
    HibPost *post;
    HibPostVariant all; /* what every variant of the row has */
    HibBulkProblems *problems;
} Hand;

static const char *
cell(const Hand *hand, HibBulkColumn column)
{
    const int at = hand->desk->at[column];
    if (at < 0 || (size_t)at >= hand->cells->n)
        return "";
    const char *text = hand->cells->cells[at];
    return hand->desk->is_guarded ? hib_table_unguard(text) : text;
}

/* Without blanks around; NULL where nothing is left. */
static const char *
word(const Hand *hand, HibBulkColumn column)
{
    char *text = hib_arena_strdup(hand->desk->arena, cell(hand, column));
    return *g_strstrip(text) ? text : NULL;
}

static void
tell(Hand *hand, int column, bool is_note, GError *why)
{
    hand->row->has_errors = hand->row->has_errors || !is_note;
    hib_bulk_tell(hand->problems, hand->row->row, column, is_note, why);
}

/* The cell's own words go into the sentence, cut where they are long. */
static void
refuse(Hand *hand, HibBulkColumn column, const char *reason, const char *what)
{
    GError *why = NULL;
    g_autofree char *cut = g_utf8_strlen(what, -1) > 40 ? g_utf8_substring(what, 0, 40) : NULL;
    hib_error_set(&why, HIB_ERROR_INVALID, reason, "row %zu", hand->row->row);
    hib_error_set_detail(why, "value", cut ? cut : what);
    tell(hand, column, false, why);
}

/* As long as the contract lets a post's parts be. */
static void
check_length(Hand *hand, HibBulkColumn column, const char *text, int most)
{
    if (!text || strlen(text) <= (size_t)most || g_utf8_strlen(text, -1) <= most)
        return;
    GError *why = NULL;
    g_autofree char *limit = g_strdup_printf("%d", most);
    hib_error_set(&why, HIB_ERROR_INVALID, "input.too_long", "row %zu", hand->row->row);
    hib_error_set_detail(why, "limit", limit);
    tell(hand, column, false, why);
}

/* --- accounts --------------------------------------------------------------------------------------------------------- */
typedef struct {
    const char **ids;
    size_t n;
    const char *unknown, *several; /* the first name that is so; NULL: none */
} Named;

/* "@handle", "network:@handle": the sign is nobody's name. */
static const char *
plain_name(HibArena *arena, const char *name)
{
    const char *folded = hib_bulk_fold(arena, name);
    const char *colon = strstr(folded, ":@");
    if (colon)
        return hib_arena_printf(arena, "%.*s:%s", (int)(colon - folded), folded, colon + 2);
    return folded + (*folded == '@');
}

static const Named *
name_accounts(HibBulkDesk *desk, const char *text)
{
    size_t n;
    Named *named = g_hash_table_lookup(desk->account_cells, text);
    if (named)
        return named;
    named = hib_arena_new0(desk->arena, Named);
    const char **names = hib_bulk_split(desk->arena, text, &n);
    named->ids = hib_arena_array(desk->arena, const char *, n + 1);
    for (size_t i = 0; i < n; i++) {
        const char *id =
            g_hash_table_lookup(desk->account_names, plain_name(desk->arena, names[i]));
        if (!id)
            named->unknown = names[i];
        else if (!*id)
            named->several = names[i];
        else
            named->ids[named->n++] = id;
    }
    g_hash_table_insert(desk->account_cells, (gpointer)text, named);
    return named;
}

static void
read_accounts(Hand *hand)
{
    HibArena *arena = hand->desk->arena;
    const Named *named = name_accounts(hand->desk, cell(hand, HIB_COLUMN_ACCOUNTS));
    if (named->unknown)
        refuse(hand, HIB_COLUMN_ACCOUNTS, "bulk.account_unknown", named->unknown);
    if (named->several)
        refuse(hand, HIB_COLUMN_ACCOUNTS, "bulk.account_several", named->several);
    HibPostVariant *variants = hib_arena_array(arena, HibPostVariant, named->n + 1);
    for (size_t i = 0; i < named->n; i++) {
        variants[i] = hand->all;
        variants[i].account_id = named->ids[i];
    }
    hand->post->variants = variants;
    hand->post->n_variants = named->n;
}

/* --- what stands beside the text ------------------------------------------------------------------------------------------ */
static void
read_thread(Hand *hand)
{
    const char *text = cell(hand, HIB_COLUMN_THREAD);
    if (!*text)
        return;
    g_auto(GStrv) parts = g_strsplit(text, "\n---\n", HIB_LIMIT_POST_THREAD + 2);
    const size_t n = g_strv_length(parts);
    HibPostPart *thread = hib_arena_array(hand->desk->arena, HibPostPart, n);
    for (size_t i = 0; i < n; i++) {
        thread[i].text = hib_arena_strdup(hand->desk->arena, parts[i]);
        check_length(hand, HIB_COLUMN_THREAD, thread[i].text, MOST_TEXT);
    }
    hand->all.thread = thread;
    hand->all.n_thread = n;
}

static void
read_format(Hand *hand)
{
    const char *text = word(hand, HIB_COLUMN_FORMAT);
    if (text && !hib_bulk_format_of(text, &hand->all.format))
        refuse(hand, HIB_COLUMN_FORMAT, "bulk.bad_format", text);
}

static void
read_disclosure(Hand *hand)
{
    size_t n;
    const char *text = cell(hand, HIB_COLUMN_DISCLOSURE);
    const char **words = *text ? hib_bulk_split(hand->desk->arena, text, &n) : NULL;
    for (size_t i = 0; words && i < n; i++)
        if (!hib_bulk_disclosure_of(words[i], &hand->post->disclosure))
            refuse(hand, HIB_COLUMN_DISCLOSURE, "bulk.bad_disclosure", words[i]);
}

static void
read_campaign(Hand *hand)
{
    const char *name = word(hand, HIB_COLUMN_CAMPAIGN);
    const char *id = name ? g_hash_table_lookup(hand->desk->campaign_names,
                                                hib_bulk_fold(hand->desk->arena, name))
                          : NULL;
    if (name && !id)
        refuse(hand, HIB_COLUMN_CAMPAIGN, "bulk.campaign_unknown", name);
    else if (name && !*id)
        refuse(hand, HIB_COLUMN_CAMPAIGN, "bulk.campaign_several", name);
    else
        hand->post->campaign_id = id;
}

static bool
is_lang(const char *text)
{
    return strlen(text) >= 2 && strlen(text) <= MOST_LANG &&
           strspn(text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-") ==
               strlen(text);
}

static void
read_lang(Hand *hand)
{
    const char *text = word(hand, HIB_COLUMN_LANG);
    if (text && !is_lang(text))
        refuse(hand, HIB_COLUMN_LANG, "bulk.bad_lang", text);
    else
        hand->post->lang = text;
}

/* --- media ---------------------------------------------------------------------------------------------------------------- */
static bool
find_media(HibBulkDesk *desk, const char *id, const HibMedia **ret, GError **error)
{
    HibMedia *media = NULL;
    g_autoptr(GError) fault = NULL;
    if (!g_hash_table_contains(desk->media, id)) {
        if (!hib_media_get(desk->db, id, &media, &fault) &&
            !hib_error_is(fault, HIB_ERROR_NOT_FOUND)) {
            g_propagate_error(error, g_steal_pointer(&fault));
            return false;
        }
        g_hash_table_insert(desk->media, (gpointer)id, media);
    }
    *ret = g_hash_table_lookup(desk->media, id);
    return true;
}

static bool
read_media(Hand *hand, GError **error)
{
    HibArena *arena = hand->desk->arena;
    size_t n;
    const char *text = cell(hand, HIB_COLUMN_MEDIA), *alt = cell(hand, HIB_COLUMN_ALT);
    if (!*text && *alt)
        refuse(hand, HIB_COLUMN_ALT, "bulk.alt_alone", alt);
    if (!*text)
        return true;
    const char **ids = hib_bulk_split(arena, text, &n);
    g_auto(GStrv) alts = g_strsplit(alt, "\n", -1);
    const size_t n_alts = g_strv_length(alts);
    HibPostMedia *list = hib_arena_array(arena, HibPostMedia, n + 1);
    if (n_alts > n)
        refuse(hand, HIB_COLUMN_ALT, "bulk.alt_alone", alts[n]);
    for (size_t i = 0; i < n; i++) {
        const HibMedia *media;
        if (!find_media(hand->desk, ids[i], &media, error))
            return false;
        if (!media) {
            refuse(hand, HIB_COLUMN_MEDIA, "bulk.media_unknown", ids[i]);
            continue;
        }
        check_length(hand, HIB_COLUMN_ALT, i < n_alts ? alts[i] : NULL, MOST_ALT);
        list[hand->post->n_media++] =
            (HibPostMedia){.media_id = ids[i],
                           .alt = i < n_alts ? hib_arena_strdup(arena, alts[i]) : "",
                           .mime = media->facts.mime,
                           .sha256 = media->sha256,
                           .bytes = media->facts.bytes,
                           .duration_ms = media->facts.duration_ms,
                           .width = media->facts.width,
                           .height = media->facts.height,
                           .state = media->state};
    }
    hand->post->media = list;
    return true;
}

/* --- when, and as what ------------------------------------------------------------------------------------------------------ */
static void
read_moment(Hand *hand)
{
    HibPost *post = hand->post;
    HibArena *arena = hand->desk->arena;
    const char *at = word(hand, HIB_COLUMN_AT), *date = word(hand, HIB_COLUMN_DATE),
               *time = word(hand, HIB_COLUMN_TIME);
    HibBulkColumn column = at ? HIB_COLUMN_AT : date ? HIB_COLUMN_DATE : HIB_COLUMN_TIME;
    HibWall day, hour;
    bool has_time = false;
    if (!at && !date && !time)
        return;
    if (at || (date && !time)) {
        if (!hib_bulk_moment(arena, at ? at : date, hand->desk->zone, &post->due_at, &has_time))
            refuse(hand, column, "bulk.bad_date", at ? at : date);
        else if (!has_time)
            refuse(hand, column, "bulk.no_time", at ? at : date);
        else
            post->has_due_at = true;
        return;
    }
    if (!date) {
        refuse(hand, HIB_COLUMN_TIME, "bulk.no_date", time);
    } else if (!hib_bulk_date(arena, date, &day)) {
        refuse(hand, HIB_COLUMN_DATE, "bulk.bad_date", date);
    } else if (!hib_bulk_time(arena, time, &hour)) {
        refuse(hand, HIB_COLUMN_TIME, "bulk.bad_time", time);
    } else {
        day.hour = hour.hour;
        day.minute = hour.minute;
        day.second = hour.second;
        post->has_due_at = hib_wall_resolve(hand->desk->zone, &day, &post->due_at, NULL);
    }
}

/* -1: says nothing known. */
static int
state_of(HibBulkDesk *desk, const char *text)
{
    HibPostState state = HIB_POST_DRAFT;
    const int known = GPOINTER_TO_INT(g_hash_table_lookup(desk->state_cells, text));
    if (known)
        return known - 2;
    const int found = hib_bulk_state_of(text, &state) ? (int)state : -1;
    g_hash_table_insert(desk->state_cells, (gpointer)text, GINT_TO_POINTER(found + 2));
    return found;
}

static void
note(Hand *hand, HibBulkColumn column, const char *reason)
{
    GError *why = NULL;
    hib_error_set(&why, HIB_ERROR_INVALID, reason, "row %zu", hand->row->row);
    tell(hand, column, true, why);
}

static void
read_state(Hand *hand)
{
    const char *text = cell(hand, HIB_COLUMN_STATE);
    const int state = *text                   ? state_of(hand->desk, text)
                      : hand->desk->schedules ? HIB_POST_SCHEDULED
                                              : HIB_POST_DRAFT;
    if (state < 0)
        refuse(hand, HIB_COLUMN_STATE, "bulk.bad_state", text);
    else if (state != HIB_POST_SCHEDULED && state != HIB_POST_DRAFT)
        note(hand, HIB_COLUMN_STATE, "bulk.as_draft");
    if (state != HIB_POST_SCHEDULED)
        return;
    if (hand->desk->asks_approval) {
        note(hand, HIB_COLUMN_STATE, "bulk.needs_approval");
        return;
    }
    const bool says_when =
        word(hand, HIB_COLUMN_AT) || word(hand, HIB_COLUMN_DATE) || word(hand, HIB_COLUMN_TIME);
    if (!says_when)
        refuse(hand, HIB_COLUMN_DATE, "post.no_time", "");
    hand->row->is_scheduled = hand->post->has_due_at;
}

/* --- all of it ----------------------------------------------------------------------------------------------------------------- */
static HibBulkColumn
column_of_pointer(const char *pointer)
{
    const struct {
        const char *ending;
        HibBulkColumn column;
    } endings[] = {
        {"/text", HIB_COLUMN_TEXT},           {"/title", HIB_COLUMN_TITLE},
        {"/recipient", HIB_COLUMN_RECIPIENT}, {"/first_comment", HIB_COLUMN_FIRST_COMMENT},
        {"/options", HIB_COLUMN_OPTIONS},     {"/media", HIB_COLUMN_MEDIA},
        {"/thread", HIB_COLUMN_THREAD}};
    for (size_t i = 0; i < G_N_ELEMENTS(endings); i++)
        if (g_str_has_suffix(pointer, endings[i].ending))
            return endings[i].column;
    return HIB_COLUMN_ACCOUNTS;
}

static HibPostContent
content_of(const HibPost *post)
{
    return (HibPostContent){.text = post->text,
                            .variants = post->variants,
                            .n_variants = post->n_variants,
                            .media = post->media,
                            .n_media = post->n_media};
}

/* What no draft may be. */
static void
check(Hand *hand)
{
    GError *why = NULL;
    HibPost *post = hand->post;
    HibPostContent content = content_of(post);
    if (!hib_plan_check(&content, &why)) {
        const char *pointer = hib_error_pointer(why);
        const bool is_thread = pointer && strstr(pointer, "/thread");
        tell(hand, is_thread ? HIB_COLUMN_THREAD : column_of_pointer(pointer ? pointer : ""), false,
             why);
        return;
    }
    content = hib_plan_normalise(hand->desk->arena, &content);
    post->text = content.text;
    post->variants = (HibPostVariant *)content.variants;
    if (!*post->text && !post->n_media)
        refuse(hand, HIB_COLUMN_TEXT, "post.empty", "");
}

bool
hib_bulk_read_row(HibBulkDesk *desk, const HibTableRow *cells, HibBulkRow *ret,
                  HibBulkProblems *problems, GError **error)
{
    Hand hand = {
        .desk = desk, .cells = cells, .row = ret, .post = &ret->post, .problems = problems};
    ret->post = (HibPost){.created_at = desk->now,
                          .updated_at = desk->now,
                          .created_by = desk->person,
                          .version = 1,
                          .text = cell(&hand, HIB_COLUMN_TEXT)};
    hand.all.title = word(&hand, HIB_COLUMN_TITLE);
    hand.all.first_comment = word(&hand, HIB_COLUMN_FIRST_COMMENT);
    hand.all.recipient = word(&hand, HIB_COLUMN_RECIPIENT);
    hand.all.options = word(&hand, HIB_COLUMN_OPTIONS);
    check_length(&hand, HIB_COLUMN_TEXT, ret->post.text, MOST_TEXT);
    check_length(&hand, HIB_COLUMN_TITLE, hand.all.title, MOST_TITLE);
    check_length(&hand, HIB_COLUMN_FIRST_COMMENT, hand.all.first_comment, MOST_COMMENT);
    check_length(&hand, HIB_COLUMN_RECIPIENT, hand.all.recipient, MOST_RECIPIENT);
    read_thread(&hand);
    read_format(&hand);
    read_accounts(&hand);
    read_disclosure(&hand);
    read_campaign(&hand);
    read_lang(&hand);
    if (!read_media(&hand, error))
        return false;
    read_moment(&hand);
    read_state(&hand);
    check(&hand);
    return true;
}
