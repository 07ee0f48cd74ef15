import { displayPath } from '@swupd/shared';
import { Random } from '../../fuzz/random.ts';
import { compareTrees, type TreeSnapshot } from '../../support/snapshot-tree.ts';
import type { TestDevice } from '../../support/test-device.ts';
import { strike } from './blows.ts';

export interface TryOptions {
  readonly device: TestDevice;
  /** What it looks like undamaged, as it is now. */
  readonly expected: TreeSnapshot;
  readonly seed: number;
}

export interface TryResult {
  readonly blows: readonly string[];
  readonly wrong: readonly string[];
  readonly findings: number;
}

const BLOWS_MAX = 8;

/**
 * One to eight blows to an installed tree, then: looking changes nothing, and twice is the same; what `--fix` plans is just what
 * `verify` has found; what it has done leaves nothing to be found; a second one has nothing to do; the tree is as installed.
 */
export async function runTry({ device, expected, seed }: TryOptions): Promise<TryResult> {
  const random = new Random(seed);
  const picky = random.oneIn(2);
  const blows = Array.from({ length: 1 + random.below(BLOWS_MAX) }, () => strike(device.root, random));
  const wrong: string[] = [];
  const damaged = device.snapshot();
  const found = await device.diagnose({ picky });
  const planned = await device.repair({ picky, dryRun: true });
  wrong.push(...compareTrees(damaged, device.snapshot()).map((line) => `looking changes ${line}`));
  const { plan } = planned.outcome;
  const changed = [...plan.steps.map(({ entry }) => entry.path), ...plan.removals.map(({ path }) => path)];
  wrong.push(...differences(new Set(found.findings.map(({ path }) => path)), new Set(changed)));
  const fixed = await device.repair({ picky });
  if (JSON.stringify(fixed.findings) !== JSON.stringify(found.findings))
    wrong.push('--fix finds something else than verify');
  const after = await device.diagnose({ picky });
  for (const { path, problem } of after.findings)
    wrong.push(`after --fix, ${displayPath(path)} is ${problem}`);
  const second = await device.repair({ picky });
  const { changes, removals, downloadBytes } = second.outcome.cost;
  if (changes + removals + downloadBytes > 0)
    wrong.push(`a second --fix makes ${changes + removals} changes`);
  wrong.push(
    ...compareTrees(expected, ours(device.snapshot(), { expected, picky })).map(
      (line) => `in the end ${line}`,
    ),
  );
  // For the next try.
  if (!picky) await device.repair({ picky: true });
  return { blows: [picky ? 'picky' : 'plain', ...blows], wrong, findings: found.findings.length };
}

/** Only `--picky` removes what is not of the system. */
function ours(
  tree: TreeSnapshot,
  { expected, picky }: { readonly expected: TreeSnapshot; readonly picky: boolean },
): TreeSnapshot {
  if (picky) return tree;
  const kept = [...tree].filter(([path]) => expected.has(path));
  return new Map(kept.map(([path, node]) => [path, { ...node, group: withoutOthers(node.group, expected) }]));
}

/** Somebody else may have another name of a file of ours. */
function withoutOthers(group: string, expected: TreeSnapshot): string {
  const members = group.split(' ').filter((path) => expected.has(path));
  return members.length > 1 ? members.join(' ') : '';
}

function differences(found: ReadonlySet<string>, planned: ReadonlySet<string>): string[] {
  return [
    ...[...found].filter((path) => !planned.has(path)).map((path) => `found, but not planned: ${path}`),
    ...[...planned].filter((path) => !found.has(path)).map((path) => `planned, but not found: ${path}`),
  ];
}
