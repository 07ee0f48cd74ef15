import type { Disk } from '@swupd/client';
import { hashContent } from '@swupd/shared/io';
import { type Directory, ownName, PathWalker, readWhole } from '../../../client/src/disk/index.ts';
import { writeInstalledRecord } from '../../../client/src/state/installed-record.ts';
import { type Journal, readJournal } from '../../../client/src/transaction/journal/journal.ts';
import { interpose, type PortCall } from './interpose.ts';
import { ROOT } from './run-client.ts';

/** Mistakes that a client could make, made by what stands between it and the disk: the proofs have to find them. */
export const DELIBERATE_FAULTS = {
  /** Names are never made durable, but by a sync of the whole file system. */
  'no directory sync': (disk: Disk) =>
    interpose(disk, (call) => (isSync(call, 'directory') ? undefined : call.perform())),
  /** Everything gets its name first; content is synced afterwards, right before the commit. */
  'rename before data sync': (disk: Disk) => {
    let waiting: (() => unknown)[] = [];
    return interpose(disk, (call) => {
      if (isSync(call, 'file') || call.operation === 'syncFileSystem') return void waiting.push(call.perform);
      if (call.operation === 'createFile' && call.args[0] === 'installed.json.new') {
        for (const perform of waiting) perform();
        waiting = [];
      }
      return call.perform();
    });
  },
  /** Staged content, and what has been applied, are left to the kernel. */
  'no sync of the file system': (disk: Disk) =>
    interpose(disk, (call) => (call.operation === 'syncFileSystem' ? undefined : call.perform())),
  /** The record says what is installed before anything is. */
  'commit before apply': (disk: Disk) =>
    interpose(disk, (call) => {
      if (isRenameTo(call, 'journal')) {
        const state = call.on.port as Directory;
        writeInstalledRecord(state, bodyOf(readWhole(state, 'journal.new') ?? Buffer.alloc(0)).record);
      }
      return call.perform();
    }),
  /** What goes is deleted while the change can still be taken back. */
  'delete before commit': (disk: Disk) =>
    interpose(disk, (call) => {
      if (isRenameTo(call, 'installed.json')) deleteRemovals(disk, call.on.port as Directory);
      return call.perform();
    }),
  /** As `late journal`, and a torn journal looks like a whole one. */
  'journal without checksum': (disk: Disk) => forgedJournal(lateJournal(disk)),
} as const;

/** No fault: the journal's content is durable only when its name is. Its checksum tells a torn one. */
export function lateJournal(disk: Disk): Disk {
  const late = new WeakSet<object>();
  let waiting: (() => unknown) | undefined;
  return interpose(disk, (call) => {
    if (isSync(call, 'file') && late.has(call.on.port)) {
      waiting = call.perform;
      return undefined;
    }
    if (isSync(call, 'directory')) {
      waiting?.();
      waiting = undefined;
    }
    const result = call.perform();
    if (call.operation === 'createFile' && call.args[0] === 'journal.new') late.add(result as object);
    return result;
  });
}

function forgedJournal(disk: Disk): Disk {
  const journals = new WeakSet<object>();
  return interpose(disk, (call) => {
    const result = call.perform();
    if (call.operation === 'openFile' && call.args[0] === 'journal') journals.add(result as object);
    if (call.operation === 'read' && journals.has(call.on.port)) forge(call.args[0] as Buffer);
    return result;
  });
}

const HEAD = /^(\S+ \d+ )([0-9a-f]{64}) (\d+)\n/;

/** Puts the digest into the first line that the rest has. */
function forge(bytes: Buffer): void {
  const head = HEAD.exec(bytes.toString('latin1', 0, 128));
  if (head === null) return;
  const [line, format = '', , size] = head;
  const body = bytes.subarray(line.length, line.length + Number(size));
  bytes.write(hashContent(body), format.length, 'latin1');
}

function bodyOf(bytes: Buffer): Journal {
  const [line = '', , , size] = HEAD.exec(bytes.toString('latin1', 0, 128)) ?? [];
  return JSON.parse(bytes.toString('utf8', line.length, line.length + Number(size))) as Journal;
}

function deleteRemovals(disk: Disk, state: Directory): void {
  const root = disk.openRoot(ROOT);
  const walker = new PathWalker(root);
  for (const { path, type } of readJournal(state)?.journal.removals ?? []) {
    const place = walker.find(path);
    if (type !== 'directory' && place?.directory.lookup(place.name)?.type === type)
      place.directory.removeFile(ownName(place.name));
  }
  walker.reset();
  root.close();
}

function isSync({ on, operation }: PortCall, kind: PortCall['on']['kind']): boolean {
  return operation === 'sync' && on.kind === kind;
}

function isRenameTo({ operation, args }: PortCall, name: string): boolean {
  return operation === 'rename' && args[2] === name;
}
