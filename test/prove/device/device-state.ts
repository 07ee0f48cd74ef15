import { displayText } from '@swupd/shared';
import { snapshotTree } from '../../support/snapshot-tree.ts';
import { callClient } from './call-client.ts';
import { answersOf, type ClientResult } from './client.ts';

/** The client's own state; everything else below the root belongs to the system. */
export const STATE_PATH = 'var/lib/swupd';

/**
 * What a device is, one fact a line, sorted: each name below the root with all that the system promises to keep of it, what the client
 * says that is installed, and each difference that `verify` finds. Equal lines are an equal device.
 */
export type DeviceState = readonly string[];

export async function readDeviceState(root: string): Promise<DeviceState> {
  const verified = await callClient(['verify', '-j', '-p', root]);
  const listed = await callClient(['bundle-list', '-j', '-p', root]);
  return [...treeLines(root), ...recordLines(listed), ...findingLines(verified)].sort();
}

/** What is in one of the two only; empty where they are equal. */
export function differences(expected: DeviceState, found: DeviceState): string[] {
  const [wanted, present] = [new Set(expected), new Set(found)];
  return [
    ...expected.filter((line) => !present.has(line)).map((line) => `- ${line}`),
    ...found.filter((line) => !wanted.has(line)).map((line) => `+ ${line}`),
  ];
}

/** Tells the lines of the tree from what the client says. */
export function isTreeLine(line: string): boolean {
  return line.startsWith('/ ');
}

/** A line for each name below `top`. */
export function treeLines(top: string): string[] {
  return [...snapshotTree(top, { except: [STATE_PATH] })].map(([path, node]) => {
    const { type, mode, owner, content, xattrs, group } = node;
    return displayText(['/', path, type, mode, owner, content, xattrs, group].join(' '));
  });
}

function recordLines(listed: ClientResult): string[] {
  const [result] = answersOf(listed, 'result');
  if (result === undefined) return [`bundles: ${errorOf(listed)}`];
  const bundles = result.bundles as readonly { readonly name: string; readonly status: string }[];
  return bundles.map(({ name, status }) => `bundle ${name}: ${status}`);
}

function findingLines(verified: ClientResult): string[] {
  const [result] = answersOf(verified, 'result');
  if (result === undefined) return [`verify: ${errorOf(verified)}`];
  const findings = result.findings as readonly { readonly path: string; readonly problem: string }[];
  return [
    `build ${String(result.version)}`,
    ...findings.map(({ path, problem }) => `verify: ${path} ${problem}`),
  ];
}

/** A command that gives no answer says why; a code is as good as an answer where nothing is installed. */
function errorOf(result: ClientResult): string {
  const [error] = answersOf(result, 'error');
  return typeof error?.code === 'string' ? error.code : `ended with ${result.exit}: ${result.stderr.trim()}`;
}
