import { type Digest, isDigest, LIMITS } from '@swupd/shared';
import { isRecord } from '../json/parse-json.ts';
import { malformed } from '../metadata/metadata.ts';
import type { TargetFile, TargetInput, Targets } from '../metadata/targets.ts';

/** A build that a channel offers: its MoM, and what a device has to know before it takes it. */
export interface Offer {
  readonly channel: string;
  readonly version: number;
  /** The MoM's path as a TUF target. */
  readonly path: string;
  /** Of the MoM. */
  readonly digest: Digest;
  readonly size: number;
  /** The oldest build that can go to this one at once. */
  readonly minFrom: number | undefined;
  /** Whether devices on older builds may not pass it by. */
  readonly barrier: boolean;
  /** Whether it should not wait for the next quiet hour. */
  readonly urgent: boolean;
  /** Why it is offered, in words. */
  readonly reason: string | undefined;
}

const CHANNEL = /^[a-z][a-z0-9-]{0,31}$/;
const VERSION = /^[1-9][0-9]{0,15}$/;
/** Names of delegations and of TUF's own roles. */
const RESERVED = ['build', 'root', 'targets', 'snapshot', 'timestamp'];

/** Whether a channel may be called so. Pages of it are called `NAME.1`, so a point is not part of a name. */
export function isChannelName(text: string): boolean {
  return CHANNEL.test(text) && !RESERVED.includes(text);
}

export function offerPath(channel: string, version: number): string {
  return `${channel}/${version}/mom`;
}

/** Patterns of the paths that a channel's keys may speak for. */
export function channelPaths(channel: string): string[] {
  return [`${channel}/*/mom`];
}

/** How an offer is written in the channel's metadata: what goes without saying is left out. */
export function formatOffer(offer: Omit<Offer, 'channel' | 'path' | 'version'>): TargetInput {
  const { digest, size, minFrom, barrier, urgent, reason } = offer;
  const custom = {
    ...(minFrom === undefined ? {} : { minFrom }),
    ...(barrier ? { barrier } : {}),
    ...(urgent ? { urgent } : {}),
    ...(reason === undefined ? {} : { reason }),
  };
  const isPlain = Object.keys(custom).length === 0;
  return { length: size, hashes: { sha256: digest }, ...(isPlain ? {} : { custom }) };
}

/**
 * The builds in a page of a channel, oldest first. Targets with other paths are no builds, and left out.
 * @throws TrustError `bad-metadata` where a build is malformed
 */
export function offersOf({ targets }: Targets, channel: string): Offer[] {
  const offers = [...targets.values()].flatMap((target) => {
    const version = versionIn(target.path, channel);
    return version === undefined ? [] : [readOffer(target, channel, version)];
  });
  return offers.sort((a, b) => a.version - b.version);
}

/** @throws TrustError `bad-metadata` */
export function readOffer(target: TargetFile, channel: string, version: number): Offer {
  const { path, length, hashes, custom = {} } = target;
  const digest = hashes.get('sha256');
  const bad = (what: string): Error => malformed(channel, `${what} of build ${version} is malformed`);
  if (digest === undefined || !isDigest(digest)) throw bad('the digest');
  if (length < 1 || length > LIMITS.mom) throw bad('the length');
  if (!isRecord(custom)) throw bad('the custom data');
  const { minFrom, barrier = false, urgent = false, reason } = custom;
  if (minFrom !== undefined && (typeof minFrom !== 'number' || minFrom < 1)) throw bad('minFrom');
  if (typeof barrier !== 'boolean' || typeof urgent !== 'boolean') throw bad('a flag');
  if (reason !== undefined && typeof reason !== 'string') throw bad('the reason');
  return { channel, version, path, digest, size: length, minFrom, barrier, urgent, reason };
}

function versionIn(path: string, channel: string): number | undefined {
  const [name, version = '', file, ...rest] = path.split('/');
  if (name !== channel || file !== 'mom' || rest.length > 0 || !VERSION.test(version)) return undefined;
  return Number.isSafeInteger(Number(version)) ? Number(version) : undefined;
}
