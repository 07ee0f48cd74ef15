/** Runs a proof on a client with a fault: PROOF FAULT COUNT SEED [FOCUS…]. Prints its result as a line of JSON, the last one. */
import { registerHooks } from 'node:module';
import type { Proof, ProofResult } from '../../prove/proof.ts';
import { PLANTED_FAULTS, type PlantedFault, type PlantedFaultName } from './planted-faults.ts';

const PORTION = 24;

const [proof = '', fault = '', count, seed, ...focus] = process.argv.slice(2);
const missing = plant(PLANTED_FAULTS[fault as PlantedFaultName]);
const { PROOF, focusedOn } = (await import(`../../prove/${proof}/index.ts`)) as {
  readonly PROOF: Proof;
  readonly focusedOn?: (what: readonly string[]) => Proof;
};
const tried = focus.length === 0 ? PROOF : (focusedOn?.(focus) ?? PROOF);
const result = await untilBroken(tried, Number(count), Number(seed));
if (missing.size > 0) throw new Error(`the proof has not loaded ${[...missing].join(', ')}`);
process.stdout.write(`\n${JSON.stringify(result)}\n`);

/** As many tries as it takes, in portions: a fault that needs luck to show itself takes some. */
async function untilBroken({ run }: Proof, most: number, first: number): Promise<ProofResult> {
  let result = await run({ count: PORTION, seed: first, progress: () => {} });
  for (let next = PORTION; next < most && result.broken.length === 0; next += PORTION)
    result = await run({ count: PORTION, seed: first + next, progress: () => {} });
  return result;
}

/** Has the sources edited as they are loaded. @returns the files that have not been, yet */
function plant({ edits }: PlantedFault): ReadonlySet<string> {
  const open = new Set(edits.map(({ file }) => file));
  registerHooks({
    load(url, context, next) {
      const loaded = next(url, context);
      const edit = edits.find(({ file }) => url.endsWith(`/${file}`));
      if (edit === undefined || loaded.source == null) return loaded;
      const source = Buffer.from(loaded.source as Uint8Array).toString();
      const parts = source.split(edit.from);
      if (parts.length !== 2) throw new Error(`${edit.file} has '${edit.from}' ${parts.length - 1} times`);
      open.delete(edit.file);
      return { ...loaded, source: parts.join(edit.to) };
    },
  });
  return open;
}
