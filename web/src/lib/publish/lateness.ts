// How late a post went out, in words.
import { t } from '../shared/locale.svelte';

/** 定刻, 3秒遅れ, 2分遅れ */
export function latenessText(ms: number): string {
  if (ms < 1_000) return t('queue.onTime');
  if (ms < 60_000) return t('queue.lateSeconds', { count: Math.round(ms / 1_000) });
  if (ms < 3_600_000) return t('queue.lateMinutes', { count: Math.round(ms / 60_000) });
  return t('queue.lateHours', { count: Math.round(ms / 360_000) / 10 });
}
