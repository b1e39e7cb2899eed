// How long a text is on each network. The server's count is the truth; between its answers a local estimate keeps the number moving.
import { api, ask, type Schemas } from '../api/client';
import type { Network } from '../accounts/accounts.svelte';
import { session } from '../team/session.svelte';

export type Count = Schemas['TextCount'] & { isEstimate: boolean };

const PAUSE_MS = 350;
const segmenter = new Intl.Segmenter('ja', { granularity: 'grapheme' });
const encoder = new TextEncoder();

export function estimate(text: string, network: Network): Count {
  let graphemes = 0;
  for (const _ of segmenter.segment(text)) graphemes++;
  const bytes = encoder.encode(text).length;
  const { max_graphemes, max_bytes } = network;
  return { network: network.name, graphemes, bytes, max_graphemes, max_bytes, is_over: graphemes > max_graphemes || bytes > max_bytes, isEstimate: true };
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
