import { execFileSync } from 'node:child_process';

/** Files of one delta: what is read, and what is written. */
export interface DeltaFiles {
  readonly from: string;
  readonly to: string;
  readonly delta: string;
}

export interface Command {
  readonly program: string;
  readonly args: readonly string[];
}

/** A program of others that makes deltas, at its best level. */
export interface Peer {
  readonly name: PeerName;
  /** As its users would write it. */
  readonly title: string;
  encode(files: DeltaFiles): Command;
  /** Makes `to` out of `from` and `delta`. */
  decode(files: DeltaFiles): Command;
  /** Tells which version a cached figure belongs to. */
  version(): string;
}

export type PeerName = 'xdelta3' | 'bsdiff' | 'zstd';

export const PEERS: readonly Peer[] = [
  {
    name: 'xdelta3',
    title: 'xdelta3 -9 -D -S lzma',
    encode: ({ from, to, delta }) => ({
      program: 'xdelta3',
      args: ['-9', '-D', '-S', 'lzma', '-e', '-f', '-s', from, to, delta],
    }),
    decode: ({ from, to, delta }) => ({
      program: 'xdelta3',
      args: ['-D', '-d', '-f', '-s', from, delta, to],
    }),
    version: () => packageVersion('xdelta3'),
  },
  {
    name: 'bsdiff',
    title: 'bsdiff',
    encode: ({ from, to, delta }) => ({ program: 'bsdiff', args: [from, to, delta] }),
    decode: ({ from, to, delta }) => ({ program: 'bspatch', args: [from, to, delta] }),
    version: () => packageVersion('bsdiff'),
  },
  {
    name: 'zstd',
    title: 'zstd -19 --long=31 --patch-from',
    encode: ({ from, to, delta }) => ({
      program: 'zstd',
      args: ['-19', '--long=31', `--patch-from=${from}`, '-q', '-f', to, '-o', delta],
    }),
    decode: ({ from, to, delta }) => ({
      program: 'zstd',
      args: ['-d', '--long=31', `--patch-from=${from}`, '-q', '-f', delta, '-o', to],
    }),
    version: () => packageVersion('zstd'),
  },
];

/** Of the Debian package, since bsdiff tells no version of its own. */
function packageVersion(name: string): string {
  try {
    return execFileSync('dpkg-query', ['-W', `-f=\${Version}`, name], { encoding: 'utf8' });
  } catch (cause) {
    throw new Error(`the benchmark needs Debian's ${name}: apt-get install xdelta3 bsdiff zstd`, { cause });
  }
}
