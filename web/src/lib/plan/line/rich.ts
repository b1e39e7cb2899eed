// LINE's rich messages and quick replies in the short form the server takes (rules/networks/line.json, options rich and quick_replies):
// how a picture is divided into areas, which of the post's pictures is meant. Limits come with the option; the server judges.
import type { Medium } from '../../media/media.svelte';

/** What a tap does: exactly one of link, text, data, copy; open in quick replies. */
export type Action = { label?: string; link?: string; text?: string; data?: string; display?: string; copy?: string; open?: string };
export type Rect = { x: number; y: number; width: number; height: number };
export type Area = Action & Rect;
export type Column = { image?: number; title?: string; text?: string; tap?: Action; actions?: Action[] };
export type Rich = {
  kind: string;
  alt?: string;
  image?: number;
  height?: number;
  areas?: Area[];
  shape?: string;
  fit?: string;
  title?: string;
  text?: string;
  actions?: Action[];
  columns?: (Column & { action?: Action })[];
};
export type Limits = Record<string, number>;
export type Grids = Record<string, number[]>;
/** The sentences about one place below the option: "/columns/0/title"; "" is the option itself. */
export type Say = (place: string) => string[];

export const DOES = ['link', 'text', 'copy', 'data', 'open'] as const;
export type Does = (typeof DOES)[number];

const segmenter = new Intl.Segmenter('ja', { granularity: 'grapheme' });
/** As LINE counts here: what a reader calls characters. */
export const letters = (text: string) => [...segmenter.segment(text)].length;

export const doesOf = (action: Action): Does => DOES.find((one) => action[one] !== undefined) ?? 'link';

/** The same action doing something else; what was typed goes along. */
export function turned(action: Action, does: Does): Action {
  const { label, ...rest } = action;
  const kept = rest[doesOf(action)] ?? '';
  return { ...(label === undefined ? {} : { label }), [does]: does === 'open' ? 'camera' : doesOf(action) === 'open' ? '' : kept };
}

/** Rows from the top, each of so many areas of one width; whole pixels that leave no gap. */
export function divide(rows: number[], width: number, height: number): Rect[] {
  return rows.flatMap((count, row) => {
    const y = Math.round((height * row) / rows.length);
    const end = Math.round((height * (row + 1)) / rows.length);
    return Array.from({ length: count }, (_, at) => {
      const x = Math.round((width * at) / count);
      return { x, y, width: Math.round((width * (at + 1)) / count) - x, height: end - y };
    });
  });
}

const isSame = (a: Rect, b: Rect) => a.x === b.x && a.y === b.y && a.width === b.width && a.height === b.height;

/** Which grid the areas follow; null: one of the person's own. */
export function gridOf(areas: Area[], grids: Grids, width: number, height: number): string | null {
  const found = Object.entries(grids).find(([, rows]) => {
    const cells = divide(rows, width, height);
    return cells.length === areas.length && cells.every((cell, at) => isSame(cell, areas[at]));
  });
  return found?.[0] ?? null;
}

/** Areas of another division or height: what each does stays with its number. */
export function redivide(areas: Area[], rows: number[], width: number, height: number): Area[] {
  return divide(rows, width, height).map((cell, at) => ({ ...(areas[at] ?? { link: '' }), ...cell }));
}

/** Of the picture when it is `width` wide. */
export function heightOf(medium: Medium | undefined, width: number): number {
  const about = medium?.about;
  return about && about.width > 0 ? Math.round((width * about.height) / about.width) : width;
}

const moved = (image: number | undefined, to: (at: number) => number | undefined) => (image === undefined ? undefined : to(image));

/** The pictures of the post changed places: `to` says where one is now, if it is still there. */
export function renumbered<T extends { image?: number; columns?: { image?: number }[] }>(rich: T, to: (at: number) => number | undefined): T {
  const one = <U extends { image?: number }>(of: U): U => {
    const { image, ...rest } = of;
    const now = moved(image, to);
    return (now === undefined ? rest : { ...rest, image: now }) as U;
  };
  return { ...one(rich), ...(rich.columns ? { columns: rich.columns.map(one) } : {}) };
}
