// Spots: the server's characters and the text field's UTF-16 units.
import { expect, test } from 'vitest';
import { spotOf, unitsOf } from './approval.svelte';

test('a spot after an emoji is the same spot on both sides', () => {
  const text = '☕👩‍👩‍👧 豆は500円';
  const from = text.indexOf('500円');
  const spot = spotOf(text, from, from + 4);
  expect(spot).toEqual({ start: [...text].indexOf('5'), length: 4 });
  expect(unitsOf(text, spot!)).toEqual([from, from + 4]);
});

test('nothing chosen is no spot', () => {
  expect(spotOf('豆', 1, 1)).toBeNull();
});
