/* Threads: texts, pictures, videos and carousels through containers, threads of answers, topics; replies, mentions and numbers. */
#pragma once
#include "networks/network.h"

extern const HibNetwork hib_threads;
