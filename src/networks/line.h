/* LINE Official Account (Messaging API): broadcasts, narrowcasts and messages to one person.
 *
 * The one idea: the handle is LINE's retry key, written down before the call. The same body under the same key is accepted once
 * within 24 hours however often it arrives: the second time LINE answers 409 and names the request it took. So the body itself is
 * kept too, word for word, and finding out what became of a call is making it again. */
#pragma once
#include "networks/network.h"

extern const HibNetwork hib_line;
