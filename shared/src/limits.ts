const MIB = 1024 * 1024;

/** Bounds on what comes from outside, each with the attack that it stops. Sizes in bytes. */
export const LIMITS = {
  /** An endless body in place of a root (TUF 5.3.3: fetched before any size is known). */
  rootFile: 512 * 1024,
  /** A chain of roots that never ends (TUF 5.3.3). A device goes on from there the next time. */
  rootSteps: 1024,
  /** An endless body in place of the timestamp (TUF 5.4.1). */
  timestampFile: 16 * 1024,
  /** The same for other metadata where no length is announced, and a length that is announced by a thief of a key. */
  metadataFile: 1024 * 1024,
  /** A graph of delegations that makes a device fetch without end (TUF 5.6.7.1). */
  delegatedRoles: 32,
  /** Deeply nested JSON that exhausts the parser's stack. */
  jsonDepth: 16,
  /** An endless body in place of one signature of a MoM. */
  signatureFile: 4 * 1024,
  /** A MoM that fills the memory although its signature is valid. */
  mom: 64 * MIB,
  /** The same for the text of one bundle manifest, difference or index. V8 holds no string of 512 MiB. */
  document: 511 * MIB,
  /** A line that never ends. A path may take four bytes a byte (`\xHH`), twice, and extended attributes 64 KiB in hex. */
  line: 256 * 1024,
  /** More entries than an honest build can have: memory. */
  entries: 4_000_000,
  bundles: 20_000,
  /** A joint delta that makes the device hold many files at once: bytes of its sources, and of what it makes. */
  jointBytes: 8 * MIB,
  /** A file that no file system holds, or that overflows a 53-bit sum. */
  fileSize: 2 ** 42,
  /** A compressed frame that makes the decoder reserve a window of gigabytes. zstd `windowLogMax`. */
  windowLog: 27,
} as const;
