import { expect, test } from 'vitest';
import { freshCondition, freshRule, isWhole, opsOf } from './contacts.svelte';

test('a rule is asked about only when everything in it is filled in', () => {
  const rule = freshRule();
  expect(isWhole(rule)).toBe(false);
  rule.conditions[0].text = 'VIP';
  expect(isWhole(rule)).toBe(true);
  rule.groups = [{ match: 'any', conditions: [], groups: [] }];
  expect(isWhole(rule)).toBe(false);
  rule.groups[0].conditions = [freshCondition('last_seen')];
  expect(isWhole(rule)).toBe(true);
});

test('numbers are compared, names are or are not', () => {
  expect(opsOf('messages')).toEqual(['at_least', 'at_most']);
  expect(opsOf('city')).toEqual(['is', 'is_not']);
});
