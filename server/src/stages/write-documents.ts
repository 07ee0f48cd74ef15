import { readFileSync } from 'node:fs';
import { type DocumentRef, LAYOUT } from '@swupd/manifests';
import { compressFrame } from '@swupd/shared';
import { hashContent } from '@swupd/shared/io';
import { COMPRESSION } from '../plan/compression-plan.ts';
import type { RepositoryWriter } from '../repository/repository-writer.ts';

/**
 * Stages a document, unless the repository has it: what the repository has is never written in another way.
 * @returns undefined, with nothing staged, where the stored document would not be smaller than `limit` bytes
 */
export function writeDocument(writer: RepositoryWriter, plain: Uint8Array): DocumentRef;
export function writeDocument(
  writer: RepositoryWriter,
  plain: Uint8Array,
  limit: number,
): DocumentRef | undefined;
export function writeDocument(
  writer: RepositoryWriter,
  plain: Uint8Array,
  limit = Number.POSITIVE_INFINITY,
): DocumentRef | undefined {
  const digest = hashContent(plain);
  const name = LAYOUT.document(digest);
  const found = writer.find(name);
  const stored = found === undefined ? compressFrame(plain, COMPRESSION.level) : readFileSync(found.path);
  if (stored.length >= limit) return undefined;
  writer.add(name, stored);
  return { digest, size: plain.length, storedDigest: hashContent(stored), storedSize: stored.length };
}
