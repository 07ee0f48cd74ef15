import type { Digest, Progress } from '@swupd/shared';
import { hashContent } from '@swupd/shared/io';
import type { Findings } from './finding.ts';
import { type PublishedSource, readUpTo, SourceError } from './published-source.ts';

/** One look at a whole repository. */
export interface Inspection {
  readonly source: PublishedSource;
  readonly findings: Findings;
  /** Every name that something signed refers to, and that was looked at. */
  readonly seen: Set<string>;
  /** Only whether blobs, deltas and packs are there with the right size. */
  readonly quick: boolean;
  /** Files at a time. */
  readonly lanes: number;
  readonly progress: Progress;
}

/** What something signed says of a file. */
export interface Expected {
  readonly size: number;
  readonly digest?: Digest;
}

/** The bytes of a file where they are what they should be; otherwise undefined, and the reason is among the findings. */
export async function readExpected(
  inspection: Inspection,
  name: string,
  expected: Expected,
): Promise<Uint8Array | undefined> {
  const bytes = await readLimited(inspection, name, expected.size);
  if (bytes === undefined) return undefined;
  if (bytes.length !== expected.size) {
    reportSize(inspection, name, bytes.length, expected.size);
    return undefined;
  }
  if (expected.digest === undefined || hashContent(bytes) === expected.digest) return bytes;
  reportDigest(inspection, name, expected.digest);
  return undefined;
}

/** The same for a file of which only a limit is known. A longer one comes with a byte too many. */
export async function readLimited(
  { source, findings, seen }: Inspection,
  name: string,
  limit: number,
): Promise<Uint8Array | undefined> {
  seen.add(name);
  try {
    const bytes = await readUpTo(source, name, limit);
    if (bytes === undefined) findings.add('missing', name, 'the file is not there');
    return bytes;
  } catch (error) {
    reportUnreadable(findings, name, error);
    return undefined;
  }
}

/** Whether the file is there with this size; where not, that is among the findings. */
export async function checkPresence(inspection: Inspection, name: string, size: number): Promise<boolean> {
  const { source, findings, seen } = inspection;
  seen.add(name);
  try {
    const found = await source.sizeOf(name);
    if (found === undefined) findings.add('missing', name, 'the file is not there');
    else if (found !== size) reportSize(inspection, name, found, size);
    return found === size;
  } catch (error) {
    reportUnreadable(findings, name, error);
    return false;
  }
}

export function reportUnreadable(findings: Findings, name: string, error: unknown): void {
  if (!(error instanceof SourceError)) throw error;
  findings.add('unreadable', name, error.message);
}

export function reportSize({ findings }: Inspection, name: string, found: number, expected: number): void {
  const amount = found > expected ? `more than ${expected}` : `${found}`;
  findings.add('wrong-size', name, `the file has ${amount} bytes where ${expected} are announced`);
}

export function reportDigest({ findings }: Inspection, name: string, expected: Digest): void {
  findings.add('wrong-digest', name, `the digest is not ${expected}, as announced`);
}
