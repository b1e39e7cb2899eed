/* The practice network's X (API v2). */
#pragma once
#include "practice/face_oauth.h"
#include "practice/face_posts.h"

extern const HibPracticeNetwork hib_practice_x;
