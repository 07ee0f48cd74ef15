import { memberBlobs, memberLength, memberSources, type PackFrame, type PackMember } from '@swupd/manifests';
import type { Digest } from '@swupd/shared';

/** Where in a pack the frames of its index are. They stand one behind the other. */
export interface PackLayout {
  /** Where the first frame begins. */
  readonly headSize: number;
  readonly frames: readonly PackFrame[];
}

/** The least part of a pack that can be fetched and decoded by itself. */
export interface PackPiece {
  /** In the pack. */
  readonly offset: number;
  readonly frame: PackFrame;
}

/** The pieces of a pack in the order of the file: frames; members, where a frame is stored as it is. */
export function* piecesOf({ headSize, frames }: PackLayout): Generator<PackPiece, void, undefined> {
  let offset = headSize;
  for (const frame of frames) {
    if (frame.storedSize !== frame.plainSize) {
      yield { offset, frame };
      offset += frame.storedSize;
      continue;
    }
    for (const member of frame.members) {
      const size = memberLength(member);
      yield { offset, frame: { storedSize: size, plainSize: size, members: [member] } };
      offset += size;
    }
  }
}

/** The blobs that a member makes; none where the device lacks something that it starts from. */
export function blobsMade(member: PackMember, has: (digest: Digest) => boolean): readonly Digest[] {
  return memberSources(member).every(has) ? memberBlobs(member).map(({ digest }) => digest) : [];
}
