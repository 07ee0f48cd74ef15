import { writeSeeds } from './seed-files.ts';
import { loadTarget, type TargetName } from './targets.ts';

/** Writes the seeds that the real encoders make, in the place of those that there are. */
export async function makeSeeds(names: readonly TargetName[]): Promise<void> {
  for (const name of names) {
    const target = await loadTarget(name);
    const seeds = await target.makeSeeds();
    writeSeeds(name, 'made', seeds);
    process.stdout.write(`${name}: ${seeds.length} seeds\n`);
  }
}
