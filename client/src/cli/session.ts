import { once } from 'node:events';
import { resolve } from 'node:path';
import { createInterface } from 'node:readline/promises';
import { LIMITS, type SwupdError } from '@swupd/shared';
import { printable } from '@swupd/shared/terminal';
import type { Device } from '../device/device.ts';
import type { DeviceOptions } from '../device/ports.ts';
import { DeviceError } from '../device-error.ts';
import { errnoOf } from '../disk/errno.ts';
import type { Recovery } from '../transaction/finish-interrupted.ts';
import type { CliIo } from './cli-io.ts';
import type { GlobalOptions } from './global-options.ts';
import type { Report } from './report.ts';

/** What a command works with. */
export interface Session {
  readonly options: GlobalOptions;
  /** Opens the device for a command that only reads. */
  read<T>(command: (device: Device) => Promise<T>): Promise<T>;
  /** Opens the device for a command that changes what is installed. */
  change<T>(command: (device: Device) => Promise<T>): Promise<T>;
  /** Opens the device to finish or take back what an earlier command has begun, and gives what has become of it. */
  recover<T>(command: (device: Device, recovery: Recovery) => Promise<T>): Promise<T>;
  /** Opens the device below `root` for a command that may begin a system there. */
  install<T>(root: string, command: (device: Device) => Promise<T>): Promise<T>;
  /** Whether `confirm` asks at all: scripts have decided already, and are asked nothing. `--assume no` stops them all the same. */
  asks(): boolean;
  /** The user's answer. */
  confirm(question: string): Promise<boolean>;
  /** An absolute path out of one that the user has typed. */
  absolute(path: string): string;
  /** Milliseconds since the command began. */
  elapsed(): number;
}

export function openSession(
  io: CliIo,
  options: GlobalOptions,
  report: Pick<Report, 'progress' | 'warn'> & { readonly hookFailed: (failure: SwupdError) => void },
): Session {
  const started = io.monotonic();
  // What needs the engine is loaded when it is needed, so that help and bad options answer at once.
  const engine = async (root = options.path) => {
    const [{ changeDevice, readDevice }, { makePorts }] = await Promise.all([
      import('../device/with-device.ts'),
      import('./make-ports.ts'),
    ]);
    return { changeDevice, readDevice, ports: makePorts(io, options, { ...report, root }) };
  };
  return {
    options,
    async read(command) {
      const { readDevice, ports } = await engine();
      return readDevice(ports, deviceOptions(io, options, options.path), command);
    },
    async change(command) {
      const { changeDevice, ports } = await engine();
      return changeDevice(ports, deviceOptions(io, options, options.path), command, { create: false });
    },
    async recover(command) {
      const { changeDevice, ports } = await engine();
      const silent = { ...ports, warn: () => {} };
      return changeDevice(silent, deviceOptions(io, options, options.path), command, { create: false });
    },
    async install(root, command) {
      const { changeDevice, ports } = await engine(root);
      return changeDevice(ports, deviceOptions(io, options, root), command);
    },
    asks: () => options.assume === 'no' || (options.assume === undefined && isInteractive(io, options)),
    confirm: (question) => confirm(io, options, question),
    absolute: (path) => resolve(io.cwd(), path),
    elapsed: () => io.monotonic() - started,
  };
}

function deviceOptions(io: CliIo, options: GlobalOptions, root: string): DeviceOptions {
  const { statedir, url, channel, certpath } = options;
  return {
    root,
    ...(statedir === undefined ? {} : { stateDirectory: statedir }),
    ...(url === undefined ? {} : { url }),
    ...(channel === undefined ? {} : { channel }),
    ...(certpath === undefined ? {} : { trustAnchor: readAnchor(io, certpath) }),
  };
}

function readAnchor(io: CliIo, path: string): Uint8Array {
  try {
    return io.readFile(path).subarray(0, LIMITS.rootFile + 1);
  } catch (cause) {
    throw new DeviceError('no-trust-anchor', `the trust anchor ${path} can't be read (${errnoOf(cause)})`, {
      cause,
      hint: "Pass the repository's metadata/1.root.json with -C, fetched over a way that you trust.",
    });
  }
}

function isInteractive({ stdin, stderr }: CliIo, { json, quiet }: GlobalOptions): boolean {
  return !json && !quiet && stderr.isTTY === true && stdin().isTTY === true;
}

async function confirm(io: CliIo, options: GlobalOptions, question: string): Promise<boolean> {
  if (options.assume !== undefined) return options.assume === 'yes';
  if (!isInteractive(io, options)) return true;
  // The terminal edits the line and turns Ctrl-C into a signal; readline would keep that to itself.
  const terminal = createInterface({ input: io.stdin(), output: io.stderr, terminal: false });
  const closed = once(terminal, 'close').then(() => '');
  try {
    const asked = terminal.question(`${printable(question)} [y/N] `, { signal: io.signal });
    const answer = await Promise.race([asked, closed]);
    return /^y(?:es)?$/i.test(answer.trim());
  } finally {
    terminal.close();
  }
}
