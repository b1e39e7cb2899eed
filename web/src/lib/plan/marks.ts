// Which of a day's holidays and seasons are shown with it, the gravest first. What lasts for weeks is named where it begins. Pure.
import type { Schemas } from '../api/client';

type Mark = Schemas['Day'];

const GRAVITY = { sensitive: 0, holiday: 1, marketing: 2, season: 3 } as const;
const LONG_DAYS = 4;

const lasts = (mark: Mark) => (Date.parse(mark.last) - Date.parse(mark.first)) / 86_400_000 + 1;
const gravity = (mark: Mark) => (mark.kind === 'sensitive' && mark.care !== 'hold' ? 1.5 : GRAVITY[mark.kind]);

/** `firstShown`: where the stretch begins; what began before is named there. */
export function marksOf(marks: Mark[], day: string, firstShown: string): Mark[] {
  return marks
    .filter((mark) => mark.first <= day && day <= mark.last)
    .filter((mark) => lasts(mark) < LONG_DAYS || mark.first === day || day === firstShown)
    .sort((a, b) => gravity(a) - gravity(b) || lasts(a) - lasts(b));
}

export const isHoliday = (marks: Mark[]) => marks.some((mark) => mark.kind === 'holiday');
