import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { namedIn, worded, type Wording } from './wording';

type Case = { text: string; network: string | null; campaign: string | null; short?: string; sent: string };
const data = JSON.parse(readFileSync('../tests/data/wording.json', 'utf8')) as Omit<Wording, 'campaign'> & { cases: Case[] };

test.each(data.cases)('$text for $network', ({ text, network, campaign, short, sent }) => {
  expect(worded(text, { ...data, campaign, short }, network)).toBe(sent);
});

test('names are found once each, and only where the braces close', () => {
  expect(namedIn('@{あお}と@{あお}、@{みな} @{開いた')).toEqual(['あお', 'みな']);
});
