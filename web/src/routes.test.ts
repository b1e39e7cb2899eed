import { describe, expect, it } from 'vitest';
import { match } from './routes';

describe('addresses', () => {
  it('find their screen and what is named in them', () => {
    expect(match('/')?.route.title).toBe('nav.today');
    expect(match('/compose/0193')?.params).toEqual({ post: '0193' });
    expect(match('/settings/people/')?.params).toEqual({ part: 'people' });
    expect(match('/nowhere')).toBeNull();
  });
  it('keep one loader a screen, so that a new post gets its address without losing what is typed', () => {
    expect(match('/compose')?.route.load).toBe(match('/compose/x')?.route.load);
  });
});
