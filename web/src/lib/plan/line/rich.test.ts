import { describe, expect, it } from 'vitest';
import rules from '../../../../../rules/networks/line.json';
import { divide, gridOf, redivide, renumbered, turned, type Grids } from './rich';

const grids = rules.options.find((option) => option.name === 'rich')!.grids as unknown as Grids;

describe('areas of a rich message', () => {
  it('cover the picture without gap or overlap, whatever its height', () => {
    for (const rows of Object.values(grids))
      for (const height of [1, 520, 1040, 1057, 2000]) {
        const cells = divide(rows, 1040, height);
        expect(cells.reduce((sum, cell) => sum + cell.width * cell.height, 0)).toBe(1040 * height);
        for (const cell of cells) expect(cell.x + cell.width <= 1040 && cell.y + cell.height <= height && cell.x >= 0).toBe(true);
      }
  });

  it('are known again as the grid they came from, and as none when one was moved', () => {
    for (const [name, rows] of Object.entries(grids)) {
      const areas = redivide([], rows, 1040, 701);
      expect(gridOf(areas, grids, 1040, 701)).toBe(name);
      areas[0].width -= 1;
      expect(gridOf(areas, grids, 1040, 701)).toBe(null);
    }
  });

  it('keep what each does when the division changes', () => {
    const two = redivide([], grids.B, 1040, 1040).map((area, at) => ({ ...area, link: `https://example.com/${at}` }));
    expect(redivide(two, grids.C, 1040, 500).map(({ link, y }) => [link, y])).toEqual([['https://example.com/0', 0], ['https://example.com/1', 250]]);
  });
});

describe('pictures', () => {
  it('are followed when they change places and forgotten when they go', () => {
    const rich = { kind: 'carousel', columns: [{ image: 0, text: 'a' }, { image: 2, text: 'b' }, { text: 'c' }] };
    expect(renumbered(rich, (at) => [1, undefined, 0][at])).toEqual({ kind: 'carousel', columns: [{ image: 1, text: 'a' }, { image: 0, text: 'b' }, { text: 'c' }] });
    expect(renumbered({ kind: 'imagemap', image: 1 }, () => undefined)).toEqual({ kind: 'imagemap' });
  });
});

describe('an action', () => {
  it('keeps its label and what was typed when it turns into another', () => {
    expect(turned({ label: '予約', link: 'https://example.com' }, 'copy')).toEqual({ label: '予約', copy: 'https://example.com' });
    expect(turned({ label: '写真', text: 'はい' }, 'open')).toEqual({ label: '写真', open: 'camera' });
    expect(turned({ label: '写真', open: 'camera' }, 'text')).toEqual({ label: '写真', text: '' });
  });
});
