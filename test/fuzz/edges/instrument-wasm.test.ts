import { expect, test } from 'vitest';
import { instrumentWasm } from './instrument-wasm.ts';
import { exportedMemory, webAssembly } from './web-assembly.ts';

// (module (memory (export "memory") 1)
//   (func (export "f") (param i32) (result i32)
//     (block (br_if 0 (local.get 0)) (return (i32.const 7)))
//     (if (result i32) (i32.gt_u (local.get 0) (i32.const 5)) (then (i32.const 1)) (else (i32.const 2)))))
const MODULE = Uint8Array.from(
  Buffer.from(
    `0061736d01000000 0106 0160017f017f 0302 0100 0503 010001 070e 02 066d656d6f7279 0200 0166 0000
     0a1b 01 19 00 0240 2000 0d00 4107 0f 0b 2000 4105 4b 047f 4101 05 4102 0b 0b`.replace(/\s/g, ''),
    'hex',
  ),
);

test.each([
  ['the fall through', 0, 7, [1, 1, 0, 0, 0, 0]],
  ['the branch and the then', 9, 1, [1, 0, 1, 1, 0, 1]],
  ['the branch and the else', 3, 2, [1, 0, 1, 0, 1, 1]],
])('a module counts %s, and gives the same', async (_, argument, result, expected) => {
  const { module, counters } = instrumentWasm(MODULE);
  const { instance } = await webAssembly().instantiate(module);
  const { f } = instance.exports;
  if (typeof f !== 'function') throw new TypeError('the module has lost its function');
  expect(f(argument)).toBe(result);
  expect([...exportedMemory(instance, counters.name).subarray(0, counters.count)]).toEqual(expected);
  expect(exportedMemory(instance, 'memory').every((byte) => byte === 0)).toBe(true);
});

test('a module that ends too early is refused', () => {
  expect(() => instrumentWasm(MODULE.subarray(0, 40))).toThrow(RangeError);
});
