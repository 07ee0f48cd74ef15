import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { MeasureAnswer, Request, TryAnswer } from './messages.ts';

const MODULE = fileURLToPath(new URL('test-process.ts', import.meta.url));
/** Modules of old rounds are never freed. */
const ROUNDS = 150;
const MEMORY_MB = 1024;

/** What became of a request: an answer, or none, as the process has died or not ended in time. */
export type Outcome<T> = { readonly answer: T } | { readonly lost: 'time' | 'crash' };

/** A process that answers, and a new one whenever it can't any more. */
export class TestProcess implements Disposable {
  #child: ChildProcess | undefined;
  #rounds = 0;

  /** @param limit milliseconds */
  async ask<T extends MeasureAnswer | TryAnswer>(request: Request, limit: number): Promise<Outcome<T>> {
    if (this.#rounds++ % ROUNDS === 0) this[Symbol.dispose]();
    this.#child ??= fork(MODULE, [], {
      execArgv: [`--max-old-space-size=${MEMORY_MB}`, '--disable-warning=ExperimentalWarning'],
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    });
    const outcome = await exchange<T>(this.#child, request, limit);
    if ('lost' in outcome) this[Symbol.dispose]();
    return outcome;
  }

  [Symbol.dispose](): void {
    this.#child?.kill('SIGKILL');
    this.#child = undefined;
  }
}

function exchange<T>(child: ChildProcess, request: Request, limit: number): Promise<Outcome<T>> {
  const { promise, resolve } = Promise.withResolvers<Outcome<T>>();
  const end = (outcome: Outcome<T>): void => {
    clearTimeout(timer);
    child.removeAllListeners();
    resolve(outcome);
  };
  const timer = setTimeout(() => end({ lost: 'time' }), limit);
  child.once('message', (answer) => end({ answer: answer as T }));
  child.once('exit', () => end({ lost: 'crash' }));
  child.once('error', () => end({ lost: 'crash' }));
  child.send(request);
  return promise;
}
