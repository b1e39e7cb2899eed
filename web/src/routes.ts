// Every address of the web page. A screen is loaded when first visited; `nav` is its place in the menu, in the order of the day.
import type { Component } from 'svelte';
import Sun from '@lucide/svelte/icons/sun';
import CalendarDays from '@lucide/svelte/icons/calendar-days';
import PenLine from '@lucide/svelte/icons/pen-line';
import Megaphone from '@lucide/svelte/icons/megaphone';
import Images from '@lucide/svelte/icons/images';
import Camera from '@lucide/svelte/icons/camera';
import Lightbulb from '@lucide/svelte/icons/lightbulb';
import ShieldCheck from '@lucide/svelte/icons/shield-check';
import Link2 from '@lucide/svelte/icons/link-2';
import Send from '@lucide/svelte/icons/send';
import MessagesSquare from '@lucide/svelte/icons/messages-square';
import ContactRound from '@lucide/svelte/icons/contact-round';
import Target from '@lucide/svelte/icons/target';
import ChartLine from '@lucide/svelte/icons/chart-line';
import FileText from '@lucide/svelte/icons/file-text';
import SettingsIcon from '@lucide/svelte/icons/settings';
import type { MessageKey } from './lib/shared/locale.svelte';
import type { Power } from './lib/team/session.svelte';

export type Params = Record<string, string>;
// Screens with :names in their pattern take `params`; the others take nothing, which no common props type can say.
// eslint-disable-next-line @typescript-eslint/no-explicit-any
type Screen = Component<any>;
export type Route = {
  pattern: string;
  title: MessageKey;
  load: () => Promise<{ default: Screen }>;
  /** `short`: where the title is too long for the bar of a phone; `isDesk`: not in that bar, but behind its last button. `power`: who does not have it is not shown the place. */
  nav?: { group: number; icon: typeof Sun; key: string; power?: Power; short?: MessageKey; isDesk?: boolean };
};

// One loader a screen: going from /compose to /compose/ID keeps the screen and what is typed in it.
const compose = () => import('./screens/Compose.svelte');
const inbox = () => import('./screens/Inbox.svelte');
const check = () => import('./screens/Check.svelte');
const settings = () => import('./screens/Settings.svelte');

export const routes: Route[] = [
  { pattern: '/', title: 'nav.today', load: () => import('./screens/Today.svelte'), nav: { group: 0, icon: Sun, key: 't' } },
  { pattern: '/calendar', title: 'nav.calendar', load: () => import('./screens/Calendar.svelte'), nav: { group: 1, icon: CalendarDays, key: 'c' } },
  { pattern: '/compose', title: 'nav.compose', load: compose, nav: { group: 1, icon: PenLine, key: 'n', power: 'edit', short: 'nav.short.compose' } },
  { pattern: '/compose/:post', title: 'nav.compose', load: compose },
  { pattern: '/campaigns', title: 'nav.campaigns', load: () => import('./screens/Campaigns.svelte'), nav: { group: 1, icon: Megaphone, key: 'p', isDesk: true } },
  { pattern: '/campaigns/:campaign', title: 'nav.campaigns', load: () => import('./screens/Campaign.svelte') },
  { pattern: '/ideas', title: 'nav.ideas', load: () => import('./screens/Ideas.svelte'), nav: { group: 1, icon: Lightbulb, key: 'd', power: 'inside', isDesk: true } },
  { pattern: '/library', title: 'nav.library', load: () => import('./screens/Library.svelte'), nav: { group: 1, icon: Images, key: 'l', power: 'inside', isDesk: true } },
  { pattern: '/tasks', title: 'task.title', load: () => import('./screens/Tasks.svelte') },
  { pattern: '/check', title: 'nav.check', load: check, nav: { group: 1, icon: ShieldCheck, key: 'k', power: 'inside', isDesk: true } },
  { pattern: '/check/:part', title: 'nav.check', load: check },
  { pattern: '/queue', title: 'nav.queue', load: () => import('./screens/Queue.svelte'), nav: { group: 1, icon: Send, key: 'q', short: 'nav.short.queue' } },
  { pattern: '/inbox', title: 'nav.inbox', load: inbox, nav: { group: 2, icon: MessagesSquare, key: 'i', power: 'inside' } },
  { pattern: '/replies', title: 'nav.inbox', load: inbox }, // as it was called before
  { pattern: '/links', title: 'nav.links', load: () => import('./screens/Links.svelte'), nav: { group: 2, icon: Link2, key: 'u', power: 'inside', isDesk: true } },
  { pattern: '/ugc', title: 'ugcScreen.title', load: () => import('./screens/Ugc.svelte'), nav: { group: 2, icon: Camera, key: 'y', power: 'inside', isDesk: true } },
  { pattern: '/ugc/campaigns', title: 'contest.title', load: () => import('./screens/Contests.svelte') },
  { pattern: '/ugc/campaigns/:contest', title: 'contest.title', load: () => import('./screens/Contest.svelte') },
  { pattern: '/contacts', title: 'nav.contacts', load: () => import('./screens/Contacts.svelte'), nav: { group: 2, icon: ContactRound, key: 'h', power: 'inside', isDesk: true } },
  { pattern: '/contacts/:contact', title: 'nav.contacts', load: () => import('./screens/Contact.svelte') },
  { pattern: '/bulk', title: 'bulk.title', load: () => import('./screens/Bulk.svelte') },
  { pattern: '/series', title: 'series.title', load: () => import('./screens/Series.svelte') },
  { pattern: '/measure', title: 'nav.measure', load: () => import('./screens/Measure.svelte'), nav: { group: 2, icon: ChartLine, key: 'm' } },
  { pattern: '/measure/posts', title: 'measure.postsTitle', load: () => import('./screens/MeasurePosts.svelte') },
  { pattern: '/measure/breakdown', title: 'measure.breakdownTitle', load: () => import('./screens/MeasureBreakdown.svelte') },
  { pattern: '/measure/goals', title: 'goal.title', load: () => import('./screens/Goals.svelte') },
  { pattern: '/measure/anomalies', title: 'anomaly.title', load: () => import('./screens/Anomalies.svelte') },
  { pattern: '/measure/imports', title: 'numbers.title', load: () => import('./screens/MetricImports.svelte') },
  { pattern: '/measure/findings', title: 'finding.title', load: () => import('./screens/Findings.svelte') },
  { pattern: '/measure/rivals', title: 'rival.title', load: () => import('./screens/Rivals.svelte') },
  { pattern: '/measure/audience', title: 'audience.title', load: () => import('./screens/Audience.svelte') },
  { pattern: '/measure/:post', title: 'nav.measure', load: () => import('./screens/PostMeasure.svelte') },
  { pattern: '/reports', title: 'nav.reports', load: () => import('./screens/Reports.svelte'), nav: { group: 2, icon: FileText, key: 'o', isDesk: true } },
  { pattern: '/reports/:report', title: 'nav.reports', load: () => import('./screens/Report.svelte') },
  { pattern: '/results', title: 'nav.results', load: () => import('./screens/Results.svelte'), nav: { group: 2, icon: Target, key: 'e', power: 'inside', isDesk: true } },
  { pattern: '/settings', title: 'nav.settings', load: settings, nav: { group: 3, icon: SettingsIcon, key: 's' } },
  { pattern: '/settings/:part', title: 'nav.settings', load: settings },
];

export function match(path: string): { route: Route; params: Params } | null {
  const parts = path.replace(/\/+$/, '').split('/');
  for (const route of routes) {
    const wanted = route.pattern.replace(/\/+$/, '').split('/');
    if (wanted.length !== parts.length) continue;
    if (!wanted.every((part, at) => part.startsWith(':') || part === parts[at])) continue;
    const params = Object.fromEntries(wanted.flatMap((part, at) => (part.startsWith(':') ? [[part.slice(1), parts[at]]] : [])));
    return { route, params };
  }
  return null;
}
