import { fileNameOf } from '@swupd/manifests/trust';
import { sha256 } from '@swupd/shared';

/** The trust anchor of the installation. No role has a file of this name. */
export const FACTORY_ROOT = 'factory.root.json';

/** With what `replaceFile` puts behind it, no file system refuses a name of this length. */
const LONGEST = 200;

/**
 * The name of the file that keeps the metadata of `role`. A stranger may have named the role: whatever it is called, its file
 * lies in the store's folder, and is none of another purpose.
 */
export function roleFile(role: string): string {
  const name = fileNameOf(role);
  if (name === FACTORY_ROOT) return 'factory%2Eroot.json';
  return name.length > LONGEST ? `${sha256(Buffer.from(role))}.json` : name;
}
