import { LAYOUT, type ObjectName } from '@swupd/manifests';
import { fileNameOf } from '@swupd/manifests/trust';

/** Where version `version` of a role's metadata is published. */
export function metadataObject(role: string, version: number): ObjectName {
  return LAYOUT.metadata(`${version}.${fileNameOf(role)}`);
}
