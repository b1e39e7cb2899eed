// A thread's clock in words: how much open time is left until an answer is promised, or since when it is late.
export type Clock = { due_at: string | null; waiting_since: string | null; left_ms: number };
export type Told = { word: 'left' | 'late' | 'waits' | null; unit: 'minutes' | 'hours' | 'days'; amount: number; tone: 'ok' | 'warn' | 'danger' };

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const SOON = HOUR;

export function clockOf(clock: Clock): Told {
  if (!clock.waiting_since) return { word: null, unit: 'minutes', amount: 0, tone: 'ok' };
  if (!clock.due_at) return { word: 'waits', unit: 'minutes', amount: 0, tone: 'ok' };
  const isLate = clock.left_ms <= 0;
  const away = Math.abs(clock.left_ms);
  const [unit, of] = away < HOUR ? (['minutes', MINUTE] as const) : away < 2 * DAY ? (['hours', HOUR] as const) : (['days', DAY] as const);
  const amount = isLate ? Math.max(1, Math.floor(away / of)) : Math.max(1, Math.ceil(away / of));
  return { word: isLate ? 'late' : 'left', unit, amount, tone: isLate ? 'danger' : away <= SOON ? 'warn' : 'ok' };
}
