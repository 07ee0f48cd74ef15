import type { Disk } from '../../../client/src/disk/index.ts';
import { SystemError } from '../model/index.ts';
import { type Interposer, interpose, type PortCall } from './interpose.ts';

const CODES = ['EIO', 'ENOSPC', 'EINTR', 'EDQUOT', 'EMFILE'] as const;

/** What goes wrong with a call. */
export const FAULTS = [
  ...CODES,
  /** A read gives a part of what was asked for; no error. */
  'short read',
  /** A write gets a part of its bytes to the file, then there is no room. */
  'short write',
  /** Nothing can grow any more, until the command ends. */
  'full from then on',
] as const;

export type Fault = (typeof FAULTS)[number];

export interface FaultyDisk {
  readonly disk: Disk;
  /** The calls so far. */
  readonly calls: readonly string[];
  /** Whether the fault has come to pass: some are for certain calls only. */
  readonly hasStruck: boolean;
}

const GROWING = new Set(['createFile', 'makeDirectory', 'makeSymlink', 'write']);

/** A disk whose call number `at` (from 0) goes wrong. */
export function faultyDisk(disk: Disk, at: number, fault: Fault): FaultyDisk {
  const calls: string[] = [];
  let hasStruck = false;
  const interposer: Interposer = (call) => {
    const number = calls.push(call.operation) - 1;
    if (number < at || (number > at && fault !== 'full from then on')) return call.perform();
    if (!appliesTo(fault, call)) return call.perform();
    hasStruck = true;
    return strike(fault, call);
  };
  return {
    disk: interpose(disk, interposer),
    calls,
    get hasStruck() {
      return hasStruck;
    },
  };
}

function appliesTo(fault: Fault, { operation }: PortCall): boolean {
  switch (fault) {
    case 'short read':
      return operation === 'read';
    case 'short write':
      return operation === 'write';
    case 'full from then on':
      return GROWING.has(operation);
    default:
      return true;
  }
}

function strike(fault: Fault, { operation, args, perform }: PortCall): unknown {
  const [bytes, ...others] = args;
  switch (fault) {
    case 'short read':
      return perform([half(bytes), ...others]);
    case 'short write':
      perform([half(bytes), ...others]);
      throw new SystemError('ENOSPC', operation, '');
    case 'full from then on':
      throw new SystemError('ENOSPC', operation, '');
    default:
      throw new SystemError(fault, operation, '');
  }
}

function half(bytes: unknown): unknown {
  return bytes instanceof Uint8Array ? bytes.subarray(0, Math.ceil(bytes.length / 2)) : bytes;
}
