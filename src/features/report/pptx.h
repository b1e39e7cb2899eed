/* A presentation as a package, inside report/: slides, charts with their workbooks, pictures. What a slide shows is pptx.c's. */
#pragma once
#include "draw/draw.h"

typedef struct HibPptx HibPptx;
HibPptx *hib_pptx_new(const char *title, const char *author, const char *made_at);
/* Text as XML; control characters, which cannot stand in it at all, are left out. */
void hib_pptx_escape(GString *out, const char *text);
void hib_pptx_free(HibPptx *file);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(HibPptx, hib_pptx_free)
/* `shapes` of the slide's tree and further relationships from rId2 on. */
void hib_pptx_slide(HibPptx *file, const char *shapes, const char *rels);
void hib_pptx_part(HibPptx *file, const char *name, GBytes *content);
/* ppt/charts/chartN.xml with its figures as a workbook inside. */
bool hib_pptx_chart(HibPptx *file, const HibChart *chart, int *ret_number, GError **error);
/* INTERNAL report.not_packed. */
bool hib_pptx_finish(HibPptx *file, GBytes **ret, GError **error);
