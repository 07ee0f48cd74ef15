import { keyIdOf } from '@swupd/manifests/trust';
import { readPublicFile } from './public-key-file.ts';

/** The key id that a user has typed: an id, the beginning of one, or a public file. @throws CeremonyError `bad-public-key` */
export function namedKey(text: string, absolute: (path: string) => string): string {
  return text.endsWith('.pub') ? keyIdOf(readPublicFile(absolute(text))) : text;
}
