import { expect, test } from 'vitest';
import { siblingModule } from './sibling-module.ts';

test.each([
  ['file:///x/pool.ts', 'file:///x/tasks.ts'],
  ['file:///x.y/pool.js', 'file:///x.y/tasks.js'],
])('the sibling of %s', (base, expected) => {
  expect(siblingModule(base, './tasks').href).toBe(expected);
});
