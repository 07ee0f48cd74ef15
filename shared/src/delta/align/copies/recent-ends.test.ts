import { describe, expect, it } from 'vitest';
import { RecentEnds } from './recent-ends.ts';

function endsOf(ends: RecentEnds): number[] {
  return [0, 1, 2].map((index) => ends.get(index));
}

describe('RecentEnds', () => {
  it('drops the last one for a copy from elsewhere, and moves up the one that a copy goes on with', () => {
    const ends = new RecentEnds(3);
    ends.add(1_000_000, 10, ends.closest(1_000_000));
    ends.add(2_000_000, 20, ends.closest(2_000_000));
    ends.add(3_000_000, 30, ends.closest(3_000_000));
    expect(endsOf(ends)).toEqual([3_000_030, 2_000_020, 1_000_010]);

    expect(ends.closest(2_000_100)).toBe(1);
    ends.add(2_000_100, 5, 1);
    expect(endsOf(ends)).toEqual([2_000_105, 3_000_030, 1_000_010]);
  });

  it('takes the latest of equals', () => {
    expect(new RecentEnds(3).closest(77)).toBe(0);
  });
});
