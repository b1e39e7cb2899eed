/* The columns of a table of posts, in both languages, with the names other tools and people give them; and the words their cells hold. */
#include "base/messages.h"
#include "bulk/bulk_private.h"
#include "text/count.h"
#include <string.h>

#define MOST_NAMES 8

typedef struct {
    const char *key, *names[MOST_NAMES]; /* folded; what messages/ calls it is taken too */
} Column;

static const Column columns[HIB_COLUMN_ALL] = {
    [HIB_COLUMN_DATE] = {"date", {"投稿日", "予約日", "公開日", "day"}},
    [HIB_COLUMN_TIME] = {"time", {"時間", "投稿時刻", "投稿時間", "予約時刻"}},
    [HIB_COLUMN_ACCOUNTS] = {"accounts",
                             {"account", "投稿先", "ネットワーク", "network", "networks", "sns",
                              "媒体"}},
    [HIB_COLUMN_TEXT] = {"text",
                         {"テキスト", "投稿文", "投稿内容", "内容", "message", "body", "caption",
                          "キャプション"}},
    [HIB_COLUMN_THREAD] = {"thread", {"スレッド", "続きの投稿"}},
    [HIB_COLUMN_FIRST_COMMENT] = {"first_comment", {"コメント", "初回コメント", "comment"}},
    [HIB_COLUMN_TITLE] = {"title", {"題名", "件名"}},
    [HIB_COLUMN_FORMAT] = {"format", {"投稿の種類", "種類", "post type", "type"}},
    [HIB_COLUMN_MEDIA] = {"media",
                          {"画像", "写真", "動画", "メディアid", "image", "images", "media id"}},
    [HIB_COLUMN_ALT] = {"alt", {"alt", "altテキスト", "画像の説明"}},
    [HIB_COLUMN_CAMPAIGN] = {"campaign", {"企画", "キャンペーン名", "campaign name"}},
    [HIB_COLUMN_STATE] = {"state", {"ステータス", "status"}},
    [HIB_COLUMN_DISCLOSURE] = {"disclosure", {"広告表示", "pr表記", "ad"}},
    [HIB_COLUMN_LANG] = {"lang", {"lang"}},
    [HIB_COLUMN_RECIPIENT] = {"recipient", {"送り先"}},
    [HIB_COLUMN_OPTIONS] = {"options", {"設定"}},
    [HIB_COLUMN_AT] = {"at",
                       {"投稿日時", "予約日時", "公開日時", "datetime", "scheduled at",
                        "publish date"}},
};

const char *
hib_bulk_column_key(HibBulkColumn column)
{
    return columns[column].key;
}

static const char *
worded(const char *locale, const char *area, const char *key)
{
    g_autofree char *name = g_strconcat(area, key, NULL);
    return hib_message(locale, name);
}

const char *
hib_bulk_column_name(const char *locale, HibBulkColumn column)
{
    return worded(locale, "bulk.column.", columns[column].key);
}

/* Most cells are plain ASCII, and there are many. */
const char *
hib_bulk_fold(HibArena *arena, const char *text)
{
    if (!g_str_is_ascii(text))
        return g_strstrip(hib_text_search_form(arena, text));
    char *copy = hib_arena_strdup(arena, text);
    for (char *at = copy; *at; at++)
        *at = g_ascii_tolower(*at);
    return g_strstrip(copy);
}

/* Whether it is the message `area` + `key` of either language. */
static bool
is_worded(HibArena *arena, const char *folded, const char *area, const char *key)
{
    return strcmp(folded, hib_bulk_fold(arena, worded("ja", area, key))) == 0 ||
           strcmp(folded, hib_bulk_fold(arena, worded("en", area, key))) == 0;
}

static bool
is_called(HibArena *arena, const char *folded, const Column *column)
{
    for (size_t i = 0; i < MOST_NAMES && column->names[i]; i++)
        if (strcmp(folded, column->names[i]) == 0)
            return true;
    return strcmp(folded, column->key) == 0 ||
           is_worded(arena, folded, "bulk.column.", column->key);
}

bool
hib_bulk_column_of(const char *head, HibBulkColumn *ret)
{
    g_autoptr(HibArena) arena = hib_arena_new();
    const char *folded = hib_bulk_fold(arena, head);
    for (HibBulkColumn i = 0; i < HIB_COLUMN_ALL; i++)
        if (is_called(arena, folded, &columns[i])) {
            *ret = i;
            return true;
        }
    return false;
}

/* --- words of cells ---------------------------------------------------------------------------------------------- */
bool
hib_bulk_state_of(const char *cell, HibPostState *ret)
{
    g_autoptr(HibArena) arena = hib_arena_new();
    const char *folded = hib_bulk_fold(arena, cell);
    for (int i = 0; i < HIB_POST_STATES; i++)
        if (strcmp(folded, hib_api_post_state_names[i]) == 0 ||
            is_worded(arena, folded, "bulk.state.", hib_api_post_state_names[i])) {
            *ret = (HibPostState)i;
            return true;
        }
    return false;
}

const char *
hib_bulk_state_name(const char *locale, HibPostState state)
{
    return worded(locale, "bulk.state.", hib_api_post_state_names[state]);
}

bool
hib_bulk_format_of(const char *cell, HibNetFormat *ret)
{
    static const char *const words[HIB_FORMAT_N] = {"投稿",         "リール",    "ストーリーズ",
                                                    "動画",         "ショート",  "一斉配信",
                                                    "絞り込み配信", "メッセージ"};
    g_autoptr(HibArena) arena = hib_arena_new();
    const char *folded = hib_bulk_fold(arena, cell);
    for (int i = 0; i < HIB_FORMAT_N; i++)
        if (strcmp(folded, hib_net_format_name((HibNetFormat)i)) == 0 ||
            strcmp(folded, words[i]) == 0) {
            *ret = (HibNetFormat)i;
            return true;
        }
    return false;
}

static const char *const told[] = {"advertising", "own_brand", "ai_made"};

bool
hib_bulk_disclosure_of(const char *word, HibNetDisclosure *disclosure)
{
    bool *const flags[] = {&disclosure->is_advertising, &disclosure->is_own_brand,
                           &disclosure->is_ai_made};
    g_autoptr(HibArena) arena = hib_arena_new();
    const char *folded = hib_bulk_fold(arena, word);
    for (size_t i = 0; i < G_N_ELEMENTS(told); i++)
        if (strcmp(folded, told[i]) == 0 || is_worded(arena, folded, "bulk.disclosure.", told[i])) {
            *flags[i] = true;
            return true;
        }
    return false;
}

const char *
hib_bulk_disclosure_cell(HibArena *arena, const char *locale, HibNetDisclosure disclosure)
{
    const bool flags[] = {disclosure.is_advertising, disclosure.is_own_brand,
                          disclosure.is_ai_made};
    g_autoptr(GString) out = g_string_new("");
    for (size_t i = 0; i < G_N_ELEMENTS(told); i++)
        if (flags[i])
            g_string_append_printf(out, "%s%s", out->len ? "; " : "",
                                   worded(locale, "bulk.disclosure.", told[i]));
    return hib_arena_strdup(arena, out->str);
}

const char **
hib_bulk_split(HibArena *arena, const char *cell, size_t *ret_n)
{
    static const char *const between[] = {"\n", ",", ";", "、", "，", "；"};
    const char **out = hib_arena_array(arena, const char *, strlen(cell) / 2 + 2);
    const char *start = cell;
    *ret_n = 0;
    for (const char *at = cell;; at++) {
        size_t n = 0;
        for (size_t i = 0; !n && i < G_N_ELEMENTS(between); i++)
            n = g_str_has_prefix(at, between[i]) ? strlen(between[i]) : 0;
        if (*at && !n)
            continue;
        char *part = g_strstrip(hib_arena_strndup(arena, start, (size_t)(at - start)));
        if (*part)
            out[(*ret_n)++] = part;
        if (!*at)
            return out;
        start = at + n;
        at = start - 1;
    }
}
