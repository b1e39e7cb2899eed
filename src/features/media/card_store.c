/* Cards in the store. What is searched (`words`) is written anew with each change of a card or its tags. */
#include "base/error.h"
#include "base/json.h"
#include "media/card.sql.h"
#include "media/media_private.h"
#include "team/team.h"
#include <string.h>

static const char *const none[] = {NULL};

/* --- reading ---------------------------------------------------------------------------------------------------------------- */
static HibMediaCard
card_of(const HibSqlCardRow *row)
{
    return (HibMediaCard){.title = row->title,
                          .note = row->note,
                          .alt = row->alt,
                          .owner = row->owner,
                          .licence = (HibLicence)row->licence,
                          .terms = row->terms,
                          .source = row->source,
                          .expires_on = row->expires_on,
                          .consent = (HibConsent)row->consent,
                          .consent_until = row->consent_until,
                          .consent_paper = row->consent_paper,
                          .tags = none,
                          .version = row->version};
}

/* Tags come in one list, those of a media together. */
static bool
add_tags(HibDb *db, const char *ids, int64_t n, GHashTable *cards, GError **error)
{
    HibSqlCardTags *rows = NULL;
    size_t n_rows = 0;
    if (!hib_sql_card_tags(db, ids, n, &rows, &n_rows, error))
        return false;
    for (size_t i = 0; i < n_rows;) {
        HibMediaCard *card = g_hash_table_lookup(cards, rows[i].media_id);
        size_t end = i;
        while (end < n_rows && strcmp(rows[end].media_id, rows[i].media_id) == 0)
            end++;
        const char **tags = hib_arena_array(hib_db_arena(db), const char *, end - i + 1);
        for (size_t k = i; k < end; k++)
            tags[k - i] = rows[k].tag;
        if (card) {
            card->tags = tags;
            card->n_tags = end - i;
        }
        i = end;
    }
    return true;
}

bool
hib_media_cards(HibDb *db, const char *const *ids, size_t n, HibMedia **ret_media,
                HibMediaCard **ret_cards, GError **error)
{
    HibArena *arena = hib_db_arena(db);
    g_autoptr(GString) all = g_string_new(NULL);
    g_autoptr(GHashTable) cards = g_hash_table_new(g_str_hash, g_str_equal);
    HibSqlCardRow *rows = NULL;
    size_t n_rows = 0;
    for (size_t i = 0; i < n; i++)
        g_string_append(all, ids[i]);
    if (n == 0)
        return true;
    if (!hib_media_many(db, ids, all->str, n, ret_media, error) ||
        !hib_sql_card_many(db, all->str, (int64_t)n, &rows, &n_rows, error))
        return false;
    HibMediaCard *found = hib_arena_array(arena, HibMediaCard, n_rows + 1);
    for (size_t i = 0; i < n_rows; i++) {
        found[i] = card_of(&rows[i]);
        g_hash_table_insert(cards, (gpointer)rows[i].id, &found[i]);
    }
    if (!add_tags(db, all->str, (int64_t)n, cards, error))
        return false;
    for (size_t i = 0; i < n; i++)
        ret_cards[i] = g_hash_table_lookup(cards, ids[i]);
    return true;
}

static bool
get_one(HibDb *db, const char *id, HibMedia **ret, HibMediaCard **ret_card, GError **error)
{
    if (!hib_media_cards(db, &id, 1, ret, ret_card, error))
        return false;
    if (!*ret)
        hib_error_set(error, HIB_ERROR_NOT_FOUND, "media.unknown", "no media %s", id);
    else if ((*ret)->is_deleted)
        hib_error_set(error, HIB_ERROR_GONE, "media.deleted", "media %s was deleted", id);
    return *ret && !(*ret)->is_deleted;
}

/* --- writing ---------------------------------------------------------------------------------------------------------------- */
static const char *
describe(HibArena *arena, const HibMediaCard *card)
{
    cJSON *out = cJSON_CreateObject();
    const struct {
        const char *name, *text;
    } texts[] = {
        {"title", card->title},
        {"note", card->note},
        {"alt", card->alt},
        {"owner", card->owner},
        {"licence", hib_api_media_card_licence_names[card->licence]},
        {"terms", card->terms},
        {"source", card->source},
        {"expires_on", card->expires_on},
        {"consent", hib_api_media_card_consent_names[card->consent]},
        {"consent_until", card->consent_until},
        {"consent_paper", card->consent_paper},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(texts); i++)
        if (texts[i].text && *texts[i].text)
            cJSON_AddStringToObject(out, texts[i].name, texts[i].text);
    cJSON *tags = cJSON_AddArrayToObject(out, "tags");
    for (size_t i = 0; i < card->n_tags; i++)
        cJSON_AddItemToArray(tags, cJSON_CreateString(card->tags[i]));
    return hib_json_print(arena, out);
}

static bool
write_tags(HibDb *db, const char *media, const char *const *tags, size_t n, GError **error)
{
    int64_t added = 0;
    if (!hib_sql_card_drop_tags(db, media, error))
        return false;
    for (size_t i = 0; i < n; i++)
        if (!hib_sql_card_add_tag(db, media, tags[i], &added, error))
            return false;
    return true;
}

/* What follows each change: the words, the event, the audit line. */
static bool
record(HibDb *db, const HibMedia *media, const HibMediaCard *before, const HibMediaCard *after,
       GError **error)
{
    HibArena *arena = hib_db_arena(db);
    return hib_sql_card_words(db, media->id, hib_card_words(arena, media->name, after), error) &&
           hib_event_emit(db, "media.card", media->id, NULL, error) &&
           hib_audit(db, "media.card", "media", media->id, describe(arena, before),
                     describe(arena, after), error);
}

bool
hib_media_set_card(HibDb *db, const char *id, const HibMediaCard *card, GError **error)
{
    HibMedia *media = NULL;
    HibMediaCard *before = NULL, after;
    int64_t changed = 0;
    g_autoptr(HibTx) tx = hib_tx_begin(db, error);
    if (!tx || !get_one(db, id, &media, &before, error) ||
        !hib_card_take(hib_db_arena(db), card, &after, error) ||
        !hib_sql_card_update(db, id, card->version, after.title, after.note, after.alt, after.owner,
                             (int64_t)after.licence, after.terms, after.source, after.expires_on,
                             (int64_t)after.consent, after.consent_until, after.consent_paper,
                             &changed, error))
        return false;
    if (!changed) {
        hib_error_set(error, HIB_ERROR_CONFLICT, "media.edited",
                      "version %" G_GINT64_FORMAT " is stored", before->version);
        return false;
    }
    return write_tags(db, id, after.tags, after.n_tags, error) &&
           record(db, media, before, &after, error) && hib_tx_commit(tx, error);
}

bool
hib_card_index(HibDb *db, const HibMedia *media, GError **error)
{
    HibMedia *found = NULL;
    HibMediaCard *card = NULL;
    return hib_media_cards(db, &media->id, 1, &found, &card, error) &&
           hib_sql_card_words(db, media->id, hib_card_words(hib_db_arena(db), media->name, card),
                              error);
}

static bool
tag_one(HibDb *db, const char *id, const char *const *add, size_t n_add, const char *const *drop,
        size_t n_drop, bool *ret_changed, GError **error)
{
    HibMedia *media = NULL;
    HibMediaCard *before = NULL, *after = NULL;
    int64_t changed = 0, one = 0;
    if (!get_one(db, id, &media, &before, error))
        return false;
    for (size_t i = 0; i < n_drop; i++, changed += one)
        if (!hib_sql_card_drop_tag(db, id, drop[i], &one, error))
            return false;
    for (size_t i = 0; i < n_add; i++, changed += one)
        if (!hib_sql_card_add_tag(db, id, add[i], &one, error))
            return false;
    *ret_changed = changed > 0;
    if (!changed)
        return true;
    if (!get_one(db, id, &media, &after, error))
        return false;
    if (after->n_tags > HIB_MEDIA_TAGS) {
        hib_error_set_at(error, HIB_ERROR_INVALID, "media.too_many_tags", "/add", "%zu tags",
                         after->n_tags);
        return false;
    }
    return hib_sql_card_touch(db, id, &one, error) && record(db, media, before, after, error);
}

bool
hib_media_tag(HibDb *db, const char *const *ids, size_t n, const char *const *add, size_t n_add,
              const char *const *drop, size_t n_drop, int64_t *ret_n, GError **error)
{
    HibArena *arena = hib_db_arena(db);
    add = hib_card_tags(arena, add, n_add, &n_add);
    drop = hib_card_tags(arena, drop, n_drop, &n_drop);
    *ret_n = 0;
    g_autoptr(HibTx) tx = hib_tx_begin(db, error);
    for (size_t i = 0; tx && i < n; i++) {
        bool is_changed = false;
        if (!tag_one(db, ids[i], add, n_add, drop, n_drop, &is_changed, error))
            return false;
        *ret_n += is_changed;
    }
    return tx && hib_tx_commit(tx, error);
}

#define MOST_TAGS 500

bool
hib_media_tags(HibDb *db, HibMediaTagCount **ret, size_t *ret_n, GError **error)
{
    HibSqlCardAllTags *rows = NULL;
    if (!hib_sql_card_all_tags(db, MOST_TAGS, &rows, ret_n, error))
        return false;
    *ret = hib_arena_array(hib_db_arena(db), HibMediaTagCount, *ret_n + 1);
    for (size_t i = 0; i < *ret_n; i++)
        (*ret)[i] = (HibMediaTagCount){rows[i].tag, rows[i].n};
    return true;
}
