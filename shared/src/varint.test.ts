import { describe, expect, it } from 'vitest';
import { VarintReader, VarintWriter } from './varint.ts';

const LARGEST = 2 ** 49 - 1;

describe('a number', () => {
  it.each([
    [0, [0]],
    [127, [0x7f]],
    [128, [0x80, 0x01]],
    [2 ** 32, [0x80, 0x80, 0x80, 0x80, 0x10]],
    [LARGEST, [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f]],
  ])('%d has the bytes %j', (value, bytes) => {
    const writer = new VarintWriter();
    writer.write(value);
    expect([...writer.take()]).toEqual(bytes);
    expect(new VarintReader(Uint8Array.from(bytes)).read(value)).toBe(value);
    expect(new VarintReader(Uint8Array.from(bytes)).readShortest(value)).toBe(value);
  });

  it.each([
    ['cut', [0x80], LARGEST],
    ['none', [], LARGEST],
    ['too large', [0x80, 0x01], 127],
    ['of 8 bytes', [0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x00], LARGEST],
  ])('that is %s is refused', (_, bytes, max) => {
    expect(() => new VarintReader(Uint8Array.from(bytes)).read(max)).toThrow(RangeError);
    expect(() => new VarintReader(Uint8Array.from(bytes)).readShortest(max)).toThrow(RangeError);
  });

  it('that is longer than needed is refused only where there is one form for each', () => {
    const longer = Uint8Array.of(0x85, 0x80, 0x00);
    expect(new VarintReader(longer).read(9)).toBe(5);
    expect(() => new VarintReader(longer).readShortest(9)).toThrow(RangeError);
  });
});

it('numbers, bytes and sections come back in their order', () => {
  const writer = new VarintWriter();
  writer.write(300);
  writer.write(1);
  writer.writeBytes(Uint8Array.of(7, 8));
  writer.writeSection(Uint8Array.of(9));
  writer.writeSection(new Uint8Array(0));
  writer.writeBytes(Uint8Array.of(10, 11));
  const reader = new VarintReader(writer.take());
  expect([reader.read(300), reader.read(1)]).toEqual([300, 1]);
  expect([...reader.readBytes(2)]).toEqual([7, 8]);
  expect([...reader.readSection()]).toEqual([9]);
  expect(reader.readSection()).toHaveLength(0);
  expect(() => reader.readBytes(3)).toThrow(RangeError);
  expect([reader.left, reader.isAtEnd]).toEqual([2, false]);
  expect([...reader.readRest()]).toEqual([10, 11]);
  expect(reader.isAtEnd).toBe(true);
});
