import { checkPointer, LAYOUT, type Pointer, parsePointer } from '@swupd/manifests';
import { LIMITS } from '@swupd/shared';
import type { Device } from '../device/device.ts';
import { fetchBytes } from '../repository/index.ts';

/**
 * The pointer that the repository offers now, verified and kept as the newest that this device has seen.
 * @throws TrustError `bad-pointer`, `pointer-rollback`, `metadata-expired`; RepositoryError
 */
export async function fetchPointer(device: Device): Promise<Pointer> {
  const { root, bytes: rootBytes } = device.trust.root(device.options.trustAnchor);
  const bytes = await fetchBytes(device.repository, LAYOUT.pointer, {
    limit: LIMITS.metadataFile,
    ...device.stop,
  });
  const pointer = parsePointer(bytes, root);
  checkPointer(pointer, { root, last: device.trust.pointer(root), now: device.ports.now() });
  device.trust.accept({ root: rootBytes, pointer: bytes });
  return pointer;
}
