import type { Proof, ProofResult } from './proof.ts';

export interface ProofReport extends ProofResult {
  readonly name: string;
  readonly count: number;
  readonly seed: number;
  readonly seconds: number;
  /** Why it could not be tried, or not to its end. */
  readonly failure?: string;
}

export interface ProofOutput {
  /** The result. */
  readonly out: (text: string) => void;
  /** How far it has got, over and over in one line. */
  readonly status: (text: string) => void;
  /** A monotonic clock in milliseconds. */
  readonly now: () => number;
}

/** Broken tries that are told; the others only count. */
const TOLD = 10;
/** Milliseconds between two status lines. */
const PACE = 200;

/** Runs proofs one after the other, and tells what came out as soon as it is known. One that can't be tried does not stop the others. */
export async function runProofs(
  proofs: readonly Proof[],
  { count, seed }: { readonly count: number | undefined; readonly seed: number },
  output: ProofOutput,
): Promise<ProofReport[]> {
  const reports: ProofReport[] = [];
  for (const proof of proofs) {
    const report = await runProof(proof, { count: count ?? proof.count, seed }, output);
    output.out(describeReport(report));
    reports.push(report);
  }
  return reports;
}

async function runProof(
  proof: Proof,
  { count, seed }: { readonly count: number; readonly seed: number },
  { out, status, now }: ProofOutput,
): Promise<ProofReport> {
  out(`${proof.name}: ${proof.summary}\n  pnpm prove ${proof.name} --count ${count} --seed ${seed}\n`);
  const start = now();
  let shown = start;
  const progress = (tried: number, broken: number): void => {
    if (now() - shown < PACE) return;
    shown = now();
    status(`\r  ${tried} tried, ${broken} broken, ${((shown - start) / 1000).toFixed()} s`);
  };
  let result: Omit<ProofReport, 'name' | 'count' | 'seed' | 'seconds'>;
  try {
    result = await proof.run({ count, seed, progress });
  } catch (error) {
    result = {
      tried: 0,
      broken: [],
      figures: {},
      failure: error instanceof Error ? error.message : String(error),
    };
  }
  status('\r\x1b[K');
  return { name: proof.name, count, seed, seconds: (now() - start) / 1000, ...result };
}

function describeReport({ tried, broken, figures, seconds, failure }: ProofReport): string {
  if (failure !== undefined) return `  NOT TRIED ${failure}\n`;
  const lines = Object.entries(figures).map(([name, figure]) => `  ${name}: ${figure}\n`);
  const told = broken.slice(0, TOLD).map(({ what, again }) => `  BROKEN ${what}\n    ${again}\n`);
  const more = broken.length > TOLD ? `  and ${broken.length - TOLD} more\n` : '';
  const verdict = `${tried} tried, ${broken.length} broken, ${seconds.toFixed(1)} s`;
  return `${lines.join('')}${told.join('')}${more}  ${verdict}\n`;
}
