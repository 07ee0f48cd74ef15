import type { TrustRun } from '@swupd/manifests/trust';
import type { Device } from '../device/device.ts';
import { driveTrustAsync } from '../trust/drive-trust.ts';
import { fetchMetadata } from '../trust/fetch-metadata.ts';

/** Carries a workflow of trust through with what the device keeps and the repository has. @throws TrustError, RepositoryError */
export function runTrust<T>(device: Device, run: TrustRun<T>): Promise<T> {
  return driveTrustAsync(run, (request) => {
    switch (request.kind) {
      case 'fetch':
        return fetchMetadata(device.repository, request, device.stop);
      case 'load':
        return device.trust.load(request.role);
      case 'save':
        device.trust.save(request.role, request.bytes);
        return undefined;
    }
  });
}
