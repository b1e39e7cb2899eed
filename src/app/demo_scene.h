/* What the house would have photographed, drawn: beans, a plate, a pudding, hills, a board, a dripper, a window. The same topic and seed give the same picture. */
#pragma once
#include <glib.h>
#include <stdint.h>

#define HIB_SCENE_WIDTH 720
#define HIB_SCENE_HEIGHT 540
/* A PNG. `topic`: of a HibHistoryPost; of any other the house itself is drawn. */
GBytes *hib_demo_scene(const char *topic, uint64_t seed);
