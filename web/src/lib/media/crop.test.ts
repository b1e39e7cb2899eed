import { describe, expect, it } from 'vitest';
import { choiceOf, isWhole, rectOf, SHAPES, WHOLE } from './crop';

const wide = { width: 1600, height: 900 };

describe('a crop', () => {
  it('of a shape is the largest of it in the middle', () => {
    expect(rectOf(1, 1, { x: 0.5, y: 0.5 }, wide)).toEqual({ x: 0.2188, y: 0, width: 0.5625, height: 1 });
    expect(rectOf(null, 0.5, { x: 0.5, y: 0.5 }, wide)).toEqual({ x: 0.25, y: 0.25, width: 0.5, height: 0.5 });
  });

  it('never leaves the picture, wherever its centre is put', () => {
    for (const [, shape] of SHAPES) for (const size of [0, 0.2, 0.7, 1, 3]) for (const at of [-1, 0, 0.5, 1, 2]) {
      const rect = rectOf(shape, size, { x: at, y: 1 - at }, wide);
      expect(rect.x).toBeGreaterThanOrEqual(0);
      expect(rect.y).toBeGreaterThanOrEqual(0);
      expect(rect.x + rect.width).toBeLessThanOrEqual(1.0001);
      expect(rect.y + rect.height).toBeLessThanOrEqual(1.0001);
      expect((rect.width * wide.width) / (rect.height * wide.height)).toBeCloseTo(shape, 1);
    }
  });

  it('is told back as it was chosen', () => {
    const rect = rectOf(4 / 5, 0.8, { x: 0.4, y: 0.45 }, wide);
    const choice = choiceOf(rect, wide);
    expect(choice.shape).toBe(4 / 5);
    expect(choice.size).toBeCloseTo(0.8, 3);
    expect(choice.center.x).toBeCloseTo(0.4, 3);
    expect(isWhole(WHOLE)).toBe(true);
    expect(isWhole(rect)).toBe(false);
  });
});
