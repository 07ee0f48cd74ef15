import { runInNewContext } from 'node:vm';
import { describe, expect, test } from 'vitest';
import { instrument } from './instrument.ts';

/** Value of `result` after `text` has run, and how often each branch of it did. */
function run(text: string) {
  const instrumented = instrument(text, 0);
  const allocated: number[] = [];
  const __fuzz = {
    edges: new Uint8Array(instrumented.edges),
    allocated: (buffer: Uint8Array) => {
      allocated.push(buffer.byteLength);
      return buffer;
    },
  };
  const context = { __fuzz, result: undefined as unknown };
  runInNewContext(instrumented.text, context);
  return { result: context.result, counts: [...__fuzz.edges], allocated };
}

describe('instrumented text', () => {
  test.each<[string, string, unknown, number[]]>([
    ['a function that is not called', 'function f() {} result = 1;', 1, [0]],
    ['a function that is', 'const f = (n) => n + 1; result = f(1) + f(2);', 5, [2]],
    ['an object from an arrow', 'const f = () => ({ a: 1 }); result = f().a;', 1, [1]],
    ['an if without else', 'for (const n of [1, 2, 3]) if (n > 2) result = n;', 3, [3, 2, 1]],
    [
      'an else that belongs to the inner if',
      'if (true) if (false) result = 1; else result = 2;',
      2,
      [0, 1, 1, 0],
    ],
    [
      'a chain of else',
      'if (false) result = 1; else if (true) result = 2; else result = 3;',
      2,
      [1, 0, 0, 1],
    ],
    ['a conditional', 'result = true ? 1 : false ? 2 : 3;', 1, [0, 1, 0, 0]],
    ['what is not evaluated', 'result = true || null.x; result = undefined ?? (false || 7);', 7, [0, 1, 1]],
    [
      'loops',
      'let n = 0; while (n < 3) n++; do n++; while (n < 9); for (;;) { n++; break; } result = n;',
      10,
      [3, 6, 1],
    ],
    ['a loop without a body', 'let n = 0; for (; n < 3; n++); result = n;', 3, [3]],
    ['a switch', "switch ('b') { case 'a': case 'b': result = 1; default: result += 1; }", 2, [1, 1]],
    ['a generator', 'function* g() { const x = true && (yield 1); } result = [...g()].length;', 1, [1, 1]],
    ['an error', 'try { throw 1; } catch { result = 2; }', 2, [1]],
  ])('does the same for %s, and counts', (_, text, result, counts) => {
    expect(run(text)).toMatchObject({ result, counts });
  });

  test('tells of new buffers, and not of views', () => {
    const { allocated } = run(
      'const b = new Uint8Array(9); result = new Uint8Array(b.buffer, 0, 4); new DataView(b.buffer)',
    );
    expect(allocated).toEqual([9]);
  });

  test('goes on with the numbers of the modules before it', () => {
    expect(instrument('function f() {}', 70).text).toContain('__edges[70]++');
  });
});
