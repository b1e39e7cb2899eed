/* Shared inside report/ only. */
#pragma once
#include "api.gen.h"
#include "draw/draw.h"
#include "http/services.h"
#include "measure/measure.h"
#include "report/report.h"

/* --- what is kept (report.c: pure; report_store.c: rows) ------------------------------------------------------------------ */
typedef enum { HIB_REPORT_WEEKLY, HIB_REPORT_MONTHLY, HIB_REPORT_CAMPAIGN } HibReportKind;
typedef enum { /* same order as the contract's enum */
               HIB_SECTION_SUMMARY,
               HIB_SECTION_KPIS,
               HIB_SECTION_TREND,
               HIB_SECTION_ACCOUNTS,
               HIB_SECTION_POSTS,
               HIB_SECTION_RHYTHM,
               HIB_SECTION_CAMPAIGN,
               HIB_SECTION_NEXT,
               HIB_SECTION_BASIS,
               HIB_SECTIONS
} HibSectionKind;
typedef struct {
    HibSectionKind kind;
    bool is_hidden;
    const char *note;
} HibReportSection;
typedef struct {
    HibReportKind kind;
    const char *name, *client, *campaign_id, *logo_id; /* NULL: none */
    int from_day, until_day;                           /* yyyymmdd, both within */
    uint32_t accent;
    const char *locale;
    HibReportSection sections[HIB_SECTIONS];
    size_t n_sections; /* those that are missing come behind, in the usual order */
} HibReportContent;
typedef struct {
    const char *id, *created_by_name;
    const char *account_id; /* of one account only; NULL: of all. Stored with no report */
    bool is_figures;        /* a page of figures that is no report */
    HibReportContent content;
    HibInstant created_at, updated_at;
    int64_t version;
} HibReport;
#define HIB_REPORT_MOST_DAYS 366
/* Every section once, campaign's only where there is one. INVALID report.bad_period, report.section_twice, report.no_campaign, each with its pointer. Pure. */
bool hib_report_settle(HibReportContent *content, GError **error);
int hib_report_n_days(const HibReportContent *content);

bool hib_report_list(HibDb *db, HibReport **ret, size_t *ret_n, GError **error); /* newest first */
bool hib_report_get(HibDb *db, const char *id, HibReport **ret,
                    GError **error); /* report.unknown */
/* NOT_FOUND campaign.unknown, media.unknown. */
bool hib_report_add(HibDb *db, const HibReportContent *content, HibReport **ret, GError **error);
bool hib_report_add_as(HibDb *db, const char *id, const HibReportContent *content, HibReport **ret,
                       GError **error); /* the same, with an id that was chosen before */
/* CONFLICT report.edited. */
bool hib_report_change(HibDb *db, const char *id, int64_t version, const HibReportContent *content,
                       HibReport **ret, GError **error);
bool hib_report_delete(HibDb *db, const char *id, GError **error);
/* The task that a suggestion became; NULL: none yet. */
bool hib_report_task_of(HibDb *db, const char *report, const char *suggestion, const char **ret,
                        GError **error);
typedef struct {
    const char *suggestion, *title, *note, *assignee_id, *due_on, *campaign_id;
} HibReportTask;
/* CONFLICT report.task_there; what plan refuses of a task. */
bool hib_report_add_task(HibDb *db, const char *report, const HibReportTask *task,
                         const char **ret_id, GError **error);

/* --- figures (figures_store.c) ------------------------------------------------------------------------------------------------ */
typedef struct {
    const char *id, *name, *network; /* the network's slug */
    HibMeasureOverview of;
} HibReportAccount;
/* What makes a difference to an account's posts, or what would tell. */
typedef struct {
    const char *account, *account_id; /* its name */
    HibToldFinding of;
} HibReportLearnt;
typedef struct {
    const HibReport *report;
    const char *workspace, *zone, *source;
    bool is_partial;
    HibInstant made_at;
    HibMeasureOverview of;
    HibReportAccount *accounts;
    size_t n_accounts;
    HibMeasureBest *posts; /* the most engagements first */
    const char **heads;    /* of each, its first words */
    const char **wheres;   /* of each, its account */
    const char **
        urls; /* of those at either end, where it stands on its network; NULL: not known, or not shown */
    size_t n_posts;
    bool has_campaign;
    const char *campaign_name;
    HibMeasureCampaign campaign;
    HibToldGoal *goals;
    size_t n_goals;
    HibToldUnusual *unusual;
    size_t n_unusual;
    HibReportLearnt *learnt;
    size_t n_learnt;
    HibToldGroup *groups; /* those by the same together */
    size_t n_groups;
    GBytes *logo; /* JPEG; NULL: none. Lives with the arena */
} HibReportFigures;
#define HIB_REPORT_MOST_POSTS 20000
bool hib_report_figures(HibDb *db, const HibServices *services, const HibReport *report,
                        HibReportFigures *ret, GError **error);
/* Reactions of a day: those every network has, what they come to with the two below, and what some networks tell besides. */
enum { HIB_REPORT_ALL = HIB_MEASURE_N, HIB_REPORT_SAVES, HIB_REPORT_SHARES, HIB_REPORT_METRICS };
const char *hib_report_metric(int metric); /* its slug */
/* Sum over the days of one metric; of the posts. Pure. */
int64_t hib_report_gained(const HibMeasureDay *days, size_t n, int metric);
int64_t hib_report_posts(const HibMeasureDay *days, size_t n);

/* --- sentences (findings.c: pure) ----------------------------------------------------------------------------------------------- */
typedef enum { HIB_SAYS_FACT, HIB_SAYS_READING, HIB_SAYS_GUESS } HibSays; /* the contract's order */
typedef struct {
    const char *name;   /* of its place in the pattern */
    double value;       /* NAN: words without a figure */
    const char *text;   /* as it is printed */
    const char *behind; /* where it leads (behind.h); NULL: nowhere */
} HibReportFigure;
typedef struct {
    const char *text, *behind; /* behind NULL: nowhere */
} HibReportPiece;
typedef struct {
    HibSays kind;
    const char *text;
    const HibReportFigure *figures;
    size_t n_figures;
    const HibReportPiece *pieces; /* the text in pieces */
    size_t n_pieces;
} HibReportSentence;
typedef struct {
    const char *key;        /* "slot", "pace" …: once a report */
    HibReportSentence what; /* the title of the task */
    HibReportSentence why;  /* its evidence */
} HibReportSuggestion;
typedef struct {
    HibReportSentence *sentences;
    size_t n_sentences;
    HibReportSuggestion *suggestions;
    size_t n_suggestions;
} HibReportFindings;
HibReportFindings hib_report_findings(HibArena *arena, const HibReportFigures *figures);
/* Cells are held against the mean of all; with 168 of them looked at, 0.025 / 168 of a normal is 3.62 deviations off instead of 1.96. */
#define HIB_CELL_WIDER 1.85
#define HIB_CELL_LEAST 5
bool hib_report_cell_is_sure(const HibMeanInterval *cell, double mean);
double hib_report_cells_mean(const HibMeasureCell *cells, size_t *ret_n);

/* --- words (say.c: pure) ------------------------------------------------------------------------------------------------------------ */
const char *hib_report_say(const HibReportFigures *figures, const char *key); /* report.KEY */
/* The pattern report.KEY with its figures in it. */
HibReportSentence hib_report_sentence(HibArena *arena, const HibReportFigures *of, HibSays kind,
                                      const char *key, const HibReportFigure *figures, size_t n);
/* One after the other, of the kind of the first; `between` without figures. */
HibReportSentence hib_report_join(HibArena *arena, const HibReportSentence *first,
                                  const char *between, const HibReportSentence *then);
/* "bluesky, practice" in words. */
const char *hib_report_network(HibArena *arena, const HibReportFigures *figures, const char *slugs);
const char *hib_report_weekday(const HibReportFigures *figures, int weekday); /* 1 Monday … 7 */
const char *hib_report_day(HibArena *arena, const char *locale, int64_t day);

/* --- the document (document.c: pure) ---------------------------------------------------------------------------------------------- */
#define HIB_REPORT_SHOWN 5 /* posts at either end of a ranking */
typedef enum { HIB_BLOCK_TEXT, HIB_BLOCK_TILES, HIB_BLOCK_CHART, HIB_BLOCK_GRID } HibBlockKind;
typedef struct {
    HibBlockKind kind;
    HibReportSentence sentence;
    HibTile *tiles;
    size_t n_tiles;
    HibChart chart;
    HibGrid grid;
    const char *title;     /* of a grid; NULL: none */
    const double *numbers; /* of a grid: of each cell, NAN where it is words */
    /* Where numbers lead (behind.h), NULL: nowhere. Of each cell of a grid or of a chart's table (hib_chart_table); of tiles two each, the value and what was before. NULL: none leads anywhere. */
    const char *const *behind;
    const char *const *urls; /* of a grid's rows: the post on its network; NULL: none is one */
} HibReportBlock;
typedef struct {
    HibSectionKind kind;
    const char *title, *note; /* note "": none */
    HibReportBlock *blocks;
    size_t n_blocks;
} HibReportPart;
typedef struct {
    const char *title, *client, *maker, *period, *made, *locale, *made_at;
    uint32_t accent;
    GBytes *logo;
    HibReportPart *parts; /* without hidden ones */
    size_t n_parts;
    HibReportSuggestion *suggestions;
    size_t n_suggestions;
    HibReportBlock posts; /* a grid of all of them, for sheets */
    const char
        *app; /* the app's address, for readers who have an account; NULL: numbers lead nowhere */
} HibReportDocument;
void hib_report_document(HibArena *arena, const HibReportFigures *figures, HibReportDocument *ret);

/* Charts of the days, and of weekdays and hours (charts.c). Each returns how many. Pure. */
size_t hib_report_trend(HibArena *arena, const HibReportFigures *of, HibReportBlock ret[2]);
size_t hib_report_rhythm(HibArena *arena, const HibReportFigures *of, HibReportBlock ret[1]);
/* Tables of kinds of posts, of which there are two at least (groups.c). Returns how many. Pure. */
size_t hib_report_groups(HibArena *arena, const HibReportFigures *of,
                         HibReportBlock ret[HIB_TOLD_BY_TAG + 1]);

/* --- outputs ---------------------------------------------------------------------------------------------------------------------- */
bool hib_report_pdf(const HibReportDocument *document, GBytes **ret, GError **error);
bool hib_report_pptx(const HibReportDocument *document, GBytes **ret, GError **error);
bool hib_report_xlsx(const HibReportDocument *document, GBytes **ret, GError **error);
/* As a file to be kept, named after the report. */
bool hib_report_reply_file(struct HibCall *call, const HibReportDocument *document,
                           const char *type, const char *ending, GBytes *bytes);
/* The chart of that number, from 0 through all parts, as SVG. NOT_FOUND report.no_chart. */
bool hib_report_chart(const HibReportDocument *document, int64_t number, GBytes **ret,
                      GError **error);
