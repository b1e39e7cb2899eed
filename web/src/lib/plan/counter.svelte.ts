// How long a text is on each network. The server's count is the truth; between its answers a local estimate keeps the number moving.
import { api, ask, type Schemas } from '../api/client';
import type { Network } from '../accounts/accounts.svelte';
import { session } from '../team/session.svelte';

export type Count = Schemas['TextCount'] & { isEstimate: boolean };

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

export function estimate(text: string, network: Network): Count {
  const bytes = encoder.encode(text).length;
  const used = units[network.unit](text, bytes);
  const { max_text: max, max_bytes } = network;
  const is_over = (max > 0 && used > max) || (max_bytes > 0 && bytes > max_bytes);
  return { network: network.name, used, max, bytes, max_bytes, is_over, isEstimate: true };
}

export class Counter {
  #asked = '';
  #timer = 0;
  #known = $state.raw<{ text: string; counts: Schemas['TextCount'][] }>({ text: '', counts: [] });

  /** The best count at hand. */
  of(text: string, network: Network): Count {
    const known = this.#known.text === text ? this.#known.counts.find((count) => count.network === network.name) : undefined;
    return known ? { ...known, isEstimate: false } : estimate(text, network);
  }

  /** Asks the server after a pause in typing. */
  follow(text: string, networks: string[]) {
    clearTimeout(this.#timer);
    if (!text || !networks.length) return;
    this.#timer = window.setTimeout(() => void this.#ask(text, networks), PAUSE_MS);
  }

  async #ask(text: string, networks: string[]) {
    this.#asked = text;
    try {
      const body = { text, networks };
      const reply = await ask(api.POST('/api/v1/workspaces/{workspace}/count', { params: { path: session.path }, body }));
      if (this.#asked === text) this.#known = { text, counts: reply.counts };
    } catch {
      // The estimate stays; scheduling checks again on the server.
    }
  }
}
