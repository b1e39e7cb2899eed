/* Posts of customers: found in what was said to the accounts, or added by hand; each once. And what is looked for. */
#include "base/error.h"
#include "base/id.h"
#include "base/json.h"
#include "base/limits.h"
#include "engage/engage.h"
#include "team/team.h"
#include "ugc/search_private.h"
#include "ugc/ugc_private.h"
#include <string.h>

#define PAGE_USUAL 50

/* --- reading ----------------------------------------------------------------------------------------------------------------- */
bool
hib_ugc_item(HibDb *db, const char *item, HibUgcItem **ret, GError **error)
{
    if (!hib_sql_ugc_item_get(db, item, ret, error))
        return false;
    if (!*ret)
        hib_error_set(error, HIB_ERROR_NOT_FOUND, "ugc.unknown", "no item %s", item);
    return *ret != NULL;
}

static bool
read_cursor(const char *cursor, HibInstant *at, const char **id, GError **error)
{
    *at = INT64_MAX;
    *id = "";
    if (!cursor)
        return true;
    char *rest = NULL;
    *at = g_ascii_strtoll(cursor, &rest, 10);
    *id = rest + 1;
    if (rest != cursor && *rest == '.' && hib_id_valid(*id))
        return true;
    hib_error_set_at(error, HIB_ERROR_INVALID, "ugc.bad_cursor", "?cursor", "no cursor of ours");
    return false;
}

bool
hib_ugc_items(HibDb *db, const int64_t *state, const char *cursor, int64_t most, HibUgcItem **ret,
              size_t *ret_n, const char **ret_next, GError **error)
{
    HibInstant before;
    const char *id;
    most = CLAMP(most ? most : PAGE_USUAL, 1, HIB_LIMIT_PAGE);
    *ret_next = NULL;
    if (!read_cursor(cursor, &before, &id, error) ||
        !hib_sql_ugc_item_list(db, before, id, state, most + 1, ret, ret_n, error))
        return false;
    if (*ret_n > (size_t)most) {
        const HibUgcItem *last = &(*ret)[most - 1];
        *ret_n = (size_t)most;
        *ret_next =
            hib_arena_printf(hib_db_arena(db), "%" G_GINT64_FORMAT ".%s", last->found_at, last->id);
    }
    return true;
}

bool
hib_ugc_waiting(HibDb *db, int64_t *ret, GError **error)
{
    HibSqlUgcItemWaiting *row;
    if (!hib_sql_ugc_item_waiting(db, &row, error))
        return false;
    *ret = row ? row->n : 0;
    return true;
}

bool
hib_ugc_history(HibDb *db, const char *item, HibSqlUgcSteps **ret, size_t *ret_n, GError **error)
{
    return hib_sql_ugc_steps(db, item, ret, ret_n, error);
}

bool
hib_ugc_used(HibDb *db, const char *media, HibSqlUgcUses **ret, size_t *ret_n, GError **error)
{
    return hib_sql_ugc_uses(db, media, ret, ret_n, error);
}

const char **
hib_ugc_pictures(HibArena *arena, const char *attachments, size_t *ret_n)
{
    HibJson in;
    *ret_n = 0;
    if (!attachments || !hib_json_parse(arena, attachments, strlen(attachments), &in, NULL) ||
        !cJSON_IsArray(in.value))
        return NULL;
    const char **out = hib_arena_array(arena, const char *, hib_json_count(in) + 1);
    for (HibJson one = hib_json_first(in); one.value; one = hib_json_next(in, one)) {
        const char *kind = "", *url = NULL;
        if (cJSON_IsObject(one.value) && hib_json_opt_text(one, "kind", &kind, NULL) &&
            g_strcmp0(kind, "image") == 0 && hib_json_opt_text(one, "url", &url, NULL) && url &&
            g_str_has_prefix(url, "http"))
            out[(*ret_n)++] = url;
    }
    return out;
}

/* --- adding ------------------------------------------------------------------------------------------------------------------ */
bool
hib_ugc_step(HibDb *db, const char *item, HibUgcStepKind kind, const char *text, const char *ref,
             GError **error)
{
    const char *actor = NULL;
    const char *person = hib_db_actor(db, &actor) == HIB_ACTOR_PERSON ? actor : NULL;
    return hib_sql_ugc_step_add(db, item, hib_db_new_id(db), hib_db_now(db), kind, text ? text : "",
                                ref, person, error) &&
           hib_event_emit(db, "ugc.changed", item, NULL, error);
}

bool
hib_ugc_take_talk(HibDb *db, const HibUgcTalk *talk, const char **ret_id, GError **error)
{
    HibAccount *account;
    const char *id = hib_db_new_id(db);
    int64_t added = 0;
    *ret_id = NULL;
    if (!hib_accounts_find(db, talk->account_id, &account, error) ||
        !hib_sql_ugc_item_add(db, id, talk->id, talk->account_id, account ? account->network : "",
                              talk->url, talk->text, talk->author_id, talk->author_handle,
                              talk->author_name, talk->attachments, talk->at, hib_db_now(db),
                              &added, error))
        return false;
    if (!added)
        return true;
    *ret_id = id;
    return hib_ugc_step(db, id, HIB_UGC_STEP_FOUND, "", talk->id, error);
}

static bool
add_by_link(HibDb *db, const HibUgcDraft *draft, const char **ret_id, GError **error)
{
    const char *id = hib_db_new_id(db), *author = draft->author_handle ? draft->author_handle : "";
    HibInstant now = hib_db_now(db);
    int64_t added = 0;
    bool is_link = draft->url && (g_str_has_prefix(draft->url, "https://") ||
                                  g_str_has_prefix(draft->url, "http://"));
    *ret_id = NULL;
    if (!is_link)
        hib_error_set_at(error, HIB_ERROR_INVALID, "ugc.no_link", "/url", "no link");
    else if (!draft->network || !hib_network_find(draft->network))
        hib_error_set_at(error, HIB_ERROR_INVALID, "ugc.network_unknown", "/network", "not known");
    else if (hib_sql_ugc_item_add(db, id, NULL, NULL, draft->network, draft->url,
                                  draft->text ? draft->text : "", author, author,
                                  draft->author_name ? draft->author_name : author, NULL, now, now,
                                  &added, error)) {
        *ret_id = added ? id : NULL;
        return !added || hib_ugc_step(db, id, HIB_UGC_STEP_FOUND, "", NULL, error);
    }
    return false;
}

static bool
add_talk(HibDb *db, const char *talk, const char **ret_id, GError **error)
{
    HibUgcTalk *row;
    if (!hib_sql_ugc_talk(db, talk, &row, error))
        return false;
    if (!row || row->is_own || row->is_deleted) {
        hib_error_set_at(error, HIB_ERROR_NOT_FOUND, "engage.unknown", "/talk_id",
                         "nothing of a customer's of id %s", talk);
        return false;
    }
    return hib_ugc_take_talk(db, row, ret_id, error);
}

bool
hib_ugc_add(HibDb *db, const HibUgcDraft *draft, HibUgcItem **ret, GError **error)
{
    const char *id = NULL;
    g_autoptr(HibTx) tx = hib_tx_begin(db, error);
    if (!tx ||
        !(draft->talk ? add_talk(db, draft->talk, &id, error) : add_by_link(db, draft, &id, error)))
        return false;
    if (!id) {
        hib_error_set(error, HIB_ERROR_CONFLICT, "ugc.twice", "it is there already");
        return false;
    }
    return hib_audit(db, "ugc.add", "ugc", id, NULL, NULL, error) &&
           hib_ugc_item(db, id, ret, error) && hib_tx_commit(tx, error);
}

/* --- words ------------------------------------------------------------------------------------------------------------------- */
/* Hashtags stay as they are written, but for their width: networks are asked for them so, and コーヒー is not こーひー there. Two that are compared as one are one. */
static const char *
lines_of(HibArena *arena, const char *const *words, size_t n, bool is_tag)
{
    g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);
    g_autoptr(GString) out = g_string_new(NULL);
    for (size_t i = 0; i < n; i++) {
        g_autofree char *text =
            is_tag ? g_utf8_normalize(words[i], -1, G_NORMALIZE_ALL_COMPOSE) : g_strdup(words[i]);
        for (char *at = text; at && *at; at++)
            if ((guchar)*at < ' ' || *at == 127)
                *at = ' ';
        const char *word = text ? hib_arena_strdup(arena, g_strstrip(text)) : "";
        while (is_tag && *word == '#')
            word++;
        const char *key = is_tag ? hib_media_fold(arena, word) : word;
        if (*word && g_hash_table_add(seen, (gpointer)key))
            g_string_append_printf(out, "%s%s", out->len ? "\n" : "", word);
    }
    return hib_arena_strdup(arena, out->str);
}

const char *
hib_ugc_tags(HibArena *arena, const char *const *tags, size_t n)
{
    return lines_of(arena, tags, n, true);
}

const char *
hib_ugc_lines(HibArena *arena, const char *const *words, size_t n)
{
    return lines_of(arena, words, n, false);
}

/* --- what is looked for ------------------------------------------------------------------------------------------------------ */
bool
hib_ugc_setting(HibDb *db, HibUgcSetting *ret, GError **error)
{
    HibSqlUgcSetting *row;
    if (!hib_sql_ugc_setting(db, &row, error))
        return false;
    *ret = row ? (HibUgcSetting){.tags = row->tags,
                                 .mentions = row->mentions,
                                 .wording = row->wording,
                                 .yes_words = row->yes_words,
                                 .no_words = row->no_words,
                                 .networks = row->networks,
                                 .most_a_day = row->most_a_day,
                                 .talk_id = row->talk_id,
                                 .version = row->version}
               : (HibUgcSetting){.tags = "",
                                 .wording = "",
                                 .yes_words = "#承諾\n承諾\nはい\nok\nyes\nどうぞ",
                                 .no_words = "いいえ\nお断り\n不可\nだめ\nno",
                                 .networks = "",
                                 .most_a_day = 200,
                                 .talk_id = ""};
    return true;
}

static bool
check_networks(const char *networks, GError **error)
{
    g_auto(GStrv) all = g_strsplit(networks, " ", -1);
    for (size_t i = 0; *networks && all[i]; i++) {
        const HibNetwork *network = hib_network_find(all[i]);
        if (network && network->limits()->search)
            continue;
        hib_error_set_at(error, HIB_ERROR_INVALID, "ugc.no_search", "/networks", "not at %s",
                         all[i]);
        return false;
    }
    return true;
}

bool
hib_ugc_set_setting(HibDb *db, const HibUgcSetting *setting, GError **error)
{
    int64_t changed = 0;
    HibInstant now = hib_db_now(db);
    const char *from = hib_ugc_talk_at(hib_db_arena(db), now - 30 * HIB_DAY);
    g_autoptr(HibTx) tx = hib_tx_begin(db, error);
    if (!tx || !check_networks(setting->networks, error) ||
        !hib_sql_ugc_setting_put(db, setting->tags, setting->mentions, setting->wording,
                                 setting->yes_words, setting->no_words, setting->networks,
                                 setting->most_a_day, from, setting->version, &changed, error))
        return false;
    if (!changed) {
        hib_error_set(error, HIB_ERROR_CONFLICT, "ugc.edited", "another version is stored");
        return false;
    }
    return hib_job_add(db, HIB_JOB_UGC_GATHER, "", NULL, NULL, now, NULL, error) &&
           hib_ugc_search_soon(db, error) &&
           hib_audit(db, "ugc.setting", "ugc", "", NULL, NULL, error) && hib_tx_commit(tx, error);
}
