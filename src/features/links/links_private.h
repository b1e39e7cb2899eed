/* Inside links/ only. */
#pragma once
#include "links/links.h"
