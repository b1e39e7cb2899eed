/* Who comments, and in which words. The sentiment is drawn first and kept as the truth; the words are chosen to fit it, so that what
 * listen/ and inbox/ make of them can be judged. Only numbers are stored: the same numbers give the same words each time. */
#include "practice/crowd_private.h"
#include "practice/crowd_texts.h"

#include <math.h>
#include <string.h>

static const char *const stems[] = {
    "mochi", "sora",   "haru",   "yuki",  "kinako", "tama",    "rin",   "nagi",  "kohaku", "mame",
    "akari", "minato", "hinata", "koto",  "sakura", "tsumugi", "ao",    "riku",  "kaede",  "nao",
    "pochi", "shiro",  "kuma",   "usagi", "tanuki", "hotaru",  "kumo",  "asa",   "yoru",   "ume",
    "lemon", "olive",  "maple",  "robin", "harper", "jamie",   "casey", "river", "quinn",  "sage"};
static const char *const names[] = {
    "もち",   "そら",   "はる",   "ゆき",   "きなこ", "たま",   "りん",  "なぎ",  "こはく", "まめ",
    "あかり", "みなと", "ひなた", "こと",   "さくら", "つむぎ", "あお",  "りく",  "かえで", "なお",
    "ぽち",   "しろ",   "くま",   "うさぎ", "たぬき", "ほたる", "くも",  "あさ",  "よる",   "うめ",
    "Lemon",  "Olive",  "Maple",  "Robin",  "Harper", "Jamie",  "Casey", "River", "Quinn",  "Sage"};
static const char *const tails[] = {"",  "@読書と珈琲", "🌿",           "(休日は散歩)",
                                    "☕", "|二児の母",   "@週末カメラ", " / 写真",
                                    "🐈", "のメモ"};

void
hib_crowd_who(HibArena *arena, uint64_t who, const char **ret_handle, const char **ret_name)
{
    size_t stem = who % G_N_ELEMENTS(stems);
    bool is_japanese = stem < 30;
    *ret_handle = hib_arena_printf(arena, "%s_%04u", stems[stem], (unsigned)(who / 64 % 10000));
    *ret_name = hib_arena_printf(arena, "%s%s", names[stem],
                                 is_japanese ? tails[who / 4096 % G_N_ELEMENTS(tails)] : "");
}

CrowdComment
hib_crowd_comment_new(CrowdLive *live, HibInstant at)
{
    CrowdComment out = {.who = hib_seeded_u64(&live->dice),
                        .words = hib_seeded_u64(&live->dice),
                        .at = at,
                        .sentiment = HIB_SENTIMENT_NEUTRAL};
    double negative = CLAMP(0.13 / live->sqrt_quality, 0.04, 0.40);
    double u = hib_seeded_unit(&live->dice);
    if (u < negative)
        out.sentiment = HIB_SENTIMENT_NEGATIVE;
    else if (u < negative + 0.60 * (1 - negative) / 0.87)
        out.sentiment = HIB_SENTIMENT_POSITIVE;
    return out;
}

/* A text of the sentiment, about the industry or about anything. */
static const char *
choose(const CrowdTongue *tongue, HibIndustry industry, HibSentiment sentiment, HibSeeded *dice)
{
    const char *out = NULL;
    int64_t n = 0;
    for (size_t i = 0; i < tongue->n; i++) {
        const CrowdText *text = &tongue->texts[i];
        if (text->sentiment == sentiment &&
            (text->industry == industry || text->industry == HIB_INDUSTRY_N) &&
            hib_seeded_below(dice, ++n) == 0) /* each fits with the same chance */
            out = text->text;
    }
    return out;
}

static const char *
one_of(const char *const *words, HibSeeded *dice)
{
    return words[hib_seeded_below(dice, (int64_t)g_strv_length((char **)(uintptr_t)words))];
}

static const char *
fill(const CrowdTongue *tongue, HibIndustry industry, const char *text, HibSeeded *dice,
     HibArena *arena)
{
    g_autoptr(GString) out = g_string_new(NULL);
    const struct {
        const char *slot;
        const char *const *words;
    } slots[] = {
        {"{item}", tongue->items[industry]}, {"{time}", tongue->times}, {"{who}", tongue->whos}};
    while (*text) {
        size_t s = 0;
        while (s < G_N_ELEMENTS(slots) && !g_str_has_prefix(text, slots[s].slot))
            s++;
        if (s < G_N_ELEMENTS(slots)) {
            g_string_append(out, one_of(slots[s].words, dice));
            text += strlen(slots[s].slot);
        } else {
            g_string_append_c(out, *text++);
        }
    }
    return hib_arena_strdup(arena, out->str);
}

void
hib_crowd_comment_tell(const HibAudience *audience, const CrowdComment *comment, HibArena *arena,
                       HibComment *ret)
{
    HibSeeded dice;
    hib_seeded_init(&dice, comment->words);
    const CrowdTongue *tongue =
        hib_seeded_unit(&dice) < audience->english ? &hib_crowd_english : &hib_crowd_japanese;
    const char *text = choose(tongue, audience->industry, comment->sentiment, &dice);
    ret->at = comment->at;
    ret->sentiment = comment->sentiment;
    ret->lang = tongue->lang;
    ret->text = fill(tongue, audience->industry, text, &dice, arena);
    hib_crowd_who(arena, comment->who, &ret->handle, &ret->name);
}
