import {
  buildKeys,
  type ChannelPage,
  loadOlderPage,
  type Offer,
  offersOf,
  planStops,
  type RoleKeys,
  type TrustedSet,
} from '@swupd/manifests/trust';
import type { Device } from '../device/device.ts';
import { runTrust } from './run-trust.ts';

/** The builds that a channel offers. A channel has pages: the newest is at hand, older ones are fetched when they are needed. */
export class OfferedBuilds {
  readonly channel: string;
  readonly #device: Device;
  #set: TrustedSet;
  #oldest: ChannelPage | undefined;
  #offers: readonly Offer[];

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
    const older = await runTrust(this.#device, loadOlderPage(this.#set, this.channel, this.#oldest));
    this.#oldest = older;
    if (older === undefined) return false;
    this.#set = older.set;
    this.#offers = [...offersOf(older.page, this.channel), ...this.#offers].sort(
      (a, b) => a.version - b.version,
    );
    return true;
  }
}
