import type { BuildContext } from './build-context.ts';

/**
 * Shows a complete release: its objects get their names in the repository, all is synced, and the pointer follows as the last
 * rename. Devices see the old release or the new one.
 */
export function publishRelease(pointer: Uint8Array, { writer }: BuildContext): void {
  writer.publish(pointer);
}
