const MIB = 1024 * 1024;

/** What streams have to keep to so that both sides are opened in bounded memory and time. Sizes in bytes. */
export const INFLATED_LIMITS = {
  /** Plain text of one stream; a bomb that fills the memory. */
  stream: 8 * MIB,
  /** The stream itself; what is read of the source to find its end. */
  packed: 8 * MIB + 65_536,
  /** Plain text of all streams of the source together, which are held at once. */
  source: 16 * MIB,
  /** Plain text of all streams of the target together, which are made one after the other: time. */
  target: 64 * MIB,
  /** Streams of either side: time, each costs some tables. */
  streams: 65_536,
  /** The list of streams, and all corrections together. */
  list: 4 * MIB,
  /** Plain text of a stream of the source that is taken apart for a reference; its tokens take four times as much. */
  referenceStream: MIB,
  /** The corrections of all of them. */
  reference: 4 * MIB,
  /** The largest number that a profile can have. */
  profile: 255,
} as const;
