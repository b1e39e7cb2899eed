/* See demo_pictures.h. */
#include "app/demo_pictures.h"
#include "app/demo_scene.h"
#include "media/media.h"

enum { EACH = 2 }; /* pictures a topic: the house shows some of them again */
static const struct {
    const char *topic, *title;
} subjects[] = {{"豆", "焙煎した豆"},           {"ランチ", "お昼のひと皿"},
                {"甘いもの", "今日の甘いもの"}, {"季節", "駅前の並木"},
                {"お知らせ", "店先の黒板"},     {"淹れ方", "ハンドドリップ"},
                {"店のこと", "窓ぎわの席"}};

typedef struct {
    HibDb *db;
    const HibServices *services;
    const char *media[G_N_ELEMENTS(subjects)][EACH]; /* NULL: not drawn yet */
} Album;

static bool
describe(HibDb *db, const char *media, const char *title, int i, GError **error)
{
    HibMedia *known = NULL;
    HibMediaCard *card = NULL;
    if (!hib_media_cards(db, &media, 1, &known, &card, error))
        return false;
    card->title = hib_arena_printf(hib_db_arena(db), "%s %d", title, i + 1);
    card->alt = title;
    card->note = "デモのための絵です。写真の代わりに描いています。";
    card->owner = HIB_HISTORY_NAME;
    card->licence = HIB_LICENCE_OWN;
    card->consent = HIB_CONSENT_NOT_NEEDED;
    return hib_media_set_card(db, media, card, error);
}

static bool
find(Album *album, const char *topic, int i, const char **ret, GError **error)
{
    size_t subject = G_N_ELEMENTS(subjects) - 1;
    for (size_t k = 0; k < G_N_ELEMENTS(subjects); k++)
        if (g_str_equal(subjects[k].topic, topic))
            subject = k;
    const char **known = &album->media[subject][i];
    if (!*known) {
        g_autoptr(GBytes) drawn = hib_demo_scene(topic, subject * EACH + (size_t)i);
        HibMedia *media = NULL;
        if (!hib_media_add(album->db, album->services, drawn, "", &media, error) ||
            !describe(album->db, media->id, subjects[subject].title, i, error))
            return false;
        *known = media->id;
    }
    *ret = *known;
    return true;
}

bool
hib_demo_pictures(HibDb *db, const HibServices *services, const HibHistoryPost *posts, size_t n,
                  HibDemoShown **ret, GError **error)
{
    HibArena *arena = hib_db_arena(db);
    Album album = {.db = db, .services = services};
    *ret = hib_arena_array(arena, HibDemoShown, n + 1);
    for (size_t i = 0; i < n; i++) {
        HibDemoShown *shown = &(*ret)[i];
        shown->n_media = MIN((size_t)posts[i].n_images, EACH);
        shown->media = hib_arena_array(arena, HibPostMedia, EACH);
        for (size_t k = 0; k < shown->n_media; k++) {
            HibPostMedia *media = &shown->media[k];
            media->alt = posts[i].alt;
            if (!find(&album, posts[i].topic, (int)((g_str_hash(posts[i].alt) + k) % EACH),
                      &media->media_id, error))
                return false;
        }
    }
    return true;
}
