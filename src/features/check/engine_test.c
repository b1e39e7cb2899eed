/* The rules that come with Hibiki: every one finds its examples and lets the others go; places are those of the text; nothing hides a hit; nothing is slow. */
#include "check/check.h"

#include <string.h>

static const HibInstant now = 1795651200 * HIB_SECOND; /* 2026-11-26 */

static HibCheckRelation
relation_for(const char *id)
{
    return strcmp(id, "STM-07") == 0   ? HIB_RELATION_REUSE
           : strcmp(id, "STM-08") == 0 ? HIB_RELATION_EMPLOYEE
                                       : HIB_RELATION_PAID;
}

static bool
finds(const HibCheckRule *rule, const char *text)
{
    g_autoptr(HibArena) arena = hib_arena_new();
    const HibCheckSubject subject = {.text = text,
                                     .industries = rule->industries,
                                     .networks = rule->networks,
                                     .relation = relation_for(rule->id),
                                     .now = now,
                                     .disclosure_at_ms = -1};
    HibCheckResult result;
    hib_check(arena, NULL, &subject, &result);
    for (size_t i = 0; i < result.n; i++)
        if (result.findings[i].rule == rule)
            return true;
    return false;
}

static void
every_rule_finds_its_examples_and_lets_the_others_go(void)
{
    const HibCheckRules *rules = hib_check_rules();
    size_t n_pairs = 0, n_wrong = 0;
    for (size_t i = 0; i < hib_check_n_rules(rules); i++) {
        const HibCheckRule *rule = hib_check_rule_at(rules, i);
        n_pairs += rule->hit[0] && rule->pass[0];
        for (size_t k = 0; rule->hit[k]; k++) {
            bool is_right = finds(rule, rule->hit[k]);
            n_wrong += !is_right;
            if (!is_right)
                g_test_message("%s does not find: %s", rule->id, rule->hit[k]);
        }
        for (size_t k = 0; rule->pass[k]; k++) {
            bool is_right = !finds(rule, rule->pass[k]);
            n_wrong += !is_right;
            if (!is_right)
                g_test_message("%s finds: %s", rule->id, rule->pass[k]);
        }
    }
    g_assert_cmpuint(n_wrong, ==, 0);
    g_assert_cmpuint(n_pairs, ==,
                     96 + 8 +
                         3); /* those of words, the logic that a text alone shows, the networks' */
    g_assert_cmpuint(hib_check_n_rules(rules), ==,
                     96 + 12 + 3 + 6 + 1); /* and those of media and repeats */
}

static void
every_rule_says_why_what_to_do_and_where_it_is_from(void)
{
    const HibCheckRules *rules = hib_check_rules();
    for (size_t i = 0; i < hib_check_n_rules(rules); i++) {
        const HibCheckRule *rule = hib_check_rule_at(rules, i);
        g_assert_true(*rule->message.ja && *rule->message.en && *rule->fix.ja && *rule->fix.en);
        g_assert_cmpstr(rule->message.ja, !=, rule->message.en);
        g_assert_true(*rule->law.ja && *rule->law.en && *rule->source);
        g_assert_cmpuint(strlen(rule->as_of), ==, 10);
        g_assert_true(hib_check_rule(rules, rule->id) == rule);
    }
    g_assert_null(hib_check_rule(rules, "KHY-99"));
}

static HibCheckResult
check(HibArena *arena, const char *text, const char *const *industries)
{
    const HibCheckSubject subject = {
        .text = text, .industries = industries, .now = now, .disclosure_at_ms = -1};
    HibCheckResult result;
    hib_check(arena, NULL, &subject, &result);
    return result;
}

static const HibCheckFinding *
finding(const HibCheckResult *result, const char *id)
{
    for (size_t i = 0; i < result->n; i++)
        if (strcmp(result->findings[i].rule->id, id) == 0)
            return &result->findings[i];
    return NULL;
}

static void
a_finding_stands_where_the_words_stand(void)
{
    g_autoptr(HibArena) arena = hib_arena_new();
    const char *text = "😀 今なら業界 最\u200b安 値！宅急便で";
    const HibCheckResult result = check(arena, text, NULL);
    const HibCheckFinding *cheapest = finding(&result, "KHY-05"), *mark = finding(&result, "TM-01");
    g_assert_nonnull(cheapest);
    g_assert_cmpstr(cheapest->found, ==, "業界 最\u200b安 値");
    g_assert_cmpint(memcmp(text + cheapest->span.start, cheapest->found, strlen(cheapest->found)),
                    ==, 0);
    g_assert_cmpuint(cheapest->span.utf16_start, ==, 6); /* the face is two */
    g_assert_cmpuint(cheapest->span.utf16_end, ==, 14);
    g_assert_null(cheapest->replacement);
    g_assert_nonnull(mark);
    g_assert_cmpstr(mark->found, ==, "宅急便");
    g_assert_cmpstr(mark->replacement, ==, "宅配便");
    g_assert_cmpuint(mark->span.end - mark->span.start, ==, strlen("宅急便"));
}

/* The 56 effects that cosmetics may claim: each as it stands, and within a sentence, gives no block for a cosmetic. */
static void
permitted_effects_of_cosmetics_pass(void)
{
    static const char *const cosme[] = {"cosme", NULL};
    static const char *const effects[] = {
        "頭皮、毛髪を清浄にする",
        "香りにより毛髪、頭皮の不快臭を抑える",
        "頭皮、毛髪をすこやかに保つ",
        "毛髪にはり、こしを与える",
        "頭皮、毛髪にうるおいを与える",
        "頭皮、毛髪のうるおいを保つ",
        "毛髪をしなやかにする",
        "クシどおりをよくする",
        "毛髪のつやを保つ",
        "毛髪につやを与える",
        "フケ、カユミがとれる",
        "フケ、カユミを抑える",
        "毛髪の水分、油分を補い保つ",
        "裂毛、切毛、枝毛を防ぐ",
        "髪型を整え、保持する",
        "毛髪の帯電を防止する",
        "（汚れをおとすことにより）皮膚を清浄にする",
        "（洗浄により）ニキビ、アセモを防ぐ（洗顔料）",
        "肌を整える",
        "肌のキメを整える",
        "皮膚をすこやかに保つ",
        "肌荒れを防ぐ",
        "肌をひきしめる",
        "皮膚にうるおいを与える",
        "皮膚の水分、油分を補い保つ",
        "皮膚の柔軟性を保つ",
        "皮膚を保護する",
        "皮膚の乾燥を防ぐ",
        "肌を柔らげる",
        "肌にはりを与える",
        "肌にツヤを与える",
        "肌を滑らかにする",
        "ひげを剃りやすくする",
        "ひげそり後の肌を整える",
        "あせもを防ぐ（打粉）",
        "日やけを防ぐ",
        "日やけによるシミ、ソバカスを防ぐ",
        "芳香を与える",
        "爪を保護する",
        "爪をすこやかに保つ",
        "爪にうるおいを与える",
        "口唇の荒れを防ぐ",
        "口唇のキメを整える",
        "口唇にうるおいを与える",
        "口唇をすこやかにする",
        "口唇を保護する。口唇の乾燥を防ぐ",
        "口唇の乾燥によるカサツキを防ぐ",
        "口唇を滑らかにする",
        "ムシ歯を防ぐ（使用時にブラッシングを行う歯みがき類）",
        "歯を白くする（使用時にブラッシングを行う歯みがき類）",
        "歯垢を除去する（使用時にブラッシングを行う歯みがき類）",
        "口中を浄化する（歯みがき類）",
        "口臭を防ぐ（歯みがき類）",
        "歯のやにを取る（使用時にブラッシングを行う歯みがき類）",
        "歯石の沈着を防ぐ（使用時にブラッシングを行う歯みがき類）",
        "乾燥による小ジワを目立たなくする"};
    g_assert_cmpuint(G_N_ELEMENTS(effects), ==, 56);
    for (size_t i = 0; i < G_N_ELEMENTS(effects); i++) {
        g_autoptr(HibArena) arena = hib_arena_new();
        const HibCheckResult result =
            check(arena, hib_arena_printf(arena, "この一本で、%s。毎日のお手入れに。", effects[i]),
                  cosme);
        if (hib_check_gravest(&result) == HIB_CHECK_BLOCK)
            g_test_message("%s: %s", effects[i], result.findings[0].rule->id);
        g_assert_cmpint(hib_check_gravest(&result), <, HIB_CHECK_BLOCK);
    }
    g_autoptr(HibArena) arena = hib_arena_new();
    const HibCheckResult beyond = check(arena, "シミが消える美容液", cosme);
    g_assert_cmpint(hib_check_gravest(&beyond), ==, HIB_CHECK_BLOCK);
    const HibCheckResult other = check(arena, "シミが消える洗剤", NULL);
    g_assert_cmpint(hib_check_gravest(&other), <, HIB_CHECK_BLOCK);
}

static HibCheckResult
disclose(HibArena *arena, HibCheckSubject subject)
{
    subject.now = now;
    HibCheckResult result;
    hib_check(arena, NULL, &subject, &result);
    return result;
}

static void
a_relation_must_be_disclosed_where_it_is_seen(void)
{
    g_autoptr(HibArena) arena = hib_arena_new();
    static const char *const instagram[] = {"instagram", NULL}, *const x[] = {"x", NULL};
    HibCheckResult r = disclose(arena, (HibCheckSubject){.text = "新しいリップ、発色がいい",
                                                         .relation = HIB_RELATION_GIFTED});
    g_assert_nonnull(finding(&r, "STM-01"));
    g_assert_cmpuint(finding(&r, "STM-01")->span.end, ==, 0); /* the text as a whole */
    r = disclose(arena, (HibCheckSubject){.text = "新しいリップ、発色がいい",
                                          .relation = HIB_RELATION_NONE});
    g_assert_null(finding(&r, "STM-01"));
    r = disclose(arena,
                 (HibCheckSubject){.text = "A社から商品の提供を受けて投稿しています。発色がいい",
                                   .relation = HIB_RELATION_GIFTED});
    g_assert_null(finding(&r, "STM-01"));
    g_autoptr(GString) late = g_string_new("");
    for (int i = 0; i < 130; i++)
        g_string_append(late, "あ");
    g_string_append(late, "【PR】");
    r = disclose(
        arena,
        (HibCheckSubject){.text = late->str, .networks = instagram, .relation = HIB_RELATION_PAID});
    g_assert_nonnull(finding(&r, "STM-02"));
    r = disclose(
        arena, (HibCheckSubject){.text = late->str, .networks = x, .relation = HIB_RELATION_PAID});
    g_assert_null(finding(&r, "STM-02")); /* X shows the whole */
    r = disclose(arena, (HibCheckSubject){.text = "届いた #コスメ #新作 #広告 #美容",
                                          .relation = HIB_RELATION_PAID});
    g_assert_nonnull(finding(&r, "STM-02"));
    r = disclose(arena,
                 (HibCheckSubject){.text = "届いた #コスメ #広告", .relation = HIB_RELATION_PAID});
    g_assert_null(finding(&r, "STM-02"));
    r = disclose(arena, (HibCheckSubject){.text = "【PR】届いた",
                                          .relation = HIB_RELATION_PAID,
                                          .has_video = true,
                                          .disclosure_at_ms = 20000,
                                          .disclosure_for_ms = 3000});
    g_assert_nonnull(finding(&r, "STM-05"));
    r = disclose(arena, (HibCheckSubject){.text = "【PR】届いた",
                                          .relation = HIB_RELATION_PAID,
                                          .has_video = true,
                                          .disclosure_at_ms = 0,
                                          .disclosure_for_ms = 3000});
    g_assert_null(finding(&r, "STM-05"));
    r = disclose(arena, (HibCheckSubject){.text = "お客様の一枚", .relation = HIB_RELATION_REUSE});
    g_assert_nonnull(finding(&r, "STM-07"));
    r = disclose(arena, (HibCheckSubject){.text = "うちの新作、いいですよ",
                                          .relation = HIB_RELATION_EMPLOYEE});
    g_assert_nonnull(finding(&r, "STM-08"));
    r = disclose(arena, (HibCheckSubject){.text = "【PR】届いた",
                                          .relation = HIB_RELATION_PAID,
                                          .has_image = true});
    g_assert_nonnull(finding(&r, "STM-09"));
}

static HibCheckSeverity
grave(HibCheckSubject subject, const char *id)
{
    g_autoptr(HibArena) arena = hib_arena_new();
    HibCheckResult r = disclose(arena, subject);
    const HibCheckFinding *found = finding(&r, id);
    g_assert_nonnull(found);
    return found->severity;
}

/* In a disaster, during an election and beside an apology some words are graver than on other days. */
static void
what_happens_around_makes_words_graver(void)
{
    HibCheckSubject subject = {.text = "激震セール、震度7の安さ"};
    g_assert_cmpint(grave(subject, "SEN-01"), ==, HIB_CHECK_WARN);
    subject.is_election = true;
    g_assert_cmpint(grave(subject, "SEN-01"), ==, HIB_CHECK_WARN);
    subject.is_disaster = true;
    g_assert_cmpint(grave(subject, "SEN-01"), ==, HIB_CHECK_BLOCK);
    subject = (HibCheckSubject){.text = "選挙よりセール", .is_disaster = true};
    g_assert_cmpint(grave(subject, "SEN-03"), ==, HIB_CHECK_WARN);
    subject.is_election = true;
    g_assert_cmpint(grave(subject, "SEN-03"), ==, HIB_CHECK_BLOCK);
    subject = (HibCheckSubject){.text = "炎上覚悟で言います"};
    g_assert_cmpint(grave(subject, "SEN-06"), ==, HIB_CHECK_INFO);
    subject.text = "炎上覚悟で、先日の件をお詫びします";
    g_assert_cmpint(grave(subject, "SEN-06"), ==, HIB_CHECK_BLOCK);
}

/* The word in the text is not enough where the network has a switch of its own. */
static void
the_networks_switch_is_asked_for(void)
{
    g_autoptr(HibArena) arena = hib_arena_new();
    static const char *const tiktok[] = {"tiktok", NULL}, *const bluesky[] = {"bluesky", NULL};
    HibCheckSubject subject = {
        .text = "【PR】届いた", .networks = tiktok, .relation = HIB_RELATION_GIFTED};
    HibCheckResult r = disclose(arena, subject);
    g_assert_nonnull(finding(&r, "STM-10"));
    subject.is_switched = true;
    r = disclose(arena, subject);
    g_assert_null(finding(&r, "STM-10"));
    subject.is_switched = false;
    subject.networks = bluesky; /* has none */
    r = disclose(arena, subject);
    g_assert_null(finding(&r, "STM-10"));
}

static void
what_is_old_says_so(void)
{
    const HibCheckRule *rule = hib_check_rule(hib_check_rules(), "KHY-01");
    HibInstant as_of;
    g_autofree char *day = g_strdup_printf("%sT00:00:00Z", rule->as_of);
    g_assert_true(hib_instant_parse(day, &as_of));
    g_assert_false(hib_check_is_stale(rule, as_of + 180 * HIB_DAY));
    g_assert_true(hib_check_is_stale(rule, as_of + 181 * HIB_DAY));
}

static void
a_house_switches_and_tunes(void)
{
    g_autoptr(HibArena) arena = hib_arena_new();
    const HibCheckTune tunes[] = {
        {.rule = "TM-01", .is_off = true},
        {.rule = "KHY-05", .is_severity_set = true, .severity = HIB_CHECK_BLOCK}};
    const HibCheckHouse house = {.tunes = tunes, .n_tunes = 2};
    const HibCheckSubject subject = {.text = "業界最安値、宅急便で", .now = now};
    HibCheckResult result;
    hib_check(arena, &house, &subject, &result);
    g_assert_null(finding(&result, "TM-01"));
    g_assert_cmpint(finding(&result, "KHY-05")->severity, ==, HIB_CHECK_BLOCK);
}

/* A hundred thousand characters of hits, of one letter, of marks, of brackets: each in a time that a person does not notice. */
static void
long_texts_are_quick_and_cut_says_so(void)
{
    static const char *const pieces[] = {"最高No.1治る", "a",    "0",      "口コミ", "{",
                                         "最 ",          "#pr ", "\u200b", "料理は", "か\u3099"};
    static const char *const all[] = {"cosme", "food", "medical", "finance", "campaign", NULL};
    for (size_t i = 0; i < G_N_ELEMENTS(pieces); i++) {
        g_autoptr(HibArena) arena = hib_arena_new();
        g_autoptr(GString) text = g_string_new("");
        while (text->len < 300000)
            g_string_append(text, pieces[i]);
        gint64 begin = g_get_monotonic_time();
        const HibCheckResult result = check(arena, text->str, all);
        g_assert_cmpuint(result.n, <=, HIB_CHECK_MOST);
        g_test_message("%s: %" G_GINT64_FORMAT " ms, %zu", pieces[i],
                       (g_get_monotonic_time() - begin) / 1000, result.n);
        g_assert_cmpint(g_get_monotonic_time() - begin, <,
                        20 * G_USEC_PER_SEC); /* a sanitizer on a busy machine */
        if (i == 0)
            g_assert_true(result.is_cut);
    }
}

static void
a_medium_is_asked_about_its_rights_only(void)
{
    g_autoptr(HibArena) arena = hib_arena_new();
    const char *const expired[] = {"expired", "unsaid", NULL}, *const none[] = {"nothing", NULL};
    HibCheckSubject subject = {
        .text = "", .facts = expired, .now = now, .relation = HIB_RELATION_PAID};
    HibCheckResult result;
    hib_check(arena, NULL, &subject, &result);
    g_assert_cmpuint(result.n, ==, 2);
    g_assert_nonnull(finding(&result, "RGT-01"));
    g_assert_nonnull(finding(&result, "RGT-06"));
    subject.relation = HIB_RELATION_OWN_ACCOUNT;
    hib_check(arena, NULL, &subject, &result);
    g_assert_cmpuint(result.n, ==, 1);
    subject.facts = none;
    hib_check(arena, NULL, &subject, &result);
    g_assert_cmpuint(result.n, ==, 0);
    subject.facts = NULL;
    subject.text = "オンカジ";
    hib_check(arena, NULL, &subject, &result);
    for (size_t i = 0; i < result.n; i++)
        g_assert_false(g_str_has_prefix(result.findings[i].rule->id, "RGT"));
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/check/pairs", every_rule_finds_its_examples_and_lets_the_others_go);
    g_test_add_func("/check/whole", every_rule_says_why_what_to_do_and_where_it_is_from);
    g_test_add_func("/check/place", a_finding_stands_where_the_words_stand);
    g_test_add_func("/check/effects", permitted_effects_of_cosmetics_pass);
    g_test_add_func("/check/relation", a_relation_must_be_disclosed_where_it_is_seen);
    g_test_add_func("/check/around", what_happens_around_makes_words_graver);
    g_test_add_func("/check/switch", the_networks_switch_is_asked_for);
    g_test_add_func("/check/stale", what_is_old_says_so);
    g_test_add_func("/check/house", a_house_switches_and_tunes);
    g_test_add_func("/check/rights", a_medium_is_asked_about_its_rights_only);
    g_test_add_func("/check/long", long_texts_are_quick_and_cut_says_so);
    return g_test_run();
}
