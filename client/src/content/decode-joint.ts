import type { MemberBlob } from '@swupd/manifests';
import { type Digest, SwupdError } from '@swupd/shared';
import { bytesSource, decodeDelta } from '@swupd/shared/delta';
import type { ContentCache } from './content-cache.ts';
import type { DecodeResult } from './decode-task.ts';
import { keepStream, skipStream } from './keep-stream.ts';
import { PortionReader } from './portion-reader.ts';

/** A joint delta with the verified bytes that it starts from. */
export interface JointDelta {
  readonly source: Uint8Array;
  /** Hostile. */
  readonly container: Uint8Array;
  /** What it makes, front to back. */
  readonly targets: readonly MemberBlob[];
}

/**
 * Puts the wanted ones of what a joint delta makes into the cache, each as soon as it is there and verified on its own: one that
 * is wrong costs no other. Stops behind the last that is wanted.
 */
export async function decodeJoint(
  cache: ContentCache,
  { source, container, targets }: JointDelta,
  wanted: ReadonlySet<Digest>,
): Promise<DecodeResult> {
  const size = targets.reduce((sum, target) => sum + target.size, 0);
  const reader = new PortionReader(decodeDelta(bytesSource(source), container, size));
  const left = new Set(wanted);
  const decoded: Digest[] = [];
  const failed: { digest: Digest; reason: string }[] = [];
  try {
    for (const target of targets) {
      if (left.size === 0) break;
      if (!left.has(target.digest)) {
        await skipStream(reader.take(target.size));
        continue;
      }
      const reason = await keepStream(cache, target, reader.take(target.size));
      left.delete(target.digest);
      if (reason === undefined) decoded.push(target.digest);
      else failed.push({ digest: target.digest, reason });
    }
  } catch (error) {
    if (!(error instanceof SwupdError)) throw error;
    for (const digest of left) failed.push({ digest, reason: error.message });
  } finally {
    await reader.close();
  }
  return { decoded, failed };
}
