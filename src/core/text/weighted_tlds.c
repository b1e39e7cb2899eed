/* The top-level domains X's counter knows beyond those of tlds.c: names in other scripts and some that were retired.
 *
 * Written by tools/weighted_tlds.py from the vectors of twitter-text (Apache-2.0), do not edit. Longer names stand first. */
#include "text/weighted_private.h"

/* clang-format off */
const char *const hib_weighted_tlds[] = {
    "vermögensberatung", "vermögensberater", "afamilycompany", "cancerresearch",
    "orientexpress", "spreadbetting", "pamperedchef", "rightathome", "சிங்கப்பூர்",
    "nationwide", "newholland", "onyourside", "swiftcover", "telefonica", "vistaprint",
    "fujixerox", "goodhands", "honeywell", "ladbrokes", "mcdonalds", "montblanc", "scjohnson",
    "موريتانيا", "budapest", "chrysler", "esurance", "everbank", "flsmidth", "movistar",
    "mutuelle", "symantec", "telecity", "uconnect", "السعودية", "bugatti", "cartier",
    "iselect", "lancome", "liaison", "metlife", "panerai", "shriram", "spiegel", "starhub",
    "statoil", "католик", "اتصالات", "البحرين", "الجزائر", "العليان", "كاثوليك", "موبايلي",
    "پاکستان", "இந்தியா", "active", "blanco", "caseih", "doosan", "mobily", "piaget",
    "warman", "xperia", "москва", "онлайн", "ابوظبي", "ارامكو", "الاردن", "المغرب", "امارات",
    "فلسطين", "مليسيا", "भारतम्", "இலங்கை", "ファッション", "boots", "chloe", "dodge", "epost",
    "glade", "iinet", "intel", "iveco", "lixil", "lupin", "mopar", "nadex", "vista", "zippo",
    "ایران", "بازار", "بھارت", "سودان", "سورية", "همراه", "भारोत", "संगठन", "বাংলা", "భారత్",
    "ഭാരതം", "嘉里大酒店", "adac", "aigo", "doha", "duck", "duns", "loft", "mtpc", "raid", "rmit",
    "sapo", "scor", "дети", "сайт", "بارت", "بيتك", "تونس", "شبكة", "عراق", "عمان", "موقع",
    "ڀارت", "भारत", "ভারত", "ভাৰত", "ਭਾਰਤ", "ભારત", "ଭାରତ", "ಭಾರತ", "ලංකා", "クラウド", "グーグル",
    "ポイント", "大众汽车", "组织机构", "電訊盈科", "香格里拉", "bnl", "ceb", "csc", "htc", "iwc", "jcp", "jlc",
    "mcd", "meo", "off", "qvc", "ses", "srt", "wed", "бел", "ком", "мкд", "мон", "орг", "рус",
    "срб", "укр", "қаз", "հայ", "קום", "عرب", "قطر", "كوم", "مصر", "कॉम", "नेट", "คอม", "ไทย",
    "ລາວ", "みんな", "ストア", "セール", "中文网", "天主教", "我爱你", "新加坡", "淡马锡", "诺基亚", "飞利浦", "an", "bl",
    "bq", "eh", "mf", "tp", "um", "ελ", "ευ", "бг", "ею", "рф", "გე", "コム", "世界", "中信", "中国",
    "中國", "企业", "佛山", "信息", "健康", "八卦", "公司", "公益", "台湾", "台灣", "商城", "商店", "商标", "嘉里", "在线",
    "大拿", "娱乐", "家電", "工行", "广东", "微博", "慈善", "手机", "手表", "招聘", "政务", "政府", "新闻", "时尚", "書籍",
    "机构", "游戏", "澳門", "点看", "珠宝", "移动", "网址", "网店", "网站", "网络", "联通", "谷歌", "购物", "通販", "集团",
    "食品", "餐厅", "香港", "닷넷", "닷컴", "삼성", "한국",
    NULL,
};
/* clang-format on */
