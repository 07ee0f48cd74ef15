const KIB = 1024;
const MIB = 1024 * KIB;

/** How hard to compress what, and in which portions. Changing a figure changes the bytes of new builds, nothing else. */
export const COMPRESSION = {
  /** zstd level of what every device fetches: frames of packs, deltas, documents, and the fullfiles that packs copy. */
  level: 19,
  /** Frames from this size on take most of a build's time, and have another level: a tenth less time for 0.6 % more bytes. */
  largeFrame: 64 * MIB,
  largeFrameLevel: 18,
  /** Level of the other fullfiles, which serve repairs and fallbacks only: a tenth of the time for 8 % more bytes. */
  looseLevel: 12,
  /** Files from this size on are a frame of their own in a pack. */
  largeMember: 32 * MIB,
  /**
   * Smaller ones are compressed together, in portions of up to this size: twice the largest window, since what is alike mostly
   * stands near, and a cut costs more than what lies beyond the window.
   */
  frameMax: 256 * MIB,
  /** Files from this size on are compressed as a stream, once: packs copy what is stored. */
  streamFrom: 384 * MIB,
  /** Files above it get no delta: the codecs hold both sides in memory. */
  deltaMax: 256 * MIB,
} as const;

/** Memory that the worker threads of a build may take together for their content. */
export const WORKER_MEMORY = 1024 * MIB;

/** About the memory that it takes to compress `size` bytes at the highest level: content, result, window and tables. */
export function compressionMemory(size: number): number {
  const window = Math.min(2 * size, 128 * MIB);
  const tables = Math.min(8 * size, 96 * MIB);
  return 1.3 * size + window + tables;
}

/** The zstd level of a pack's frame of so many plain bytes. */
export function frameLevel(size: number): number {
  return size >= COMPRESSION.largeFrame ? COMPRESSION.largeFrameLevel : COMPRESSION.level;
}

/** The zstd level of a fullfile. */
export function fullfileLevel(size: number): number {
  return size >= COMPRESSION.streamFrom ? COMPRESSION.level : COMPRESSION.looseLevel;
}
