import { zstdCompressSync, zstdDecompressSync } from 'node:zlib';

/** How the source answers reads: as asked, with half of it, or as if the second half of its file had gone. */
export const READ_STYLES = ['whole', 'short', 'shrunk'] as const;
export type ReadStyle = (typeof READ_STYLES)[number];

/** One input of a decoder. An attacker chooses all of it: the old blob came from the same server as the delta. */
export interface FuzzCase {
  readonly source: Uint8Array;
  readonly payload: Uint8Array;
  /** Bytes that the decoder is told to make at most. */
  readonly targetSize: number;
  readonly reads: ReadStyle;
}

const PACKED = 'zstd:';

/** A case as it lies in a seed file. */
export interface NamedCase extends FuzzCase {
  readonly name: string;
}

/**
 * One line: name, target size, style of reads, source and payload in base64, separated by spaces; `-` for no bytes, `zstd:`
 * before those that are compressed.
 */
export function formatCase({ name, targetSize, reads, source, payload }: NamedCase): string {
  return `${name} ${targetSize} ${reads} ${formatBytes(source)} ${formatBytes(payload)}\n`;
}

/**
 * The cases of a seed file; lines that start with `#` are comments.
 * @throws SyntaxError with the number of a line that is no case
 */
export function parseCases(text: string): NamedCase[] {
  return text
    .split('\n')
    .map((line, index) => ({ line, number: index + 1 }))
    .filter(({ line }) => line !== '' && !line.startsWith('#'))
    .map(({ line, number }) => parseCase(line, number));
}

function parseCase(line: string, number: number): NamedCase {
  const [name, size, style, source, payload] = line.split(' ');
  const reads = READ_STYLES.find((known) => known === style);
  if (name === undefined || reads === undefined || source === undefined || payload === undefined) {
    throw new SyntaxError(`line ${number} is no case`);
  }
  return { name, targetSize: Number(size), reads, source: parseBytes(source), payload: parseBytes(payload) };
}

function formatBytes(bytes: Uint8Array): string {
  if (bytes.length === 0) return '-';
  const plain = Buffer.from(bytes).toString('base64');
  const packed = PACKED + zstdCompressSync(bytes).toString('base64');
  return bytes.length > 4096 && packed.length < plain.length ? packed : plain;
}

function parseBytes(text: string): Uint8Array {
  if (text === '-') return new Uint8Array(0);
  if (text.startsWith(PACKED))
    return new Uint8Array(zstdDecompressSync(Buffer.from(text.slice(PACKED.length), 'base64')));
  return new Uint8Array(Buffer.from(text, 'base64'));
}
