// The calendar's days. A day knows how many posts it has and holds the first of them; the rest come when the day is opened, so that 10,000 posts a
// month draw as quickly as ten. What somebody does is shown at once (acts.svelte.ts); what happens by itself is read again.
import { api, ask, type Schemas } from '../api/client';
import type { ServerEvent } from '../api/events';
import { sentenceOf } from '../shared/errors';
import { place } from '../shared/locale.svelte';
import { addDays, dayOf, dayStart } from '../shared/zone';
import { session } from '../team/session.svelte';
import { daysOf, type View } from './stretch';

type Reply = Schemas['CalendarView'];
export type PlacedPost = Omit<Schemas['CalendarPost'], 'accounts' | 'campaign'> & { accounts: string[]; campaign: string | null };
export type Cell = { day: string; lane: string | null; n: number; nCollisions: number; without: string[]; posts: PlacedPost[] };
export type Filters = { account: string; network: string; state: '' | PlacedPost['state']; campaign: string; tag: string; words: string };
export type FreeSlot = { account: string; at: string };

export const NO_FILTERS: Filters = { account: '', network: '', state: '', campaign: '', tag: '', words: '' };
/** Posts of a cell that are read with the view; a day that is opened is read whole. */
const PER_DAY: Record<View, number> = { month: 8, week: 60, day: 1000, list: 8, lanes: 4 };
const WHOLE_DAY = 1000;
/** What has not begun to go out; a plan's other states stay where they are. */
const MOVABLE: PlacedPost['state'][] = ['draft', 'in_review', 'approved', 'scheduled'];
const AGAIN_MS = 800;

export const cellKey = (day: string, lane: string | null = null) => `${day}/${lane ?? ''}`;
const byTime = (a: PlacedPost, b: PlacedPost) => a.due_at!.localeCompare(b.due_at!) || a.id.localeCompare(b.id);

function named(post: Schemas['CalendarPost'], reply: Reply): PlacedPost {
  return { ...post, accounts: post.accounts.map((at) => reply.accounts[at]), campaign: post.campaign === undefined ? null : reply.campaigns[post.campaign] };
}

function cellOf(day: Reply['days'][number], reply: Reply): Cell {
  return {
    day: day.day, lane: day.campaign === null ? null : reply.campaigns[day.campaign], n: day.n, nCollisions: day.n_collisions,
    without: day.without.map((at) => reply.accounts[at]), posts: day.posts.map((post) => named(post, reply)),
  };
}

export class Calendar {
  view = $state<View>('month');
  anchor = $state(dayOf(Date.now(), place.zone));
  filters = $state.raw<Filters>(NO_FILTERS);
  cells = $state.raw(new Map<string, Cell>());
  undated = $state.raw<PlacedPost[]>([]);
  hasMoreUndated = $state(false);
  freeSlots = $state.raw<FreeSlot[]>([]);
  marks = $state.raw<Schemas['Day'][]>([]);
  n = $state(0);
  isLoaded = $state(false);
  isCut = $state(false);
  failure = $state('');
  /** Acts on their way: what is read meanwhile would show the state before them. */
  nActing = $state(0);
  #turn = 0;
  #timer = 0;
  #opened = new Set<string>();

  days = $derived(daysOf(this.view, this.anchor));
  isFiltered = $derived(Object.values(this.filters).some(Boolean));
  lanes = $derived([...new Set([...this.cells.values()].map((cell) => cell.lane))]);
  #byId = $derived(new Map([...this.undated, ...[...this.cells.values()].flatMap((cell) => cell.posts)].map((post) => [post.id, post])));

  cell(day: string, lane: string | null = null): Cell {
    return this.cells.get(cellKey(day, lane)) ?? { day, lane, n: 0, nCollisions: 0, without: [], posts: [] };
  }

  find(id: string): PlacedPost | undefined {
    return this.#byId.get(id);
  }

  canMove(post: PlacedPost) {
    return session.can('edit') && MOVABLE.includes(post.state);
  }

  slotsOf(day: string): FreeSlot[] {
    return this.freeSlots.filter((slot) => dayOf(Date.parse(slot.at), place.zone) === day);
  }

  #query(first: string, last: string, perDay: number) {
    const asked = Object.fromEntries(Object.entries(this.filters).filter(([, value]) => value));
    return {
      from: new Date(dayStart(first, place.zone)).toISOString(), to: new Date(dayStart(addDays(last, 1), place.zone)).toISOString(),
      per_day: perDay, ...(this.view === 'lanes' ? { lanes: true } : {}), ...asked,
    };
  }

  #read(first: string, last: string, perDay: number): Promise<Reply> {
    return ask(api.GET('/api/v1/workspaces/{workspace}/calendar', { params: { path: session.path, query: this.#query(first, last, perDay) } }));
  }

  /** `isFresh`: another stretch or filter; else the same read again, with nothing flickering. */
  async load(isFresh = true) {
    const turn = ++this.#turn;
    const days = this.days;
    if (isFresh) {
      this.isLoaded = false;
      this.#opened.clear();
      void this.#readMarks(days);
    }
    try {
      const reply = await this.#read(days[0], days.at(-1)!, PER_DAY[this.view]);
      const opened = await Promise.all([...this.#opened].map((day) => this.#read(day, day, WHOLE_DAY)));
      if (turn !== this.#turn || (this.nActing && !isFresh)) return;
      this.#take(reply, opened);
      this.failure = '';
    } catch (error) {
      if (turn === this.#turn) this.failure = sentenceOf(error);
    }
  }

  #take(reply: Reply, opened: Reply[]) {
    const cells = [reply, ...opened].flatMap((one) => one.days.map((day) => cellOf(day, one)));
    this.cells = new Map(cells.map((cell) => [cellKey(cell.day, cell.lane), cell]));
    this.undated = reply.undated.map((post) => named(post, reply));
    this.hasMoreUndated = reply.has_more_undated;
    this.freeSlots = reply.free_slots.map((slot) => ({ account: reply.accounts[slot.account], at: slot.at }));
    this.n = reply.n;
    this.isCut = reply.is_cut;
    this.isLoaded = true;
  }

  /** All posts of a day whose cell holds only the first. */
  async open(day: string) {
    const cell = this.cell(day);
    if (cell.posts.length >= cell.n || this.view === 'lanes') return;
    this.#opened.add(day);
    try {
      const reply = await this.#read(day, day, WHOLE_DAY);
      if (this.#opened.has(day)) for (const one of reply.days) this.#set(cellOf(one, reply));
    } catch (error) {
      this.failure = sentenceOf(error);
    }
  }

  async #readMarks(days: string[]) {
    // Holidays and seasons are a help: the calendar stands without them.
    const { data } = await api.GET('/api/v1/workspaces/{workspace}/days', { params: { path: session.path, query: { from: days[0], until: days.at(-1)! } } });
    if (data && days[0] === this.days[0]) this.marks = data.days;
  }

  /** What changed by itself is read again, at most about once a second. */
  follow(events: ServerEvent[]) {
    if (!events.length) return;
    this.#timer ||= window.setTimeout(() => {
      this.#timer = 0;
      if (this.nActing) this.follow(events);
      else void this.load(false);
    }, AGAIN_MS);
  }

  stop() {
    clearTimeout(this.#timer);
    this.#timer = 0;
  }

  // --- what is shown before the server has it ---
  #set(...changed: Cell[]) {
    const cells = new Map(this.cells);
    for (const cell of changed) cells.set(cellKey(cell.day, cell.lane), cell);
    this.cells = cells;
  }

  #homeOf(post: PlacedPost): Cell | null {
    if (!post.due_at) return null;
    const day = dayOf(Date.parse(post.due_at), place.zone);
    return this.days.includes(day) ? this.cell(day, this.view === 'lanes' ? post.campaign : null) : null;
  }

  /** Takes posts out of where they stand. */
  drop(ids: string[]) {
    const gone = new Set(ids);
    const left = this.undated.filter((post) => !gone.has(post.id));
    if (left.length < this.undated.length) this.undated = left;
    const changed = [...this.cells.values()].filter((cell) => cell.posts.some((post) => gone.has(post.id)));
    this.#set(...changed.map((cell) => {
      const posts = cell.posts.filter((post) => !gone.has(post.id));
      return { ...cell, posts, n: cell.n - (cell.posts.length - posts.length) };
    }));
  }

  /** Puts posts where their time says, each once. */
  put(posts: PlacedPost[]) {
    this.drop(posts.map((post) => post.id));
    for (const post of posts) {
      const home = this.#homeOf(post);
      if (home) this.#set({ ...home, posts: [...home.posts, post].sort(byTime), n: home.n + 1 });
      else if (!post.due_at) this.undated = [post, ...this.undated];
    }
  }
}
