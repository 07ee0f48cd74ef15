/** A file of build 20 with the bytes of the delta from build 10 by the original's own bsdiff. */
export interface OriginalDelta {
  /** Path in its bundle. */
  readonly path: string;
  readonly bytes: number;
}

/**
 * Deltas by clearlinux/swupd-client 7.0.0 with mixer-tools and their bsdiff, which codes more tightly than Debian's: measured once,
 * from build 10 to 20 of the reference trees, and an input of this benchmark (`reference/peers.md`).
 */
export const ORIGINAL_DELTAS: readonly OriginalDelta[] = [
  { path: 'usr/bin/node', bytes: 2_392_767 },
  { path: 'usr/lib/biome/biome', bytes: 2_706_187 },
  { path: 'usr/lib/esbuild/bin/esbuild', bytes: 186_303 },
  { path: 'usr/bin/python3.11', bytes: 808_167 },
  { path: 'usr/lib/node_modules/typescript/lib/_tsc.js', bytes: 25_979 },
  { path: 'usr/lib/x86_64-linux-gnu/libcrypto.so.3', bytes: 189_867 },
  { path: 'usr/bin/git', bytes: 68_263 },
];
