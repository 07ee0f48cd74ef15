import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { type NbdServer, startNbdServer } from './nbd-server.ts';
import { SECTOR, type VolatileDisk } from './volatile-disk.ts';

export type Accelerator = 'kvm' | 'tcg';

/** What all machines of a run have in common. */
export interface Hardware {
  readonly kernel: string;
  readonly initramfs: string;
  /** Image with the client. */
  readonly tools: string;
  readonly accelerator: Accelerator;
}

export interface BootOptions {
  readonly disk: VolatileDisk;
  /** A shell script for the machine. */
  readonly orders: string;
  /** For sockets and files of this machine. */
  readonly folder: string;
  /** Whether what the machine writes to the tools stays there. */
  readonly keepTools?: boolean;
  /** Called when the machine is on. */
  readonly onStart?: (machine: Machine) => void;
  /** Hears of each line on the console that begins with @, without that sign. */
  readonly onMessage?: (message: string, machine: Machine) => void;
  /** Hears of each write and flush of the system disk before it is carried out, counted from 1. */
  readonly onDiskChange?: (number: number, machine: Machine) => void;
}

/** What is left of a machine. */
export interface Course {
  /** Messages in order. */
  readonly messages: readonly string[];
  readonly reset: boolean;
  readonly console: string;
  /** Path of what the machine has written to its last disk. */
  readonly answers: string;
}

const MEMORY = 512;
const ANSWER_BYTES = 256 * 1024 * 1024;

const MOST_STARTS = 3;

/** A machine that says nothing for so long is stuck. Milliseconds. */
const STUCK = 600_000;

/** A virtual machine from power on to power off, or to a reset. */
export class Machine {
  readonly answers: string;
  /** Writes and flushes of the system disk so far. */
  diskChanges = 0;
  #reset = false;
  #process: ChildProcess | undefined;
  #server: NbdServer | undefined;

  constructor(folder: string) {
    this.answers = join(folder, 'answers');
  }

  /**
   * Runs a machine until it switches itself off, or `reset` is called. One whose kernel does not come up, as emulated ones sometimes do not
   * on a busy machine, is switched on again: nothing has used its disk yet.
   */
  static async boot(hardware: Hardware, options: BootOptions): Promise<Course> {
    for (let start = 1; ; start++) {
      const course = await new Machine(options.folder).#run(hardware, options);
      if (course.reset || course.messages.includes('on') || start === MOST_STARTS) return course;
    }
  }

  /** The machine stops between two instructions, and the disk does nothing more. */
  reset(): void {
    this.#reset = true;
    this.#server?.stop();
    this.#process?.kill('SIGKILL');
  }

  async #run(hardware: Hardware, options: BootOptions): Promise<Course> {
    const { folder, orders, disk, onDiskChange } = options;
    writeFileSync(join(folder, 'orders'), padded(orders));
    closeSync(openSync(this.answers, 'w'));
    truncateSync(this.answers, ANSWER_BYTES);
    await using server = await startNbdServer(disk, join(folder, 'nbd'), (number) => {
      this.diskChanges = number;
      onDiskChange?.(number, this);
    });
    this.#server = server;
    // The machine must not outlive this process, however that ends.
    const program = ['--pdeathsig', 'KILL', 'qemu-system-x86_64'];
    const child = spawn('setpriv', [...program, ...argumentsFor(hardware, options, server.socketPath)], {
      stdio: ['ignore', 'pipe', 'pipe'],
      // Ctrl-C at the terminal is for the proof, not for its machines.
      detached: true,
    });
    this.#process = child;
    const ended = once(child, 'close');
    options.onStart?.(this);
    const watchdog = setTimeout(() => child.kill('SIGKILL'), STUCK);
    const lines: string[] = [];
    const messages: string[] = [];
    createInterface({ input: child.stderr }).on('line', (line) => lines.push(line));
    createInterface({ input: child.stdout }).on('line', (line) => {
      lines.push(line);
      if (!line.startsWith('@')) return;
      messages.push(line.slice(1).trim());
      options.onMessage?.(line.slice(1).trim(), this);
    });
    await ended;
    clearTimeout(watchdog);
    return { messages, reset: this.#reset, console: lines.join('\n'), answers: this.answers };
  }
}

function argumentsFor(
  { kernel, initramfs, tools, accelerator }: Hardware,
  { folder, keepTools = false }: BootOptions,
  socket: string,
): string[] {
  const files = [
    `file=${tools},cache=unsafe,snapshot=${keepTools ? 'off' : 'on'}`,
    `file=${join(folder, 'orders')},readonly=on`,
    `file=${join(folder, 'answers')}`,
  ];
  return [
    ...(accelerator === 'kvm'
      ? ['-accel', 'kvm', '-cpu', 'host']
      : ['-accel', 'tcg,tb-size=256', '-cpu', 'max']),
    ...['-m', String(MEMORY), '-nodefaults', '-no-reboot', '-display', 'none', '-serial', 'stdio'],
    ...['-kernel', kernel, '-initrd', initramfs, '-append', 'console=ttyS0 quiet panic=-1 no_timer_check'],
    ...['-blockdev', `driver=nbd,node-name=system,server.type=unix,server.path=${socket}`],
    ...['-device', `virtio-blk-pci,drive=system,logical_block_size=${SECTOR},physical_block_size=${SECTOR}`],
    ...files.flatMap((file) => ['-drive', `if=virtio,format=raw,${file}`]),
  ];
}

/** A disk has whole sectors, however small; a shell passes over empty lines. */
function padded(orders: string): string {
  const length = Buffer.byteLength(orders);
  return orders + '\n'.repeat(Math.ceil((length + 1) / SECTOR) * SECTOR - length);
}
