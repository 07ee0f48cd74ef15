import { sha256 } from '@swupd/shared';

/** The trust anchor of the installation. No role has this name: its dot would be written `%2E`. */
export const FACTORY_ROOT = 'factory.root.json';

/** No file system of ours takes names longer than this, with what `replaceFile` puts behind them. */
const LONGEST = 200;

/**
 * The name of the file that keeps the metadata of `role`. A role may be named by a stranger: whatever it is called, its file
 * lies in the store's folder, and is none of another purpose.
 */
export function roleFile(role: string): string {
  const encoded = [...Buffer.from(role)].map(encodedByte).join('');
  const name = `${encoded}.json`;
  if (name === FACTORY_ROOT) return 'factory%2Eroot.json';
  return name.length > LONGEST ? `${sha256(Buffer.from(role))}.json` : name;
}

function encodedByte(byte: number): string {
  const char = String.fromCharCode(byte);
  return /[A-Za-z0-9._~-]/.test(char) ? char : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
}
