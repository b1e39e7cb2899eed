// How long a text is in a network's form. The server's count is the truth; between its answers a local estimate keeps the number moving.
import { api, ask, type Schemas } from '../api/client';
import type { Network } from '../accounts/accounts.svelte';
import { session } from '../team/session.svelte';
import { kit } from './kit.svelte';
import { pieces } from './richtext';
import { formOf, TEXT_MOST, type Format } from './variant';
import { worded } from './wording';

export type Count = Schemas['TextCount'] & { isEstimate: boolean };
export type Counted = { text: string; network: Network; format: Format };

const PAUSE_MS = 350;
const segmenter = new Intl.Segmenter('ja', { granularity: 'grapheme' });
const encoder = new TextEncoder();

/** On X and Mastodon every link is as long as this. */
const LINK = 23;
// X counts one for these, two for all others; mentions are left to the server.
const NARROW = [[0, 4351], [8192, 8205], [8208, 8223], [8242, 8247]];
const isWide = (c: string) => c.length > 1 || !NARROW.some(([from, to]) => c.charCodeAt(0) >= from && c.charCodeAt(0) <= to);
const weigh = (text: string) => [...segmenter.segment(text)].reduce((sum, { segment }) => sum + (isWide(segment) ? 2 : 1), 0);
const withLinks = (text: string, rest: (text: string) => number) =>
  text.includes('://') ? pieces(text).reduce((sum, one) => sum + (one.kind === 'link' ? LINK : rest(one.text)), 0) : rest(text);
const units: Record<Network['unit'], (text: string, bytes: number) => number> = {
  graphemes: (text) => [...segmenter.segment(text)].length,
  weighted: (text) => withLinks(text, weigh),
  chars: (text) => [...text].length,
  utf16: (text) => text.length,
  bytes: (_, bytes) => bytes,
  threads: (text) => [...text].length,
  mastodon: (text) => withLinks(text, (rest) => [...rest].length),
};

/** `text`: as it is sent. One longer than any post is not measured at every key: that it is too long is all there is to say. */
export function estimate(text: string, network: Network, format: Format = network.formats[0]?.format ?? 'post'): Count {
  const isEndless = text.length > TEXT_MOST;
  const bytes = isEndless ? text.length : encoder.encode(text).length;
  const used = isEndless ? text.length : units[network.unit](text, bytes);
  const { max_bytes, max_hashtags } = network;
  const max = formOf(network, format)?.max_text || network.max_text;
  const hashtags = max_hashtags && !isEndless ? pieces(text).filter((one) => one.kind === 'tag').length : 0;
  const is_over = isEndless || (max > 0 && used > max) || (max_bytes > 0 && bytes > max_bytes);
  return { network: network.name, used, max, bytes, max_bytes, is_over, hashtags, max_hashtags, text: null, isEstimate: true };
}

const keyOf = ({ text, network, format }: Counted) => `${network.name} ${format} ${text}`;

export class Counter {
  #timer = 0;
  #known = $state.raw(new Map<string, Schemas['TextCount']>());
  /** The post's: links are marked with it. */
  campaign = $state<string | null>(null);
  /** Its links are made short. */
  isShort = $state(false);
  #counted = '';

  /** The text as that network gets it. */
  sent(text: string, network: string): string {
    return worded(text, kit.wordingOf(this.campaign, this.isShort), network);
  }

  /** The best count at hand. */
  of(text: string, network: Network, format: Format): Count {
    const known = this.#known.get(keyOf({ text, network, format }));
    return known ? { ...known, isEstimate: false } : estimate(this.sent(text, network.name), network, format);
  }

  /** Asks the server after a pause in typing for what it has not counted yet. */
  follow(wanted: Counted[]) {
    clearTimeout(this.#timer);
    const now = JSON.stringify(kit.wordingOf(this.campaign, this.isShort));
    if (now !== this.#counted) this.#known = new Map();
    this.#counted = now;
    const unknown = wanted.filter((one) => one.text && one.text.length <= TEXT_MOST && !this.#known.has(keyOf(one)));
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
        const campaign = this.campaign ? { campaign_id: this.campaign } : {};
        const body = { text, format, ...campaign, is_short: this.isShort, networks: [...new Set(group.map((one) => one.network.name))] };
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
