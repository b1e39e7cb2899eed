// What the screen of results asks the server for: attribution of a range, and the conversions themselves.
import { api, ask, type Schemas } from '../api/client';
import { handleError, sentenceOf } from '../shared/errors';
import { place, t } from '../shared/locale.svelte';
import { toasts } from '../shared/toasts.svelte';
import { addDays, dayOf, dayStart } from '../shared/zone';
import { session } from '../team/session.svelte';
import type { Attribution, Method } from './attribution';

export type Dimension = Attribution['dimension'];
export type Kind = Schemas['Conversion']['kind'];
export const DIMENSIONS: Dimension[] = ['network', 'campaign', 'post', 'link'];
export const KINDS: Kind[] = ['purchase', 'sign_up', 'reservation', 'store_visit', 'coupon', 'other'];
export const RANGES = [7, 30, 90] as const;

const BASE = '/api/v1/workspaces/{workspace}' as const;
const IMPORTS = `${BASE}/conversion-imports` as const;

export class Results {
  days = $state<number>(30);
  dimension = $state<Dimension>('network');
  kind = $state<Kind | ''>('');
  method = $state<Method>('shapley');
  value = $state.raw<Attribution | null>(null);
  failure = $state('');
  isBusy = $state(false);
  #turn = 0;

  #query() {
    const today = dayOf(Date.now(), place.zone);
    return {
      from: new Date(dayStart(addDays(today, 1 - this.days), place.zone)).toISOString(),
      to: new Date(dayStart(addDays(today, 1), place.zone)).toISOString(),
      dimension: this.dimension,
      ...(this.kind && { kind: this.kind }),
    };
  }

  get table() {
    return `/api/v1/workspaces/${session.path.workspace}/attribution.csv?${new URLSearchParams(this.#query())}`;
  }

  async load() {
    const turn = ++this.#turn;
    this.isBusy = true;
    try {
      const value = await ask(api.GET(`${BASE}/attribution`, { params: { path: session.path, query: this.#query() } }));
      if (turn !== this.#turn) return;
      this.value = value;
      this.failure = '';
    } catch (error) {
      if (turn === this.#turn) this.failure = sentenceOf(error);
    } finally {
      if (turn === this.#turn) this.isBusy = false;
    }
  }
}

export class Conversions {
  list = $state.raw<Schemas['Conversion'][] | null>(null);
  next = $state<string | null>(null);
  imports = $state.raw<Schemas['ConversionImportSummary'][]>([]);
  failure = $state('');

  async load(cursor?: string) {
    try {
      const reply = await ask(api.GET(`${BASE}/conversions`, { params: { path: session.path, query: { ...(cursor && { cursor }) } } }));
      this.list = cursor ? [...(this.list ?? []), ...reply.conversions] : reply.conversions;
      this.next = reply.next_cursor;
      if (session.can('edit')) this.imports = (await ask(api.GET(IMPORTS, { params: { path: session.path } }))).imports;
      this.failure = '';
    } catch (error) {
      this.failure = sentenceOf(error);
    }
  }

  async undo(id: string) {
    try {
      await ask(api.DELETE(`${IMPORTS}/{conversion_import}`, { params: { path: { ...session.path, conversion_import: id } } }));
      toasts.show(t('result.undone'));
      await this.load();
    } catch (error) {
      handleError(error);
    }
  }
}

/** A table of conversions on its way: read, shown, confirmed. */
export class ConversionTable {
  current = $state.raw<Schemas['ConversionImport'] | null>(null);
  isBusy = $state(false);
  failure = $state('');
  mayConfirm = $derived(this.current?.state === 'open' && !this.current.n_faults && !this.isBusy);

  async #run(work: () => Promise<Schemas['ConversionImport'] | null>) {
    if (this.isBusy) return;
    this.isBusy = true;
    this.failure = '';
    try {
      this.current = await work();
    } catch (error) {
      this.failure = sentenceOf(error);
    } finally {
      this.isBusy = false;
    }
  }

  read(file: File) {
    return this.#run(() => ask(api.POST(IMPORTS, {
      params: { path: session.path, query: { name: file.name } }, body: file as unknown as string, bodySerializer: (body) => body, headers: { 'Content-Type': 'application/octet-stream' },
    })));
  }

  confirm() {
    const id = this.current!.id;
    return this.#run(() => ask(api.POST(`${IMPORTS}/{conversion_import}/confirm`, { params: { path: { ...session.path, conversion_import: id } } })));
  }

  async clear() {
    const one = this.current;
    this.current = null;
    this.failure = '';
    if (one?.state === 'open') await ask(api.DELETE(`${IMPORTS}/{conversion_import}`, { params: { path: { ...session.path, conversion_import: one.id } } })).catch(() => {});
  }
}
