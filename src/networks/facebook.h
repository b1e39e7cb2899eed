/* Facebook Pages: texts, links, photos, videos, reels and stories of a page; comments, Messenger and numbers.
 *
 * Everything is uploaded, so no address of this instance is needed. A page has a token of its own, which does not end by time. */
#pragma once
#include "networks/network.h"

extern const HibNetwork hib_facebook;
