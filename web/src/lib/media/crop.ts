// A crop as people choose it, a shape, how large, where, and as it is kept: a rectangle in shares of the picture. Pure.
export type Rect = { x: number; y: number; width: number; height: number };
export const SHAPES = [['1:1', 1], ['4:5', 4 / 5], ['3:4', 3 / 4], ['9:16', 9 / 16], ['16:9', 16 / 9], ['1.91:1', 1.91]] as const;
export const WHOLE: Rect = { x: 0, y: 0, width: 1, height: 1 };
export const LEAST = 0.2;

const within = (value: number, low: number, high: number) => Math.min(Math.max(value, low), high);
const short = (value: number) => Math.round(value * 10_000) / 10_000;

/** The rectangle of that shape (width / height in pixels; null: the picture's own), `size` of the largest there is, around a centre. */
export function rectOf(shape: number | null, size: number, center: { x: number; y: number }, picture: { width: number; height: number }): Rect {
  const own = picture.width / picture.height;
  const wanted = shape ?? own;
  const share = within(size, LEAST, 1);
  const width = share * Math.min(1, wanted / own);
  const height = share * Math.min(1, own / wanted);
  const x = within(center.x - width / 2, 0, 1 - width);
  const y = within(center.y - height / 2, 0, 1 - height);
  return { x: short(x), y: short(y), width: short(width), height: short(height) };
}

/** What was chosen, told from a rectangle: the nearest shape (null: the picture's own), the size, the centre. */
export function choiceOf(rect: Rect, picture: { width: number; height: number }) {
  const own = picture.width / picture.height;
  const ratio = (rect.width / rect.height) * own;
  const isOwn = Math.abs(ratio / own - 1) < 0.01;
  const known = SHAPES.find(([, shape]) => Math.abs(ratio / shape - 1) < 0.01);
  return { shape: isOwn || !known ? null : known[1], size: Math.max(rect.width, rect.height), center: { x: rect.x + rect.width / 2, y: rect.y + rect.height / 2 } };
}

export const isWhole = (rect: Rect) => rect.width > 0.999 && rect.height > 0.999;
