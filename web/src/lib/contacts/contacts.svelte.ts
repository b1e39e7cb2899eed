// People, their page and their segments. One class a thing that is looked at; everything is asked anew when the server says that it changed.
import { api, ask, type Schemas } from '../api/client';
import { handleError, sentenceOf } from '../shared/errors';
import { session } from '../team/session.svelte';

export type Contact = Schemas['Contact'];
export type ContactRow = Schemas['ContactRow'];
export type Touchpoint = Schemas['Touchpoint'];
export type Pair = Schemas['ContactPair'];
export type Segment = Schemas['Segment'];
export type Rule = Schemas['SegmentRule'];
export type Condition = Schemas['SegmentCondition'];
export type Field = Condition['field'];
export type Op = Condition['op'];
export type Deletion = Schemas['Deletion'];
export type Choice = Schemas['SegmentChoice'];
type Path = { params: { path: { workspace: string; contact: string } } };

const BASE = '/api/v1/workspaces/{workspace}' as const;
const CONTACTS = `${BASE}/contacts` as const;
const CONTACT = `${CONTACTS}/{contact}` as const;
const at = (contact: string): Path => ({ params: { path: { ...session.path, contact } } });
export const fileOf = (rest: string) => `/api/v1/workspaces/${session.path.workspace}/${rest}`;

export const FIELDS: Field[] = ['tag', 'consent', 'network', 'last_seen', 'first_seen', 'messages', 'sentiment', 'intent', 'link', 'campaign', 'clicks', 'did', 'conversions', 'revenue', 'city', 'language', 'note'];
const NUMBERS: Field[] = ['first_seen', 'last_seen', 'messages', 'clicks', 'conversions', 'revenue'];
export const isNumber = (field: Field) => NUMBERS.includes(field);
export const isDays = (field: Field) => field === 'first_seen' || field === 'last_seen';
export const opsOf = (field: Field): Op[] => (isNumber(field) ? ['at_least', 'at_most'] : ['is', 'is_not']);
export const freshCondition = (field: Field = 'tag'): Condition => ({ field, op: opsOf(field)[0], text: '', number: isNumber(field) ? 1 : 0 });
export const freshRule = (): Rule => ({ match: 'all', conditions: [freshCondition()], groups: [] });

type Part = { conditions: Condition[]; groups?: Part[] };
/** Whether everything is filled in, so that it is worth asking. */
export function isWhole(part: Part): boolean {
  const groups = part.groups ?? [];
  return part.conditions.length + groups.length > 0 && part.conditions.every((one) => isNumber(one.field) || one.text.trim() !== '') && groups.every(isWhole);
}

export class People {
  rows = $state.raw<ContactRow[] | null>(null);
  next = $state<string | null>(null);
  total = $state<number | null>(null);
  failure = $state('');
  #turn = 0;

  async load(words: string, segment: string, cursor: string | null = null) {
    const turn = ++this.#turn;
    try {
      const query = { words: words.trim() || undefined, segment: segment || undefined, cursor: cursor ?? undefined };
      const page = await ask(api.GET(CONTACTS, { params: { path: session.path, query } }));
      if (turn !== this.#turn) return;
      this.rows = cursor ? [...(this.rows ?? []), ...page.contacts] : page.contacts;
      this.next = page.next_cursor;
      this.total = page.total;
      this.failure = '';
    } catch (error) {
      if (turn === this.#turn) this.failure = sentenceOf(error);
    }
  }
}

export class Person {
  contact = $state.raw<Contact | null>(null);
  touches = $state.raw<Touchpoint[]>([]);
  next = $state<string | null>(null);
  failure = $state('');

  async load(id: string) {
    try {
      this.contact = await ask(api.GET(CONTACT, at(id)));
      await this.more(id, null);
      this.failure = '';
    } catch (error) {
      this.failure = sentenceOf(error);
    }
  }

  async more(id: string, cursor: string | null) {
    const page = await ask(api.GET(`${CONTACT}/touchpoints`, { params: { ...at(id).params, query: { cursor: cursor ?? undefined } } }));
    this.touches = cursor ? [...this.touches, ...page.touchpoints] : page.touchpoints;
    this.next = page.next_cursor;
  }

  async #take(pending: Promise<Contact>): Promise<boolean> {
    try {
      this.contact = await pending;
      return true;
    } catch (error) {
      handleError(error);
      return false;
    }
  }

  save(body: Omit<Schemas['ContactUpdate'], 'version'>) {
    const { contact } = this;
    return contact ? this.#take(ask(api.PUT(CONTACT, { ...at(contact.row.id), body: { ...body, version: contact.version } }))) : Promise.resolve(false);
  }
  addNote(id: string, text: string) {
    return this.#take(ask(api.POST(`${CONTACT}/notes`, { ...at(id), body: { text } })));
  }
  async dropNote(id: string, note: string) {
    try {
      await ask(api.DELETE(`${CONTACT}/notes/{note}`, { params: { path: { ...session.path, contact: id, note } } }));
      await this.load(id);
    } catch (error) {
      handleError(error);
    }
  }
  record(id: string, body: Schemas['ConsentDraft']) {
    return this.#take(ask(api.POST(`${CONTACT}/consents`, { ...at(id), body })));
  }
  merge(id: string, other: string) {
    return this.#take(ask(api.POST(`${CONTACT}/merge`, { ...at(id), body: { other_id: other } })));
  }
  undo(merge: string) {
    return this.#take(ask(api.POST(`${BASE}/contact-merges/{merge}/undo`, { params: { path: { ...session.path, merge } } })));
  }
  async remove(id: string, reason: Deletion['reason']): Promise<boolean> {
    try {
      await ask(api.POST(`${CONTACT}/deletion`, { ...at(id), body: { reason } }));
      return true;
    } catch (error) {
      handleError(error);
      return false;
    }
  }
}

export const findContact = (account: string, author: string) => ask(api.GET(`${CONTACTS}/found`, { params: { path: session.path, query: { account, author } } }));

export class Pairs {
  pairs = $state.raw<Pair[] | null>(null);
  failure = $state('');

  async load() {
    try {
      this.pairs = (await ask(api.GET(`${BASE}/contact-pairs`, { params: { path: session.path } }))).pairs;
    } catch (error) {
      this.failure = sentenceOf(error);
    }
  }
  async apart(pair: Pair) {
    try {
      await ask(api.POST(`${BASE}/contact-pairs/apart`, { params: { path: session.path }, body: { a_id: pair.a_id, b_id: pair.b_id } }));
      await this.load();
    } catch (error) {
      handleError(error);
    }
  }
}

export class Segments {
  segments = $state.raw<Segment[] | null>(null);
  choices = $state.raw<Choice[]>([]);
  failure = $state('');

  async load() {
    try {
      this.segments = (await ask(api.GET(`${BASE}/segments`, { params: { path: session.path } }))).segments;
    } catch (error) {
      this.failure = sentenceOf(error);
    }
  }
  async loadChoices() {
    try {
      this.choices = (await ask(api.GET(`${BASE}/segments/choices`, { params: { path: session.path } }))).choices;
    } catch (error) {
      handleError(error);
    }
  }
  count = async (rule: Rule) => (await ask(api.POST(`${BASE}/segments/count`, { params: { path: session.path }, body: { rule } }))).n;

  async save(segment: Segment | null, name: string, rule: Rule): Promise<boolean> {
    try {
      if (segment) await ask(api.PUT(`${BASE}/segments/{segment}`, { params: { path: { ...session.path, segment: segment.id } }, body: { version: segment.version, name, rule } }));
      else await ask(api.POST(`${BASE}/segments`, { params: { path: session.path }, body: { name, rule } }));
      await this.load();
      return true;
    } catch (error) {
      handleError(error);
      return false;
    }
  }
  async remove(segment: Segment) {
    try {
      await ask(api.DELETE(`${BASE}/segments/{segment}`, { params: { path: { ...session.path, segment: segment.id } } }));
      await this.load();
    } catch (error) {
      handleError(error);
    }
  }
}

export type ImportMapping = Schemas['ContactImportMapping'];
export type ImportRole = Schemas['ContactImportColumn']['role'];
const IMPORTS = `${BASE}/contact-imports` as const;

/** A table of people: read, its columns named, confirmed; and those that were stored. */
export class PeopleTable {
  current = $state.raw<Schemas['ContactImport'] | null>(null);
  stored = $state.raw<Schemas['ContactImportSummary'][] | null>(null);
  isBusy = $state(false);
  failure = $state('');
  mayConfirm = $derived(this.current?.state === 'open' && !this.current.n_faults && !this.isBusy);
  #wanted: ImportMapping | null = null;

  #at = (id: string) => ({ params: { path: { ...session.path, contact_import: id } } });

  async #run(work: () => Promise<Schemas['ContactImport'] | null>) {
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

  async list() {
    try {
      this.stored = (await ask(api.GET(IMPORTS, { params: { path: session.path } }))).imports;
    } catch (error) {
      this.failure = sentenceOf(error);
    }
  }
  read(file: File) {
    return this.#run(() => ask(api.POST(IMPORTS, {
      params: { path: session.path, query: { name: file.name } }, body: file as unknown as string, bodySerializer: (body) => body, headers: { 'Content-Type': 'application/octet-stream' },
    })));
  }
  /** What is changed while a change is on its way is sent after it. */
  async map(mapping: ImportMapping) {
    const id = this.current!.id;
    this.current = { ...this.current!, mapping };
    this.#wanted = mapping;
    while (this.#wanted && !this.isBusy && this.current?.id === id) {
      const body: ImportMapping = this.#wanted;
      this.#wanted = null;
      await this.#run(async () => {
        const made = await ask(api.PUT(`${IMPORTS}/{contact_import}`, { ...this.#at(id), body }));
        return { ...made, mapping: this.#wanted ?? made.mapping };
      });
    }
  }
  async confirm() {
    const id = this.current!.id;
    await this.#run(() => ask(api.POST(`${IMPORTS}/{contact_import}/confirm`, this.#at(id))));
    await this.list();
  }
  async clear() {
    const one = this.current;
    this.current = this.#wanted = null;
    this.failure = '';
    if (one?.state === 'open') await ask(api.DELETE(`${IMPORTS}/{contact_import}`, this.#at(one.id))).catch(() => {});
  }
  async undo(id: string) {
    try {
      await ask(api.DELETE(`${IMPORTS}/{contact_import}`, this.#at(id)));
      if (this.current?.id === id) this.current = null;
      await this.list();
    } catch (error) {
      handleError(error);
    }
  }
}

export class Deletions {
  rows = $state.raw<Deletion[] | null>(null);
  failure = $state('');

  async load() {
    try {
      this.rows = (await ask(api.GET(`${BASE}/contact-deletions`, { params: { path: session.path } }))).deletions;
    } catch (error) {
      this.failure = sentenceOf(error);
    }
  }
}
