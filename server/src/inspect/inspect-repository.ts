import { LAYOUT } from '@swupd/manifests';
import { LIMITS, type Progress } from '@swupd/shared';
import { BuildError } from '../build-error.ts';
import { type CheckedObjects, checkObjects } from './check-objects.ts';
import { findUnreferenced } from './find-unreferenced.ts';
import { type Finding, Findings } from './finding.ts';
import { inspectBundles } from './inspect-bundles.ts';
import { inspectMoms } from './inspect-moms.ts';
import { inspectTrust } from './inspect-trust.ts';
import type { Inspection } from './inspection.ts';
import { type PublishedSource, readUpTo, SourceError } from './published-source.ts';
import type { RoleState } from './role-state.ts';

export interface InspectOptions {
  /** What devices trust; without, the repository's own first root. */
  readonly anchor: Uint8Array | undefined;
  /** Seconds since 1970. */
  readonly now: number;
  readonly quick: boolean;
  readonly lanes: number;
  readonly progress: Progress;
}

export interface InspectionResult {
  readonly repository: string;
  readonly product: string | undefined;
  readonly roles: readonly RoleState[];
  readonly channels: readonly InspectedChannel[];
  /** Builds whose MoMs were read, offered or not. */
  readonly builds: number;
  readonly documents: number;
  readonly packs: number;
  readonly objects: CheckedObjects;
  readonly findings: readonly Finding[];
}

export interface InspectedChannel {
  readonly channel: string;
  readonly offered: number;
  readonly newest: number | undefined;
}

/**
 * Looks at a published repository as a stranger does, from the first root to the last blob: what is wrong is a finding, not an
 * exception. Reads everything once, and what a delta starts from once more; holds a few manifests, and the lists of blobs and deltas.
 * @throws BuildError `not-a-repository` where there is no root to begin with
 */
export async function inspectRepository(
  source: PublishedSource,
  options: InspectOptions,
): Promise<InspectionResult> {
  const { quick, lanes, progress, now } = options;
  const findings = new Findings();
  const inspection: Inspection = { source, findings, seen: new Set(), quick, lanes, progress };
  const anchor = options.anchor ?? (await firstRoot(source));
  const trust = await inspectTrust(inspection, { anchor, now });
  const channels = trust?.channels ?? new Map();
  const keys = trust?.buildKeys;
  const moms = keys === undefined ? [] : await inspectMoms(inspection, channels, keys);
  const named = await inspectBundles(inspection, moms);
  const objects = await checkObjects(inspection, named);
  const roles = trust?.roles ?? [];
  await findUnreferenced(inspection, roles);
  return {
    repository: source.description,
    product: trust?.set.root.product,
    roles,
    channels: [...channels].map(([channel, offers]) => ({
      channel,
      offered: offers.length,
      newest: offers.at(-1)?.version,
    })),
    builds: moms.length,
    documents: named.documents,
    packs: named.packs,
    objects,
    findings: findings.list,
  };
}

async function firstRoot(source: PublishedSource): Promise<Uint8Array> {
  const name = LAYOUT.root(1);
  const root = await readRoot(source, name);
  if (root !== undefined) return root;
  throw new BuildError('not-a-repository', `${source.description} is no repository: it has no ${name}`, {
    hint: 'Pass the folder, or the URL, that devices get with -u.',
  });
}

async function readRoot(source: PublishedSource, name: string): Promise<Uint8Array | undefined> {
  try {
    return await readUpTo(source, name, LIMITS.rootFile);
  } catch (cause) {
    if (!(cause instanceof SourceError)) throw cause;
    throw new BuildError('not-a-repository', `${source.description} can't be read: ${cause.message}`, {
      cause,
      hint: 'Check the address, and that the server runs.',
    });
  }
}
