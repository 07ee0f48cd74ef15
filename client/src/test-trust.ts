import { LAYOUT, type ObjectName } from '@swupd/manifests';
import {
  BUILD_ROLE,
  channelPaths,
  type DelegationInput,
  ed25519Key,
  type FileRef,
  fileNameOf,
  formatMomSignature,
  formatOffer,
  type KeysInput,
  type Offer,
  offerPath,
  rootFields,
  rootName,
  type SignedFields,
  signEnvelope,
  signMom,
  snapshotFields,
  type TargetInput,
  targetsFields,
  timestampFields,
} from '@swupd/manifests/trust';
import { publicKeyOf } from '@swupd/shared';
import { hashContent } from '@swupd/shared/io';
import { TEST_TIME } from './test-support.ts';

/** The trust metadata of a repository for tests: small, and as honest as the test wants it to be. */

const LONG = 1e8;

/** Secret seeds of each role; all of them have to sign. `root` signs `targets` as well, `release` the channels. */
export interface TestSeeds {
  root: readonly Uint8Array[];
  release: readonly Uint8Array[];
  build: readonly Uint8Array[];
  snapshot: readonly Uint8Array[];
  timestamp: readonly Uint8Array[];
}

export const seedOf = (byte: number): Uint8Array => Buffer.alloc(32, byte);

/** What an offer says besides the MoM. */
export type TestOffer = Partial<Pick<Offer, 'minFrom' | 'barrier' | 'urgent' | 'reason'>> & {
  readonly channel?: string;
};

const SEEDS: TestSeeds = {
  root: [seedOf(7)],
  release: [seedOf(9)],
  build: [seedOf(8)],
  snapshot: [seedOf(10)],
  timestamp: [seedOf(11)],
};

export class TestTrust {
  /** Change them, and publish: what is signed by others than before is signed anew. */
  readonly seeds: TestSeeds;
  /** How many of the keys of a role have to sign, where that is not all of them. */
  readonly thresholds: Partial<Record<keyof TestSeeds, number>> = {};
  /** When metadata expires, seconds since 1970; a channel's name for its pages. */
  readonly expires: Record<string, number> = { timestamp: TEST_TIME + 1000 };
  product = 'tests';
  /** When the timestamp says that it was signed. */
  time = TEST_TIME;
  /** Builds on a page of a channel. */
  pageSize = 12;
  /** The role that the last page of each channel leads to, which honest ones don't. */
  lastPageLeadsTo: string | undefined;
  /** The trust anchor. */
  readonly anchor: Uint8Array;
  /** The newest file of each role, and what makes it what it is. */
  readonly #files = new Map<string, FileRef & { readonly content: string }>();
  readonly #channels = new Map<string, Map<number, TargetInput>>();
  readonly #write: (name: ObjectName, bytes: Uint8Array) => void;

  constructor(write: (name: ObjectName, bytes: Uint8Array) => void, seeds: Partial<TestSeeds> = {}) {
    this.#write = write;
    this.seeds = { ...SEEDS, ...seeds };
    this.anchor = this.publishRoot();
  }

  versionOf(role: string): number {
    return this.#files.get(role)?.version ?? 0;
  }

  /** Signs a MoM by the build keys, and puts it where devices look for it. */
  offer(version: number, mom: Uint8Array, { channel = 'stable', ...facts }: TestOffer = {}): void {
    const digest = hashContent(mom);
    this.#write(LAYOUT.momTarget(channel, version, digest), mom);
    for (const seed of this.seeds.build) {
      const signature = signMom(mom, seed);
      this.#write(LAYOUT.momSignature(version, signature.keyid), formatMomSignature(signature));
    }
    const { minFrom, barrier = false, urgent = false, reason } = facts;
    const offers = this.#channels.get(channel) ?? new Map<number, TargetInput>();
    offers.set(version, formatOffer({ digest, size: mom.length, minFrom, barrier, urgent, reason }));
    this.#channels.set(channel, offers);
  }

  withdraw(version: number, channel = 'stable'): void {
    this.#channels.get(channel)?.delete(version);
  }

  /** A new root, signed by the keys of the one before and by its own. */
  publishRoot(signers: readonly Uint8Array[] = []): Uint8Array {
    const root = this.#keysOf('root');
    const roles = {
      root,
      targets: root,
      snapshot: this.#keysOf('snapshot'),
      timestamp: this.#keysOf('timestamp'),
    };
    const version = this.versionOf('root') + 1;
    const fields = rootFields({ version, expires: this.#expiryOf('root'), product: this.product, roles });
    const bytes = signEnvelope(fields, unique([...this.seeds.root, ...signers]));
    this.#files.set('root', { version, bytes, content: '' });
    this.#write(LAYOUT.metadata(rootName(version)), bytes);
    return bytes;
  }

  /** A root by which others speak for root and timestamp; `byte` tells their keys from those before. */
  replaceKeys(byte: number): void {
    const before = this.seeds.root;
    this.seeds.root = [seedOf(100 + byte)];
    this.seeds.timestamp = [seedOf(180 + byte)];
    this.publishRoot(before);
  }

  /** Signs what has changed, and the timestamp. */
  publish(): void {
    for (const channel of this.#channels.keys()) this.#publishChannel(channel);
    this.#put('targets', this.seeds.root, (version) =>
      targetsFields({ version, expires: this.#expiryOf('targets'), delegations: this.#delegations() }),
    );
    const { root: _, snapshot: __, timestamp: ___, ...meta } = Object.fromEntries(this.#files);
    const snapshot = this.#put('snapshot', this.seeds.snapshot, (version) =>
      snapshotFields({ version, expires: this.#expiryOf('snapshot'), meta }),
    );
    const version = this.versionOf('timestamp') + 1;
    const { time, product } = this;
    const expires = this.#expiryOf('timestamp');
    const bytes = signEnvelope(
      timestampFields({ version, expires, time, product, snapshot }),
      this.seeds.timestamp,
    );
    this.#files.set('timestamp', { version, bytes, content: '' });
    this.#write(LAYOUT.timestamp, bytes);
  }

  /** The newest builds and the barriers on the first page, the others on pages that follow, each of which leads to the next. */
  #publishChannel(channel: string): void {
    const offers = [...(this.#channels.get(channel) ?? [])].sort(([a], [b]) => b - a);
    const isFirst = ([, { custom }]: (typeof offers)[number], i: number): boolean =>
      i < this.pageSize || JSON.stringify(custom ?? {}).includes('"barrier":true');
    const pages = [offers.filter(isFirst)];
    const rest = offers.filter((offer, i) => !isFirst(offer, i));
    for (let i = 0; i < rest.length; i += this.pageSize) pages.push(rest.slice(i, i + this.pageSize));
    pages.forEach((page, number) => {
      const older = number + 1 < pages.length ? `${channel}.${number + 1}` : this.lastPageLeadsTo;
      const next = older === undefined ? [] : [this.#channelRole(channel, older, false)];
      const targets = Object.fromEntries(
        page.map(([version, target]) => [offerPath(channel, version), target]),
      );
      this.#put(number === 0 ? channel : `${channel}.${number}`, this.seeds.release, (version) =>
        targetsFields({ version, expires: this.#expiryOf(channel), targets, delegations: next }),
      );
    });
  }

  #delegations(): DelegationInput[] {
    const build = { name: BUILD_ROLE, paths: [], terminating: false, ...this.#keysOf('build') };
    return [build, ...[...this.#channels.keys()].map((channel) => this.#channelRole(channel, channel, true))];
  }

  #channelRole(channel: string, name: string, terminating: boolean): DelegationInput {
    return { name, paths: channelPaths(channel), terminating, ...this.#keysOf('release') };
  }

  #put(role: string, seeds: readonly Uint8Array[], fieldsOf: (version: number) => SignedFields): FileRef {
    const before = this.#files.get(role);
    const content = JSON.stringify([fieldsOf(0), seeds.map((seed) => hashContent(seed))]);
    if (before?.content === content) return before;
    const version = (before?.version ?? 0) + 1;
    const file = { version, bytes: signEnvelope(fieldsOf(version), seeds), content };
    this.#files.set(role, file);
    this.#write(LAYOUT.metadata(`${version}.${fileNameOf(role)}`), file.bytes);
    return file;
  }

  #keysOf(role: keyof TestSeeds): KeysInput {
    const seeds = this.seeds[role];
    const keys = seeds.map((seed) => ed25519Key(publicKeyOf(seed)));
    return { keys, threshold: this.thresholds[role] ?? seeds.length };
  }

  #expiryOf(role: string): number {
    return this.expires[role] ?? TEST_TIME + LONG;
  }
}

function unique(seeds: readonly Uint8Array[]): Uint8Array[] {
  return [...new Map(seeds.map((seed) => [hashContent(seed), seed])).values()];
}
