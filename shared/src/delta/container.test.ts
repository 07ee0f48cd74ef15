import { describe, expect, it } from 'vitest';
import { bytesOf } from '../byte-string.ts';
import { fromHex, toHex } from '../digest.ts';
import { DELTA_HEADER_SIZE, formatContainer, parseContainer } from './container.ts';

// The example of `manifests/spec/delta.md`.
const GOLDEN = 'd20168656c6c6f';

describe('container', () => {
  it('has the bytes that the specification says', () => {
    expect(toHex(formatContainer({ codecId: 1, payload: bytesOf('hello') }))).toBe(GOLDEN);
  });

  it('reads what it writes', () => {
    const delta = parseContainer(fromHex(GOLDEN) ?? bytesOf(''));
    expect({ ...delta, payload: toHex(delta.payload) }).toEqual({
      codecId: 1,
      payload: '68656c6c6f',
    });
  });

  it.each([
    ['is empty', '', 'bad-delta'],
    ['ends within the header', GOLDEN.slice(0, 2 * DELTA_HEADER_SIZE - 2), 'bad-delta'],
    ['has another magic', GOLDEN.replace('d2', 'e2'), 'bad-delta'],
    ['has the format of long ago', GOLDEN.replace('d2', 'd1'), 'unknown-codec'],
    ['has a later format', GOLDEN.replace('d2', 'd3'), 'unknown-codec'],
  ])('refuses a delta that %s', (_, hex, code) => {
    expect(() => parseContainer(fromHex(hex) ?? bytesOf(''))).toThrow(expect.objectContaining({ code }));
  });
});
