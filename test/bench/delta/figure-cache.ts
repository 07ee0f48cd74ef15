import { appendFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';

/**
 * Results that depend on nothing but their key, kept in a file of lines, so that a run that was broken off loses nothing.
 * Sizes belong here; times never do.
 */
export class FigureCache<Value> {
  readonly #path: string;
  readonly #values: Map<string, Value>;

  constructor(path: string) {
    this.#path = path;
    mkdirSync(dirname(path), { recursive: true });
    const text = existsSync(path) ? readFileSync(path, 'utf8') : '';
    // A line that was torn must not spoil the next one.
    if (text !== '' && !text.endsWith('\n')) appendFileSync(path, '\n');
    this.#values = new Map(text.split('\n').flatMap((line) => parseLine<Value>(line)));
  }

  /** What is known for `key`, or what `make` gives. */
  async get(key: string, make: () => Promise<Value>): Promise<Value> {
    const known = this.#values.get(key);
    if (known !== undefined) return known;
    const value = await make();
    this.#values.set(key, value);
    appendFileSync(this.#path, `${JSON.stringify([key, value])}\n`);
    return value;
  }
}

/** Nothing where the line was torn. */
function parseLine<Value>(line: string): [string, Value][] {
  try {
    return [JSON.parse(line) as [string, Value]];
  } catch {
    return [];
  }
}
