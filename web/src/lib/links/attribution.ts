// What can be said of channels beside each other: whose intervals touch cannot be told apart. Pure.
import type { Schemas } from '../api/client';

export type Attribution = Schemas['Attribution'];
export type Method = Schemas['AttributionMethod']['method'];
export type Credit = Schemas['AttributionCredit'];
export type Row = { at: number; credit: Credit };

export const METHODS: Method[] = ['shapley', 'markov', 'time_decay', 'position', 'linear', 'last', 'first'];

/** Names that are the same in every language. */
export const NETWORKS: Record<string, string> = {
  bluesky: 'Bluesky', facebook: 'Facebook', instagram: 'Instagram', line: 'LINE', mastodon: 'Mastodon', threads: 'Threads', tiktok: 'TikTok', x: 'X', youtube: 'YouTube',
};

/** Channels of a method, the most credited first. */
export function ranked(value: Attribution, method: Method): Row[] {
  const credits = value.methods.find((one) => one.method === method)?.credits ?? [];
  return credits.map((credit, at) => ({ at, credit })).sort((a, b) => b.credit.conversions - a.credit.conversions || a.at - b.at);
}

const touch = (a: Credit, b: Credit) => a.low <= b.high && b.low <= a.high;

/** For each row, the one right above it when the two cannot be told apart. */
export function besideAbove(rows: Row[]): (Row | null)[] {
  return rows.map((row, i) => (i > 0 && touch(rows[i - 1].credit, row.credit) ? rows[i - 1] : null));
}

/** How many of the first cannot be told from the very first; 1: it stands out. */
export function leaders(rows: Row[]): number {
  let n = 1;
  while (n < rows.length && touch(rows[0].credit, rows[n].credit)) n++;
  return Math.min(n, rows.length);
}

/** The smallest unit of a currency as an amount: 1980 JPY, 19.80 USD. */
export function amount(minor: number, currency: string): number {
  const digits = new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions().maximumFractionDigits ?? 2;
  return minor / 10 ** digits;
}

/** What the page of a shop includes. */
export const snippet = (url: string) => `<script>window.hibiki=window.hibiki||function(){(hibiki.q=hibiki.q||[]).push(arguments)}</script>\n<script async src="${url}"></script>`;
export const consentCall = "hibiki('consent', true)";
export const convertCall = "hibiki('convert', { kind: 'purchase', id: 'ORDER-1', value_minor: 1980, currency: 'JPY' })";

/** The call of a test as a command that can be repeated by hand. */
export function command(test: Schemas['ConversionTest']): string {
  return `curl -X POST '${test.url}' \\\n  -H 'Content-Type: application/json' \\\n  -H 'X-Hibiki-Signature: ${test.signature}' \\\n  -d '${test.body}'`;
}
