/* Inside publish/: saying as good as the same again on one network. */
#pragma once
#include "plan/plan.h"

/* Substantially the same: as alike (text/similar.h), within so long (rules.md PLT-01). */
#define HIB_REPEAT_SHARE 0.9
#define HIB_REPEAT_WITHIN (7 * HIB_DAY)
#define HIB_REPEAT_FACT "repeat" /* of a subject: rules/check/platform.json */

/* Whether a text of `sent` (as its networks get it) is as good as what goes or went to the variant's network within HIB_REPEAT_WITHIN of `at`, from whichever
 * account, or as what another of its own variants says there. `networks`: one a variant. */
bool hib_repeat_is(HibDb *db, const HibPost *sent, size_t variant, const char *const *networks,
                   HibInstant at, bool *ret, GError **error);

/* The same of many new posts, each also held against those before it. */
typedef struct HibRepeats HibRepeats;
/* All that goes to the network from HIB_REPEAT_WITHIN ago on. */
bool hib_repeats_new(HibDb *db, const char *network, HibRepeats **ret, GError **error);
void hib_repeats_free(HibRepeats *repeats);
/* Held against what is there, then it is there itself. Each variant that goes to the network is asked on its own, in order. */
bool hib_repeats_add(HibRepeats *repeats, HibArena *arena, const char *text, HibInstant at);
