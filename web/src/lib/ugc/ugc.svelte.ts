// Posts of customers: the list, one with its history, what is looked for. Nothing is granted without a person's press.
import { api, ask, type Schemas } from '../api/client';
import { handleError, sentenceOf } from '../shared/errors';
import { session } from '../team/session.svelte';

export type Item = Schemas['UgcItem'];
export type Detail = Schemas['UgcDetail'];
export type Setting = Schemas['UgcSetting'];
export type Searches = Schemas['UgcSearchList'];
export type State = Item['state'];
export const STATES: State[] = ['found', 'asked', 'granted', 'refused', 'expired', 'withdrawn'];
export const TONES = { found: '', asked: 'warn', granted: 'ok', refused: 'danger', expired: 'danger', withdrawn: 'danger' } as const;

const UGC = '/api/v1/workspaces/{workspace}/ugc' as const;
const at = (item: string) => ({ params: { path: { ...session.path, item } } });

export class UgcList {
  items = $state.raw<Item[] | null>(null);
  cursor = $state.raw<string | null>(null);
  waiting = $state(0);
  failure = $state('');
  #state: State | null = null;

  choose(state: State | null) {
    this.#state = state;
    this.items = null;
    void this.load();
  }

  async load(cursor?: string) {
    const state = this.#state;
    try {
      const page = await ask(api.GET(UGC, { params: { path: session.path, query: { ...(state && { state }), ...(cursor && { cursor }), limit: 50 } } }));
      if (state !== this.#state) return;
      this.items = cursor ? [...(this.items ?? []), ...page.items] : page.items;
      this.cursor = page.next_cursor;
      this.waiting = page.n_waiting;
      this.failure = '';
    } catch (error) {
      this.failure = sentenceOf(error);
    }
  }
}

export class UgcOne {
  detail = $state.raw<Detail | null>(null);
  constructor(private readonly id: string) {}

  async load() {
    try {
      this.detail = await ask(api.GET(`${UGC}/{item}`, at(this.id)));
    } catch (error) {
      handleError(error);
    }
  }

  preview = (body: Schemas['UgcAsk']) => ask(api.POST(`${UGC}/{item}/request`, { ...at(this.id), body }));

  async ask(body: Schemas['UgcAsk']) {
    this.detail = await ask(api.POST(`${UGC}/{item}/ask`, { ...at(this.id), body }));
  }

  async decide(body: Omit<Schemas['UgcDecision'], 'version'>) {
    if (this.detail) this.detail = await ask(api.POST(`${UGC}/{item}/decide`, { ...at(this.id), body: { ...body, version: this.detail.item.version } }));
  }
}

export const addUgc = (body: Schemas['UgcDraft']) => ask(api.POST(UGC, { params: { path: session.path }, body }));
export const readSetting = () => ask(api.GET(`${UGC}/setting`, { params: { path: session.path } }));
export const readSearches = () => ask(api.GET(`${UGC}/searches`, { params: { path: session.path } }));
export const writeSetting = (body: Schemas['UgcSettingDraft']) => ask(api.PUT(`${UGC}/setting`, { params: { path: session.path }, body }));
export const lines = (text: string) => text.split('\n').map((one) => one.trim()).filter(Boolean);
