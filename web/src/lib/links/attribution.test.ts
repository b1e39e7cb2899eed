import { expect, test } from 'vitest';
import { amount, besideAbove, command, leaders, ranked, snippet, type Attribution, type Credit } from './attribution';

const credit = (conversions: number, low: number, high: number): Credit => ({ conversions, low, high, revenue_minor: 0, revenue_low_minor: 0, revenue_high_minor: 0 });
const value = { methods: [{ method: 'last', credits: [credit(2, 1, 4), credit(9, 7, 11), credit(6, 3, 8)] }] } as unknown as Attribution;

test('channels are ranked by what they are credited', () => {
  expect(ranked(value, 'last').map((row) => row.at)).toEqual([1, 2, 0]);
  expect(ranked(value, 'markov')).toEqual([]);
});

test('whose intervals touch cannot be told apart', () => {
  const rows = ranked(value, 'last');
  expect(besideAbove(rows).map((row) => row?.at ?? null)).toEqual([null, 1, 2]);
  expect(leaders(rows)).toBe(2);
  expect(leaders([{ at: 0, credit: credit(9, 8, 10) }, { at: 1, credit: credit(1, 0, 2) }])).toBe(1);
  expect(leaders([])).toBe(0);
});

test('money is in the smallest unit of its currency', () => {
  expect(amount(1980, 'JPY')).toBe(1980);
  expect(amount(1980, 'USD')).toBeCloseTo(19.8);
});

test('what is copied works as it stands', () => {
  expect(snippet('https://h.example/t/k/hibiki.js')).toContain('<script async src="https://h.example/t/k/hibiki.js">');
  expect(command({ url: 'https://h.example/t/k/conversions', signature: 't=1,v1=ab', body: '{}' })).toContain("-d '{}'");
});
