/* YouTube (Data API v3, Analytics v2): long videos and Shorts, comments and their answers, numbers.
 *
 * A video goes up in pieces into a session that YouTube names before the first byte. It exists with the last byte and not before, so the last
 * piece is the effect; and the session can always be asked how much it has. That makes an answer that was lost the harmless case. */
#pragma once
#include "networks/network.h"

extern const HibNetwork hib_youtube;
