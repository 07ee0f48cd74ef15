import { LAYOUT, type Mom } from '@swupd/manifests';
import { type Offer, type RoleKeys, verifyMom } from '@swupd/manifests/trust';
import { LIMITS } from '@swupd/shared';
import { type Inspection, readExpected, readLimited, reportUnreadable } from './inspection.ts';
import { readUpTo } from './published-source.ts';

/**
 * The MoMs of all offered builds, verified as devices do it, and of the builds that they follow or that lie there, as far as those
 * still do. By rising version.
 */
export async function inspectMoms(
  inspection: Inspection,
  channels: ReadonlyMap<string, readonly Offer[]>,
  keys: RoleKeys,
): Promise<Mom[]> {
  const reader = new MomReader(inspection, keys);
  for (const offers of channels.values()) for (const offer of offers) await reader.readOffered(offer);
  const offered = new Set([...channels.values()].flat().map(({ version }) => version));
  const others = await otherBuilds(inspection, offered);
  for (const version of others) await reader.readOther(version);
  if (others.length > 0)
    inspection.findings.add('not-offered', 'releases/', `no channel offers the builds ${others.join(', ')}`);
  await reader.readPrevious();
  return reader.moms();
}

/** Builds in the folder that no channel offers. A web server does not tell of them. */
async function otherBuilds({ source }: Inspection, offered: ReadonlySet<number>): Promise<number[]> {
  const names = (await source.list()) ?? [];
  return names
    .flatMap((name) => /^releases\/([1-9][0-9]{0,15})\/mom$/.exec(name)?.slice(1) ?? [])
    .map(Number)
    .filter((version) => !offered.has(version))
    .sort((a, b) => a - b);
}

class MomReader {
  readonly #inspection: Inspection;
  readonly #keys: RoleKeys;
  readonly #moms = new Map<number, Mom>();
  readonly #tried = new Map<number, string>();

  constructor(inspection: Inspection, keys: RoleKeys) {
    this.#inspection = inspection;
    this.#keys = keys;
  }

  moms(): Mom[] {
    return [...this.#moms.values()].sort((a, b) => a.version - b.version);
  }

  /** A build's MoM under both of its names. */
  async readOffered(offer: Offer): Promise<void> {
    const { channel, version, digest } = offer;
    await readExpected(this.#inspection, LAYOUT.momTarget(channel, version, digest), offer);
    const before = this.#tried.get(version);
    this.#tried.set(version, digest);
    if (before !== undefined && before !== digest)
      this.#inspection.findings.add(
        'offers-differ',
        LAYOUT.mom(version),
        `the channels offer two MoMs as build ${version}`,
      );
    if (before !== undefined) return;
    const mom = await readExpected(this.#inspection, LAYOUT.mom(version), offer);
    if (mom !== undefined) await this.#verify(version, mom, offer);
  }

  async readOther(version: number): Promise<void> {
    this.#tried.set(version, '');
    const mom = await readLimited(this.#inspection, LAYOUT.mom(version), LIMITS.mom);
    if (mom !== undefined) await this.#verify(version, mom, undefined);
  }

  /** Old builds may have been removed; deltas start from what is still there. */
  async readPrevious(): Promise<void> {
    for (const { previous } of this.#moms.values()) {
      if (previous === 0 || this.#tried.has(previous)) continue;
      const size = await this.#sizeOf(previous);
      if (size !== undefined) await this.readOther(previous);
    }
  }

  async #sizeOf(version: number): Promise<number | undefined> {
    try {
      return await this.#inspection.source.sizeOf(LAYOUT.mom(version));
    } catch (error) {
      reportUnreadable(this.#inspection.findings, LAYOUT.mom(version), error);
      return undefined;
    }
  }

  async #verify(version: number, mom: Uint8Array, offer: Offer | undefined): Promise<void> {
    try {
      const verified = verifyMom({ mom, signatures: await this.#signatures(version) }, this.#keys, offer);
      this.#moms.set(version, verified);
    } catch (error) {
      this.#inspection.findings.addError(LAYOUT.mom(version), error);
    }
  }

  /** Those that are there: a threshold may need fewer than there are keys. */
  async #signatures(version: number): Promise<Uint8Array[]> {
    const { source, seen, findings } = this.#inspection;
    const found: Uint8Array[] = [];
    for (const keyid of this.#keys.keys.keys()) {
      const name = LAYOUT.momSignature(version, keyid);
      try {
        const bytes = await readUpTo(source, name, LIMITS.signatureFile);
        if (bytes === undefined) continue;
        seen.add(name);
        found.push(bytes);
      } catch (error) {
        reportUnreadable(findings, name, error);
      }
    }
    return found;
  }
}
