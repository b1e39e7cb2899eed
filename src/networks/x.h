/* X (API v2): posts with pictures, one GIF or one video, threads, polls, direct messages; numbers, mentions, replies, webhooks.
 *
 * X has no key that would make a repeat harmless. Pictures are uploaded first and nobody sees them; the one call that posts is
 * never repeated blindly: an outcome that is not known is looked up in the account's own timeline, by its words. */
#pragma once
#include "networks/network.h"

extern const HibNetwork hib_x;
