/* Inside practice/ only: what the files of Threads' face share. Posts are of kind "post" or "reply"; their extra is {"media_type",
 * "media_url","alt_text","topic","link","quote","audience","children":[…]}. */
#pragma once
#include "practice/meta_face_private.h"
#include "practice/threads_face.h"

#define THREADS_POSTS_A_DAY 250
#define THREADS_REPLIES_A_DAY 1000
#define THREADS_DELETES_A_DAY 100

/* threads_face_publish.c */
void hib_threads_face_create(HibPracticeCall *call);
void hib_threads_face_publish(HibPracticeCall *call);
void hib_threads_face_limit(HibPracticeCall *call);
cJSON *hib_threads_face_container_json(HibPracticeCall *call, const char *id,
                                       const cJSON *container);
const char *hib_threads_face_quota(HibPracticeCall *call, const HibPracticeAccount *account,
                                   const char *what); /* the window's key */
