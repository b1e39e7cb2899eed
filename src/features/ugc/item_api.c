/* Posts of customers over HTTP. */
#include "base/error.h"
#include "base/messages.h"
#include "engage/engage.h"
#include "http/call.h"
#include "ugc/search_private.h"
#include "ugc/ugc_private.h"
#include <string.h>

static const char *
handle_of(const HibAccount *accounts, size_t n, const char *account)
{
    for (size_t i = 0; account && i < n; i++)
        if (g_str_equal(accounts[i].id, account))
            return accounts[i].handle;
    return NULL;
}

static int
by_hand_of(const char *block)
{
    return g_strcmp0(block, "not_named") == 0 ? 2 : g_strcmp0(block, "unanswered") == 0 ? 1 : 0;
}

static HibApiUgcItem
to_api(HibArena *arena, const HibUgcItem *item, const HibAccount *accounts, size_t n_accounts)
{
    size_t n;
    const char *block = hib_ugc_ask_block(item, handle_of(accounts, n_accounts, item->account_id));
    const char **pictures = hib_ugc_pictures(arena, item->attachments, &n);
    return (HibApiUgcItem){
        .id = item->id,
        .state = (int)item->state,
        .network = item->network,
        .account_id = item->account_id,
        .has_account_id = item->account_id != NULL,
        .talk_id = item->talk_id,
        .has_talk_id = item->talk_id != NULL,
        .url = item->url,
        .text = item->text,
        .author_handle = item->author_handle,
        .author_name = item->author_name,
        .posted_at = item->posted_at,
        .found_at = item->found_at,
        .purpose = item->purpose,
        .places = item->places,
        .until_day = item->until_day,
        .has_until_day = item->until_day != NULL,
        .asked_at = item->asked_at,
        .has_asked_at = item->has_asked_at,
        .asked_text = item->asked_text,
        .has_asked_text = item->asked_text != NULL,
        .asked_state = (int)item->asked_state,
        .has_asked_state = item->has_asked_state,
        .answer = {.talk_id = item->answer_id,
                   .text = item->answer_text ? item->answer_text : "",
                   .url = item->answer_url ? item->answer_url : "",
                   .at = item->answer_at,
                   .reading = (int)item->answer},
        .has_answer = item->answer_id != NULL,
        .proof = item->proof,
        .media_id = item->media_id,
        .has_media_id = item->media_id != NULL,
        .pictures = pictures,
        .n_pictures = n,
        .source = item->remote_id    ? 2
                  : item->account_id ? 0
                                     : 1,
        .tag = item->tag,
        .by_hand = by_hand_of(block),
        .has_by_hand = block != NULL,
        .can_ask = !block && item->state != HIB_UGC_GRANTED && item->state != HIB_UGC_WITHDRAWN,
        .version = item->version,
    };
}

bool
hib_on_list_ugc(HibCall *call, const HibApiListUgcQuery *in, GError **error)
{
    HibDb *db = hib_call_db(call);
    HibUgcItem *rows;
    HibAccount *accounts;
    const char *next;
    int64_t state = in->state, waiting;
    size_t n, n_accounts;
    if (!hib_ugc_items(db, in->has_state ? &state : NULL, in->has_cursor ? in->cursor : NULL,
                       in->has_limit ? in->limit : 0, &rows, &n, &next, error) ||
        !hib_ugc_waiting(db, &waiting, error) ||
        !hib_accounts_list(db, &accounts, &n_accounts, error))
        return false;
    HibApiUgcItem *out = hib_arena_array(hib_call_arena(call), HibApiUgcItem, n + 1);
    for (size_t i = 0; i < n; i++)
        out[i] = to_api(hib_call_arena(call), &rows[i], accounts, n_accounts);
    const HibApiUgcPage page = {.items = out,
                                .n_items = n,
                                .next_cursor = next,
                                .has_next_cursor = next != NULL,
                                .n_waiting = waiting};
    return hib_reply_ugc_page(call, 200, &page);
}

bool
hib_on_add_ugc(HibCall *call, const HibApiUgcDraft *in, GError **error)
{
    HibUgcItem *item;
    const HibUgcDraft draft = {.talk = in->has_talk_id ? in->talk_id : NULL,
                               .network = in->has_network ? in->network : NULL,
                               .url = in->has_url ? in->url : NULL,
                               .text = in->has_text ? in->text : NULL,
                               .author_handle = in->has_author_handle ? in->author_handle : NULL,
                               .author_name = in->has_author_name ? in->author_name : NULL};
    HibAccount *accounts;
    size_t n;
    if (!hib_ugc_add(hib_call_db(call), &draft, &item, error) ||
        !hib_accounts_list(hib_call_db(call), &accounts, &n, error))
        return false;
    const HibApiUgcItem out = to_api(hib_call_arena(call), item, accounts, n);
    return hib_reply_ugc_item(call, 201, &out);
}

static bool
reply_detail(HibCall *call, const char *id, GError **error)
{
    HibDb *db = hib_call_db(call);
    HibArena *arena = hib_call_arena(call);
    HibUgcItem *item;
    HibSqlUgcSteps *steps;
    HibSqlUgcUses *uses = NULL;
    HibAccount *accounts;
    size_t n, n_uses = 0, n_accounts;
    if (!hib_ugc_item(db, id, &item, error) ||
        !hib_accounts_list(db, &accounts, &n_accounts, error) ||
        !hib_ugc_history(db, id, &steps, &n, error) ||
        (item->media_id && !hib_ugc_used(db, item->media_id, &uses, &n_uses, error)))
        return false;
    HibApiUgcStep *out = hib_arena_array(arena, HibApiUgcStep, n + 1);
    for (size_t i = 0; i < n; i++)
        out[i] = (HibApiUgcStep){.at = steps[i].at,
                                 .kind = (int)steps[i].kind,
                                 .text = steps[i].text,
                                 .ref_id = steps[i].ref,
                                 .has_ref_id = steps[i].ref != NULL,
                                 .person_name = steps[i].person_name,
                                 .has_person_name = steps[i].person_name != NULL};
    HibApiUgcUse *used = hib_arena_array(arena, HibApiUgcUse, n_uses + 1);
    for (size_t i = 0; i < n_uses; i++)
        used[i] = (HibApiUgcUse){.post_id = uses[i].post_id,
                                 .text = uses[i].text,
                                 .state = hib_api_post_state_names[uses[i].state]};
    const HibApiUgcDetail detail = {.item = to_api(arena, item, accounts, n_accounts),
                                    .steps = out,
                                    .n_steps = n,
                                    .uses = used,
                                    .n_uses = n_uses};
    return hib_reply_ugc_detail(call, 200, &detail);
}

bool
hib_on_get_ugc(HibCall *call, const char *item, GError **error)
{
    return reply_detail(call, item, error);
}

static HibUgcAsk
ask_of(const HibApiUgcAsk *in)
{
    return (HibUgcAsk){.purpose = in->purpose,
                       .places = in->places,
                       .until_day = in->has_until_day ? in->until_day : NULL,
                       .text = in->has_text ? in->text : NULL,
                       .again = in->has_again && in->again};
}

bool
hib_on_ask_ugc(HibCall *call, const char *item, const HibApiUgcAsk *in, GError **error)
{
    const HibUgcAsk ask = ask_of(in);
    return hib_ugc_ask(hib_call_db(call), item, &ask, error) && reply_detail(call, item, error);
}

bool
hib_on_preview_ugc_request(HibCall *call, const char *id, const HibApiUgcAsk *in, GError **error)
{
    const HibUgcAsk ask = ask_of(in);
    HibUgcItem *item;
    const char *text;
    if (!hib_ugc_item(hib_call_db(call), id, &item, error) ||
        !hib_ugc_request(hib_call_db(call), item, &ask, &text, error))
        return false;
    const HibNetwork *network = hib_network_find(item->network);
    const HibNetCount count =
        network ? hib_net_count(network, HIB_FORMAT_POST, text) : (HibNetCount){0};
    const HibApiUgcRequest out = {.text = text, .length = count.used, .limit = count.max};
    return hib_reply_ugc_request(call, 200, &out);
}

bool
hib_on_decide_ugc(HibCall *call, const char *item, const HibApiUgcDecision *in, GError **error)
{
    static const HibUgcState states[] = {HIB_UGC_GRANTED, HIB_UGC_REFUSED, HIB_UGC_WITHDRAWN};
    const HibUgcDecision decision = {.state = states[in->decision],
                                     .note = in->has_note ? in->note : NULL,
                                     .media = in->has_media_id ? in->media_id : NULL,
                                     .until_day = in->has_until_day ? in->until_day : NULL,
                                     .proof = in->has_proof ? in->proof : NULL,
                                     .version = in->version};
    return hib_ugc_decide(hib_call_db(call), item, &decision, error) &&
           reply_detail(call, item, error);
}

/* --- what is looked for ------------------------------------------------------------------------------------------------------ */
static const char **
split(HibArena *arena, const char *text, const char *between, size_t *ret_n)
{
    g_auto(GStrv) all = g_strsplit(text, between, -1);
    const char **out = hib_arena_array(arena, const char *, g_strv_length(all) + 1);
    *ret_n = 0;
    for (size_t i = 0; all[i]; i++)
        if (*all[i])
            out[(*ret_n)++] = hib_arena_strdup(arena, all[i]);
    return out;
}

static bool
reply_setting(HibCall *call, GError **error)
{
    HibArena *arena = hib_call_arena(call);
    HibUgcSetting setting;
    if (!hib_ugc_setting(hib_call_db(call), &setting, error))
        return false;
    HibApiUgcSetting out = {.mentions = setting.mentions,
                            .wording = *setting.wording
                                           ? setting.wording
                                           : hib_message(hib_call_locale(call), "ugc.request"),
                            .is_usual = !*setting.wording,
                            .version = setting.version};
    out.most_a_day = setting.most_a_day;
    out.tags = split(arena, setting.tags, "\n", &out.n_tags);
    out.networks = split(arena, setting.networks, " ", &out.n_networks);
    out.yes_words = split(arena, setting.yes_words, "\n", &out.n_yes_words);
    out.no_words = split(arena, setting.no_words, "\n", &out.n_no_words);
    return hib_reply_ugc_setting(call, 200, &out);
}

bool
hib_on_get_ugc_setting(HibCall *call, GError **error)
{
    return reply_setting(call, error);
}

static char *
join(const char *const *words, size_t n)
{
    GString *out = g_string_new(NULL);
    for (size_t i = 0; i < n; i++)
        g_string_append_printf(out, "%s%s", i ? " " : "", words[i]);
    return g_string_free(out, FALSE);
}

bool
hib_on_put_ugc_setting(HibCall *call, const HibApiUgcSettingDraft *in, GError **error)
{
    HibArena *arena = hib_call_arena(call);
    g_autofree char *networks = join(in->networks, in->n_networks);
    const HibUgcSetting setting = {.tags = hib_ugc_tags(arena, in->tags, in->n_tags),
                                   .networks = networks,
                                   .most_a_day = in->most_a_day,
                                   .mentions = in->mentions,
                                   .wording = in->wording,
                                   .yes_words =
                                       hib_ugc_lines(arena, in->yes_words, in->n_yes_words),
                                   .no_words = hib_ugc_lines(arena, in->no_words, in->n_no_words),
                                   .version = in->version};
    return hib_ugc_set_setting(hib_call_db(call), &setting, error) && reply_setting(call, error);
}
