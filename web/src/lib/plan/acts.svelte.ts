// What somebody does with posts in the calendar: one or many, shown at once, sent as one request, undone by the opposite act.
// Acts are sent one after the other, each with the versions the last one gave; what is refused goes back and says why.
import { api, ask, type Schemas } from '../api/client';
import { handleError } from '../shared/errors';
import { fmt } from '../shared/fmt.svelte';
import { place, t } from '../shared/locale.svelte';
import { toasts } from '../shared/toasts.svelte';
import { resolveWall } from '../shared/zone';
import { session } from '../team/session.svelte';
import type { Calendar, PlacedPost } from './calendar.svelte';
import { shifted, type Shift } from './stretch';

type Batch = Schemas['PostBatch'];
type Outcome = Schemas['PostOutcome'];
type Item = { id: string; at?: string | null };

const MOST = 200;
const FIRST_HOUR = 9;

export class Acts {
  selected = $state.raw(new Set<string>());
  isSelecting = $state(false);
  #last: Promise<unknown> = Promise.resolve();
  /** Newer ones than what is shown: a later act must not trip over an earlier one's. */
  #versions = new Map<string, number>();

  constructor(private readonly calendar: Calendar) {}

  // --- choosing ---
  toggle(id: string) {
    const next = new Set(this.selected);
    if (!next.delete(id)) next.add(id);
    this.selected = next;
  }

  add(ids: string[]) {
    this.selected = new Set([...this.selected, ...ids]);
  }

  clear() {
    this.selected = new Set();
    this.isSelecting = false;
  }

  /** The chosen posts when `id` is one of them, else that post alone. */
  with(id: string): string[] {
    return this.selected.has(id) ? [...this.selected] : [id];
  }

  posts(ids: string[]): PlacedPost[] {
    return ids.flatMap((id) => this.calendar.find(id) ?? []);
  }

  // --- sending ---
  async #send(act: Batch['act'], items: Item[], more: Partial<Batch> = {}): Promise<Outcome[]> {
    const done: Outcome[] = [];
    for (let from = 0; from < items.length; from += MOST) {
      const part = items.slice(from, from + MOST).map(({ id, at }) => {
        const version = this.#versions.get(id);
        return { post_id: id, ...(version === undefined ? {} : { version }), ...(at === undefined ? {} : { at }) };
      });
      const reply = await ask(api.POST('/api/v1/workspaces/{workspace}/posts/batch', { params: { path: session.path }, body: { act, items: part, ...more } }));
      done.push(...reply.items);
      for (const one of reply.items) {
        if (one.outcome !== 'done' || one.made_id) continue;
        if (one.version === null) this.#versions.delete(one.post_id);
        else this.#versions.set(one.post_id, one.version);
      }
    }
    return done;
  }

  /** One after the other. A refusal is told once, with how many it stopped. */
  #do(act: Batch['act'], items: Item[], more: Partial<Batch>, after: (outcomes: Outcome[]) => void) {
    this.calendar.nActing++;
    const work = this.#last.then(async () => {
      for (const { id } of items) {
        const known = this.calendar.find(id)?.version;
        if (known !== undefined && known > (this.#versions.get(id) ?? 0)) this.#versions.set(id, known);
      }
      try {
        const outcomes = await this.#send(act, items, more);
        const refused = outcomes.filter((one) => one.outcome === 'refused');
        if (refused.length) this.#tell(refused, outcomes.length);
        after(outcomes);
      } catch (error) {
        handleError(error);
      }
    });
    this.#last = work.finally(() => {
      if (--this.calendar.nActing === 0) void this.calendar.load(false);
    });
    return this.#last;
  }

  #tell(refused: Outcome[], total: number) {
    const why = refused[0].detail ?? '';
    toasts.show(total === 1 ? why : t('calendar.refused', { count: refused.length, total, why }), { tone: 'danger' });
  }

  // --- the acts ---
  /** Where a post would stand; a draft without a time gets a time of that day. */
  #target(post: PlacedPost, shift: Shift, day?: string, hour?: number | null): number {
    if (post.due_at) return shifted(Date.parse(post.due_at), shift, place.zone);
    const [year, month, date] = (day ?? '').split('-').map(Number);
    return resolveWall({ year, month, day: date, hour: hour ?? FIRST_HOUR, minute: 0 }, place.zone);
  }

  #planned(ids: string[], shift: Shift, day?: string, hour?: number | null): Map<PlacedPost, string> {
    return new Map(this.posts(ids).filter((post) => post.due_at || day).map((post) => [post, new Date(this.#target(post, shift, day, hour)).toISOString()]));
  }

  /** All of them by the same stretch, or none. `day`, `hour`: for drafts that have no time yet. */
  move(ids: string[], shift: Shift, day?: string, hour?: number | null) {
    const targets = this.#planned(ids, shift, day, hour);
    if ([...targets.keys()].some((post) => !this.calendar.canMove(post))) return void toasts.show(t('calendar.fixed'));
    if ([...targets.values()].some((at) => Date.parse(at) <= Date.now())) return void toasts.show(t('calendar.past'));
    const moved = [...targets].filter(([post, at]) => !post.due_at || Date.parse(post.due_at) !== Date.parse(at));
    if (!moved.length) return;
    const [first, at] = moved[0];
    this.#relocate(moved.map(([post, at]) => ({ post, at })),
      moved.length > 1 ? t('calendar.movedMany', { count: moved.length }) : t(first.state === 'scheduled' ? 'calendar.moved' : 'calendar.planned', { at: fmt.stamp(at) }));
  }

  #relocate(moves: { post: PlacedPost; at: string | null }[], said: string, isUndo = false) {
    this.calendar.put(moves.map(({ post, at }) => ({ ...post, due_at: at, collides: false })));
    const back = () => this.#relocate(moves.map(({ post, at }) => ({ post: { ...post, due_at: at }, at: post.due_at })), t('calendar.movedBack'), true);
    if (!isUndo) toasts.show(said, { undo: back });
    void this.#do('move', moves.map(({ post, at }) => ({ id: post.id, at })), { is_whole: moves.length > 1 }, (outcomes) => {
      const failed = new Set(outcomes.filter((one) => one.outcome !== 'done').map((one) => one.post_id));
      if (failed.size) this.calendar.put(moves.filter(({ post }) => failed.has(post.id)).map(({ post }) => post));
      else if (isUndo) toasts.show(said);
    });
  }

  copy(ids: string[], shift: Shift, day?: string, hour?: number | null) {
    const targets = this.#planned(ids, shift, day, hour);
    if ([...targets.values()].some((at) => Date.parse(at) <= Date.now())) return void toasts.show(t('calendar.past'));
    if (!targets.size) return;
    void this.#do('copy', [...targets].map(([post, at]) => ({ id: post.id, at })), {}, (outcomes) => {
      const made = outcomes.flatMap((one) => one.made_id ?? []);
      if (made.length) toasts.show(t('calendar.copied', { count: made.length }), { undo: () => this.#undo('delete', made) });
    });
  }

  remove(ids: string[]) {
    const before = this.posts(ids);
    this.calendar.drop(ids);
    this.clear();
    void this.#do('delete', before.map(({ id }) => ({ id })), {}, (outcomes) => {
      const gone = outcomes.filter((one) => one.outcome === 'done').map((one) => one.post_id);
      const scheduled = before.filter((post) => post.state === 'scheduled' && gone.includes(post.id)).map(({ id }) => id);
      const back = () => {
        this.#undo('restore', gone);
        if (scheduled.length) this.#undo('schedule', scheduled);
      };
      if (gone.length) toasts.show(t('calendar.deleted', { count: gone.length }), { undo: back });
    });
  }

  schedule(ids: string[]) {
    const ready = this.posts(ids).filter((post) => post.state === 'draft' || post.state === 'approved').map(({ id }) => id);
    this.#simple('schedule', ready, 'calendar.scheduled', 'unschedule');
  }

  unschedule(ids: string[]) {
    const scheduled = this.posts(ids).filter((post) => post.state === 'scheduled').map(({ id }) => id);
    this.#simple('unschedule', scheduled, 'calendar.unscheduled', 'schedule');
  }

  #simple(act: 'schedule' | 'unschedule', ids: string[], said: 'calendar.scheduled' | 'calendar.unscheduled', opposite: Batch['act']) {
    if (!ids.length) return void toasts.show(t('calendar.nothingToDo'));
    void this.#do(act, ids.map((id) => ({ id })), {}, (outcomes) => {
      const done = outcomes.filter((one) => one.outcome === 'done').map((one) => one.post_id);
      if (done.length) toasts.show(t(said, { count: done.length }), { undo: () => this.#undo(opposite, done) });
    });
  }

  setCampaign(ids: string[], campaign: string | null) {
    const before = this.posts(ids).filter((post) => post.campaign !== campaign);
    if (!before.length) return;
    this.calendar.put(before.map((post) => ({ ...post, campaign })));
    void this.#do('campaign', before.map(({ id }) => ({ id })), { campaign_id: campaign }, () => {
      const back = () => {
        for (const old of new Set(before.map((post) => post.campaign))) {
          const posts = before.filter((post) => post.campaign === old);
          void this.#do('campaign', posts.map(({ id }) => ({ id })), { campaign_id: old }, () => {});
        }
      };
      toasts.show(t('calendar.campaignSet', { count: before.length }), { undo: back });
    });
  }

  #undo(act: Batch['act'], ids: string[]) {
    void this.#do(act, ids.map((id) => ({ id })), {}, () => {});
  }
}
