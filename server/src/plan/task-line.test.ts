import { describe, expect, test } from 'vitest';
import { TaskLine, type TaskWeight } from './task-line.ts';

const MIB = 1024 * 1024;
const GIB = 1024 * MIB;

interface Task extends TaskWeight {
  readonly name: string;
}

const task = (name: string, mib: number, factor = 3): Task => ({
  name,
  bytes: mib * MIB,
  memory: mib * factor * MIB,
});

function lineOf(tasks: readonly Task[], limits = { threads: 4, memory: 2 * GIB }): TaskLine<Task> {
  const line = new TaskLine<Task>(limits);
  for (const one of tasks) line.add(one);
  return line;
}

/** All that may start now. */
function started(line: TaskLine<Task>): Task[] {
  const tasks: Task[] = [];
  for (let next = line.next(); next !== undefined; next = line.next()) tasks.push(next);
  return tasks;
}

const namesOf = (tasks: readonly Task[]): string => tasks.map(({ name }) => name).join(' ');

describe('TaskLine', () => {
  test.each<[string, Task[], string]>([
    ['as many as there are threads', [1, 2, 3, 4, 5].map((n) => task(`t${n}`, n)), 't1 t2 t3 t4'],
    ['what the budget holds', [task('a', 300), task('b', 300), task('c', 300)], 'a b'],
    ['what is over the budget, alone', [task('a', 1000), task('b', 1)], 'a'],
    ['what is small beside the large', [task('a', 500), task('b', 500), task('c', 10)], 'a c'],
    [
      'no more than six times the largest content',
      [task('a', 200, 5), task('b', 190, 5), task('c', 20, 5)],
      'a c',
    ],
    [
      'small ones together, whatever they take',
      [task('a', 1, 130), task('b', 1, 130), task('c', 1, 130)],
      'a b c',
    ],
  ])('starts %s', (_, tasks, expected) => {
    expect(namesOf(started(lineOf(tasks)))).toBe(expected);
  });

  test('starts the first that waits when there is room again', () => {
    const line = lineOf([task('a', 600), task('b', 600), task('c', 600)]);
    const [first] = started(line);
    if (first === undefined) throw new TypeError('nothing was started');
    expect(namesOf(started(line))).toBe('');
    line.end(first);
    expect(namesOf(started(line))).toBe('b');
  });

  test('has the large one overtaken for a while only', () => {
    const small = Array.from({ length: 200 }, (_, n) => task(`s${n}`, 100));
    const line = lineOf([task('first', 100), task('large', 600), ...small]);
    const running = started(line);
    const order = [...running];
    while (!order.some(({ name }) => name === 'large')) {
      const oldest = running.shift();
      if (oldest === undefined) throw new TypeError('the line stands still');
      line.end(oldest);
      const more = started(line);
      running.push(...more);
      order.push(...more);
    }
    expect(order.length).toBeGreaterThan(50);
    expect(order.length).toBeLessThan(80);
  });

  test('gives up what waits', () => {
    const line = lineOf([task('a', 1000), task('b', 1000)]);
    expect(namesOf(started(line))).toBe('a');
    expect(namesOf(line.clear())).toBe('b');
    expect(line.next()).toBeUndefined();
  });
});
