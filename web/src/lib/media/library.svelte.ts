// The library: pictures and videos found by words and by what is the matter; tags of many at once; files dropped in.
import { SvelteSet } from 'svelte/reactivity';
import { api, ask, Problem, type Schemas } from '../api/client';
import { handleError, sentenceOf } from '../shared/errors';
import { t } from '../shared/locale.svelte';
import { toasts } from '../shared/toasts.svelte';
import { session } from '../team/session.svelte';
import { send } from './upload';

export type Item = Schemas['LibraryItem'];
export type Detail = Schemas['MediaDetail'];
export type Card = Schemas['MediaCard'];
export const ONLY = ['expiring', 'expired', 'no_rights', 'no_consent', 'unused', 'alike'] as const;
export type Only = (typeof ONLY)[number];
export const KINDS = ['image', 'gif', 'video'] as const;
export const LICENCES: Card['licence'][] = ['unsaid', 'own', 'licensed', 'ugc_permitted', 'stock', 'public_domain', 'ai_generated', 'other', 'unknown'];
export const CONSENTS: Card['consent'][] = ['unsaid', 'not_needed', 'obtained', 'missing'];

const LIBRARY = '/api/v1/workspaces/{workspace}/library' as const;
const CARD = '/api/v1/workspaces/{workspace}/media/{media}/card' as const;
const pathOf = (media: string) => ({ params: { path: { ...session.path, media } } });
const PAGE = 60;
const PAUSE = 200; // while somebody types

export const addressOf = (media: Schemas['Media']) => `/api/v1/workspaces/${session.path.workspace}/media/${media.id}`;
export const nameOf = (media: Schemas['Media'], card: Card) => card.title || media.name || t(media.kind === 'video' ? 'library.video' : 'library.picture');

type Sending = { key: string; name: string; share: number; error: string };

export class Library {
  items = $state.raw<Item[] | null>(null);
  next = $state<string | null>(null);
  failure = $state('');
  q = $state('');
  kind = $state<'' | (typeof KINDS)[number]>('');
  only = $state<'' | Only>('');
  tag = $state('');
  tags = $state.raw<Schemas['MediaTag'][]>([]);
  sending = $state<Sending[]>([]);
  readonly chosen = new SvelteSet<string>();
  isFiltered = $derived(this.q.trim() !== '' || this.kind !== '' || this.only !== '' || this.tag !== '');
  #turn = 0;
  #timer = 0;

  typed() {
    clearTimeout(this.#timer);
    this.#timer = window.setTimeout(() => void this.load(), PAUSE);
  }

  async load(cursor?: string) {
    const turn = ++this.#turn;
    const query = {
      limit: PAGE, ...(this.q.trim() ? { q: this.q.trim() } : {}), ...(this.kind ? { kind: this.kind } : {}), ...(this.only ? { only: this.only } : {}),
      ...(this.tag ? { tag: this.tag } : {}), ...(cursor ? { cursor } : {}),
    };
    try {
      const reply = await ask(api.GET(LIBRARY, { params: { path: session.path, query } }));
      if (turn !== this.#turn) return;
      this.items = cursor ? [...(this.items ?? []), ...reply.items] : reply.items;
      this.next = reply.next_cursor;
      this.failure = '';
      for (const id of this.chosen) if (!this.items.some((one) => one.media.id === id)) this.chosen.delete(id);
    } catch (error) {
      if (turn === this.#turn) this.failure = sentenceOf(error);
    }
  }

  async loadTags() {
    try {
      this.tags = (await ask(api.GET(`${LIBRARY}/tags`, { params: { path: session.path } }))).tags;
    } catch (error) {
      handleError(error);
    }
  }

  toggle(id: string) {
    if (!this.chosen.delete(id)) this.chosen.add(id);
  }

  async add(files: Iterable<File>) {
    const all = [...files].filter((file) => /^(image|video)\//.test(file.type));
    await Promise.all(all.map((file) => this.#send(file)));
    void this.load();
  }

  async #send(file: File) {
    this.sending.push({ key: crypto.randomUUID(), name: file.name, share: 0, error: '' });
    const one = this.sending[this.sending.length - 1];
    try {
      await send(file, { signal: new AbortController().signal, onprogress: (share) => (one.share = share) });
      this.sending = this.sending.filter((other) => other.key !== one.key);
    } catch (error) {
      one.error = sentenceOf(error);
    }
  }

  forgetFailed() {
    this.sending = this.sending.filter((one) => !one.error);
  }

  /** Adds or takes away a tag of all that are chosen, with undo. */
  async tagChosen(text: string, how: 'add' | 'remove') {
    const ids = [...this.chosen];
    const words = wordsOf(text);
    if (!ids.length || !words.length) return;
    const run = async (add: string[], remove: string[]) => {
      try {
        const { n } = await ask(api.POST(`${LIBRARY}/tags`, { params: { path: session.path }, body: { media_ids: ids, add, remove } }));
        void this.load();
        void this.loadTags();
        return n;
      } catch (error) {
        handleError(error);
        return null;
      }
    };
    const n = how === 'add' ? await run(words, []) : await run([], words);
    if (n === null) return;
    const undo = n > 0 && n === ids.length ? { undo: () => void (how === 'add' ? run([], words) : run(words, [])) } : {};
    toasts.show(t(how === 'add' ? 'library.tagged' : 'library.untagged', { count: n }), undo);
  }

  async remove(id: string): Promise<boolean> {
    try {
      await ask(api.DELETE('/api/v1/workspaces/{workspace}/media/{media}', pathOf(id)));
      this.items = this.items?.filter((one) => one.media.id !== id) ?? null;
      toasts.show(t('library.removed'));
      return true;
    } catch (error) {
      handleError(error);
      return false;
    }
  }
}

export const wordsOf = (text: string) => [...new Set(text.split(/[\s,、]+/).map((word) => word.replace(/^[#＃]+/, '')).filter(Boolean))];

/** A card being written. */
export class CardEdit {
  detail = $state.raw<Detail | null>(null);
  card = $state<Card | null>(null);
  tags = $state('');
  failure = $state('');
  isStale = $state(false);

  constructor(readonly id: string) {}

  async load() {
    try {
      this.#take(await ask(api.GET(CARD, pathOf(this.id))));
      this.failure = '';
      this.isStale = false;
    } catch (error) {
      this.failure = sentenceOf(error);
    }
  }

  #take(detail: Detail) {
    this.detail = detail;
    this.card = { ...detail.card };
    this.tags = detail.card.tags.join(' ');
  }

  /** Throws what the form shows; a card that somebody else wrote on meanwhile says so. */
  async save() {
    const card = $state.snapshot(this.card)!;
    const body = { ...card, tags: wordsOf(this.tags), expires_on: card.expires_on || null, consent_until: card.consent === 'obtained' ? card.consent_until || null : null };
    try {
      this.#take(await ask(api.PUT(CARD, { ...pathOf(this.id), body })));
    } catch (error) {
      this.isStale = error instanceof Problem && error.reason === 'media.edited';
      throw error;
    }
  }
}
