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
} as const;

/** About the memory that it takes to compress `size` bytes at the highest level: content, result twice, window and tables. */
export function compressionMemory(size: number): number {
  return 1.6 * size + streamMemory(size);
}

/** The same for a fullfile, of which no more than the window is held if it is large. */
export function fullfileMemory(size: number): number {
  return size >= COMPRESSION.streamFrom ? streamMemory(size) : compressionMemory(size);
}

function streamMemory(size: number): number {
  return Math.min(2 * size, 128 * MIB) + Math.min(8 * size, 96 * MIB);
}

/** The zstd level of a pack's frame of so many plain bytes. */
export function frameLevel(size: number): number {
  return size >= COMPRESSION.largeFrame ? COMPRESSION.largeFrameLevel : COMPRESSION.level;
}

/** The zstd level of a fullfile. */
export function fullfileLevel(size: number): number {
  return size >= COMPRESSION.streamFrom ? COMPRESSION.level : COMPRESSION.looseLevel;
}
