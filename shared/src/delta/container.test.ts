import { describe, expect, it } from 'vitest';
import { bytesOf } from '../byte-string.ts';
import { fromHex, toHex } from '../digest.ts';
import { DELTA_HEADER_SIZE, formatContainer, parseContainer } from './container.ts';

// The example of `manifests/spec/delta.md`.
const GOLDEN = '5357444c0101050000000000000068656c6c6f';

describe('container', () => {
  it('has the bytes that the specification says', () => {
    expect(toHex(formatContainer({ codecId: 1, targetSize: 5, payload: bytesOf('hello') }))).toBe(GOLDEN);
  });

  it('reads what it writes', () => {
    const delta = parseContainer(fromHex(GOLDEN) ?? bytesOf(''));
    expect({ ...delta, payload: toHex(delta.payload) }).toEqual({
      codecId: 1,
      targetSize: 5,
      payload: '68656c6c6f',
    });
  });

  it.each([
    ['is empty', '', 'bad-delta'],
    ['ends within the header', GOLDEN.slice(0, 2 * DELTA_HEADER_SIZE - 2), 'bad-delta'],
    ['has another magic', GOLDEN.replace('5357', '5358'), 'bad-delta'],
    ['has another format', GOLDEN.replace('4c01', '4c02'), 'unknown-codec'],
    [
      'announces more than a file can have',
      GOLDEN.replace('0500000000000000', '0000000000000080'),
      'bad-delta',
    ],
  ])('refuses a delta that %s', (_, hex, code) => {
    expect(() => parseContainer(fromHex(hex) ?? bytesOf(''))).toThrow(expect.objectContaining({ code }));
  });
});
