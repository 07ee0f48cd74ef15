import type { Device } from '../device/device.ts';
import type { Recovery } from '../transaction/finish-interrupted.ts';

export interface RecoverResult {
  /** What has become of changes that an earlier command had begun. */
  readonly recovery: Recovery;
  /** What is installed now; undefined where an installation was taken back. */
  readonly version: number | undefined;
}

/** Says what `changeDevice` has done before every command that changes something: here it is all that is to be done. */
export async function recover(device: Device, recovery: Recovery): Promise<RecoverResult> {
  return { recovery, version: device.record?.version };
}
