import { expect, it } from 'vitest';
import { costOf } from './cost';

const price = { post_micros: 15_000, link_micros: 200_000, reply_micros: 15_000, message_micros: 15_000, alt_micros: 5_000, currency: 'USD' };

it('adds posts, what follows them, links and described pictures', () => {
  expect(costOf(price, ['a'], [], 0)).toBe(15_000);
  expect(costOf(price, ['see https://example.jp'], ['b'], 2)).toBe(225_000);
  expect(costOf(price, ['https://example.jp'], [], 1, true)).toBe(15_000);
});
