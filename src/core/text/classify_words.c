/* Words that make a message urgent whatever it is about: what somebody must see now is told from rules, not from a model, so that it can be explained.
 * They are folded as the text is; each stands under the reason it gives. */
#include "text/classify_private.h"

#include <string.h>

/* In the order of hib_urgency_reasons; bits of hib_urgent_words. */
const char *const hib_urgency_reasons[] = {
    "crisis",   "safety",   "legal",   "spreading", "complaint", "question", "purchase", "request",
    "negative", "deadline", "waiting", "money",     "insistent", "spam",     NULL};

typedef struct {
    const char *reason, *words; /* between bars */
} Group;
static const Group groups[] = {
    {"safety",
     "アレルギー|アナフィラキシー|救急|病院|入院|通院|怪我|けがをし|ケガ|火傷|やけど|発火|発煙|"
     "煙が出|爆発|感電|異物|虫が入|食中毒|嘔吐|吐い|下痢|腫れ|かぶれ|湿疹|蕁麻疹|出血|骨折|誤飲|"
     "窒息|カビが|燃え|死にたい|自殺|死にそう|殺す|殺害|爆破|allergic|allergy|anaphyla|hospital|"
     "injur|bleeding|choking|on fire|caught fire|burned my|burnt my|smoke coming|exploded|"
     "electric shock|food poisoning|vomit|rash|mold|kill myself|suicid|bomb|overheat"},
    {"legal", "弁護士|訴え|訴訟|裁判|法的|消費者センター|消費生活センター|国民生活センター|"
              "消費者庁|警察|被害届|通報|違法|景表法|薬機法|労基|個人情報|情報漏|漏えい|流出|"
              "不正アクセス|不正利用|不正請求|"
              "著作権|無断転載|詐欺|lawyer|lawsuit|sue you|legal action|police|attorney|consumer "
              "protection|data breach|leaked|illegal|fraud|scam|unauthorized"},
    {"spreading",
     "拡散|晒し|晒す|晒さ|炎上|暴露|告発|不買|トレンド入り|テレビ局|新聞社|週刊誌|マスコミ|取材|"
     "記者|スクショ|魚拓|削除して逃げ|going viral|go viral|viral|boycott|journalist|reporter|"
     "press inquiry|screenshots|everyone should know|spread the word|expose"},
    {"deadline",
     "至急|今すぐ|いますぐ|大至急|急ぎ|急いで|本日中|今日中|今日まで|明日まで|明日必要|明日使|"
     "明日の|本日の|早急|一刻も早|間に合い|間に合わ|締切|期限|なる早|なるはや|urgent|asap|"
     "immediately|right now|right away|by tomorrow|by tonight|today|deadline|in time "
     "for|emergency"},
    {"waiting",
     "返信がな|返信がこ|返信が来|返信もな|返事がな|返事がこ|返事が来|返事もな|連絡がな|連絡がこ|"
     "連絡が来|連絡もな|音沙汰|何度も|何回も|再三|無視|まだ届|届かな|届きませ|届いてな|届いていな|"
     "いつまで待|待たされ|既読|放置|繋がらな|つながらな|つながりませ|no reply|no response|still "
     "waiting|haven't received|hasn't arrived|never arrived|been waiting|ignored|ignoring|"
     "third time|again and again|no one answers|on hold"},
    {"money",
     "返金|二重請求|二重引|二重決済|引き落と|請求され|課金され|解約|キャンセル|お金を返|金返|"
     "refund|charged twice|double charged|charged me|money back|chargeback|cancel my"},
};

enum { WORDS_MOST = 320, WORD_SIGNS = 24, BUCKETS = 1024 };
typedef struct {
    uint32_t signs[WORD_SIGNS];
    size_t n;
    uint32_t bit;
    int next; /* of those that begin alike; -1: none */
} Word;
typedef struct {
    Word words[WORDS_MOST];
    size_t n;
    int first[BUCKETS];
} Book;

static size_t
bucket_of(const uint32_t *two)
{
    return (two[0] * 31 + two[1] * 0x9e37) >> 2 & (BUCKETS - 1);
}

static uint32_t
bit_of(const char *reason)
{
    uint32_t i = 0;
    while (!g_str_equal(hib_urgency_reasons[i], reason))
        i++;
    return 1u << i;
}

static void
add(Book *book, const char *word, uint32_t bit)
{
    g_autofree HibSigns *signs = g_new(HibSigns, 1);
    hib_signs_of(word, strlen(word), signs);
    g_assert(signs->n > 3 && signs->n - 2 <= WORD_SIGNS && book->n < WORDS_MOST);
    Word *made = &book->words[book->n];
    made->n = signs->n - 2;
    memcpy(made->signs, signs->sign + 1, made->n * sizeof *made->signs);
    made->bit = bit;
    int *first = &book->first[bucket_of(made->signs)];
    made->next = *first;
    *first = (int)book->n++;
}

static gpointer
make_book(gpointer unused G_GNUC_UNUSED)
{
    Book *book = g_new0(Book, 1);
    for (size_t i = 0; i < BUCKETS; i++)
        book->first[i] = -1;
    for (size_t i = 0; i < G_N_ELEMENTS(groups); i++) {
        g_auto(GStrv) words = g_strsplit(groups[i].words, "|", -1);
        for (size_t k = 0; words[k]; k++)
            add(book, words[k], bit_of(groups[i].reason));
    }
    return book;
}

static bool
is_latin(uint32_t c)
{
    return c >= 'a' && c <= 'z';
}

/* A Latin word begins where a word begins. */
static bool
stands_at(const HibSigns *s, size_t at, const Word *word)
{
    return at + word->n <= s->n && (!is_latin(word->signs[0]) || !is_latin(s->sign[at - 1])) &&
           memcmp(s->sign + at, word->signs, word->n * sizeof *word->signs) == 0;
}

uint32_t
hib_urgent_words(const HibSigns *signs)
{
    static GOnce once = G_ONCE_INIT;
    const Book *book = g_once(&once, make_book, NULL);
    uint32_t found = 0;
    for (size_t at = 1; at + 1 < signs->n; at++)
        for (int i = book->first[bucket_of(signs->sign + at)]; i >= 0; i = book->words[i].next)
            if (stands_at(signs, at, &book->words[i]))
                found |= book->words[i].bit;
    return found;
}
