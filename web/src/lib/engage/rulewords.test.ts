import { describe, expect, it } from 'vitest';
import { CHOICES, FIELDS, isBare, isTyped, wordsOf } from './rulewords';

describe('words of a rule', () => {
  it('are a line or a comma each, once', () => {
    expect(wordsOf(' 返金、返品\n返金,  cancel  \n\n')).toEqual(['返金', '返品', 'cancel']);
    expect(wordsOf(' 、,\n')).toEqual([]);
  });
  it('each condition is typed, chosen, picked from what there is, or needs nothing', () => {
    const picked = ['network', 'account', 'campaign'];
    for (const field of FIELDS) expect([isBare(field), isTyped(field), field in CHOICES, picked.includes(field)].filter(Boolean)).toHaveLength(1);
  });
});
