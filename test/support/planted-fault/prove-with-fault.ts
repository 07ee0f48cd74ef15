import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { ProofResult } from '../../prove/proof.ts';
import type { PlantedFaultName } from './planted-faults.ts';

export interface FaultyProof {
  /** Folder of the proof below test/prove. */
  readonly proof: string;
  readonly fault: PlantedFaultName;
  /** Tries at most; it stops when one of them is broken. */
  readonly count: number;
  readonly seed: number;
  /** For a proof that can be focused on a part of what it tries. */
  readonly focus?: readonly string[];
}

const PROGRAM = fileURLToPath(new URL('./faulty-process.ts', import.meta.url));
const LARGEST = 64 * 1024 * 1024;

/** Runs a proof in a process of its own, on a client with the fault. @throws where the fault can't be planted */
export async function proveWithFault({
  proof,
  fault,
  count,
  seed,
  focus = [],
}: FaultyProof): Promise<ProofResult> {
  const args = [PROGRAM, proof, fault, String(count), String(seed), ...focus];
  const { stdout } = await promisify(execFile)(process.execPath, args, { maxBuffer: LARGEST });
  return JSON.parse(stdout.slice(stdout.lastIndexOf('\n{'))) as ProofResult;
}
