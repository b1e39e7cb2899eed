/* All caps on what input may cost, in one place. Limits that come from outside (a network's 300 graphemes) are data in
 * rules/ instead. */
#pragma once

#define HIB_LIMIT_JSON_DEPTH 32
#define HIB_LIMIT_BODY_BYTES (1024 * 1024) /* a JSON request */
#define HIB_LIMIT_RAW_BYTES                                                                        \
    (2 * 1024 *                                                                                    \
     1024) /* a webhook: Meta sends a thousand events at once, somebody a comment of 1 MB */
#define HIB_LIMIT_UPLOAD_BYTES (20 * 1024 * 1024) /* one image */
#define HIB_LIMIT_PART_BYTES (8 * 1024 * 1024)    /* of a large upload */
#define HIB_LIMIT_PICTURE_BYTES (100 * 1024 * 1024)
#define HIB_LIMIT_ATTACHED_BYTES (200 * 1024 * 1024) /* a video, sound or file somebody sent */
#define HIB_LIMIT_PICTURE_PIXELS (100 * 1000 * 1000)
#define HIB_LIMIT_VIDEO_BYTES ((int64_t)4 * 1024 * 1024 * 1024)
#define HIB_LIMIT_UPLOADS 20 /* on their way at once in a workspace */
#define HIB_LIMIT_GATHERED_BYTES                                                                   \
    (256 * 1024 * 1024)                 /* all bodies that are being received or looked at */
#define HIB_LIMIT_STREAMS_PER_PERSON 64 /* event streams: one a tab */
#define HIB_LIMIT_HEADER_COUNT 64
#define HIB_LIMIT_HEADER_BYTES (16 * 1024)
#define HIB_LIMIT_URL_BYTES (4 * 1024)
#define HIB_LIMIT_REQUEST_MS 30000 /* from the first byte to the last of a request */
#define HIB_LIMIT_CONNECTIONS 20000
#define HIB_LIMIT_REPLY_BYTES (4 * 1024 * 1024) /* a network's answer */
#define HIB_LIMIT_PAGE 500                      /* rows of one list reply */
#define HIB_LIMIT_POST_BYTES (100 * 1024)       /* text of one variant */
#define HIB_LIMIT_POST_MEDIA 20                 /* pictures and videos of one text */
#define HIB_LIMIT_POST_THREAD 24                /* texts after the first */
#define HIB_LIMIT_POST_VARIANTS 50
#define HIB_LIMIT_POST_OPTIONS_BYTES (8 * 1024) /* a network's own choices, as JSON */
#define HIB_LIMIT_ZONES 1024                    /* cached zones */
#define HIB_LIMIT_TRACKED 500                   /* others' campaigns a workspace tracks */
#define HIB_LIMIT_TAG_SETS 200                  /* of hashtags, kept by a workspace */
#define HIB_LIMIT_MENTIONS 500                  /* people and brands it names */
#define HIB_LIMIT_SIMILAR_RUNS                                                                     \
    (4 * 1000 * 1000) /* of one workspace's index: 28,000 posts of 140 characters, 60 MB */
#define HIB_LIMIT_SIMILAR_INDEXES 16 /* in memory at once */
