/* What a report is: its period has bounds, every section stands once, a campaign's only in its own report. */
#include "base/error.h"
#include "report/report.h"
#include "report/report_private.h"

static HibReportContent
october(void)
{
    return (HibReportContent){.kind = HIB_REPORT_MONTHLY,
                              .name = "十月",
                              .client = "",
                              .from_day = 20261001,
                              .until_day = 20261031,
                              .locale = "ja"};
}

static void
sections_are_whole_and_in_the_order_chosen(void)
{
    HibReportContent content = october();
    content.sections[content.n_sections++] =
        (HibReportSection){HIB_SECTION_POSTS, false, "見てください"};
    content.sections[content.n_sections++] = (HibReportSection){HIB_SECTION_SUMMARY, true, ""};
    g_assert_true(hib_report_settle(&content, NULL));
    g_assert_cmpuint(content.n_sections, ==, HIB_SECTIONS - 1); /* no campaign */
    g_assert_cmpint(content.sections[0].kind, ==, HIB_SECTION_POSTS);
    g_assert_true(content.sections[1].is_hidden);
    g_assert_cmpint(content.sections[2].kind, ==, HIB_SECTION_KPIS);
    for (size_t i = 0; i < content.n_sections; i++)
        g_assert_cmpint(content.sections[i].kind, !=, HIB_SECTION_CAMPAIGN);
    g_assert_cmpint(hib_report_n_days(&content), ==, 31);
}

static void
what_cannot_be_is_refused(void)
{
    static const int periods[][2] = {
        {20261031, 20261001}, {20250101, 20260102}, {19000101, 19000131}, {20991201, 21000101}};
    for (size_t i = 0; i < G_N_ELEMENTS(periods); i++) {
        g_autoptr(GError) error = NULL;
        HibReportContent content = october();
        content.from_day = periods[i][0];
        content.until_day = periods[i][1];
        g_assert_false(hib_report_settle(&content, &error));
        g_assert_cmpstr(hib_error_reason(error), ==, "report.bad_period");
    }
    g_autoptr(GError) twice = NULL, none = NULL;
    HibReportContent content = october();
    content.sections[0] = content.sections[1] = (HibReportSection){HIB_SECTION_POSTS, false, ""};
    content.n_sections = 2;
    g_assert_false(hib_report_settle(&content, &twice));
    g_assert_cmpstr(hib_error_pointer(twice), ==, "/sections/1");
    content = october();
    content.kind = HIB_REPORT_CAMPAIGN;
    g_assert_false(hib_report_settle(&content, &none));
    g_assert_cmpstr(hib_error_reason(none), ==, "report.no_campaign");
    content.campaign_id = "c";
    g_assert_true(hib_report_settle(&content, NULL));
    g_assert_cmpuint(content.n_sections, ==, HIB_SECTIONS);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/report/sections_are_whole_and_in_the_order_chosen",
                    sections_are_whole_and_in_the_order_chosen);
    g_test_add_func("/report/what_cannot_be_is_refused", what_cannot_be_is_refused);
    return g_test_run();
}
