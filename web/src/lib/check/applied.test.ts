import { expect, it } from 'vitest';
import { applied } from './applied';

const finding = (found: string, start: number, replacement: string | null) => ({ found, replacement, utf16_start: start, utf16_end: start + found.length });

it('puts the better words where the finding stands', () => {
  expect(applied('😀宅急便と宅急便で', finding('宅急便', 6, '宅配便'))).toBe('😀宅急便と宅配便で');
});

it('finds the nearest where the text has moved on', () => {
  expect(applied('本日は宅急便で', finding('宅急便', 0, '宅配便'))).toBe('本日は宅配便で');
  expect(applied('宅急便、それから、ずっと後の宅急便で', finding('宅急便', 12, '宅配便'))).toBe('宅急便、それから、ずっと後の宅配便で');
});

it('leaves the text alone where the words are gone or nothing is known', () => {
  expect(applied('宅配便で', finding('宅急便', 0, '宅配便'))).toBeNull();
  expect(applied('宅急便で', finding('宅急便', 0, null))).toBeNull();
  expect(applied('何か', finding('', 0, 'x'))).toBeNull();
});
