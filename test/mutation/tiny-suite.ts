/** What stands for `vitest` below a mutant: the same names, as far as tests of pure code use them, and tests that run in this process. */
import { expect as realExpect } from 'vitest';

export const expect = realExpect;

type Body = (...args: unknown[]) => unknown;

export interface CollectedTest {
  readonly name: string;
  readonly body: () => unknown;
  readonly hooks: Hooks;
}

interface Hooks {
  readonly parent: Hooks | undefined;
  readonly beforeAll: Body[];
  readonly beforeEach: Body[];
  readonly afterEach: Body[];
  readonly afterAll: Body[];
  isReady: boolean;
}

let current = newHooks(undefined);
let collected: CollectedTest[] = [];
let prefix = '';

/** The tests of the module that `load` imports. */
export async function collect(load: () => Promise<unknown>): Promise<readonly CollectedTest[]> {
  current = newHooks(undefined);
  collected = [];
  prefix = '';
  await load();
  return collected;
}

/** Runs one test with what has to be done before it. @throws whatever makes it fail */
export async function runTest({ body, hooks }: CollectedTest): Promise<void> {
  const chain = chainOf(hooks);
  for (const level of chain) {
    if (level.isReady) continue;
    level.isReady = true;
    for (const hook of level.beforeAll) await hook();
  }
  for (const level of chain) for (const hook of level.beforeEach) await hook();
  try {
    await body();
  } finally {
    for (const level of chain.toReversed()) for (const hook of level.afterEach) await hook();
  }
}

/** Puts away what the tests of a file have made. */
export async function endTests(tests: readonly CollectedTest[]): Promise<void> {
  const levels = new Set(tests.flatMap(({ hooks }) => chainOf(hooks)));
  for (const level of levels) if (level.isReady) for (const hook of level.afterAll) await hook();
}

function chainOf(hooks: Hooks): Hooks[] {
  return hooks.parent === undefined ? [hooks] : [...chainOf(hooks.parent), hooks];
}

function newHooks(parent: Hooks | undefined): Hooks {
  return { parent, beforeAll: [], beforeEach: [], afterEach: [], afterAll: [], isReady: false };
}

function addSuite(name: string, body: Body, args: readonly unknown[]): void {
  const [outer, outerPrefix] = [current, prefix];
  current = newHooks(outer);
  prefix = `${outerPrefix}${name} > `;
  body(...args);
  [current, prefix] = [outer, outerPrefix];
}

function addTest(name: string, body: Body, args: readonly unknown[]): void {
  collected.push({ name: prefix + name, body: () => body(...args), hooks: current });
}

type Add = (name: string, body: Body, args: readonly unknown[]) => void;

function each(add: Add) {
  return (table: readonly unknown[]) =>
    (name: string, ...rest: unknown[]): void => {
      for (const [index, row] of table.entries())
        add(`${name} #${index}`, bodyOf(rest), Array.isArray(row) ? row : [row]);
    };
}

/** Options may stand before or behind the function. */
function bodyOf(rest: readonly unknown[]): Body {
  const body = rest.find((item) => typeof item === 'function');
  if (body === undefined) throw new TypeError('a test has no function');
  return body as Body;
}

export const describe = Object.assign(
  (name: string, ...rest: unknown[]): void => addSuite(name, bodyOf(rest), []),
  { each: each(addSuite) },
);

type AddTest = ((name: string, ...rest: unknown[]) => void) & { readonly each: ReturnType<typeof each> };

const addPlain: AddTest = Object.assign(
  (name: string, ...rest: unknown[]): void => addTest(name, bodyOf(rest), []),
  { each: each(addTest) },
);
const addNothing: AddTest = Object.assign(() => {}, { each: () => () => {} });

export const test = Object.assign(addPlain, {
  skipIf: (condition: unknown): AddTest => (condition ? addNothing : addPlain),
});

export const it = test;
export const beforeAll = (hook: Body): number => current.beforeAll.push(hook);
export const beforeEach = (hook: Body): number => current.beforeEach.push(hook);
export const afterEach = (hook: Body): number => current.afterEach.push(hook);
export const afterAll = (hook: Body): number => current.afterAll.push(hook);
