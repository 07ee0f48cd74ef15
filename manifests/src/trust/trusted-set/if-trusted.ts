import { TrustError } from '../trust-error.ts';

/** What `verify` makes of bytes from the device's own store; undefined where there are none, or they are not to be trusted. */
export function ifTrusted<T>(bytes: Uint8Array | undefined, verify: (bytes: Uint8Array) => T): T | undefined {
  if (bytes === undefined) return undefined;
  try {
    return verify(bytes);
  } catch (error) {
    if (error instanceof TrustError) return undefined;
    throw error;
  }
}
