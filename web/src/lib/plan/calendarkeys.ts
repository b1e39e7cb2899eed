// The calendar's keys, on a post that has the focus: Alt or Shift with arrows moves it (and what is chosen with it), X chooses, M and C ask for a time,
// Delete takes it away; Ctrl+A chooses all in sight, Esc lets go. What a mouse does by dragging, they do too.
import { place } from '../shared/locale.svelte';
import { dayOf } from '../shared/zone';
import { session } from '../team/session.svelte';
import type { Acts } from './acts.svelte';
import type { Calendar } from './calendar.svelte';

const DAYS: Record<string, number> = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -7, ArrowDown: 7 };
const HOURS: Record<string, number> = { ArrowUp: -60, ArrowDown: 60 };

export class CalendarKeys {
  #last = '';

  constructor(private readonly calendar: Calendar, private readonly acts: Acts, private readonly ask: (how: 'move' | 'copy', ids: string[]) => void) {}

  #inSight(main: HTMLElement): string[] {
    return [...new Set([...main.querySelectorAll<HTMLElement>('[data-post]')].filter((one) => one.offsetParent !== null).map((one) => one.dataset.post!))];
  }

  /** With `isRange` all from the last one chosen to this one, in the order they stand in. */
  choose(main: HTMLElement, id: string, isRange: boolean) {
    const all = this.#inSight(main);
    const from = all.indexOf(this.#last), to = all.indexOf(id);
    if (isRange && from >= 0 && to >= 0) this.acts.add(all.slice(Math.min(from, to), Math.max(from, to) + 1));
    else this.acts.toggle(id);
    this.#last = id;
  }

  /** Where the focus goes: the post that moved, or its day when it is not shown there. */
  #move(id: string, event: KeyboardEvent): { post: string; day: string } | null {
    const isByHour = this.calendar.view === 'week' || this.calendar.view === 'day';
    const minutes = isByHour ? (HOURS[event.key] ?? 0) : 0;
    const days = minutes ? 0 : DAYS[event.key];
    const post = this.calendar.find(id);
    if (!post?.due_at) return null;
    this.acts.move(this.acts.with(id), { days, minutes });
    return { post: id, day: dayOf(Date.parse(this.calendar.find(id)?.due_at ?? post.due_at), place.zone) };
  }

  press(main: HTMLElement, event: KeyboardEvent): { post: string; day: string } | null {
    if (!session.can('edit') || (event.target as Element).closest('input, select, textarea')) return null;
    const id = (event.target as HTMLElement).dataset.post;
    const taken = () => {
      event.preventDefault();
      event.stopPropagation();
    };
    if (event.key === 'Escape' && this.acts.selected.size) {
      taken();
      this.acts.clear();
    } else if (event.key === 'a' && (event.ctrlKey || event.metaKey)) {
      taken();
      this.acts.add(this.#inSight(main));
    } else if (id && DAYS[event.key] && (event.altKey || event.shiftKey)) {
      taken();
      return this.#move(id, event);
    } else if (id && !event.ctrlKey && !event.metaKey && !event.altKey) {
      if (event.key === 'x' || (event.key === ' ' && this.acts.isSelecting)) this.choose(main, id, false);
      else if (event.key === 'm') this.ask('move', this.acts.with(id));
      else if (event.key === 'c') this.ask('copy', this.acts.with(id));
      else if (event.key === 'Delete') this.acts.remove(this.acts.with(id));
      else return null;
      taken();
    }
    return null;
  }
}
