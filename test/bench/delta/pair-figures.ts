import type { BenchPair } from './bench-pair.ts';
import type { OurDelta } from './encode-task.ts';
import type { PeerSizes } from './peer-sizes.ts';
import { PEERS, type PeerName } from './peers.ts';

/** Who makes a delta: a peer, or we. */
export type Maker = PeerName | 'ours';

export const MAKERS: readonly Maker[] = [...PEERS.map(({ name }) => name), 'ours'];

/** What a device fetches for one pair. */
export interface PairFigures {
  readonly pair: BenchPair;
  /** Bytes of the new file compressed by itself. */
  readonly fullfile: number;
  /** Bytes of each delta; of the fullfile where that is smaller, for everyone alike. */
  readonly bytes: Readonly<Record<Maker, number>>;
  /** The smallest of the peers'. */
  readonly bestPeer: number;
  /** Which of our codecs made the delta, or `fullfile`. */
  readonly codec: string;
  /** Bytes of each of our codecs by itself, where it was tried and takes the pair. */
  readonly attempts: Readonly<Record<string, number>>;
}

export interface MeasuredSizes {
  readonly fullfile: number;
  readonly peers: PeerSizes;
  readonly delta: OurDelta | undefined;
}

export function pairFigures(pair: BenchPair, { fullfile, peers, delta }: MeasuredSizes): PairFigures {
  const capped = (size: number): number => Math.min(size, fullfile);
  const gains = delta !== undefined && delta.bytes < fullfile;
  const bytes = {
    xdelta3: capped(peers.xdelta3),
    bsdiff: capped(peers.bsdiff),
    zstd: capped(peers.zstd),
    ours: gains ? delta.bytes : fullfile,
  };
  const bestPeer = Math.min(...PEERS.map(({ name }) => bytes[name]));
  const codec = gains ? delta.codec : 'fullfile';
  return { pair, fullfile, bytes, bestPeer, codec, attempts: delta?.attempts ?? {} };
}
