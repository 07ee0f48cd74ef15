/** What downloads cost besides their bytes, and what is expected of packs before their head is there. Bytes, and shares. */
export const COSTS = {
  /** One more request: latency, headers, and the server's work. So a range takes a gap along that is smaller. */
  request: 2048,
  /** The head of a pack is fetched where so many times its cost may be saved: what ranges cost is only guessed by then. */
  headWorth: 3,
  /** The share of a pack that can't be decoded for each old blob that the device has no more: others are coded along with it. */
  spoiled: 1 / 8,
  /** Blobs that take so much in the repository have a frame of their own in a zero pack; smaller ones are in large frames. */
  ownFrame: 4 * 1024 * 1024,
  /** What a blob takes in the head of a zero pack, and of another pack, at most mostly. Measured: 1.4 to 1.8, and 3 to 10. */
  zeroHeadEntry: 2,
  headEntry: 6,
  /** What a head takes besides. */
  headBase: 512,
} as const;
