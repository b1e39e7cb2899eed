import { describe, expect, it } from 'vitest';
import { sleepUntil } from './sleep';

// Thursday, 2026-11-26 22:30 in Tokyo; still the morning of that day in New York.
const NOW = Date.parse('2026-11-26T13:30:00Z');

describe('sleep', () => {
  it('lasts an hour, or until the next morning or Monday morning of the workspace', () => {
    expect(sleepUntil('hour', NOW, 'Asia/Tokyo')).toBe('2026-11-26T14:30:00.000Z');
    expect(sleepUntil('morning', NOW, 'Asia/Tokyo')).toBe('2026-11-27T00:00:00.000Z');
    expect(sleepUntil('monday', NOW, 'Asia/Tokyo')).toBe('2026-11-30T00:00:00.000Z');
    expect(sleepUntil('morning', NOW, 'America/New_York')).toBe('2026-11-27T14:00:00.000Z');
  });

  it('is never shorter than until the next Monday, also on a Monday', () => {
    expect(sleepUntil('monday', Date.parse('2026-11-30T03:00:00Z'), 'Asia/Tokyo')).toBe('2026-12-07T00:00:00.000Z');
  });
});
