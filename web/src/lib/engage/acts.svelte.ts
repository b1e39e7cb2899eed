// What is done with conversations: with those that are selected, else with the open one. One call a change, said in one sentence, taken back by one undo.
import { api, ask, type Schemas } from '../api/client';
import { handleError } from '../shared/errors';
import { fmt } from '../shared/fmt.svelte';
import { t } from '../shared/locale.svelte';
import { toasts } from '../shared/toasts.svelte';
import { people } from '../team/people.svelte';
import { session } from '../team/session.svelte';
import type { Inbox } from './inbox.svelte';
import { rangeOf } from './range';
import { workOn, type Change } from './work.svelte';

export const MOST = 1000;
export type Asking = '' | 'assign' | 'snooze' | 'tag';
type Said = 'done' | 'open' | 'assign' | 'unassign' | 'snooze' | 'tag' | 'untag' | 'hold' | 'release' | 'hide' | 'show';

export class Acts {
  picked = $state.raw<ReadonlySet<string>>(new Set());
  asking = $state<Asking>('');
  isBusy = $state(false);
  #anchor = '';

  constructor(private readonly inbox: Inbox) {}

  /** Those an act is done to. */
  get targets(): string[] {
    if (this.picked.size) return [...this.picked];
    return this.inbox.thread ? [this.inbox.thread.id] : [];
  }

  get canAct() {
    return session.can('desk') && this.targets.length > 0 && !this.isBusy;
  }

  /** Tags of those an act is done to, as far as they are on the screen. */
  get tags(): string[] {
    const ids = new Set(this.targets);
    return [...new Set(this.inbox.rows?.filter((row) => ids.has(row.id)).flatMap((row) => row.tags))].sort();
  }

  clear() {
    this.picked = new Set();
    this.#anchor = '';
  }

  /** `isRange`: everything from the one picked before it, too. */
  pick(id: string, isRange = false) {
    const next = new Set(this.picked);
    const range = isRange && this.#anchor ? rangeOf(this.inbox.rows?.map((row) => row.id) ?? [], this.#anchor, id) : [];
    if (range.length) range.forEach((one) => next.add(one));
    else if (next.has(id)) next.delete(id);
    else next.add(id);
    this.#anchor = id;
    this.#take(next);
  }

  #take(ids: Set<string>) {
    if (ids.size > MOST) toasts.show(t('desk.bulk.tooMany', { count: fmt.exact(MOST) }));
    this.picked = new Set([...ids].slice(0, MOST));
  }

  /** The next one is selected as well; from the keyboard. */
  extend(by: number) {
    const from = this.inbox.thread?.id;
    if (from && !this.picked.has(from)) this.pick(from);
    const to = this.inbox.step(by);
    if (to && !this.picked.has(to)) this.pick(to);
  }

  /** Everything the list would show, also what is not on the screen yet. */
  async all() {
    this.isBusy = true;
    try {
      this.#take(new Set(await this.inbox.ids(MOST)));
    } catch (error) {
      handleError(error);
    } finally {
      this.isBusy = false;
    }
  }

  done = () => this.#do({ status: 'done' }, 'done');
  reopen = () => this.#do({ status: 'open' }, 'open');
  hold = () => this.#do({ is_held: true }, 'hold');
  release = () => this.#do({ is_held: false }, 'release');
  hide = () => this.#do({ is_hidden: true }, 'hide');
  show = () => this.#do({ is_hidden: false }, 'show');
  assign = (person: string | null) => (person ? this.#do({ assignee: person }, 'assign', people.nameOf(person)) : this.#do({ is_unassigned: true }, 'unassign'));
  snooze = (until: string) => this.#do({ snoozed_until: until }, 'snooze', fmt.stamp(until));
  tag = (tag: string) => this.#do({ add_tags: [tag] }, 'tag', tag);
  untag = (tag: string) => this.#do({ drop_tags: [tag] }, 'untag', tag);

  async #do(change: Change, said: Said, name = '') {
    if (!this.canAct) return;
    const isPicked = this.picked.size > 0;
    const leaves = said === 'done' || said === 'snooze';
    this.isBusy = true;
    try {
      const { n_changed, undo, not_done } = await workOn(this.targets, change);
      const text = n_changed || !not_done.length ? t(`desk.bulk.did.${said}`, { count: fmt.exact(n_changed), name }) : '';
      toasts.show([text, this.#whyNot(not_done)].filter(Boolean).join(' '), undo.length ? { undo: () => void this.#takeBack(undo) } : {});
      if (leaves && isPicked) this.clear();
      else if (leaves) this.inbox.leave();
      await this.inbox.refresh();
    } catch (error) {
      handleError(error);
    } finally {
      this.isBusy = false;
    }
  }

  #whyNot(left: Schemas['ThreadNotDone'][]): string {
    const reasons = [...new Set(left.map((one) => one.why))];
    return reasons.map((why) => t(`desk.bulk.not.${why}`, { count: fmt.exact(left.filter((one) => one.why === why).length) })).join(' ');
  }

  async #takeBack(steps: Schemas['ThreadWorkStep'][]) {
    try {
      const { n_changed, not_done } = await ask(api.POST('/api/v1/workspaces/{workspace}/thread-work/undo', { params: { path: session.path }, body: { steps } }));
      toasts.show([t('desk.bulk.undone', { count: fmt.exact(n_changed) }), this.#whyNot(not_done)].filter(Boolean).join(' '));
      await this.inbox.refresh();
    } catch (error) {
      handleError(error);
    }
  }
}
