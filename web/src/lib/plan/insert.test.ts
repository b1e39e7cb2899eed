import { expect, test } from 'vitest';
import { spaced } from './insert';

test('words stand apart from words, not from blanks and signs', () => {
  expect(spaced('', '#夏', '')).toBe('#夏');
  expect(spaced('新作です', '#夏', '')).toBe(' #夏');
  expect(spaced('新作です。\n', '#夏', '\n続き')).toBe('#夏');
  expect(spaced('(', '@{あお}', ')')).toBe('@{あお}');
  expect(spaced('今日は', '@{あお}', 'さんと')).toBe(' @{あお} ');
});
