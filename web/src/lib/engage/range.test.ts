import { expect, it } from 'vitest';
import { rangeOf } from './range';

it('a range is the same from either end, and none with what is not in the list', () => {
  expect(rangeOf(['a', 'b', 'c', 'd'], 'b', 'd')).toEqual(['b', 'c', 'd']);
  expect(rangeOf(['a', 'b', 'c', 'd'], 'd', 'b')).toEqual(['b', 'c', 'd']);
  expect(rangeOf(['a', 'b'], 'b', 'b')).toEqual(['b']);
  expect(rangeOf(['a', 'b'], 'x', 'b')).toEqual([]);
});
