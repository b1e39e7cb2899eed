#!/usr/bin/env python3
"""Writes tests/data/classify.json: what a model trained with twelve small texts says of them, by an implementation of its own.

    python3 tests/oracle/classify.py > tests/data/classify.json

It follows what src/core/text/classify_train.c says it does (log odds as features, AdaGrad over pairs of sentiment and intent, the mean of the later epochs), in doubles, with dictionaries and without
the model's rows of bytes. Texts are hiragana without anything that is squeezed or negated, so that a sign is a character."""
import json
import math

TEXTS = [("positive", "praise", "とてもおいしかった"), ("positive", "praise", "とてもうれしい"), ("positive", "purchase", "これをかいたい"), ("positive", "praise", "おいしくてうれしい"),
         ("negative", "complaint", "とてもまずかった"), ("negative", "complaint", "こわれてかなしい"), ("negative", "crisis", "けがをしてかなしい"), ("negative", "complaint", "まずくてかなしい"),
         ("neutral", "question", "いつとどくのか"), ("neutral", "question", "いつかいてんするのか"), ("neutral", "request", "はやくとどけてほしい"), ("neutral", "none", "これをみた")]
SENTIMENTS, INTENTS = ["positive", "neutral", "negative"], ["question", "complaint", "purchase", "praise", "request", "spam", "crisis", "none"]
EPOCHS, MEAN_FROM, RATE, BELIEF, SMOOTH, PAIR_MOST, EDGE, MASK = 10, 3, 0.15, 0.3, 0.5, 4, 0x110000, 2**64 - 1


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


def weights(texts, pairs, book, h):
    """The log odds of each trait for each class of head h (0 sentiment, 1 intent)."""
    k, labels = (len(SENTIMENTS), len(INTENTS))[h], [pair[h] for pair in pairs]
    odds, sizes = {}, [labels.count(c) for c in range(k)]
    for g in book:
        total = sum(g in doc for doc in texts)
        for c in range(k):
            inside = sum(g in doc and label == c for doc, label in zip(texts, labels))
            odds[g, c] = math.log((inside + SMOOTH) / (sizes[c] + 2 * SMOOTH) / ((total - inside + SMOOTH) / (len(texts) - sizes[c] + 2 * SMOOTH)))
    return odds, [len(texts) / sum(size > 0 for size in sizes) / size if size else 0 for size in sizes]


def learn(grams, pairs, order):
    """The scores of both heads for each text."""
    docs, n = [set(g) for g in grams], len(grams)
    book = {g for doc in docs for g in doc if sum(g in other for other in docs) >= 2}
    odds, worth = zip(*(weights(docs, pairs, book, h) for h in (0, 1)))
    together = {}
    for s in range(len(SENTIMENTS)):
        for i in range(len(INTENTS)):
            chance = sum(p[0] == s for p in pairs) * sum(p[1] == i for p in pairs)
            together[s, i] = max(-PAIR_MOST, min(PAIR_MOST, math.log((pairs.count((s, i)) + SMOOTH) * n / chance))) if chance else 0
    belief, seen, mean = ([{key: x for key in of} for of in odds] for x in (BELIEF, 0.0, 0.0))
    bias, bias_seen, bias_mean = ([[0.0] * len(SENTIMENTS), [0.0] * len(INTENTS)] for _ in range(3))
    for epoch, turns in enumerate(order):
        for t in turns:
            root, known = 1 / math.sqrt(len(grams[t])), [g for g in grams[t] if g in book]
            scores = [[bias[h][c] + root * sum(belief[h][g, c] * odds[h][g, c] for g in known) for c in range(len(bias[h]))] for h in (0, 1)]
            powers = {(s, i): math.exp(scores[0][s] + scores[1][i] + more) for (s, i), more in together.items()}
            for h in (0, 1):
                for c in range(len(bias[h])):
                    share = sum(power for pair, power in powers.items() if pair[h] == c) / sum(powers.values())
                    slope = math.sqrt(worth[0][pairs[t][0]] * worth[1][pairs[t][1]]) * (share - (c == pairs[t][h]))
                    bias_seen[h][c] += slope ** 2
                    bias[h][c] -= RATE * slope / (math.sqrt(bias_seen[h][c]) + 0.01)
                    for g in known:
                        steep = slope * root * odds[h][g, c]
                        seen[h][g, c] += steep ** 2
                        belief[h][g, c] -= RATE * steep / (math.sqrt(seen[h][g, c]) + 0.01)
        if epoch >= MEAN_FROM:
            for h in (0, 1):
                for key in mean[h]:
                    mean[h][key] += belief[h][key] * odds[h][key] / (EPOCHS - MEAN_FROM)
                bias_mean[h] = [m + b / (EPOCHS - MEAN_FROM) for m, b in zip(bias_mean[h], bias[h])]
    return [[bias_mean[h][c] + sum(mean[h][g, c] for g in of if g in book) / math.sqrt(len(of)) for h in (0, 1) for c in range(len(bias[h]))] for of in grams]


def main():
    seeded, order, turns = Xoshiro(8470), [], list(range(len(TEXTS)))
    for _ in range(EPOCHS):
        for i in range(len(turns), 1, -1):
            j = seeded.below(i)
            turns[i - 1], turns[j] = turns[j], turns[i - 1]
        order.append(list(turns))
    grams = [traits(text) for _, _, text in TEXTS]
    scores = learn(grams, [(SENTIMENTS.index(s), INTENTS.index(i)) for s, i, _ in TEXTS], order)
    rows = [{"sentiment": s, "intent": i, "text": t, "scores": [round(x, 6) for x in of]} for (s, i, t), of in zip(TEXTS, scores)]
    print("[\n" + ",\n".join(json.dumps(row, ensure_ascii=False) for row in rows) + "\n]")


main()
