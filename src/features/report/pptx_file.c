/* The package of a presentation, zipped by libzip in memory: the parts that every one needs, slides and charts as they come. [ECMA-376-1, 13 and 21.2; ECMA-376-2 for the package.] */
#include "base/error.h"
#include "report/pptx.h"
#include "table/table.h"
#include <math.h>
#include <string.h>
#include <zip.h>

#define XML "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n"
#define A "xmlns:a=\"http://schemas.openxmlformats.org/drawingml/2006/main\""
#define R "xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\""
#define P "xmlns:p=\"http://schemas.openxmlformats.org/presentationml/2006/main\""
#define C "xmlns:c=\"http://schemas.openxmlformats.org/drawingml/2006/chart\""
#define RELS                                                                                       \
    "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">"
#define TYPE "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
#define EMPTY_TREE                                                                                 \
    "<p:nvGrpSpPr><p:cNvPr id=\"1\" "                                                              \
    "name=\"\"/><p:cNvGrpSpPr/><p:nvPr/></p:nvGrpSpPr><p:grpSpPr><a:xfrm><a:off x=\"0\" "          \
    "y=\"0\"/><a:ext cx=\"0\" cy=\"0\"/><a:chOff x=\"0\" y=\"0\"/><a:chExt cx=\"0\" "              \
    "cy=\"0\"/></a:xfrm></p:grpSpPr>"

typedef struct {
    char *name;
    GBytes *content;
} Part;

struct HibPptx {
    GArray *parts; /* Part */
    GString *types;
    char *title, *author, *made_at;
    int n_slides, n_charts;
};

static void
let_go(void *data)
{
    Part *part = data;
    g_free(part->name);
    g_bytes_unref(part->content);
}

HibPptx *
hib_pptx_new(const char *title, const char *author, const char *made_at)
{
    HibPptx *file = g_new0(HibPptx, 1);
    file->parts = g_array_new(FALSE, FALSE, sizeof(Part));
    g_array_set_clear_func(file->parts, let_go);
    file->types = g_string_new(NULL);
    file->title = g_markup_escape_text(title, -1);
    file->author = g_markup_escape_text(author, -1);
    file->made_at = g_strdup(made_at);
    return file;
}

void
hib_pptx_free(HibPptx *file)
{
    if (!file)
        return;
    g_array_unref(file->parts);
    g_string_free(file->types, TRUE);
    g_free(file->title);
    g_free(file->author);
    g_free(file->made_at);
    g_free(file);
}

void
hib_pptx_part(HibPptx *file, const char *name, GBytes *content)
{
    const Part part = {g_strdup(name), g_bytes_ref(content)};
    g_array_append_val(file->parts, part);
}

static void
put(HibPptx *file, const char *name, char *content)
{
    g_autoptr(GBytes) bytes = g_bytes_new_take(content, strlen(content));
    hib_pptx_part(file, name, bytes);
}

static void
type_of(HibPptx *file, const char *name, const char *type)
{
    g_string_append_printf(
        file->types,
        "<Override PartName=\"/%s\" ContentType=\"application/vnd.openxmlformats-%s+xml\"/>", name,
        type);
}

void
hib_pptx_slide(HibPptx *file, const char *shapes, const char *rels)
{
    int n = ++file->n_slides;
    g_autofree char *name = g_strdup_printf("ppt/slides/slide%d.xml", n),
                    *rel = g_strdup_printf("ppt/slides/_rels/slide%d.xml.rels", n);
    put(file, name,
        g_strconcat(XML "<p:sld " A " " R " " P "><p:cSld><p:spTree>" EMPTY_TREE, shapes,
                    "</p:spTree></p:cSld><p:clrMapOvr><a:masterClrMapping/></p:clrMapOvr></p:sld>",
                    NULL));
    put(file, rel,
        g_strconcat(XML RELS "<Relationship Id=\"rId1\" Type=\"" TYPE
                             "slideLayout\" Target=\"../slideLayouts/slideLayout1.xml\"/>",
                    rels, "</Relationships>", NULL));
    type_of(file, name, "officedocument.presentationml.slide");
}

/* --- charts ------------------------------------------------------------------------------------------------------------------ */
void
hib_pptx_escape(GString *out, const char *text)
{
    g_autofree char *escaped = g_markup_escape_text(text, -1);
    for (const char *c = escaped; *c; c++)
        if ((unsigned char)*c >= ' ' || *c == '\n' || *c == '\t')
            g_string_append_c(out, *c);
}

static void
put_labels(GString *out, const char *range, const char *const *labels, size_t n)
{
    g_string_append_printf(out, "<c:strRef><c:f>data!%s</c:f><c:strCache><c:ptCount val=\"%zu\"/>",
                           range, n);
    for (size_t i = 0; i < n; i++) {
        g_string_append_printf(out, "<c:pt idx=\"%zu\"><c:v>", i);
        hib_pptx_escape(out, labels[i]);
        g_string_append(out, "</c:v></c:pt>");
    }
    g_string_append(out, "</c:strCache></c:strRef>");
}

static void
put_look(GString *out, const HibChart *chart, size_t s)
{
    static const char *const dashes[] = {"solid",   "dash",   "sysDot",
                                         "dashDot", "lgDash", "lgDashDot"};
    static const char *const patterns[] = {"",        "wdUpDiag", "wdDnDiag",
                                           "narHorz", "narVert",  "trellis"};
    uint32_t colour = hib_chart_colour(s);
    if (chart->kind == HIB_CHART_LINE)
        g_string_append_printf(
            out,
            "<c:spPr><a:ln w=\"25400\"><a:solidFill><a:srgbClr "
            "val=\"%06X\"/></a:solidFill><a:prstDash "
            "val=\"%s\"/></a:ln></c:spPr><c:marker><c:symbol val=\"none\"/></c:marker>",
            colour, dashes[s % 6]);
    else if (s % 6)
        g_string_append_printf(
            out,
            "<c:spPr><a:pattFill prst=\"%s\"><a:fgClr><a:srgbClr "
            "val=\"FFFFFF\"/></a:fgClr><a:bgClr><a:srgbClr "
            "val=\"%06X\"/></a:bgClr></a:pattFill></c:spPr><c:invertIfNegative val=\"0\"/>",
            patterns[s % 6], colour);
    else
        g_string_append_printf(
            out,
            "<c:spPr><a:solidFill><a:srgbClr "
            "val=\"%06X\"/></a:solidFill></c:spPr><c:invertIfNegative val=\"0\"/>",
            colour);
}

static void
put_series(GString *out, const HibChart *chart, size_t s)
{
    char column = (char)('B' + s), number[G_ASCII_DTOSTR_BUF_SIZE];
    const HibChartSeries *series = &chart->series[s];
    g_autofree char *head = g_strdup_printf("$%c$1", column),
                    *labels = g_strdup_printf("$A$2:$A$%zu", chart->n + 1);
    g_string_append_printf(out, "<c:ser><c:idx val=\"%zu\"/><c:order val=\"%zu\"/><c:tx>", s, s);
    put_labels(out, head, &series->name, 1);
    g_string_append(out, "</c:tx>");
    put_look(out, chart, s);
    g_string_append(out, "<c:cat>");
    put_labels(out, labels, chart->labels, chart->n);
    g_string_append_printf(
        out,
        "</c:cat><c:val><c:numRef><c:f>data!$%c$2:$%c$%zu</c:f><c:numCache><c:formatCode>General</"
        "c:formatCode><c:ptCount val=\"%zu\"/>",
        column, column, chart->n + 1, chart->n);
    for (size_t i = 0; i < chart->n; i++)
        if (isfinite(series->values[i]))
            g_string_append_printf(out, "<c:pt idx=\"%zu\"><c:v>%s</c:v></c:pt>", i,
                                   g_ascii_dtostr(number, sizeof number, series->values[i]));
    g_string_append_printf(out, "</c:numCache></c:numRef></c:val>%s</c:ser>",
                           chart->kind == HIB_CHART_LINE ? "<c:smooth val=\"0\"/>" : "");
}

static char *
chart_xml(const HibChart *chart)
{
    bool is_line = chart->kind == HIB_CHART_LINE, is_stacked = chart->kind == HIB_CHART_STACKED;
    GString *out =
        g_string_new(XML "<c:chartSpace " C " " A " " R
                         "><c:chart><c:autoTitleDeleted val=\"1\"/><c:plotArea><c:layout/>");
    g_string_append(out,
                    is_line ? "<c:lineChart><c:grouping val=\"standard\"/><c:varyColors val=\"0\"/>"
                    : is_stacked ? "<c:barChart><c:barDir val=\"col\"/><c:grouping "
                                   "val=\"stacked\"/><c:varyColors val=\"0\"/>"
                                 : "<c:barChart><c:barDir val=\"bar\"/><c:grouping "
                                   "val=\"clustered\"/><c:varyColors val=\"0\"/>");
    for (size_t s = 0; s < MIN(chart->n_series, HIB_CHART_MOST_SERIES); s++)
        put_series(out, chart, s);
    g_string_append(out, is_line      ? "<c:marker val=\"1\"/>"
                         : is_stacked ? "<c:gapWidth val=\"40\"/><c:overlap val=\"100\"/>"
                                      : "<c:gapWidth val=\"60\"/>");
    g_string_append_printf(out, "<c:axId val=\"111\"/><c:axId val=\"222\"/></c:%s>",
                           is_line ? "lineChart" : "barChart");
    bool is_lying = !is_line && !is_stacked;
    g_string_append_printf(
        out,
        "<c:catAx><c:axId val=\"111\"/><c:scaling><c:orientation val=\"%s\"/></c:scaling><c:delete "
        "val=\"0\"/><c:axPos val=\"%s\"/><c:numFmt formatCode=\"General\" "
        "sourceLinked=\"0\"/><c:majorTickMark val=\"none\"/><c:minorTickMark "
        "val=\"none\"/><c:tickLblPos val=\"low\"/><c:crossAx val=\"222\"/><c:crosses "
        "val=\"autoZero\"/></c:catAx>",
        is_lying ? "maxMin" : "minMax", is_lying ? "l" : "b");
    g_string_append_printf(
        out,
        "<c:valAx><c:axId val=\"222\"/><c:scaling><c:orientation "
        "val=\"minMax\"/></c:scaling><c:delete val=\"0\"/><c:axPos "
        "val=\"%s\"/><c:majorGridlines><c:spPr><a:ln w=\"6350\"><a:solidFill><a:srgbClr "
        "val=\"E2DFD8\"/></a:solidFill></a:ln></c:spPr></c:majorGridlines><c:numFmt "
        "formatCode=\"#,##0\" sourceLinked=\"0\"/><c:majorTickMark val=\"none\"/><c:minorTickMark "
        "val=\"none\"/><c:tickLblPos val=\"nextTo\"/><c:crossAx val=\"111\"/><c:crosses "
        "val=\"autoZero\"/></c:valAx>",
        is_lying ? "b" : "l");
    g_string_append(out, "</c:plotArea><c:legend><c:legendPos val=\"b\"/><c:overlay "
                         "val=\"0\"/></c:legend><c:plotVisOnly val=\"1\"/><c:dispBlanksAs "
                         "val=\"gap\"/></c:chart><c:externalData r:id=\"rId1\"><c:autoUpdate "
                         "val=\"0\"/></c:externalData></c:chartSpace>");
    return g_string_free(out, FALSE);
}

/* What "edit data" opens. */
static bool
workbook_of(const HibChart *chart, GBytes **ret, GError **error)
{
    g_autoptr(HibBook) book = hib_book_new();
    hib_book_sheet(book, "data");
    for (size_t s = 0; s < MIN(chart->n_series, HIB_CHART_MOST_SERIES); s++) {
        hib_book_text(book, 0, (int)s + 1, HIB_CELL_HEAD, chart->series[s].name);
        for (size_t i = 0; i < chart->n; i++)
            if (isfinite(chart->series[s].values[i]))
                hib_book_number(book, i + 1, (int)s + 1, chart->series[s].values[i]);
    }
    for (size_t i = 0; i < chart->n; i++)
        hib_book_text(book, i + 1, 0, HIB_CELL_PLAIN, chart->labels[i]);
    return hib_book_finish(book, ret, error);
}

bool
hib_pptx_chart(HibPptx *file, const HibChart *chart, int *ret_number, GError **error)
{
    int n = ++file->n_charts;
    g_autoptr(GBytes) book = NULL;
    g_autofree char *name = g_strdup_printf("ppt/charts/chart%d.xml", n),
                    *rel = g_strdup_printf("ppt/charts/_rels/chart%d.xml.rels", n),
                    *inside = g_strdup_printf("ppt/embeddings/chart%d.xlsx", n);
    if (!workbook_of(chart, &book, error))
        return false;
    put(file, name, chart_xml(chart));
    put(file, rel,
        g_strdup_printf(XML RELS
                        "<Relationship Id=\"rId1\" Type=\"" TYPE
                        "package\" Target=\"../embeddings/chart%d.xlsx\"/></Relationships>",
                        n));
    hib_pptx_part(file, inside, book);
    type_of(file, name, "officedocument.drawingml.chart");
    *ret_number = n;
    return true;
}

/* --- what every presentation has --------------------------------------------------------------------------------------------- */
static void
put_theme(HibPptx *file)
{
    put(file, "ppt/theme/theme1.xml",
        g_strdup(
            XML
            "<a:theme " A
            " name=\"Hibiki\"><a:themeElements><a:clrScheme name=\"Hibiki\"><a:dk1><a:srgbClr "
            "val=\"1D1F23\"/></a:dk1><a:lt1><a:srgbClr val=\"FFFFFF\"/></a:lt1><a:dk2><a:srgbClr "
            "val=\"5C626B\"/></a:dk2><a:lt2><a:srgbClr val=\"F7F6F3\"/></a:lt2>"
            "<a:accent1><a:srgbClr val=\"525AD8\"/></a:accent1><a:accent2><a:srgbClr "
            "val=\"C38611\"/></a:accent2><a:accent3><a:srgbClr "
            "val=\"00A4A5\"/></a:accent3><a:accent4><a:srgbClr "
            "val=\"730485\"/></a:accent4><a:accent5><a:srgbClr "
            "val=\"AD3A0F\"/></a:accent5><a:accent6><a:srgbClr "
            "val=\"2E2E2E\"/></a:accent6><a:hlink><a:srgbClr "
            "val=\"2B55C4\"/></a:hlink><a:folHlink><a:srgbClr "
            "val=\"5C626B\"/></a:folHlink></a:clrScheme>"
            "<a:fontScheme name=\"Hibiki\"><a:majorFont><a:latin typeface=\"Segoe UI\"/><a:ea "
            "typeface=\"Yu Gothic\"/><a:cs typeface=\"\"/></a:majorFont><a:minorFont><a:latin "
            "typeface=\"Segoe UI\"/><a:ea typeface=\"Yu Gothic\"/><a:cs "
            "typeface=\"\"/></a:minorFont></a:fontScheme>"
            "<a:fmtScheme name=\"Hibiki\"><a:fillStyleLst><a:solidFill><a:schemeClr "
            "val=\"phClr\"/></a:solidFill><a:solidFill><a:schemeClr "
            "val=\"phClr\"/></a:solidFill><a:solidFill><a:schemeClr "
            "val=\"phClr\"/></a:solidFill></a:fillStyleLst>"
            "<a:lnStyleLst><a:ln w=\"6350\"><a:solidFill><a:schemeClr "
            "val=\"phClr\"/></a:solidFill></a:ln><a:ln w=\"12700\"><a:solidFill><a:schemeClr "
            "val=\"phClr\"/></a:solidFill></a:ln><a:ln w=\"19050\"><a:solidFill><a:schemeClr "
            "val=\"phClr\"/></a:solidFill></a:ln></a:lnStyleLst>"
            "<a:effectStyleLst><a:effectStyle><a:effectLst/></"
            "a:effectStyle><a:effectStyle><a:effectLst/></"
            "a:effectStyle><a:effectStyle><a:effectLst/></a:effectStyle></a:effectStyleLst>"
            "<a:bgFillStyleLst><a:solidFill><a:schemeClr "
            "val=\"phClr\"/></a:solidFill><a:solidFill><a:schemeClr "
            "val=\"phClr\"/></a:solidFill><a:solidFill><a:schemeClr "
            "val=\"phClr\"/></a:solidFill></a:bgFillStyleLst></a:fmtScheme></a:themeElements></"
            "a:theme>"));
}

static void
put_master(HibPptx *file)
{
    put(file, "ppt/slideMasters/slideMaster1.xml",
        g_strdup(XML
                 "<p:sldMaster " A " " R " " P "><p:cSld><p:bg><p:bgPr><a:solidFill><a:schemeClr "
                 "val=\"bg1\"/></a:solidFill><a:effectLst/></p:bgPr></p:bg><p:spTree>" EMPTY_TREE
                 "</p:spTree></p:cSld>"
                 "<p:clrMap bg1=\"lt1\" tx1=\"dk1\" bg2=\"lt2\" tx2=\"dk2\" accent1=\"accent1\" "
                 "accent2=\"accent2\" accent3=\"accent3\" accent4=\"accent4\" accent5=\"accent5\" "
                 "accent6=\"accent6\" hlink=\"hlink\" folHlink=\"folHlink\"/>"
                 "<p:sldLayoutIdLst><p:sldLayoutId id=\"2147483649\" "
                 "r:id=\"rId1\"/></p:sldLayoutIdLst><p:txStyles><p:titleStyle/><p:bodyStyle/"
                 "><p:otherStyle/></p:txStyles></p:sldMaster>"));
    put(file, "ppt/slideMasters/_rels/slideMaster1.xml.rels",
        g_strdup(XML RELS
                 "<Relationship Id=\"rId1\" Type=\"" TYPE
                 "slideLayout\" Target=\"../slideLayouts/slideLayout1.xml\"/><Relationship "
                 "Id=\"rId2\" Type=\"" TYPE
                 "theme\" Target=\"../theme/theme1.xml\"/></Relationships>"));
    put(file, "ppt/slideLayouts/slideLayout1.xml",
        g_strdup(
            XML
            "<p:sldLayout " A " " R " " P
            " type=\"blank\"><p:cSld name=\"Blank\"><p:spTree>" EMPTY_TREE
            "</p:spTree></p:cSld><p:clrMapOvr><a:masterClrMapping/></p:clrMapOvr></p:sldLayout>"));
    put(file, "ppt/slideLayouts/_rels/slideLayout1.xml.rels",
        g_strdup(XML RELS
                 "<Relationship Id=\"rId1\" Type=\"" TYPE
                 "slideMaster\" Target=\"../slideMasters/slideMaster1.xml\"/></Relationships>"));
    type_of(file, "ppt/slideMasters/slideMaster1.xml", "officedocument.presentationml.slideMaster");
    type_of(file, "ppt/slideLayouts/slideLayout1.xml", "officedocument.presentationml.slideLayout");
    type_of(file, "ppt/theme/theme1.xml", "officedocument.theme");
}

static void
put_presentation(HibPptx *file)
{
    GString *ids = g_string_new(NULL),
            *rels = g_string_new(
                XML RELS "<Relationship Id=\"rId1\" Type=\"" TYPE
                         "slideMaster\" Target=\"slideMasters/slideMaster1.xml\"/><Relationship "
                         "Id=\"rId2\" Type=\"" TYPE "theme\" Target=\"theme/theme1.xml\"/>");
    for (int i = 0; i < file->n_slides; i++) {
        g_string_append_printf(ids, "<p:sldId id=\"%d\" r:id=\"rId%d\"/>", 256 + i, 3 + i);
        g_string_append_printf(rels,
                               "<Relationship Id=\"rId%d\" Type=\"" TYPE
                               "slide\" Target=\"slides/slide%d.xml\"/>",
                               3 + i, i + 1);
    }
    g_string_append(rels, "</Relationships>");
    put(file, "ppt/presentation.xml",
        g_strconcat(XML "<p:presentation " A " " R " " P
                        "><p:sldMasterIdLst><p:sldMasterId id=\"2147483648\" "
                        "r:id=\"rId1\"/></p:sldMasterIdLst><p:sldIdLst>",
                    ids->str,
                    "</p:sldIdLst><p:sldSz cx=\"12192000\" cy=\"6858000\"/><p:notesSz "
                    "cx=\"6858000\" cy=\"9144000\"/></p:presentation>",
                    NULL));
    put(file, "ppt/_rels/presentation.xml.rels", g_string_free(rels, FALSE));
    g_string_free(ids, TRUE);
    type_of(file, "ppt/presentation.xml", "officedocument.presentationml.presentation.main");
    put(file, "docProps/core.xml",
        g_strdup_printf(XML
                        "<cp:coreProperties "
                        "xmlns:cp=\"http://schemas.openxmlformats.org/package/2006/metadata/"
                        "core-properties\" xmlns:dc=\"http://purl.org/dc/elements/1.1/\" "
                        "xmlns:dcterms=\"http://purl.org/dc/terms/\" "
                        "xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\"><dc:title>%s</"
                        "dc:title><dc:creator>%s</dc:creator><dcterms:created "
                        "xsi:type=\"dcterms:W3CDTF\">%.19sZ</dcterms:created></cp:coreProperties>",
                        file->title, file->author, file->made_at));
    type_of(file, "docProps/core.xml", "package.core-properties");
    put(file, "_rels/.rels",
        g_strdup(XML RELS
                 "<Relationship Id=\"rId1\" Type=\"" TYPE
                 "officeDocument\" Target=\"ppt/presentation.xml\"/><Relationship Id=\"rId2\" "
                 "Type=\"http://schemas.openxmlformats.org/package/2006/relationships/metadata/"
                 "core-properties\" Target=\"docProps/core.xml\"/></Relationships>"));
    put(file, "[Content_Types].xml",
        g_strconcat(
            XML
            "<Types "
            "xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\"><Default "
            "Extension=\"rels\" "
            "ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/><Default "
            "Extension=\"xml\" ContentType=\"application/xml\"/><Default Extension=\"jpeg\" "
            "ContentType=\"image/jpeg\"/><Default Extension=\"xlsx\" "
            "ContentType=\"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet\"/>",
            file->types->str, "</Types>", NULL));
}

/* --- the zip ----------------------------------------------------------------------------------------------------------------- */
static bool
add_part(zip_t *zip, const Part *part)
{
    gsize n;
    const void *data = g_bytes_get_data(part->content, &n);
    zip_source_t *source = zip_source_buffer(zip, data, n, 0);
    if (!source)
        return false;
    if (zip_file_add(zip, part->name, source, ZIP_FL_ENC_UTF_8) >= 0)
        return true;
    zip_source_free(source);
    return false;
}

static GBytes *
read_all(zip_source_t *from)
{
    zip_stat_t stat;
    if (zip_source_stat(from, &stat) < 0 || !(stat.valid & ZIP_STAT_SIZE) ||
        zip_source_open(from) < 0)
        return NULL;
    guint8 *out = g_try_malloc(stat.size);
    bool is_whole = out && zip_source_read(from, out, stat.size) == (zip_int64_t)stat.size;
    zip_source_close(from);
    if (is_whole)
        return g_bytes_new_take(out, stat.size);
    g_free(out);
    return NULL;
}

bool
hib_pptx_finish(HibPptx *file, GBytes **ret, GError **error)
{
    put_theme(file);
    put_master(file);
    put_presentation(file);
    zip_error_t fault;
    zip_error_init(&fault);
    zip_source_t *into = zip_source_buffer_create(NULL, 0, 0, &fault);
    zip_t *zip = into ? zip_open_from_source(into, ZIP_TRUNCATE, &fault) : NULL;
    bool ok = zip != NULL;
    if (zip)
        zip_source_keep(into); /* closing lets go of one */
    for (guint i = file->parts->len; i > 0 && ok;
         i--) /* [Content_Types].xml, made last, comes first */
        ok = add_part(zip, &g_array_index(file->parts, Part, i - 1));
    if (zip && !ok)
        zip_discard(zip);
    else if (zip && zip_close(zip) < 0) {
        zip_discard(zip);
        ok = false;
    }
    *ret = ok ? read_all(into) : NULL;
    if (into)
        zip_source_free(into);
    zip_error_fini(&fault);
    if (!*ret)
        hib_error_set(error, HIB_ERROR_INTERNAL, "report.not_packed",
                      "the presentation cannot be packed");
    return *ret != NULL;
}
