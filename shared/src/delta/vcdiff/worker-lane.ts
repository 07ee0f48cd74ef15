import { Worker } from 'node:worker_threads';
import { threadEnvironment } from '../../io/thread-environment.ts';
import { DeltaError } from '../delta-error.ts';

export interface LaneOptions<Reply> {
  /** After so many milliseconds without a reply the worker is terminated. */
  readonly timeLimit: number;
  /** Whether the worker is as good as new after such a reply. */
  isClean(reply: Reply): boolean;
}

export type LaneResult<Reply> =
  | { readonly kind: 'reply'; readonly reply: Reply }
  | { readonly kind: 'crash'; readonly cause: unknown }
  | { readonly kind: 'timeout' };

/**
 * One worker thread that serves one call after the other, for code that can break for good. The worker is kept between
 * calls, and thrown away after a crash, a timeout, or a reply that is not clean. A failure only counts when a new worker
 * gives it too, so that what a call gives never depends on the calls before it.
 *
 * The worker posts one message when it is ready, then one reply a request. It never keeps a process alive between calls.
 */
export class WorkerLane<Request, Reply> {
  readonly #url: URL;
  readonly #options: LaneOptions<Reply>;
  #worker: Worker | undefined;
  #tail: Promise<unknown> = Promise.resolve();

  constructor(url: URL, options: LaneOptions<Reply>) {
    this.#url = url;
    this.#options = options;
  }

  /**
   * `request` is called once for each attempt, and the buffers that it names are moved to the worker.
   * @throws DeltaError `worker-failed` where the worker does not start
   */
  call(request: () => { message: Request; transfer: ArrayBuffer[] }): Promise<LaneResult<Reply>> {
    const result = this.#tail.then(() => this.#serve(request));
    this.#tail = result.catch(() => {});
    return result;
  }

  /** Ends the worker after the calls that are under way. A later call starts another one. */
  close(): Promise<void> {
    const closed = this.#tail.then(() => this.#discard());
    this.#tail = closed;
    return closed;
  }

  async #serve(request: () => { message: Request; transfer: ArrayBuffer[] }): Promise<LaneResult<Reply>> {
    const warm = this.#worker;
    const { message, transfer } = request();
    const result = await this.#ask(warm ?? (await this.#start()), message, transfer);
    if (result.kind === 'reply' && this.#options.isClean(result.reply)) return result;
    await this.#discard();
    return warm === undefined || result.kind === 'timeout' ? result : this.#serve(request);
  }

  async #start(): Promise<Worker> {
    // Neither the flags nor the environment of the host process change what a codec gives.
    const worker = new Worker(this.#url, {
      execArgv: [],
      env: threadEnvironment({}),
      resourceLimits: { maxYoungGenerationSizeMb: 4, maxOldGenerationSizeMb: 64 },
    });
    this.#worker = worker;
    worker.on('error', () => {});
    worker.once('exit', () => {
      if (this.#worker === worker) this.#worker = undefined;
    });
    const ready = await this.#await(worker);
    if (ready.kind === 'reply') return worker;
    await this.#discard();
    const cause = ready.kind === 'crash' ? ready.cause : undefined;
    throw new DeltaError('worker-failed', 'the thread that makes and applies deltas does not start', {
      cause,
    });
  }

  #ask(worker: Worker, message: Request, transfer: ArrayBuffer[]): Promise<LaneResult<Reply>> {
    const result = this.#await(worker);
    worker.postMessage(message, transfer);
    return result;
  }

  /** The next thing that the worker says or does; the process stays alive until then. */
  #await(worker: Worker): Promise<LaneResult<Reply>> {
    const { promise, resolve } = Promise.withResolvers<LaneResult<Reply>>();
    const onMessage = (reply: Reply) => resolve({ kind: 'reply', reply });
    const onError = (cause: unknown) => resolve({ kind: 'crash', cause });
    const onExit = () => resolve({ kind: 'crash', cause: undefined });
    const timer = setTimeout(() => resolve({ kind: 'timeout' }), this.#options.timeLimit);
    worker.on('message', onMessage).on('error', onError).on('exit', onExit).ref();
    return promise.finally(() => {
      clearTimeout(timer);
      worker.off('message', onMessage).off('error', onError).off('exit', onExit).unref();
    });
  }

  async #discard(): Promise<void> {
    const worker = this.#worker;
    this.#worker = undefined;
    await worker?.terminate();
  }
}
