import { expect, test } from 'vitest';
import { place } from '../shared/locale.svelte';
import { groupName, inOrder, type AudiencePart } from './audience.svelte';

const part = (kind: AudiencePart['part'], ...names: string[]): AudiencePart => ({
  part: kind, told: 1, groups: names.map((name) => ({ name, share: 0.1, count: null, share_before: null })),
});

test('ages and times stand in their order, all else as it came', () => {
  expect(inOrder(part('age', '25-34', '65+', '18-24', 'unknown')).map((one) => one.name)).toEqual(['18-24', '25-34', '65+', 'unknown']);
  expect(inOrder(part('age', '50+', '50-54', '15-19')).map((one) => one.name)).toEqual(['15-19', '50-54', '50+']);
  expect(inOrder(part('friend_for', 'over_365', 'under_365', 'under_7')).map((one) => one.name)).toEqual(['under_7', 'under_365', 'over_365']);
  expect(inOrder(part('city', 'Osaka', 'Akita')).map((one) => one.name)).toEqual(['Osaka', 'Akita']);
});

test('groups have names a person reads', async () => {
  await place.use('ja');
  expect(groupName('age', '18-24')).toBe('18–24歳');
  expect(groupName('age', '65+')).toBe('65歳以上');
  expect(groupName('age', 'unknown')).toBe('不明');
  expect(groupName('country', 'JP')).toBe('日本');
  expect(groupName('city', 'Shibuya, Tokyo')).toBe('Shibuya, Tokyo');
});
