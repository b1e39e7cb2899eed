// How long a text is in a network's form. The server's count is the truth; between its answers a local estimate keeps the number moving.
import { api, ask, type Schemas } from '../api/client';
import type { Network } from '../accounts/accounts.svelte';
import { session } from '../team/session.svelte';
import { formOf, type Format } from './variant';

export type Count = Schemas['TextCount'] & { isEstimate: boolean };
export type Counted = { text: string; network: Network; format: Format };

const PAUSE_MS = 350;
const segmenter = new Intl.Segmenter('ja', { granularity: 'grapheme' });
const encoder = new TextEncoder();

// X counts one for these, two for all others; links and mentions are left to the server.
const NARROW = [[0, 4351], [8192, 8205], [8208, 8223], [8242, 8247]];
const isWide = (c: string) => c.length > 1 || !NARROW.some(([from, to]) => c.charCodeAt(0) >= from && c.charCodeAt(0) <= to);
const units: Record<Network['unit'], (text: string, bytes: number) => number> = {
  graphemes: (text) => [...segmenter.segment(text)].length,
  weighted: (text) => [...segmenter.segment(text)].reduce((sum, { segment }) => sum + (isWide(segment) ? 2 : 1), 0),
  chars: (text) => [...text].length,
  utf16: (text) => text.length,
  bytes: (_, bytes) => bytes,
  threads: (text) => [...text].length,
  mastodon: (text) => [...text].length,
};

export function estimate(text: string, network: Network, format: Format = network.formats[0]?.format ?? 'post'): Count {
  const bytes = encoder.encode(text).length;
  const used = units[network.unit](text, bytes);
  const { max_bytes } = network;
  const max = formOf(network, format)?.max_text || network.max_text;
  const is_over = (max > 0 && used > max) || (max_bytes > 0 && bytes > max_bytes);
  return { network: network.name, used, max, bytes, max_bytes, is_over, isEstimate: true };
}

const keyOf = ({ text, network, format }: Counted) => `${network.name} ${format} ${text}`;

export class Counter {
  #timer = 0;
  #known = $state.raw(new Map<string, Schemas['TextCount']>());

  /** The best count at hand. */
  of(text: string, network: Network, format: Format): Count {
    const known = this.#known.get(keyOf({ text, network, format }));
    return known ? { ...known, isEstimate: false } : estimate(text, network, format);
  }

  /** Asks the server after a pause in typing for what it has not counted yet. */
  follow(wanted: Counted[]) {
    clearTimeout(this.#timer);
    const unknown = wanted.filter((one) => one.text && !this.#known.has(keyOf(one)));
    if (unknown.length) this.#timer = window.setTimeout(() => void this.#ask(wanted, unknown), PAUSE_MS);
  }

  async #ask(wanted: Counted[], unknown: Counted[]) {
    const groups = new Map<string, Counted[]>();
    for (const one of unknown) {
      const key = `${one.format} ${one.text}`;
      groups.set(key, [...(groups.get(key) ?? []), one]);
    }
    try {
      const found = await Promise.all([...groups.values()].map(async (group) => {
        const [{ text, format }] = group;
        const body = { text, format, networks: [...new Set(group.map((one) => one.network.name))] };
        const reply = await ask(api.POST('/api/v1/workspaces/{workspace}/count', { params: { path: session.path }, body }));
        return group.flatMap((one): [string, Schemas['TextCount']][] => reply.counts.filter((count) => count.network === one.network.name).map((count) => [keyOf(one), count]));
      }));
      const kept = wanted.map(keyOf).flatMap((key): [string, Schemas['TextCount']][] => (this.#known.has(key) ? [[key, this.#known.get(key)!]] : []));
      this.#known = new Map([...kept, ...found.flat()]);
    } catch {
      // The estimate stays; the check and scheduling look again on the server.
    }
  }
}
