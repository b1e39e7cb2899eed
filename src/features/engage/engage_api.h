/* Inside engage/ only: talk and threads as the contract has them. */
#pragma once
#include "engage/engage_private.h"
#include "http/call.h"

/* `text`: what the reading is of; its places are counted in UTF-16 units. */
HibApiTalkReading hib_reading_as_api(HibArena *arena, const HibTalkReading *reading,
                                     const char *text);
HibApiTalk hib_talk_as_api(HibArena *arena, const HibTalk *talk);
HibApiTalk *hib_talks_as_api(HibArena *arena, const HibTalk *rows, size_t n);
HibApiThread hib_thread_as_api(HibArena *arena, const HibThread *thread);
