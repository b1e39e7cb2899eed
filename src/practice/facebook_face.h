/* The practice network's Facebook: pages, each with its own token. */
#pragma once
#include "practice/face_oauth.h"
#include "practice/face_posts.h"

extern const HibPracticeNetwork hib_practice_facebook;
