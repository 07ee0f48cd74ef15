/** Bounds of the web server, each with the attack or the fault that it stops. Times in milliseconds, sizes in bytes. */
export const HTTP_LIMITS = {
  /** A reader that takes nothing any more, but holds its connection and an open file for ever. */
  stalledConnection: 120_000,
  /** A proxy that reuses a connection at the moment when we close it: we wait longer than the usual 60 s of proxies. */
  idleConnection: 65_000,
  /** One slow reader that holds up a shutdown. */
  closeGrace: 10_000,
  /** A foreign, huge file in the repository that would be hashed again for every request. */
  hashedFile: 4 * 1024 * 1024,
  /** A request line of 16 KB that fills the log. Characters. */
  loggedPath: 1000,
} as const;
