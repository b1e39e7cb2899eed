/* The feature's record, and the rules of what a report is. Pure. */
#include "report/report.h"
#include "base/error.h"
#include "days/days.h"
#include "report/delivery.h"

/* What happens when one runs twice stands at each of them. */
static const HibJobKind jobs[] = {
    {.kind = HIB_REPORT_DUE,
     .run = hib_report_due_run,
     .lease_s = 60,
     .tries = 20,
     .backoff_s = 10},
    {.kind = HIB_REPORT_MAKE,
     .run = hib_report_make_run,
     .lease_s = 300,
     .tries = 10,
     .backoff_s = 10},
    {.kind = HIB_REPORT_SEND,
     .run = hib_report_send_run,
     .lease_s = 300,
     .tries = 6,
     .backoff_s = 60},
    {0},
};

const HibFeature hib_report = {.name = "report", .jobs = jobs};

int
hib_report_n_days(const HibReportContent *content)
{
    int n = 1;
    for (int day = content->from_day; day < content->until_day && n <= HIB_REPORT_MOST_DAYS; n++)
        day = hib_day_plus(day, 1);
    return n;
}

bool
hib_report_settle(HibReportContent *content, GError **error)
{
    bool is_there[HIB_SECTIONS] = {false};
    size_t n = 0;
    if (content->from_day < HIB_DAYS_FROM || content->until_day > HIB_DAYS_UNTIL ||
        content->until_day < content->from_day ||
        hib_report_n_days(content) > HIB_REPORT_MOST_DAYS) {
        hib_error_set_at(error, HIB_ERROR_INVALID, "report.bad_period", "/until", "no such period");
        return false;
    }
    bool has_campaign = content->kind == HIB_REPORT_CAMPAIGN;
    if (has_campaign && !content->campaign_id) {
        hib_error_set_at(error, HIB_ERROR_INVALID, "report.no_campaign", "/campaign_id",
                         "of which campaign?");
        return false;
    }
    if (!has_campaign)
        content->campaign_id = NULL;
    for (size_t i = 0; i < content->n_sections; i++) {
        const HibReportSection section = content->sections[i];
        if (is_there[section.kind]) {
            g_autofree char *pointer = g_strdup_printf("/sections/%zu", i);
            hib_error_set_at(error, HIB_ERROR_INVALID, "report.section_twice", pointer, "twice");
            return false;
        }
        is_there[section.kind] = true;
        if (section.kind != HIB_SECTION_CAMPAIGN || has_campaign)
            content->sections[n++] = section;
    }
    for (int kind = 0; kind < HIB_SECTIONS; kind++)
        if (!is_there[kind] && (kind != HIB_SECTION_CAMPAIGN || has_campaign))
            content->sections[n++] = (HibReportSection){(HibSectionKind)kind, false, ""};
    content->n_sections = n;
    return true;
}
