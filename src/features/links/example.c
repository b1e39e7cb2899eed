/* What a demo begins with: three links somebody shared for four weeks, who followed them, and what came of it. Visits go the way a spool's go, orders the way a shop's server tells them. */
#include "links/click_store.h"
#include "links/conversion.h"
#include "links/conversion.sql.h"

enum { LINKS = 3, DAYS = 28, VISITORS = 260, CLICKS = 640 };

typedef struct {
    const char *code, *target, *title;
    int campaign; /* place in what is given; -1: none */
    int buys;     /* of people's clicks, in a thousand */
    HibConversionKind kind;
    int64_t least, most; /* yen */
} Example;
static const Example examples[LINKS] = {
    {"fuyu-blend", "https://shop.hibiki.example/winter-blend", "冬のブレンド(通販)", 0, 70,
     HIB_CONVERSION_PURCHASE, 1280, 5400},
    {"madogiwa", "https://hibiki.example/window", "窓ぎわ写真展のご案内", 1, 40,
     HIB_CONVERSION_STORE_VISIT, 0, 0},
    {"yoyaku", "https://hibiki.example/reserve", "席の予約", -1, 140, HIB_CONVERSION_RESERVATION, 0,
     0},
};

/* Where links of a coffee house are seen, and when they are followed: few at night, most at noon and in the evening. */
enum { PLACES = 4 };
static const char *const networks[PLACES] = {"instagram", "bluesky", "x", "line"};
static const int places[PLACES] = {44, 24, 18, 14}, of_links[LINKS] = {55, 27, 18},
                 hours[24] = {1,  1, 0, 0, 0, 1, 3, 6, 7,  5, 5, 7,
                              11, 7, 5, 6, 5, 6, 8, 9, 10, 9, 6, 3};

/* A place in `shares`, as often as its share says. */
static int
drawn(HibSeeded *chance, const int *shares, int n)
{
    int64_t sum = 0;
    for (int i = 0; i < n; i++)
        sum += shares[i];
    int64_t left = hib_seeded_below(chance, sum);
    int at = 0;
    while (left >= shares[at])
        left -= shares[at++];
    return at;
}

static HibClick
click_of(HibDb *db, HibSeeded *chance, const HibShortLink *link)
{
    const int place = drawn(chance, places, PLACES), hour = drawn(chance, hours, 24);
    const HibInstant now = hib_db_now(db), day = hib_seeded_below(chance, DAYS) * HIB_DAY;
    /* Hours of Tokyo, whose day begins nine hours before UTC's. */
    const HibInstant midnight = now - (now + 9 * HIB_HOUR) % HIB_DAY;
    HibInstant at = midnight - day + hour * HIB_HOUR + hib_seeded_below(chance, HIB_HOUR);
    HibClick click = {
        .at = at < now ? at : at - HIB_DAY,
        .id = (int64_t)(hib_seeded_u64(chance) >> 1),
        .visitor = 1 + (uint64_t)hib_seeded_below(chance, VISITORS),
        .language = "ja",
        .referrer = g_str_equal(networks[place], "line") ? HIB_REFERRER_CHAT : HIB_REFERRER_SOCIAL,
        .device = hib_seeded_below(chance, 10) < 8 ? HIB_DEVICE_PHONE : HIB_DEVICE_DESKTOP,
        .is_bot = hib_seeded_below(chance, 25) == 0};
    g_strlcpy(click.network, networks[place], sizeof click.network);
    hib_click_key(hib_db_workspace(db), click.workspace);
    hib_click_key(link->id, click.link);
    return click;
}

/* Somebody bought a while after a click; the page's script told whose clicks they were, so earlier ones of the same browser count as well. */
static bool
convert(HibDb *db, const HibSite *site, HibSeeded *chance, const HibClick *clicks, size_t i,
        const Example *of, GError **error)
{
    const HibClick *click = &clicks[i];
    HibArena *arena = hib_db_arena(db);
    bool is_known;
    const HibInstant at = click->at + HIB_MINUTE * (3 + hib_seeded_below(chance, 90));
    const char *visitor = hib_arena_printf(arena, "%032" G_GINT64_MODIFIER "x", click->visitor);
    HibConversion one = {
        .kind = of->kind,
        .id = hib_arena_printf(arena, "H-%08" G_GINT64_MODIFIER "x", (guint64)click->id >> 32),
        .at = MIN(at, hib_db_now(db)),
        .has_value = of->most > 0,
        .currency = "JPY",
        .has_click = true,
        .click = click->id};
    if (one.has_value)
        one.value_minor = of->least + hib_seeded_below(chance, (of->most - of->least) / 10) * 10;
    for (size_t k = 0; k < CLICKS; k++)
        if (clicks[k].visitor == click->visitor && !clicks[k].is_bot &&
            !hib_sql_conversion_touch(db, clicks[k].id, visitor, clicks[k].at, error))
            return false;
    return hib_conversion_store(db, site, &one, HIB_CONVERSION_SERVER, visitor, NULL, &is_known,
                                error);
}

static bool
add_results(HibDb *db, const HibServices *services, HibSeeded *chance, const HibClick *clicks,
            const int *of, GError **error)
{
    HibSite site;
    if (!hib_site_get(db, services, &site, error))
        return false;
    g_autoptr(HibTx) tx = hib_tx_begin(db, error);
    if (!tx)
        return false;
    for (size_t i = 0; i < CLICKS; i++)
        if (!clicks[i].is_bot && hib_seeded_below(chance, 1000) < examples[of[i]].buys &&
            !convert(db, &site, chance, clicks, i, &examples[of[i]], error))
            return false;
    return hib_tx_commit(tx, error);
}

bool
hib_links_example(HibDb *db, const HibServices *services, const char *const campaigns[2],
                  GError **error)
{
    HibArena *arena = hib_db_arena(db);
    HibShortLink *links[LINKS];
    HibClick *clicks = hib_arena_array(arena, HibClick, CLICKS);
    int *of = hib_arena_array(arena, int, CLICKS);
    HibSeeded chance;
    hib_seeded_init(&chance, 23);
    for (size_t i = 0; i < LINKS; i++) {
        const Example *one = &examples[i];
        const HibShortLink link = {.code = one->code,
                                   .target = one->target,
                                   .title = one->title,
                                   .campaign_id =
                                       one->campaign < 0 ? NULL : campaigns[one->campaign]};
        if (!hib_links_add(db, services, &link, &links[i], error))
            return false;
    }
    for (size_t i = 0; i < CLICKS; i++) {
        of[i] = drawn(&chance, of_links, LINKS);
        clicks[i] = click_of(db, &chance, links[of[i]]);
    }
    return hib_clicks_take(services->store, "example", 0, clicks, CLICKS, error) &&
           add_results(db, services, &chance, clicks, of, error);
}
