/* TikTok (Content Posting API and Display API): videos, photo posts and drafts, and the numbers of what is out.
 *
 * The one idea: a video goes up in pieces, and nothing is posted before its last byte. Everything up to that byte can be done
 * again; the last piece is the effect, and its publish id, known before, tells afterwards what became of it. */
#pragma once
#include "networks/network.h"

extern const HibNetwork hib_tiktok;
