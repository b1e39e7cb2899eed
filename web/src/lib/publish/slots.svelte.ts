// The queue's slots: wall times of a week, for each account. An edit sends the account's whole list and can be undone.
import { api, ask, type Schemas } from '../api/client';
import { handleError } from '../shared/errors';
import { t } from '../shared/locale.svelte';
import { toasts } from '../shared/toasts.svelte';
import { session } from '../team/session.svelte';

export type Slot = Schemas['Slot'];
export type SlotTime = { weekday: number; time: string };

const inOrder = (a: SlotTime, b: SlotTime) => a.weekday - b.weekday || a.time.localeCompare(b.time);

/** `times` with `time` on each of `weekdays`, none twice. */
export function withTime(times: SlotTime[], weekdays: number[], time: string): SlotTime[] {
  const isThere = (weekday: number) => times.some((one) => one.weekday === weekday && one.time === time);
  return [...times, ...weekdays.filter((weekday) => !isThere(weekday)).map((weekday) => ({ weekday, time }))].sort(inOrder);
}

export const withoutTime = (times: SlotTime[], gone: SlotTime) => times.filter((one) => one.weekday !== gone.weekday || one.time !== gone.time);

export class Slots {
  all = $state.raw<Slot[] | null>(null);
  gaps = $state.raw<Record<string, number>>({});
  /** Grows when the server has taken a change: what it works out of the slots is asked for again then. */
  saved = $state(0);

  async load() {
    try {
      const found = await ask(api.GET('/api/v1/workspaces/{workspace}/slots', { params: { path: session.path } }));
      this.all = found.slots;
      this.gaps = Object.fromEntries(found.gaps.map((gap) => [gap.account_id, gap.minutes]));
    } catch (error) {
      handleError(error);
    }
  }

  of(account: string): SlotTime[] {
    return (this.all ?? []).filter((slot) => slot.account_id === account).map(({ weekday, time }) => ({ weekday, time })).sort(inOrder);
  }

  /** The account's next free ones. */
  async next(account: string): Promise<string[]> {
    const path = { ...session.path, account };
    return (await ask(api.GET('/api/v1/workspaces/{workspace}/accounts/{account}/slots', { params: { path } }))).times;
  }

  async set(account: string, slots: SlotTime[], isUndo = false) {
    const before = this.of(account);
    this.#put(account, slots);
    try {
      const path = { ...session.path, account };
      await ask(api.PUT('/api/v1/workspaces/{workspace}/accounts/{account}/slots', { params: { path }, body: { slots } }));
      this.saved++;
      if (!isUndo) toasts.show(t('slots.saved'), { undo: () => void this.set(account, before, true) });
    } catch (error) {
      this.#put(account, before);
      handleError(error);
    }
  }

  /** How far apart the account's posts should be. */
  async setGap(account: string, minutes: number) {
    const before = this.gaps[account];
    this.gaps = { ...this.gaps, [account]: minutes };
    try {
      const path = { ...session.path, account };
      await ask(api.PUT('/api/v1/workspaces/{workspace}/accounts/{account}/slots', { params: { path }, body: { slots: this.of(account), min_gap_minutes: minutes } }));
      toasts.show(t('slots.saved'), { undo: () => void this.setGap(account, before) });
    } catch (error) {
      this.gaps = { ...this.gaps, [account]: before };
      handleError(error);
    }
  }

  #put(account: string, slots: SlotTime[]) {
    const others = (this.all ?? []).filter((slot) => slot.account_id !== account);
    this.all = [...others, ...slots.map((slot) => ({ account_id: account, ...slot }))];
  }
}
