import { closeSync, constants, existsSync, mkdirSync, openSync, readSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';

/** Where Debian's packages have them; see fiu-run(1). */
const FOLDER = '/usr/lib/fiu';
const LIBRARIES = ['fiu_run_preload.so', 'fiu_posix_preload.so'].map((name) => join(FOLDER, name));

export function hasLibfiu(): boolean {
  return LIBRARIES.every((path) => existsSync(path));
}

/** @throws Error that names the package to install */
export function demandLibfiu(): void {
  if (hasLibfiu()) return;
  throw new Error(
    `faults of the C library need ${LIBRARIES.join(' and ')}; on Debian: apt-get install --no-install-recommends libfiu0`,
  );
}

/** Lets calls of a process fail on demand. */
export class Libfiu {
  readonly #pipes: string;
  #answers: number | undefined;

  /** @param folder made anew, for the pipes on which processes take orders */
  constructor(folder: string) {
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder);
    this.#pipes = join(folder, 'pipe');
  }

  /** What a process needs in its environment to take orders. */
  get env(): Readonly<Record<string, string>> {
    return { LD_PRELOAD: LIBRARIES.join(' '), FIU_CTRL_FIFO: this.#pipes, FIU_ENABLE: '' };
  }

  /** Gives a process an order, if it listens already, and still. */
  order(process: number, text: string): void {
    try {
      // It opens the pipe for its answer before it reads the order.
      this.#answers = openSync(`${this.#pipes}-${process}.out`, constants.O_RDONLY | constants.O_NONBLOCK);
      const orders = openSync(`${this.#pipes}-${process}.in`, constants.O_WRONLY | constants.O_NONBLOCK);
      writeSync(orders, `${text}\n`);
      closeSync(orders);
    } catch (error) {
      if (!['ENOENT', 'ENXIO', 'EPIPE'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
    }
  }

  /** Whether the order was taken; to be asked once, after the end of the process. */
  wasTaken(): boolean {
    if (this.#answers === undefined) return false;
    const answer = Buffer.alloc(16);
    const length = readSync(this.#answers, answer);
    closeSync(this.#answers);
    return answer.toString('latin1', 0, length).trim() === '0';
  }
}
