#!/usr/bin/env python3
"""Writes tests/data/classify.json: what a model trained with twelve small texts says of them, by an implementation of its own.

    python3 tests/oracle/classify.py > tests/data/classify.json

It follows what src/core/text/classify_train.c says it does (log odds as features, AdaGrad over softmax heads, the mean of the later epochs), in doubles, with dictionaries and without
the model's rows of bytes. Texts are hiragana without anything that is squeezed or negated, so that a sign is a character."""
import json
import math

TEXTS = [("positive", "praise", "とてもおいしかった"), ("positive", "praise", "とてもうれしい"), ("positive", "purchase", "これをかいたい"), ("positive", "praise", "おいしくてうれしい"),
         ("negative", "complaint", "とてもまずかった"), ("negative", "complaint", "こわれてかなしい"), ("negative", "crisis", "けがをしてかなしい"), ("negative", "complaint", "まずくてかなしい"),
         ("neutral", "question", "いつとどくのか"), ("neutral", "question", "いつかいてんするのか"), ("neutral", "request", "はやくとどけてほしい"), ("neutral", "none", "これをみた")]
SENTIMENTS, INTENTS = ["positive", "neutral", "negative"], ["question", "complaint", "purchase", "praise", "request", "spam", "crisis", "none"]
EPOCHS, MEAN_FROM, RATE, BELIEF, SMOOTH, EDGE, MASK = 10, 3, 0.15, 0.3, 0.5, 0x110000, 2**64 - 1


def traits(text):
    signs = [EDGE, *map(ord, text), EDGE]
    out = []
    for at in range(len(signs)):
        for n in range(1, 5):
            if at + n <= len(signs) and (n > 1 or signs[at] != EDGE):
                out.append(tuple(signs[at:at + n]))
    return out


class Xoshiro:
    def __init__(self, seed):
        self.s = []
        for _ in range(4):
            seed = (seed + 0x9e3779b97f4a7c15) & MASK
            z = ((seed ^ seed >> 30) * 0xbf58476d1ce4e5b9) & MASK
            z = ((z ^ z >> 27) * 0x94d049bb133111eb) & MASK
            self.s.append(z ^ z >> 31)

    def below(self, n):
        s, turn = self.s, lambda x, k: (x << k | x >> (64 - k)) & MASK
        out, t = turn(s[1] * 5 & MASK, 7) * 9 & MASK, s[1] << 17 & MASK
        s[2] ^= s[0]; s[3] ^= s[1]; s[1] ^= s[2]; s[0] ^= s[3]; s[2] ^= t
        s[3] = turn(s[3], 45)
        return out % n


def head(texts, labels, order):
    """The scores of one head for each text."""
    k, n = len(labels), len(texts)
    docs = [set(grams) for grams, _ in texts]
    book = {g for doc in docs for g in doc if sum(g in other for other in docs) >= 2}
    of = lambda g, c: sum(g in doc and label == c for doc, (_, label) in zip(docs, texts))
    sizes = [sum(label == c for _, label in texts) for c in range(k)]
    odds = {}
    for g in book:
        for c in range(k):
            inside, total = of(g, c), sum(of(g, d) for d in range(k))
            odds[g, c] = math.log((inside + SMOOTH) / (sizes[c] + 2 * SMOOTH) / ((total - inside + SMOOTH) / (n - sizes[c] + 2 * SMOOTH)))
    belief, seen, mean = {key: BELIEF for key in odds}, dict.fromkeys(odds, 0.0), dict.fromkeys(odds, 0.0)
    bias, bias_seen, bias_mean = [0.0] * k, [0.0] * k, [0.0] * k
    for epoch, turns in enumerate(order):
        for i in turns:
            grams, label = texts[i]
            root, known = 1 / math.sqrt(len(grams)), [g for g in grams if g in book]
            scores = [bias[c] + root * sum(belief[g, c] * odds[g, c] for g in known) for c in range(k)]
            powers = [math.exp(s - max(scores)) for s in scores]
            worth = n / k / sizes[label]
            slopes = [worth * (powers[c] / sum(powers) - (c == label)) for c in range(k)]
            for c in range(k):
                bias_seen[c] += slopes[c] ** 2
                bias[c] -= RATE * slopes[c] / (math.sqrt(bias_seen[c]) + 0.01)
                for g in known:
                    slope = slopes[c] * root * odds[g, c]
                    seen[g, c] += slope ** 2
                    belief[g, c] -= RATE * slope / (math.sqrt(seen[g, c]) + 0.01)
        if epoch >= MEAN_FROM:
            for key in mean:
                mean[key] += belief[key] * odds[key] / (EPOCHS - MEAN_FROM)
            bias_mean = [m + b / (EPOCHS - MEAN_FROM) for m, b in zip(bias_mean, bias)]
    return [[bias_mean[c] + sum(mean[g, c] for g in grams if g in book) / math.sqrt(len(grams)) for c in range(k)] for grams, _ in texts]


def main():
    seeded, order, turns = Xoshiro(8470), [], list(range(len(TEXTS)))
    for _ in range(EPOCHS):
        for i in range(len(turns), 1, -1):
            j = seeded.below(i)
            turns[i - 1], turns[j] = turns[j], turns[i - 1]
        order.append(list(turns))
    grams = [traits(text) for _, _, text in TEXTS]
    first = head([(g, SENTIMENTS.index(s)) for g, (s, _, _) in zip(grams, TEXTS)], SENTIMENTS, order)
    second = head([(g, INTENTS.index(i)) for g, (_, i, _) in zip(grams, TEXTS)], INTENTS, order)
    rows = [{"sentiment": s, "intent": i, "text": t, "scores": [round(x, 6) for x in a + b]} for (s, i, t), a, b in zip(TEXTS, first, second)]
    print("[\n" + ",\n".join(json.dumps(row, ensure_ascii=False) for row in rows) + "\n]")


main()
