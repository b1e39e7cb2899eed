import { expect, test } from 'vitest';
import { addressesOf, clockOf, isOpen, minuteOf, type Link } from './share.svelte';

test('a time of the day goes to minutes and back', () => {
  for (const minute of [0, 540, 1110, 1439]) expect(minuteOf(clockOf(minute))).toBe(minute);
  expect(clockOf(545)).toBe('09:05');
  expect(minuteOf('')).toBe(0);
});

test('addresses are read however they are written', () => {
  expect(addressesOf('a@example.com, b@example.com\nc@example.com、d@example.com')).toEqual(['a@example.com', 'b@example.com', 'c@example.com', 'd@example.com']);
  expect(addressesOf('  \n ')).toEqual([]);
});

test('a link is open until it is revoked or over', () => {
  const link = { revoked_at: null, expires_at: '2026-12-01T00:00:00Z' } as Link;
  expect(isOpen(link, Date.parse('2026-11-30T23:59:59Z'))).toBe(true);
  expect(isOpen(link, Date.parse('2026-12-01T00:00:00Z'))).toBe(false);
  expect(isOpen({ ...link, revoked_at: '2026-11-01T00:00:00Z' }, 0)).toBe(false);
});
