// The keys of the inbox, for the keyboard, the palette and the sheet of keys.
import AlarmClock from '@lucide/svelte/icons/alarm-clock';
import ArrowDown from '@lucide/svelte/icons/arrow-down';
import ArrowLeft from '@lucide/svelte/icons/arrow-left';
import ArrowUp from '@lucide/svelte/icons/arrow-up';
import Check from '@lucide/svelte/icons/check';
import CheckCheck from '@lucide/svelte/icons/check-check';
import Eye from '@lucide/svelte/icons/eye';
import EyeOff from '@lucide/svelte/icons/eye-off';
import Pause from '@lucide/svelte/icons/pause';
import Play from '@lucide/svelte/icons/play';
import Reply from '@lucide/svelte/icons/reply';
import RotateCcw from '@lucide/svelte/icons/rotate-ccw';
import Search from '@lucide/svelte/icons/search';
import SquareCheck from '@lucide/svelte/icons/square-check';
import StickyNote from '@lucide/svelte/icons/sticky-note';
import Tag from '@lucide/svelte/icons/tag';
import Undo2 from '@lucide/svelte/icons/undo-2';
import UserCheck from '@lucide/svelte/icons/user-check';
import UserPlus from '@lucide/svelte/icons/user-plus';
import type { Action } from '../shared/actions';
import { t } from '../shared/locale.svelte';
import { router } from '../shared/router.svelte';
import { toasts } from '../shared/toasts.svelte';
import { session } from '../team/session.svelte';
import type { Acts } from './acts.svelte';
import type { Inbox } from './inbox.svelte';

type Hands = { reply: () => void; note: () => void; search: () => void };

export function inboxKeys(inbox: Inbox, acts: Acts, hands: Hands): Action[] {
  const isOpen = () => inbox.thread !== null;
  const canAct = () => acts.canAct;
  const back = () => (acts.picked.size ? acts.clear() : router.go('/inbox'));
  return [
    { id: 'inbox-next', title: () => t('desk.key.next'), icon: ArrowDown, shortcut: 'j', run: () => inbox.step(1) },
    { id: 'inbox-previous', title: () => t('desk.key.previous'), icon: ArrowUp, shortcut: 'k', run: () => inbox.step(-1) },
    { id: 'inbox-reply', title: () => t('desk.key.reply'), icon: Reply, shortcut: 'r', when: () => isOpen() && session.can('edit'), run: hands.reply },
    { id: 'inbox-done', title: () => t('desk.key.done'), icon: Check, shortcut: 'e', when: canAct, run: acts.done },
    { id: 'inbox-reopen', title: () => t('desk.key.reopen'), icon: RotateCcw, shortcut: 'E', when: canAct, run: acts.reopen },
    { id: 'inbox-assign', title: () => t('desk.key.assign'), icon: UserPlus, shortcut: 'a', when: canAct, run: () => (acts.asking = 'assign') },
    { id: 'inbox-mine', title: () => t('desk.key.mine'), icon: UserCheck, shortcut: 'm', when: canAct, run: () => void acts.assign(session.person?.id ?? null) },
    { id: 'inbox-snooze', title: () => t('desk.key.snooze'), icon: AlarmClock, shortcut: 's', when: canAct, run: () => (acts.asking = 'snooze') },
    { id: 'inbox-tag', title: () => t('desk.key.tag'), icon: Tag, shortcut: 't', when: canAct, run: () => (acts.asking = 'tag') },
    { id: 'inbox-note', title: () => t('desk.key.note'), icon: StickyNote, shortcut: 'n', when: () => isOpen() && session.can('inside'), run: hands.note },
    { id: 'inbox-hold', title: () => t('desk.key.hold'), icon: Pause, shortcut: 'h', when: canAct, run: acts.hold },
    { id: 'inbox-release', title: () => t('desk.key.release'), icon: Play, shortcut: 'H', when: canAct, run: acts.release },
    { id: 'inbox-hide', title: () => t('desk.key.hide'), icon: EyeOff, shortcut: 'z', when: canAct, run: acts.hide },
    { id: 'inbox-show', title: () => t('desk.key.show'), icon: Eye, shortcut: 'Z', when: canAct, run: acts.show },
    { id: 'inbox-pick', title: () => t('desk.key.pick'), icon: SquareCheck, shortcut: 'x', when: () => isOpen() && session.can('desk'), run: () => acts.pick(inbox.thread!.id) },
    { id: 'inbox-extend', title: () => t('desk.key.extend'), icon: ArrowDown, shortcut: 'J', when: () => session.can('desk'), run: () => acts.extend(1) },
    { id: 'inbox-extend-up', title: () => t('desk.key.extendUp'), icon: ArrowUp, shortcut: 'K', when: () => session.can('desk'), run: () => acts.extend(-1) },
    { id: 'inbox-all', title: () => t('desk.key.all'), icon: CheckCheck, shortcut: 'A', when: () => session.can('desk'), run: () => void acts.all() },
    { id: 'inbox-undo', title: () => t('desk.key.undo'), icon: Undo2, shortcut: 'u', run: () => void toasts.undoLast() },
    { id: 'inbox-find', title: () => t('desk.key.find'), icon: Search, shortcut: 'f', run: hands.search },
    { id: 'inbox-back', title: () => t('desk.key.back'), icon: ArrowLeft, shortcut: 'Escape', when: () => isOpen() || acts.picked.size > 0, run: back },
  ];
}
