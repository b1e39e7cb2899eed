// What a list of posts is narrowed to, in words: one plain sentence, and a chip for each part that can be taken away again.
import { accounts } from '../accounts/accounts.svelte';
import { campaignNames } from '../plan/campaignnames.svelte';
import { day as formatDay } from '../shared/format';
import { fmt } from '../shared/fmt.svelte';
import { place, t } from '../shared/locale.svelte';
import { metrics } from './metrics.svelte';
import type { Asked, RankedPosts } from './rank.svelte';

export type Chip = { text: string; without: Record<string, string> };

/** With its year when that is not this one. */
function dayOf(day: string): string {
  const [text, year] = [formatDay(Date.parse(`${day}T00:00:00Z`), place.locale, 'UTC'), day.slice(0, 4)];
  if (year === String(new Date().getFullYear())) return text;
  return place.locale === 'en' ? `${text} ${year}` : `${year}/${text}`;
}
const weekdayOf = (weekday: number) => fmt.weekdays()[weekday - 1] ?? '';

function slotOf(asked: Asked): string {
  if (asked.weekday && asked.hour) return t('measure.drill.slot', { day: weekdayOf(asked.weekday), hour: asked.hour });
  if (asked.weekday) return t('measure.drill.weekday', { day: weekdayOf(asked.weekday) });
  return asked.hour ? t('measure.drill.hour', { hour: asked.hour }) : '';
}

function periodOf(asked: Asked): string {
  if (asked.firstDay) return asked.firstDay === asked.lastDay ? t('measure.drill.day', { day: dayOf(asked.firstDay) }) : t('measure.drill.span', { from: dayOf(asked.firstDay), to: dayOf(asked.lastDay) });
  return asked.isEver ? t('measure.drill.ever') : t('measure.drill.last', { count: asked.days });
}

/** Whose posts, and of what kind. */
function kinds(asked: Asked): Chip[] {
  const chips: Chip[] = [];
  const add = (text: string, key: string) => chips.push({ text, without: { [key]: '' } });
  if (asked.account) add(`@${accounts.byId(asked.account)?.handle ?? t('measure.by.account')}`, 'account');
  if (asked.network) add(accounts.title(asked.network), 'network');
  if (asked.campaign) add(campaignNames.of(asked.campaign) || t('measure.by.campaign'), 'campaign');
  if (asked.tag) add(asked.tag.split(' ').map((one) => `#${one}`).join(' '), 'tag');
  if (asked.media) add(t(`finding.type.${asked.media}`), 'media');
  if (asked.format) add(asked.format, 'format');
  if (asked.without) add(t(`measure.drill.without.${asked.without}`), 'without');
  return chips;
}

export function chipsOf(asked: Asked): Chip[] {
  const chips = kinds(asked);
  const slot = slotOf(asked);
  if (asked.value) chips.unshift({ text: t(`measure.drill.value.${asked.value}`), without: { value: '' } });
  if (slot) chips.unshift({ text: slot, without: { weekday: '', hour: '' } });
  if (asked.firstDay || asked.isEver) chips.unshift({ text: periodOf(asked), without: { first_day: '', last_day: '', ever: '' } });
  return chips;
}

/** "直近28日・火曜 19時台に出た投稿 12件", and what they come to. */
export function sentenceOf(asked: Asked, told: RankedPosts): string {
  const of = kinds(asked).map((chip) => chip.text);
  const [period, slot] = [periodOf(asked), slotOf(asked)];
  const isGain = told.value === 'gained';
  if (isGain && slot) of.unshift(t('measure.drill.outIn', { slot }));
  const when = [period, isGain ? '' : slot].filter(Boolean).join(t('measure.drill.comma'));
  const count = told.value === 'settled' ? told.told : told.found;
  const says = t(`measure.drill.say.${told.value}`, { when, count, metric: metrics.name(told.metric), of: of.length ? t('measure.drill.of', { of: of.join(t('measure.drill.comma')) }) : '' });
  const sums = [told.whole === null ? '' : t(isRatio(told.metric) ? 'measure.drill.together' : 'measure.drill.total', { metric: metrics.name(told.metric), value: metrics.show(told.metric, told.whole) }),
    told.mean === null || isGain ? '' : t('measure.drill.mean', { value: metrics.show(told.metric, told.mean) })].filter(Boolean);
  return sums.length ? `${says}${t('measure.drill.stop')}${sums.join(t('measure.drill.comma'))}` : says;
}
/** What has to be said of the numbers themselves: rates by followers, who are nobody's post, and numbers read later than two days. */
export function truthsOf(told: RankedPosts): string[] {
  if (told.value === 'settled') return [t('measure.drill.settledIs')];
  if (metrics.find(told.metric)?.under !== 'followers') return [];
  return [t('measure.drill.byFollowers'), told.value !== 'gained' ? '' : t(told.whole === null ? 'measure.drill.byFollowersPart' : 'measure.drill.byFollowersGained')].filter(Boolean);
}
const isRatio = (slug: string) => metrics.find(slug)?.kind === 'derived';
