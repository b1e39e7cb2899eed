import { describe, expect, it } from 'vitest';
import { alone } from './gaps';

describe('values between gaps', () => {
  it.each([
    [[], []],
    [[5], [0]],
    [[1, 2, null, 0, null, 3], [3, 5]],
    [[null, null], []],
    [[1, 2, 3], []],
  ])('%j', (values, places) => expect(alone(values)).toEqual(places));
});
