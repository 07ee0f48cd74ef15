import { closeSync, existsSync, openSync, readSync } from 'node:fs';
import { join } from 'node:path';
import {
  blobsOf,
  LAYOUT,
  memberBlobs,
  memberSources,
  membersSize,
  PACK_PREFIX_SIZE,
  type PackMember,
  packHeadSize,
  parsePackHead,
} from '@swupd/manifests';
import { hashContent } from '@swupd/shared/io';
import { frameLevel } from '../plan/compression-plan.ts';
import type { PriorBuild } from './read-priors.ts';

/** Frames that earlier packs have, by `frameKey`. */
export type PublishedFrames = ReadonlyMap<string, FileSection>;

/** A part of a file. */
export interface FileSection {
  readonly path: string;
  readonly offset: number;
  readonly size: number;
}

/** What decides the bytes of a frame: its members in their order, and how it is compressed. */
export function frameKey(members: readonly PackMember[]): string {
  const lines = members.map(describeMember);
  return hashContent(Buffer.from([`level ${frameLevel(membersSize(members))}`, ...lines].join('\n')));
}

function describeMember(member: PackMember): string {
  switch (member.kind) {
    case 'full':
      return `${member.digest} ${member.filter}`;
    case 'delta':
      return `${member.from}-${member.digest} ${member.length}`;
    case 'joint':
      return `${memberSources(member)}-${memberBlobs(member).map(({ digest }) => digest)} ${member.length}`;
  }
}

/** The frames of the zero packs that a build has of some bundles: those of the next are often the same. */
export function readPublishedFrames(
  repository: string,
  release: PriorBuild | undefined,
  bundles: ReadonlySet<string>,
): PublishedFrames {
  const frames = new Map<string, FileSection>();
  for (const { name, packs } of release?.mom.bundles ?? []) {
    const manifest = release?.manifests.get(name);
    const zero = packs.find(({ from }) => from === 0);
    if (!bundles.has(name) || manifest === undefined || zero === undefined) continue;
    const path = join(repository, LAYOUT.pack(zero.digest));
    if (!existsSync(path)) continue;
    const head = readHead(path);
    let offset = head.length;
    for (const { members, storedSize } of parsePackHead(head, { from: [], to: blobsOf(manifest) }).frames) {
      frames.set(frameKey(members), { path, offset, size: storedSize });
      offset += storedSize;
    }
  }
  return frames;
}

function readHead(path: string): Buffer {
  const fd = openSync(path, 'r');
  try {
    const prefix = readAt(fd, 0, PACK_PREFIX_SIZE);
    return readAt(fd, 0, packHeadSize(prefix));
  } finally {
    closeSync(fd);
  }
}

function readAt(fd: number, position: number, size: number): Buffer {
  const bytes = Buffer.alloc(size);
  return bytes.subarray(0, readSync(fd, bytes, 0, size, position));
}
