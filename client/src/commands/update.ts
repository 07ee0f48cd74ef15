import type { Offer } from '@swupd/manifests/trust';
import type { BundleName } from '@swupd/shared';
import type { Device } from '../device/device.ts';
import { fetchOffers } from '../stages/fetch-offers.ts';
import { fetchRelease } from '../stages/fetch-release.ts';
import type { OfferedBuilds } from '../stages/offered-builds.ts';
import { keepChannel } from '../state/installed-record.ts';
import { findWay } from './find-way.ts';
import { joinMoves } from './join-moves.ts';
import { type Move, type MoveOptions, moveToBuild } from './move-to-build.ts';
import type { CommandOutcome } from './outcome.ts';

export interface UpdateOptions extends MoveOptions {
  /** The version to go to; default the newest. */
  readonly version?: number;
}

export type UpdateResult =
  | {
      readonly kind: 'up-to-date';
      readonly version: number;
      readonly transferred: CommandOutcome['transferred'];
    }
  | ({
      /** What is only planned or downloaded is so up to the first of the stops: what comes after it depends on it. */
      readonly kind: 'updated' | 'planned' | 'downloaded';
      readonly from: number;
      readonly to: number;
      /** Builds that the way to `to` leads through, in their order. */
      readonly stops: readonly number[];
      /** Bundles that the new build does not have any more. */
      readonly dropped: readonly BundleName[];
    } & CommandOutcome);

/**
 * Takes the system to another build that its channel offers: through the builds that have to be on the way, each of them in a
 * transaction of its own. What is cut off in between goes on from there the next time.
 * @throws DeviceError `not-installed`, `no-such-version`, `no-way`; TrustError; what fetching, planning and changing throw
 */
export async function update(device: Device, options: UpdateOptions): Promise<UpdateResult> {
  const record = device.requireRecord();
  const { version } = record;
  const offered = await fetchOffers(device);
  const way = await findWay(offered, version, options.version);
  const [first, ...rest] = way;
  if (first === undefined) {
    if (!options.dryRun && !options.downloadOnly) keepChannel(device.state.top, record, offered.channel);
    return { kind: 'up-to-date', version, transferred: device.transferred };
  }
  const kind = options.dryRun ? 'planned' : options.downloadOnly ? 'downloaded' : 'updated';
  const moves = await moveAlong(device, offered, { first, rest: kind === 'updated' ? rest : [], options });
  const { dropped, outcome } = joinMoves(moves);
  const versions = way.map((offer) => offer.version);
  const to = versions.at(-1) ?? version;
  return { kind, from: version, to, stops: versions.slice(0, -1), dropped, ...outcome };
}

interface Way {
  readonly first: Offer;
  readonly rest: readonly Offer[];
  readonly options: MoveOptions;
}

async function moveAlong(
  device: Device,
  offered: OfferedBuilds,
  { first, rest, options }: Way,
): Promise<[Move, ...Move[]]> {
  const moveTo = async (offer: Offer, earlierBytes: number): Promise<Move> =>
    moveToBuild(device, await fetchRelease(device, offered, offer), { ...options, earlierBytes });
  const moves: [Move, ...Move[]] = [await moveTo(first, 0)];
  let at = first.version;
  for (const offer of rest) {
    try {
      moves.push(await moveTo(offer, device.transferred.bytes));
    } catch (error) {
      device.ports.warn(`The system has got to build ${at}. The next update goes on from there.`);
      throw error;
    }
    at = offer.version;
  }
  return moves;
}
