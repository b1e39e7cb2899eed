/* Campaigns people take part in, over HTTP. */
#include "base/error.h"
#include "base/id.h"
#include "base/limits.h"
#include "http/call.h"
#include "ugc/condition_private.h"
#include "ugc/ugc_private.h"
#include <string.h>

#define PAGE_USUAL 100

/* --- out --------------------------------------------------------------------------------------------------------------------- */
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

static HibApiUgcCampaignDraft
content_to_api(HibArena *arena, const HibContest *row, const HibPrize *prizes, size_t n)
{
    HibApiUgcCampaignDraft out = {.name = row->name,
                                  .campaign_id = row->campaign_id,
                                  .has_campaign_id = row->campaign_id != NULL,
                                  .premium = (int)row->premium,
                                  .price_yen = row->price_yen,
                                  .sales_yen = row->sales_yen,
                                  .opens_at = row->opens_at,
                                  .closes_at = row->closes_at,
                                  .way = (int)row->way,
                                  .tag = row->tag,
                                  .post_id = row->post_id,
                                  .has_post_id = row->post_id != NULL,
                                  .also = row->also,
                                  .n_substitutes = row->n_substitutes,
                                  .wording = row->wording,
                                  .answer_days = row->answer_days,
                                  .n_prizes = n};
    out.networks = split(arena, row->networks, " ", &out.n_networks);
    out.staff = split(arena, row->staff, "\n", &out.n_staff);
    out.blocked = split(arena, row->blocked, "\n", &out.n_blocked);
    out.checked = split(arena, row->checked, "\n", &out.n_checked);
    out.asks = hib_arena_array(arena, int, HIB_NET_LIKED + 1);
    for (int deed = HIB_NET_FOLLOWS; deed <= HIB_NET_LIKED; deed++)
        if (hib_contest_asks(row, (HibNetDeed)deed))
            out.asks[out.n_asks++] = deed;
    out.prizes = hib_arena_array(arena, HibApiUgcPrize, n + 1);
    for (size_t i = 0; i < n; i++)
        out.prizes[i] = (HibApiUgcPrize){
            .name = prizes[i].name, .n = prizes[i].n, .value_yen = prizes[i].value_yen};
    return out;
}

static HibApiUgcDraw
draw_to_api(const HibDraw *draw)
{
    return (HibApiUgcDraw){.n = draw->n,
                           .reason = draw->reason,
                           .commitment = draw->commitment,
                           .committed_at = draw->committed_at,
                           .seed = draw->seed,
                           .has_seed = draw->seed != NULL,
                           .outside = draw->outside,
                           .has_outside = draw->outside != NULL,
                           .entries_hash = draw->entries_hash,
                           .n_entries = draw->n_entries,
                           .drawn_at = draw->drawn_at,
                           .has_drawn_at = draw->has_drawn_at,
                           .drawn_by = draw->drawn_by,
                           .has_drawn_by = draw->drawn_by != NULL};
}

static HibApiUgcProbe *
probes_to_api(HibArena *arena, const HibUgcProbe *rows, size_t n)
{
    HibApiUgcProbe *out = hib_arena_array(arena, HibApiUgcProbe, n + 1);
    for (size_t i = 0; i < n; i++) {
        const int64_t cost = hib_ugc_probe_cost(&rows[i]);
        const HibNetwork *network = cost ? hib_network_find(rows[i].network) : NULL;
        out[i] = (HibApiUgcProbe){.network = rows[i].network,
                                  .account_id = rows[i].account_id,
                                  .deed = (int)rows[i].deed,
                                  .n_read = rows[i].n_read,
                                  .ended_at = rows[i].ended_at,
                                  .has_ended_at = rows[i].has_ended_at,
                                  .next_at = rows[i].next_at,
                                  .fault = rows[i].fault,
                                  .said = rows[i].said,
                                  .cost_micros = cost,
                                  .currency = network ? network->limits()->currency : ""};
    }
    return out;
}

static bool
to_api(HibCall *call, const HibContest *row, HibApiUgcCampaign *ret, GError **error)
{
    HibArena *arena = hib_call_arena(call);
    HibPrize *prizes;
    HibDraw *draws;
    HibContestCounts counts;
    HibTick *ticks;
    HibUgcProbe *probes;
    size_t n, n_draws, n_ticks, n_probes;
    if (!hib_contest_prizes(hib_call_db(call), row->id, &prizes, &n, error) ||
        !hib_contest_draws(hib_call_db(call), row->id, &draws, &n_draws, error) ||
        !hib_contest_ticks(hib_call_db(call), row->id, &ticks, &n_ticks, error) ||
        !hib_contest_counts(hib_call_db(call), row->id, &counts, error))
        return false;
    if (!hib_contest_probes(hib_call_db(call), row->id, &probes, &n_probes, error))
        return false;
    const HibContestCap cap = hib_contest_cap(row, prizes, n);
    HibApiUgcDraw *out = hib_arena_array(arena, HibApiUgcDraw, n_draws + 1);
    for (size_t i = 0; i < n_draws; i++)
        out[i] = draw_to_api(&draws[i]);
    *ret = (HibApiUgcCampaign){.id = row->id,
                               .contest = content_to_api(arena, row, prizes, n),
                               .state = (int)row->state,
                               .cap = {.each_yen = cap.cap.each_yen,
                                       .has_each_yen = cap.cap.has_each,
                                       .total_yen = cap.cap.total_yen,
                                       .has_total_yen = cap.cap.has_total,
                                       .dearest_yen = cap.dearest_yen,
                                       .sum_yen = cap.sum_yen,
                                       .is_over = cap.is_over,
                                       .source = cap.cap.source,
                                       .as_of = cap.cap.as_of},
                               .n_entries = counts.n,
                               .n_eligible = counts.n_eligible,
                               .n_unmet = counts.n_unmet,
                               .n_unchecked = counts.n_unchecked,
                               .probes = probes_to_api(arena, probes, n_probes),
                               .n_probes = n_probes,
                               .n_told = counts.n_told,
                               .closed_at = row->closed_at,
                               .has_closed_at = row->has_closed_at,
                               .entries_hash = row->entries_hash,
                               .has_entries_hash = row->entries_hash != NULL,
                               .draws = out,
                               .n_draws = n_draws,
                               .created_at = row->created_at,
                               .version = row->version};
    ret->open_rules = hib_promotion_open(arena, row->networks, row->checked, &ret->n_open_rules);
    ret->ticks = hib_arena_array(arena, HibApiUgcTick, n_ticks + 1);
    ret->n_ticks = n_ticks;
    for (size_t i = 0; i < n_ticks; i++)
        ret->ticks[i] = (HibApiUgcTick){.rule = ticks[i].rule,
                                        .at = ticks[i].at,
                                        .person_name = ticks[i].person_name,
                                        .has_person_name = ticks[i].person_name != NULL};
    return true;
}

static bool
reply(HibCall *call, int status, const char *contest, GError **error)
{
    HibContest *row;
    HibApiUgcCampaign out;
    return hib_contest(hib_call_db(call), contest, &row, error) && to_api(call, row, &out, error) &&
           hib_reply_ugc_campaign(call, status, &out);
}

/* --- in ---------------------------------------------------------------------------------------------------------------------- */
static const char *
join(HibArena *arena, const char *const *words, size_t n, const char *between)
{
    g_autoptr(GString) out = g_string_new(NULL);
    for (size_t i = 0; i < n; i++)
        g_string_append_printf(out, "%s%s", i ? between : "", words[i]);
    return hib_arena_strdup(arena, out->str);
}

static HibContest
content_of(HibArena *arena, const HibApiUgcCampaignDraft *in)
{
    HibNetDeed *asked = hib_arena_array(arena, HibNetDeed, in->n_asks + 1);
    for (size_t i = 0; i < in->n_asks; i++)
        asked[i] = (HibNetDeed)in->asks[i];
    return (HibContest){.name = in->name,
                        .campaign_id = in->has_campaign_id ? in->campaign_id : NULL,
                        .premium = in->premium,
                        .price_yen = in->price_yen,
                        .sales_yen = in->sales_yen,
                        .opens_at = in->opens_at,
                        .closes_at = in->closes_at,
                        .way = in->way,
                        .tag = hib_ugc_tags(arena, &in->tag, 1),
                        .post_id = in->has_post_id ? in->post_id : NULL,
                        .networks = join(arena, in->networks, in->n_networks, " "),
                        .also = in->also,
                        .staff = hib_ugc_lines(arena, in->staff, in->n_staff),
                        .blocked = hib_ugc_lines(arena, in->blocked, in->n_blocked),
                        .n_substitutes = in->n_substitutes,
                        .wording = in->wording,
                        .answer_days = in->answer_days,
                        .checked = hib_ugc_lines(arena, in->checked, in->n_checked),
                        .asks = hib_contest_asks_text(arena, asked, in->n_asks)};
}

static HibPrize *
prizes_of(HibArena *arena, const HibApiUgcCampaignDraft *in)
{
    HibPrize *out = hib_arena_array(arena, HibPrize, in->n_prizes + 1);
    for (size_t i = 0; i < in->n_prizes; i++)
        out[i] = (HibPrize){.at = (int64_t)i,
                            .name = in->prizes[i].name,
                            .n = in->prizes[i].n,
                            .value_yen = in->prizes[i].value_yen};
    return out;
}

static HibKeys *
keys_of(HibCall *call)
{
    const HibServices *services = hib_call_context(call);
    return services->keys;
}

/* --- operations ---------------------------------------------------------------------------------------------------------------- */
bool
hib_on_list_ugc_campaigns(HibCall *call, GError **error)
{
    HibContest *rows;
    size_t n;
    if (!hib_contests(hib_call_db(call), &rows, &n, error))
        return false;
    HibApiUgcCampaign *out = hib_arena_array(hib_call_arena(call), HibApiUgcCampaign, n + 1);
    for (size_t i = 0; i < n; i++)
        if (!to_api(call, &rows[i], &out[i], error))
            return false;
    const HibApiUgcCampaignList list = {.contests = out, .n_contests = n};
    return hib_reply_ugc_campaign_list(call, 200, &list);
}

bool
hib_on_create_ugc_campaign(HibCall *call, const HibApiUgcCampaignDraft *in, GError **error)
{
    HibArena *arena = hib_call_arena(call);
    const HibContest content = content_of(arena, in);
    const char *id;
    return hib_contest_add(hib_call_db(call), &content, prizes_of(arena, in), in->n_prizes, &id,
                           error) &&
           reply(call, 201, id, error);
}

bool
hib_on_get_ugc_campaign(HibCall *call, const char *contest, GError **error)
{
    return reply(call, 200, contest, error);
}

bool
hib_on_change_ugc_campaign(HibCall *call, const char *contest, const HibApiUgcCampaignUpdate *in,
                           GError **error)
{
    HibArena *arena = hib_call_arena(call);
    const HibContest content = content_of(arena, &in->contest);
    return hib_contest_change(hib_call_db(call), contest, in->version, &content,
                              prizes_of(arena, &in->contest), in->contest.n_prizes, error) &&
           reply(call, 200, contest, error);
}

bool
hib_on_open_ugc_campaign(HibCall *call, const char *contest, GError **error)
{
    return hib_contest_open(hib_call_db(call), contest, error) && reply(call, 200, contest, error);
}

bool
hib_on_close_ugc_campaign(HibCall *call, const char *contest, GError **error)
{
    return hib_contest_close(hib_call_db(call), keys_of(call), contest, error) &&
           reply(call, 200, contest, error);
}

bool
hib_on_check_ugc_campaign(HibCall *call, const char *contest, const HibApiUgcCheckDraft *in,
                          GError **error)
{
    return hib_contest_check_on(hib_call_db(call), keys_of(call), contest, in->is_over, error) &&
           reply(call, 200, contest, error);
}

bool
hib_on_draw_ugc_campaign(HibCall *call, const char *contest, const HibApiUgcDrawDraft *in,
                         GError **error)
{
    return hib_contest_draw(hib_call_db(call), keys_of(call), contest, in->outside, error) &&
           reply(call, 200, contest, error);
}

bool
hib_on_redraw_ugc_campaign(HibCall *call, const char *contest, const HibApiUgcRedraw *in,
                           GError **error)
{
    return hib_contest_redraw(hib_call_db(call), keys_of(call), contest, in->reason, error) &&
           reply(call, 200, contest, error);
}

static bool
read_cursor(const char *cursor, HibInstant *at, const char **id, GError **error)
{
    char *rest = NULL;
    *at = INT64_MIN;
    *id = "";
    if (!cursor)
        return true;
    *at = g_ascii_strtoll(cursor, &rest, 10);
    *id = rest + 1;
    if (rest != cursor && *rest == '.' && hib_id_valid(*id))
        return true;
    hib_error_set_at(error, HIB_ERROR_INVALID, "ugc.bad_cursor", "?cursor", "no cursor of ours");
    return false;
}

bool
hib_on_list_ugc_entries(HibCall *call, const char *contest, const HibApiListUgcEntriesQuery *in,
                        GError **error)
{
    HibContest *row;
    HibEntry *rows;
    HibInstant after;
    const char *id, *next = NULL;
    int64_t reason = in->reason, most = in->has_limit ? in->limit : PAGE_USUAL;
    size_t n;
    if (!read_cursor(in->has_cursor ? in->cursor : NULL, &after, &id, error) ||
        !hib_contest(hib_call_db(call), contest, &row, error) ||
        !hib_contest_entries(hib_call_db(call), contest, after, id, in->has_reason ? &reason : NULL,
                             most + 1, &rows, &n, error))
        return false;
    if (n > (size_t)most) {
        n = (size_t)most;
        next = hib_arena_printf(hib_call_arena(call), "%" G_GINT64_FORMAT ".%s", rows[n - 1].at,
                                rows[n - 1].id);
    }
    HibApiUgcEntry *out = hib_arena_array(hib_call_arena(call), HibApiUgcEntry, n + 1);
    for (size_t i = 0; i < n; i++)
        out[i] = (HibApiUgcEntry){.id = rows[i].id,
                                  .network = rows[i].network,
                                  .author_handle = rows[i].author_handle,
                                  .author_name = rows[i].author_name,
                                  .url = rows[i].url,
                                  .at = rows[i].at,
                                  .reason = (int)rows[i].reason,
                                  .followed = (int)rows[i].followed,
                                  .has_followed = rows[i].has_followed,
                                  .reposted = (int)rows[i].reposted,
                                  .has_reposted = rows[i].has_reposted,
                                  .liked = (int)rows[i].liked,
                                  .has_liked = rows[i].has_liked,
                                  .checked_at = rows[i].checked_at,
                                  .has_checked_at = rows[i].has_checked_at};
    const HibApiUgcEntryPage page = {
        .entries = out, .n_entries = n, .next_cursor = next, .has_next_cursor = next != NULL};
    return hib_reply_ugc_entry_page(call, 200, &page);
}

static bool
reply_winners(HibCall *call, const char *contest, GError **error)
{
    HibContest *row;
    HibWinner *rows;
    size_t n;
    int64_t draw;
    if (!hib_contest(hib_call_db(call), contest, &row, error) ||
        !hib_contest_winners(hib_call_db(call), contest, &rows, &n, &draw, error))
        return false;
    HibApiUgcWinner *out = hib_arena_array(hib_call_arena(call), HibApiUgcWinner, n + 1);
    for (size_t i = 0; i < n; i++)
        out[i] = (HibApiUgcWinner){.rank = rows[i].rank,
                                   .entry = {.id = rows[i].entry_id,
                                             .network = rows[i].network,
                                             .author_handle = rows[i].author_handle,
                                             .author_name = rows[i].author_name,
                                             .url = rows[i].url,
                                             .at = rows[i].at,
                                             .reason = (int)rows[i].reason},
                                   .prize = rows[i].prize_name,
                                   .has_prize = rows[i].prize_name != NULL,
                                   .score = rows[i].score,
                                   .state = (int)rows[i].state,
                                   .delivery_id = rows[i].delivery_id,
                                   .has_delivery_id = rows[i].delivery_id != NULL,
                                   .told_state = (int)rows[i].told_state,
                                   .has_told_state = rows[i].has_told_state,
                                   .message_id = rows[i].message_id,
                                   .has_message_id = rows[i].message_id != NULL,
                                   .message_state = (int)rows[i].message_state,
                                   .has_message_state = rows[i].has_message_state,
                                   .message_fault = rows[i].message_fault,
                                   .answer_by = rows[i].answer_by,
                                   .has_answer_by = rows[i].has_answer_by,
                                   .answer_text = rows[i].answer_text,
                                   .has_answer_text = rows[i].answer_text != NULL,
                                   .fault = rows[i].fault};
    const HibApiUgcWinnerList list = {.winners = out, .n_winners = n};
    return hib_reply_ugc_winner_list(call, 200, &list);
}

bool
hib_on_list_ugc_winners(HibCall *call, const char *contest, GError **error)
{
    return reply_winners(call, contest, error);
}

bool
hib_on_tell_ugc_winners(HibCall *call, const char *contest, GError **error)
{
    return hib_contest_tell(hib_call_db(call), contest, error) &&
           reply_winners(call, contest, error);
}

bool
hib_on_answer_ugc_winner(HibCall *call, const char *contest, const HibApiUgcWinnerAnswer *in,
                         GError **error)
{
    return hib_contest_answer(hib_call_db(call), contest, in->rank, in->accepted, error) &&
           reply_winners(call, contest, error);
}

bool
hib_on_get_ugc_protocol(HibCall *call, const char *contest, const HibApiGetUgcProtocolQuery *in,
                        GError **error)
{
    g_autoptr(GBytes) bytes = NULL;
    bool is_json = !in->has_format || in->format == 0;
    if (!hib_contest_protocol(hib_call_db(call), contest, is_json, &bytes, error))
        return false;
    hib_call_set_header(call, "Content-Disposition",
                        is_json ? "attachment; filename=\"hibiki-draw.json\""
                                : "attachment; filename=\"hibiki-draw.csv\"");
    return hib_call_reply_bytes(call, 200,
                                is_json ? "application/octet-stream" : "text/csv; charset=utf-8",
                                bytes, "no-store");
}
