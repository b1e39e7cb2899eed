import { expect, test } from 'vitest';
import { merged, rowsOf, type Content, type Words } from './versions';

const words: Words = {
  place: (name, account) => (account ? `${name}@${account}` : name), account: (id) => id, when: (at) => at, format: (_, format) => format,
  disclosure: (told) => (told?.is_advertising ? 'ad' : ''),
};
const mine: Content = { text: '朝の文', variants: [{ account_id: 'x', text: null }, { account_id: 'ig', text: '写真の文', first_comment: '続き' }], media: [] };
const theirs: Content = {
  text: '夜の文', variants: [{ account_id: 'x', text: null, thread: [{ text: '二つめ' }] }, { account_id: 'ig', text: '絵の文', first_comment: '続き' }], media: [],
  due_at: '2026-12-01T09:00:00Z', disclosure: { is_advertising: true, is_own_brand: false, is_ai_made: false },
};

test('each place that differs is one row', () => {
  expect(rowsOf(theirs, mine, words).map((row) => [row.label, row.before, row.after])).toEqual([
    ['text', '夜の文', '朝の文'], ['thread@x', '二つめ', ''], ['own@ig', '絵の文', '写真の文'], ['when', '2026-12-01T09:00:00Z', ''], ['disclosure', 'ad', ''],
  ]);
  expect(rowsOf(mine, structuredClone(mine), words)).toEqual([]);
});

test('of both: theirs where it was chosen, by hand where it was written, else mine', () => {
  const both = merged(mine, theirs, ['thread x', 'when'], { text: '朝と夜の文', 'comment ig': '手で' });
  expect(both.text).toBe('朝と夜の文');
  expect(both.variants[0].thread).toEqual([{ text: '二つめ' }]);
  expect(both.variants[1]).toEqual({ account_id: 'ig', text: '写真の文', first_comment: '手で' });
  expect(both.due_at).toBe(theirs.due_at);
  expect(both.disclosure).toBeUndefined();
  expect(mine.text).toBe('朝の文');
});

test('their accounts may be chosen: what both have stays mine', () => {
  const fewer: Content = { ...theirs, variants: [theirs.variants[1], { account_id: 'line', text: null }] };
  expect(rowsOf(fewer, mine, words).map((row) => row.key)).toContain('accounts');
  expect(merged(mine, fewer, ['accounts'], {}).variants.map((one) => [one.account_id, one.text])).toEqual([['ig', '写真の文'], ['line', null]]);
});
