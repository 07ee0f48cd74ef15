import { bytesOf, displayPath, displayText, type RepoPath } from '@swupd/shared';

/** A path in JSON: as shown to people, and its bytes in hex where that is not just what the bytes say in UTF-8. */
export interface JsonPath {
  readonly path: string;
  readonly pathHex?: string;
}

export function jsonPath(path: RepoPath): JsonPath {
  const shown = displayPath(path);
  const bytes = bytesOf(`/${path}`);
  return Buffer.from(shown, 'utf8').equals(bytes)
    ? { path: shown }
    : { path: shown, pathHex: bytes.toString('hex') };
}

/** Bytes that a manifest gives as a text, a description for example; undefined where there are none. */
export function jsonText(text: string | undefined): string | undefined {
  return text === undefined ? undefined : displayText(text);
}

/** `/a, /b and 3 more` */
export function someOf(shown: readonly string[], most: number): string {
  const rest = shown.length - most;
  return rest > 0 ? `${shown.slice(0, most).join(', ')} and ${rest} more` : shown.join(', ');
}
