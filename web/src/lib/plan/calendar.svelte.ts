// The posts of a stretch of days, and moving them. A move shows at once, keeps the wall-clock time, can be undone, and goes back
// with a sentence when the server refuses. Moves of one post are sent one after the other, each with the version the last one gave.
import { api, ask, type Schemas } from '../api/client';
import type { ServerEvent } from '../api/events';
import { handleError, sentenceOf } from '../shared/errors';
import { fmt } from '../shared/fmt.svelte';
import { place, t } from '../shared/locale.svelte';
import { toasts } from '../shared/toasts.svelte';
import { addDays, dayOf, dayStart, resolveWall, weekdayOf, withDay } from '../shared/zone';
import { session } from '../team/session.svelte';

export type Post = Schemas['Post'];
export type View = 'month' | 'week' | 'list';

const PAGE = 500;
const MAX_POSTS = 20_000;
const FEW_CHANGES = 8;
const POST = '/api/v1/workspaces/{workspace}/posts/{post}' as const;

/** The days shown: whole weeks from Monday. */
export function daysOf(view: View, anchor: string): string[] {
  if (view === 'week') {
    const monday = addDays(anchor, 1 - weekdayOf(anchor));
    return Array.from({ length: 7 }, (_, at) => addDays(monday, at));
  }
  const first = `${anchor.slice(0, 7)}-01`;
  const monday = addDays(first, 1 - weekdayOf(first));
  const nextMonth = addDays(first, 32).slice(0, 7);
  const days = [];
  for (let day = monday; day.slice(0, 7) !== nextMonth || weekdayOf(day) !== 1; day = addDays(day, 1)) days.push(day);
  return days;
}

/** The same date a month on or back, or the month's last when it is shorter. */
export function addMonth(day: string, step: 1 | -1): string {
  const [year, month, date] = day.split('-').map(Number);
  const last = new Date(Date.UTC(year, month - 1 + step + 1, 0));
  const target = Math.min(date, last.getUTCDate());
  return `${last.toISOString().slice(0, 8)}${String(target).padStart(2, '0')}`;
}

export class Calendar {
  view = $state<View>('month');
  anchor = $state(dayOf(Date.now(), place.zone));
  posts = $state.raw<Post[]>([]);
  undated = $state.raw<Post[]>([]);
  isLoaded = $state(false);
  isCut = $state(false);
  failure = $state('');
  #turn = 0;
  #moves = new Map<string, Promise<void>>();

  days = $derived(daysOf(this.view, this.anchor));
  byDay = $derived.by(() => {
    const map = new Map<string, Post[]>();
    for (const post of this.posts) {
      if (!post.due_at) continue;
      const day = dayOf(Date.parse(post.due_at), place.zone);
      const posts = map.get(day);
      if (posts) posts.push(post);
      else map.set(day, [post]);
    }
    for (const posts of map.values()) posts.sort((a, b) => a.due_at!.localeCompare(b.due_at!));
    return map;
  });

  canMove(post: Post) {
    return session.can('edit') && ['draft', 'in_review', 'approved', 'scheduled'].includes(post.state);
  }

  async load(isFresh = true) {
    const turn = ++this.#turn;
    if (isFresh) this.isLoaded = false;
    const from = new Date(dayStart(this.days[0], place.zone)).toISOString();
    const to = new Date(dayStart(addDays(this.days.at(-1)!, 1), place.zone)).toISOString();
    void this.#loadUndated();
    try {
      let cursor: string | null = null;
      let posts: Post[] = [];
      do {
        const query: { from: string; to: string; limit: number; cursor?: string } = { from, to, limit: PAGE, ...(cursor ? { cursor } : {}) };
        const page: Schemas['PostList'] = await ask(api.GET('/api/v1/workspaces/{workspace}/posts', { params: { path: session.path, query } }));
        if (turn !== this.#turn) return;
        posts = posts.concat(page.posts);
        cursor = page.next_cursor;
        if (isFresh || !cursor) this.posts = posts;
        this.isLoaded = true;
      } while (cursor && posts.length < MAX_POSTS);
      this.isCut = cursor !== null;
      this.failure = '';
    } catch (error) {
      if (turn === this.#turn) this.failure = sentenceOf(error);
    }
  }

  async #loadUndated() {
    try {
      const page = await ask(api.GET('/api/v1/workspaces/{workspace}/posts', { params: { path: session.path, query: { state: 'draft', limit: 200 } } }));
      this.undated = page.posts.filter((post) => !post.due_at);
    } catch (error) {
      handleError(error);
    }
  }

  /** A few changed posts are read one by one, many all together. */
  async follow(events: ServerEvent[]) {
    const ids = [...new Set(events.filter((event) => event.kind.startsWith('post.')).map((event) => event.subject))];
    const isSimple = ids.length > 0 && ids.length <= FEW_CHANGES && events.every((event) => event.kind.startsWith('post.'));
    if (!isSimple) return this.load(false);
    await Promise.all(ids.filter((id) => !this.#moves.has(id)).map((id) => this.#refresh(id)));
  }

  async #refresh(id: string) {
    const { data } = await api.GET(POST, { params: { path: { ...session.path, post: id } } });
    if (data) this.#put(data);
    else this.#drop(id);
  }

  #drop(id: string) {
    this.posts = this.posts.filter((post) => post.id !== id);
    this.undated = this.undated.filter((post) => post.id !== id);
  }

  #put(post: Post) {
    if (!post.due_at) {
      this.#drop(post.id);
      if (post.state === 'draft') this.undated = [post, ...this.undated];
      return;
    }
    this.undated = this.undated.filter((one) => one.id !== post.id);
    const isKnown = this.posts.some((one) => one.id === post.id);
    this.posts = isKnown ? this.posts.map((one) => (one.id === post.id ? post : one)) : [...this.posts, post];
  }

  find(id: string): Post | undefined {
    return this.posts.find((post) => post.id === id) ?? this.undated.find((post) => post.id === id);
  }

  /** To another day at the same time of day; a draft without a time gets 9:00. */
  moveToDay(id: string, day: string) {
    const post = this.find(id);
    if (!post) return;
    if (!this.canMove(post)) return toasts.show(t('calendar.fixed'));
    const [year, month, date] = day.split('-').map(Number);
    const at = post.due_at ? withDay(Date.parse(post.due_at), day, place.zone) : resolveWall({ year, month, day: date, hour: 9, minute: 0 }, place.zone);
    if (post.due_at && at === Date.parse(post.due_at)) return;
    if (at <= Date.now()) return toasts.show(t('calendar.past'));
    const before = post.due_at;
    const key = post.state === 'draft' ? 'calendar.planned' : 'calendar.moved';
    toasts.show(t(key, { at: fmt.stamp(at) }), { undo: () => this.#move(id, before, true) });
    this.#move(id, new Date(at).toISOString(), false);
  }

  #move(id: string, dueAt: string | null, isUndo: boolean) {
    const post = this.find(id);
    if (!post) return;
    const before = post.due_at;
    this.#put({ ...post, due_at: dueAt });
    const work = (this.#moves.get(id) ?? Promise.resolve()).then(() => this.#send(id, dueAt, before, isUndo));
    this.#moves.set(id, work);
    void work.finally(() => {
      if (this.#moves.get(id) === work) this.#moves.delete(id);
    });
  }

  async #send(id: string, dueAt: string | null, before: string | null, isUndo: boolean) {
    const post = this.find(id);
    if (!post) return;
    const path = { ...session.path, post: id };
    try {
      const stored =
        post.state === 'scheduled' && dueAt
          ? await ask(api.POST(`${POST}/schedule`, { params: { path }, body: { at: dueAt, version: post.version } }))
          : await ask(api.PUT(POST, {
              params: { path },
              body: { version: post.version, text: post.text, variants: post.variants, media: post.media, disclosure: post.disclosure, ...(post.lang ? { lang: post.lang } : {}), ...(dueAt ? { due_at: dueAt } : {}) },
            }));
      const shown = this.find(id);
      // A later move may already show another time; only the version is taken over then.
      if (shown) this.#put(shown.due_at === dueAt ? stored : { ...shown, version: stored.version });
      if (isUndo) toasts.show(t('calendar.movedBack'));
    } catch (error) {
      const shown = this.find(id);
      if (shown) this.#put({ ...shown, due_at: before });
      handleError(error);
      void this.#refresh(id);
    }
  }
}
