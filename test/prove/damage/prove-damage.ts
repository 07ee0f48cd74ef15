import { join } from 'node:path';
import { REAL_DISK } from '../../../client/src/disk/index.ts';
import { compareTrees } from '../../support/snapshot-tree.ts';
import { tempFolder } from '../../support/temp-folder.ts';
import { TestDevice } from '../../support/test-device.ts';
import { TestRepository } from '../../support/test-repository.ts';
import type { Broken, ProofRequest, ProofResult } from '../proof.ts';
import { TREE } from './damage-tree.ts';
import { runTry } from './run-try.ts';

/** Where nothing is written to a real disk, if there is such a place. */
const FAST = '/dev/shm';
const BUNDLES = ['os-core'];

/** Runs tries number `seed` to `seed` + `count` - 1, one after the other on one device, which each leaves as it was. */
export async function proveDamage({ count, seed, progress }: ProofRequest): Promise<ProofResult> {
  using folder = tempFolder(FAST);
  const repository = new TestRepository(folder.path);
  await repository.build(10, { bundles: { 'os-core': TREE } });
  const expected = repository.expected(10, BUNDLES);
  const broken: Broken[] = [];
  const figures = { findings: 0, devices: 0 };
  const install = async (): Promise<TestDevice> => {
    const number = ++figures.devices;
    // Power cuts are not the matter here.
    const disk = { ...REAL_DISK, syncFileSystem: () => {} };
    const device = new TestDevice(join(folder.path, `device-${number}`), repository, { ports: { disk } });
    await device.install();
    return device;
  };
  let device = await install();
  for (let tried = 0; tried < count; tried++) {
    const number = seed + tried;
    const again = `pnpm prove damage --seed ${number} --count 1`;
    const { wrong, blows, findings } = await runTry({ device, expected, seed: number }).catch(
      (error: unknown) => ({
        wrong: [error instanceof Error ? (error.stack ?? error.message) : String(error)],
        blows: [],
        findings: 0,
      }),
    );
    figures.findings += findings;
    if (wrong.length > 0) broken.push({ what: `${wrong.join('\n')}\n  ${blows.join('\n  ')}`, again });
    if (wrong.length > 0 || compareTrees(expected, device.snapshot()).length > 0) device = await install();
    progress(tried + 1, broken.length);
  }
  return { tried: count, broken, figures };
}
