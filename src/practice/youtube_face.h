/* The practice network's YouTube (Data API v3, Analytics v2). */
#pragma once
#include "practice/face_oauth.h"
#include "practice/face_posts.h"

extern const HibPracticeNetwork hib_practice_youtube;
