import {
  driveTrust,
  findTarget,
  type KeyPolicy,
  refreshTrust,
  type TargetFile,
  TrustError,
  type TrustedSet,
  type TrustRequest,
  type TrustRun,
} from '@swupd/manifests/trust';
import { SwupdError } from '@swupd/shared';
import { hasKnownHashes, isTarget, targetName } from './download-target.ts';
import type { Outcome, TufClient } from './tuf-client.ts';

/** What a client asks of its network. */
export interface SimNetwork {
  fetchMetadata(name: string): Uint8Array | undefined;
  fetchArtifact(name: string): Uint8Array | undefined;
}

export interface SimClientOptions {
  readonly network: SimNetwork;
  readonly policy: KeyPolicy;
  /** Seconds since 1970. */
  readonly now: number;
}

/** What a device does, in one process: the same workflow over a store and a network in memory, with a clock that is set. */
export class SimClient implements TufClient {
  now: number;
  /** Earliest time that the device believes in; seconds. */
  floor: number | undefined;
  /** Every request of the workflow in its order, for cases that look inside or cut it short. */
  readonly requests: TrustRequest[] = [];
  /** Called before each request is answered; may throw, as a power cut does. */
  onRequest: (request: TrustRequest) => void = () => undefined;
  /** Whether it stops reading at the limit of a request, as a shell has to. Otherwise the workflow gets it all. */
  obeysLimits = true;
  readonly #network: SimNetwork;
  readonly #policy: KeyPolicy;
  readonly #store = new Map<string, Uint8Array>();
  readonly #artifacts = new Map<string, Uint8Array>();
  #anchor: Uint8Array = new Uint8Array();

  constructor({ network, policy, now }: SimClientOptions) {
    this.#network = network;
    this.#policy = policy;
    this.now = now;
  }

  async init(root: Uint8Array): Promise<Outcome> {
    this.#anchor = root;
    this.#store.clear();
    this.#store.set('root', root);
    return { ok: true };
  }

  async refresh(): Promise<Outcome> {
    return outcomeOf(() => this.refreshSet());
  }

  async download(...paths: readonly string[]): Promise<Outcome> {
    return outcomeOf(() => {
      let set = this.refreshSet();
      for (const path of paths) {
        const found = this.run(findTarget(set, path));
        set = found.set;
        if (found.target === undefined) throw new NoTarget(`nobody lists ${path}`);
        this.#downloadTarget(set, found.target);
      }
    });
  }

  /** Looks for a target, and does not download it. */
  async find(path: string): Promise<Outcome> {
    return outcomeOf(() => {
      if (this.run(findTarget(this.refreshSet(), path)).target === undefined) throw new NoTarget(path);
    });
  }

  /** The set itself, or what the workflow throws. A stored root that is none leads back to the anchor. */
  refreshSet(): TrustedSet {
    const stored = this.#store.get('root') ?? this.#anchor;
    try {
      return this.#refreshFrom(stored);
    } catch (error) {
      if (!(error instanceof TrustError) || error.code !== 'bad-root' || stored === this.#anchor) throw error;
      return this.#refreshFrom(this.#anchor);
    }
  }

  run<T>(run: TrustRun<T>): T {
    return driveTrust(run, (request) => {
      this.requests.push(request);
      this.onRequest(request);
      return this.#answer(request);
    });
  }

  trusted(): ReadonlyMap<string, Uint8Array> {
    return this.#store;
  }

  plant(role: string, bytes: Uint8Array | undefined): void {
    if (bytes === undefined) this.#store.delete(role);
    else this.#store.set(role, bytes);
  }

  artifacts(): ReadonlyMap<string, Uint8Array> {
    return this.#artifacts;
  }

  async [Symbol.asyncDispose](): Promise<void> {}

  #refreshFrom(root: Uint8Array): TrustedSet {
    const floor = this.floor === undefined ? {} : { floor: this.floor };
    return this.run(refreshTrust({ root, clock: this.now, policy: this.#policy, ...floor }));
  }

  #answer(request: TrustRequest): Uint8Array | undefined {
    if (request.kind === 'load') return this.#store.get(request.role);
    if (request.kind === 'fetch') return this.#fetch(request);
    this.#store.set(request.role, request.bytes);
    return undefined;
  }

  #fetch({ name, limit }: TrustRequest & { kind: 'fetch' }): Uint8Array | undefined {
    const bytes = this.#network.fetchMetadata(name);
    if (this.obeysLimits && bytes !== undefined && bytes.length > limit)
      throw new EndlessBody(`${name} exceeds ${limit} bytes`);
    return bytes;
  }

  #downloadTarget(set: TrustedSet, target: TargetFile): void {
    const kept = this.#artifacts.get(target.path);
    if (kept !== undefined && isTarget(kept, target)) return;
    if (!hasKnownHashes(target)) throw new WrongTarget(`${target.path} has an unknown kind of hash`);
    const bytes = this.#network.fetchArtifact(targetName(set, target));
    if (bytes === undefined || !isTarget(bytes, target)) throw new WrongTarget(target.path);
    this.#artifacts.set(target.path, bytes);
  }
}

class NoTarget extends Error {}
class WrongTarget extends Error {}
/** More than the limit of a request: a shell stops reading there. */
class EndlessBody extends Error {}

function outcomeOf(run: () => unknown): Outcome {
  try {
    run();
    return { ok: true };
  } catch (error) {
    if (error instanceof SwupdError) return { ok: false, code: error.code };
    if (error instanceof NoTarget) return { ok: false, code: 'unknown-target' };
    if (error instanceof WrongTarget) return { ok: false, code: 'target-mismatch' };
    if (error instanceof EndlessBody) return { ok: false, code: 'body-too-long' };
    throw error;
  }
}
