// All actions of the page, for the palette and the keyboard: going places, and what each feature offers.
import Play from '@lucide/svelte/icons/play';
import Hand from '@lucide/svelte/icons/hand';
import Moon from '@lucide/svelte/icons/moon';
import Languages from '@lucide/svelte/icons/languages';
import LogOut from '@lucide/svelte/icons/log-out';
import Building2 from '@lucide/svelte/icons/building-2';
import Activity from '@lucide/svelte/icons/activity';
import Goal from '@lucide/svelte/icons/goal';
import ListTodo from '@lucide/svelte/icons/list-todo';
import FileSpreadsheet from '@lucide/svelte/icons/file-spreadsheet';
import Repeat from '@lucide/svelte/icons/repeat';
import Gift from '@lucide/svelte/icons/gift';
import AtSign from '@lucide/svelte/icons/at-sign';
import type { Action } from './lib/shared/actions';
import { handleError } from './lib/shared/errors';
import { place, t } from './lib/shared/locale.svelte';
import { router } from './lib/shared/router.svelte';
import { hold } from './lib/publish/hold.svelte';
import { session } from './lib/team/session.svelte';
import { routes } from './routes';

const go = (path: string) => () => router.go(path);

const places: Action[] = routes.flatMap((route) => {
  if (!route.nav) return [];
  const isCompose = route.pattern === '/compose';
  const { power } = route.nav;
  return [{
    id: `go${route.pattern}`,
    title: () => t(route.title),
    icon: route.nav.icon,
    shortcut: isCompose ? 'n' : `g ${route.nav.key}`,
    words: route.pattern,
    when: power && (() => session.can(power)),
    run: go(route.pattern),
  }];
});

function nextTheme(): 'light' | 'dark' {
  const chosen = document.documentElement.dataset.theme;
  const isDark = chosen ? chosen === 'dark' : matchMedia('(prefers-color-scheme: dark)').matches;
  return isDark ? 'light' : 'dark';
}

export function changeTheme() {
  session.changePerson({ theme: nextTheme() }).catch(handleError);
}

export function changeLanguage() {
  session.changePerson({ locale: place.locale === 'ja' ? 'en' : 'ja' }).catch(handleError);
}

export function signOut() {
  session.signOut().catch(handleError);
}

const mayHoldAll = () => session.can('edit') && session.workspaces.length > 1;

const fixed: Action[] = [
  { id: 'connect', title: () => t('accounts.connect'), icon: AtSign, words: 'account bluesky x instagram facebook threads tiktok youtube line mastodon', when: () => session.can('manage'), run: go('/settings/accounts') },
  { id: 'tasks', title: () => t('task.title'), icon: ListTodo, words: 'tasks todo タスク', when: () => session.can('inside'), run: go('/tasks') },
  { id: 'goals', title: () => t('goal.title'), icon: Goal, words: 'goal target forecast 目標 達成 見込み', run: go('/measure/goals') },
  { id: 'anomalies', title: () => t('anomaly.title'), icon: Activity, words: 'anomaly unusual 異常 変化', when: () => session.can('inside'), run: go('/measure/anomalies') },
  { id: 'numbers', title: () => t('numbers.title'), icon: FileSpreadsheet, words: 'import numbers export csv excel ga4 insights analytics 数値 取り込み インポート', when: () => session.can('inside'), run: go('/measure/imports') },
  { id: 'bulk', title: () => t('bulk.title'), icon: FileSpreadsheet, words: 'import export csv excel xlsx 一括 取り込み 書き出し インポート エクスポート', run: go('/bulk') },
  { id: 'contests', title: () => t('contest.title'), icon: Gift, words: 'giveaway lottery campaign 抽選 応募 プレゼント', when: () => session.can('inside'), run: go('/ugc/campaigns') },
  { id: 'series', title: () => t('series.title'), icon: Repeat, words: 'series repeat slot 繰り返し 枠', run: go('/series') },
  { id: 'hold', title: () => t(hold.isHeld ? 'shell.release' : 'shell.hold'), icon: Hand, words: 'hold stop', when: () => session.can('edit'), run: () => hold.toggle({ scope: 'workspace' }) },
  { id: 'disaster', title: () => t('hold.disasterStart'), icon: Hand, words: 'disaster emergency earthquake hold', when: () => session.can('edit') && !hold.parts.some((one) => one.scope === 'disaster'), run: () => (hold.isStarting = true) },
  { id: 'hold-all', title: () => t('hold.holdAll'), icon: Hand, words: 'hold everything stop all', when: mayHoldAll, run: () => void hold.set({ scope: 'everything' }, true) },
  { id: 'release-all', title: () => t('hold.releaseAll'), icon: Play, words: 'release everything resume all', when: mayHoldAll, run: () => (hold.asking = { scope: 'everything' }) },
  { id: 'theme', title: () => t('shell.theme'), icon: Moon, words: 'theme dark light', run: changeTheme },
  { id: 'language', title: () => t('shell.language'), icon: Languages, words: 'language english 日本語', run: changeLanguage },
  { id: 'out', title: () => t('shell.signOut'), icon: LogOut, words: 'sign out logout', run: signOut },
];

export function allActions(): Action[] {
  const workspaces = session.workspaces
    .filter((one) => one.workspace_id !== session.workspace?.workspace_id)
    .map((one): Action => ({
      id: one.workspace_id, title: () => t('shell.switchTo', { name: one.name }), icon: Building2, words: one.name, run: () => session.choose(one),
    }));
  return [...places, ...fixed, ...workspaces];
}
