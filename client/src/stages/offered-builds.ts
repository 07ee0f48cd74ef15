import {
  buildKeys,
  type ChannelPage,
  loadOlderPage,
  type Offer,
  offersOf,
  planStops,
  type RoleKeys,
  TrustError,
  type TrustedSet,
} from '@swupd/manifests/trust';
import { LIMITS } from '@swupd/shared';
import type { Device } from '../device/device.ts';
import { runTrust } from './run-trust.ts';

/** The builds that a channel offers. A channel has pages: the newest is at hand, older ones are fetched when they are needed. */
export class OfferedBuilds {
  readonly channel: string;
  readonly #device: Device;
  #set: TrustedSet;
  #oldest: ChannelPage | undefined;
  #offers: readonly Offer[];
  /** Against pages that lead in a circle, which only a thief of the release keys can sign. */
  #pages = 0;

  constructor(device: Device, channel: string, newest: ChannelPage) {
    this.#device = device;
    this.channel = channel;
    this.#set = newest.set;
    this.#oldest = newest;
    this.#offers = offersOf(newest.page, channel);
  }

  /** The keys that have to have signed each of the builds. */
  get buildKeys(): RoleKeys {
    return buildKeys(this.#set);
  }

  /** When the repository's answer has to be renewed, seconds since 1970. */
  get expires(): number {
    return this.#set.timestamp?.expires ?? 0;
  }

  /** undefined where nothing is offered. */
  get newest(): Offer | undefined {
    return this.#offers.at(-1);
  }

  /** The offer of a build; undefined where it is not offered. */
  async find(version: number): Promise<Offer | undefined> {
    for (;;) {
      const offer = this.#offers.find((one) => one.version === version);
      if (offer !== undefined || !(await this.#loadOlder())) return offer;
    }
  }

  /**
   * The builds that lead from one to another, in their order, the other one last; undefined where no way does. What holds
   * everybody up is on the newest page, so a way that is found there is right.
   */
  async way(from: number, to: number): Promise<Offer[] | undefined> {
    for (;;) {
      const stops = planStops(this.#offers, from, to);
      if (stops !== undefined) return this.#offers.filter(({ version }) => stops.includes(version));
      if (!(await this.#loadOlder())) return undefined;
    }
  }

  async #loadOlder(): Promise<boolean> {
    if (this.#oldest === undefined) return false;
    if (++this.#pages > LIMITS.delegatedRoles) throw tooManyPages(this.channel);
    const older = await runTrust(this.#device, loadOlderPage(this.#set, this.channel, this.#oldest));
    this.#oldest = older;
    if (older === undefined) return false;
    this.#set = older.set;
    this.#add(offersOf(older.page, this.channel));
    return true;
  }

  /** What a newer page says of a build goes before what an older one says, as in TUF's search (5.6.7). */
  #add(older: readonly Offer[]): void {
    const known = new Set(this.#offers.map(({ version }) => version));
    const added = older.filter(({ version }) => !known.has(version));
    this.#offers = [...added, ...this.#offers].sort((a, b) => a.version - b.version);
  }
}

function tooManyPages(channel: string): TrustError {
  return new TrustError(
    'metadata-limit',
    `the channel '${channel}' has more than ${LIMITS.delegatedRoles} pages`,
    {
      details: { role: channel, limit: LIMITS.delegatedRoles },
      hint: 'The repository has to be arranged with fewer pages. Nothing has been changed.',
    },
  );
}
