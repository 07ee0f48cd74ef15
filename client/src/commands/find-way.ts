import type { Offer } from '@swupd/manifests/trust';
import { DeviceError } from '../device-error.ts';
import type { OfferedBuilds } from '../stages/offered-builds.ts';

/**
 * The builds that lead from the `installed` one to `wanted`, or to the newest, in their order; none where the device is there
 * already. A device never goes back by an update.
 * @throws DeviceError `no-such-version`, `no-way`
 */
export async function findWay(
  offered: OfferedBuilds,
  installed: number,
  wanted: number | undefined,
): Promise<readonly Offer[]> {
  const newest = offered.newest?.version ?? 0;
  const to = wanted ?? newest;
  if (to === installed || (wanted === undefined && to < installed)) return [];
  if (to < installed) throw notOffered(to, `build ${installed} is installed, and update does not go back`);
  if ((await offered.find(to)) === undefined)
    throw notOffered(to, `the channel '${offered.channel}' does not offer it; its newest build is ${newest}`);
  const way = await offered.way(installed, to);
  if (way !== undefined) return way;
  throw new DeviceError('no-way', `no way leads from build ${installed} to build ${to}`, {
    details: { installed, version: to, channel: offered.channel },
    hint: 'The repository has to offer a build that can be reached from here, and that leads on. Or install anew with os-install --force.',
  });
}

function notOffered(version: number, why: string): DeviceError {
  return new DeviceError('no-such-version', `can't update to build ${version}: ${why}`, {
    details: { version },
    hint: "See what is offered with 'swupd check-update'.",
  });
}
