import { fileNameOf } from '../metadata/role-name.ts';
import type { TrustedSet } from '../trusted-set/trusted-set.ts';

/** The name of a role's metadata on the server, below its folder (TUF 1.0.34, section 6.2). */
export function metadataName({ root }: TrustedSet, role: string, version: number): string {
  return root.consistentSnapshot ? `${version}.${fileNameOf(role)}` : fileNameOf(role);
}

export function rootName(version: number): string {
  return `${version}.${fileNameOf('root')}`;
}
