// Seven steps of colour for the heat map, by rank among the cells with enough posts, so that one outlier does not wash out the rest.
import type { Schemas } from '../api/client';

export type HeatCell = Schemas['HeatCell'];
export const FEW = 5;
export const STEPS = 7;

export const isEnough = (cell: HeatCell | undefined): cell is HeatCell & { mean: number } => cell !== undefined && cell.n >= FEW && cell.mean !== null;

export function scale(cells: HeatCell[]): (mean: number) => number {
  const sorted = cells.filter(isEnough).map((cell) => cell.mean).sort((a, b) => a - b);
  const limits = Array.from({ length: STEPS - 1 }, (_, at) => sorted[Math.floor((sorted.length * (at + 1)) / STEPS)]);
  return (mean) => limits.filter((limit) => limit !== undefined && mean >= limit && sorted[0] !== sorted.at(-1)).length;
}
