import { describe, expect, it } from 'vitest';
import { GuessTable, TRUSTS } from './guess-table.ts';

describe('GuessTable', () => {
  const table = () => {
    const guesses = new GuessTable(12);
    const slot = guesses.slotOf(-1234567);
    return { learn: (actual: number) => guesses.learn(slot, actual), guesses, slot };
  };

  it('guesses 0 at first, and then what came last', () => {
    const { guesses, slot, learn } = table();
    expect(guesses.guess(slot)).toBe(0);
    learn(77);
    expect(guesses.guess(slot)).toBe(77);
    learn(78);
    expect(guesses.guess(slot)).toBe(78);
  });

  it('keeps a guess that was right until it was wrong too often', () => {
    const { guesses, slot, learn } = table();
    for (let times = 0; times < 5; times += 1) learn(77);
    expect(guesses.trust(slot)).toBe(4);
    for (const trust of [2, 1]) {
      learn(78);
      expect([guesses.guess(slot), guesses.trust(slot)]).toEqual([77, trust]);
    }
    learn(78);
    expect([guesses.guess(slot), guesses.trust(slot)]).toEqual([78, 0]);
  });

  it('trusts nothing without end', () => {
    const { guesses, slot, learn } = table();
    for (let times = 0; times < 100; times += 1) learn(3);
    expect(guesses.trust(slot)).toBe(TRUSTS - 1);
    expect(guesses.guess(slot)).toBe(3);
  });

  it.each([4095, 4096, 2 ** 32])('takes %i for the highest number that it can guess', (number) => {
    const { guesses, slot, learn } = table();
    learn(number);
    expect(guesses.guess(slot)).toBe(4095);
    expect(guesses.trust(slot)).toBe(0);
  });

  it.each([0, 1, -1, 2 ** 31 - 1, -(2 ** 31)])('has a slot for the key %i', (key) => {
    const slot = new GuessTable(12).slotOf(key);
    expect(slot).toBeGreaterThanOrEqual(0);
    expect(slot).toBeLessThan(2 ** 12);
  });
});
