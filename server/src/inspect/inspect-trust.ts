import { LAYOUT } from '@swupd/manifests';
import {
  BUILD_ROLE,
  buildKeys,
  type ChannelPage,
  fileNameOf,
  loadChannel,
  loadOlderPage,
  type Offer,
  offersOf,
  PRODUCTION,
  parseRoot,
  planStops,
  type RoleKeys,
  refreshTrust,
  rootName,
  TrustError,
  type TrustedSet,
} from '@swupd/manifests/trust';
import { LIMITS } from '@swupd/shared';
import { checkRole } from './check-role.ts';
import { type Driven, driveTrust } from './drive-trust.ts';
import { type Inspection, readLimited, reportUnreadable } from './inspection.ts';
import { SourceError } from './published-source.ts';
import { type RoleState, stateOf, topLevelRoles } from './role-state.ts';

/** What the metadata say, as far as they can be believed. */
export interface InspectedTrust {
  readonly set: TrustedSet;
  readonly roles: readonly RoleState[];
  /** Offers by channel, oldest first. */
  readonly channels: ReadonlyMap<string, readonly Offer[]>;
  /** Undefined where the repository names none. */
  readonly buildKeys: RoleKeys | undefined;
}

/**
 * Follows the metadata from the trust anchor to the last page of each channel; undefined where they lead nowhere. Time is left
 * out of that, so that what has expired is looked at as well, and judged afterwards by `now`, seconds since 1970.
 */
export async function inspectTrust(
  inspection: Inspection,
  { anchor, now }: { readonly anchor: Uint8Array; readonly now: number },
): Promise<InspectedTrust | undefined> {
  if (!(await checkAnchor(inspection, anchor))) return undefined;
  const set = settle(inspection, await driveTrust(inspection, refreshTrust({ root: anchor, clock: 0 })));
  if (set === undefined) return undefined;
  const roles = topLevelRoles(set);
  const channels = new Map<string, readonly Offer[]>();
  for (const { name: channel } of set.targets?.delegations ?? []) {
    if (channel === BUILD_ROLE) continue;
    const pages = await readPages(inspection, set, channel);
    const offers = pages.flatMap((page) => page.offers).sort((a, b) => a.version - b.version);
    checkWays(inspection, channel, offers);
    channels.set(channel, offers);
    roles.push(...pages.map(({ state }) => state));
  }
  if ([...channels.values()].every((offers) => offers.length === 0))
    inspection.findings.add('nothing-offered', 'metadata/', 'no channel offers a build');
  for (const state of roles)
    checkRole(inspection, state, { ...set, clock: now, now: Math.max(now, set.now) });
  return { set, roles, channels, buildKeys: keysOf(inspection, set) };
}

/** The anchor is what devices have; the repository has to have the same root under its version. */
async function checkAnchor(inspection: Inspection, anchor: Uint8Array): Promise<boolean> {
  let version: number;
  try {
    version = parseRoot(anchor, PRODUCTION).version;
  } catch (error) {
    inspection.findings.addError(LAYOUT.root(1), error);
    return false;
  }
  const name = LAYOUT.metadata(rootName(version));
  const published = await readLimited(inspection, name, LIMITS.rootFile);
  if (published !== undefined && !Buffer.from(anchor).equals(published))
    inspection.findings.add('anchor-differs', name, 'the file is not the trust anchor that was given');
  return true;
}

/** What a run gave; undefined where it failed, which is reported. */
function settle<T>({ findings }: Inspection, driven: Driven<T>): T | undefined {
  if ('value' in driven) return driven.value;
  if (driven.error instanceof SourceError) reportUnreadable(findings, driven.name, driven.error);
  else findings.addError(driven.name, driven.error);
  return undefined;
}

interface InspectedPage {
  readonly state: RoleState;
  readonly offers: readonly Offer[];
}

/** The pages of a channel, the newest builds first, as far as they can be read. One that offers nothing yet has none. */
async function readPages(inspection: Inspection, set: TrustedSet, channel: string): Promise<InspectedPage[]> {
  if (set.snapshot?.meta.has(channel) !== true) return [];
  const pages: InspectedPage[] = [];
  let page: ChannelPage | undefined = settle(
    inspection,
    await driveTrust(inspection, loadChannel(set, channel)),
  );
  while (page !== undefined && pages.length < LIMITS.delegatedRoles) {
    const state = stateOf(page.set, page.name, page.page);
    try {
      pages.push({ state, offers: offersOf(page.page, channel) });
    } catch (error) {
      inspection.findings.addError(state.name, error);
    }
    page = settle(inspection, await driveTrust(inspection, loadOlderPage(page.set, channel, page)));
  }
  return pages;
}

/** From each build that is offered, devices have to find a way to the newest. */
function checkWays({ findings }: Inspection, channel: string, offers: readonly Offer[]): void {
  const newest = offers.at(-1)?.version ?? 0;
  const stuck = offers
    .map(({ version }) => version)
    .filter((version) => version < newest && planStops(offers, version, newest) === undefined);
  if (stuck.length === 0) return;
  const from = stuck.length === 1 ? `build ${stuck[0]}` : `the builds ${stuck.join(', ')}`;
  findings.add('no-way', `metadata/`, `on ${channel}, no way leads from ${from} to build ${newest}`);
}

function keysOf({ findings }: Inspection, set: TrustedSet): RoleKeys | undefined {
  try {
    return buildKeys(set);
  } catch (error) {
    if (error instanceof TrustError) findings.addError(LAYOUT.metadata(fileNameOf('targets')), error);
    else throw error;
    return undefined;
  }
}
