import type { TrustRequest, TrustRun } from '@swupd/manifests/trust';

/** Gives what a workflow asks for: bytes, or undefined where there are none, or nothing is to be given. */
export type TrustAnswer = (request: TrustRequest) => Promise<Uint8Array | undefined> | Uint8Array | undefined;

/** Carries a workflow of trust through, which does no I/O itself. @throws what the workflow and `answer` throw */
export async function driveTrustAsync<T>(run: TrustRun<T>, answer: TrustAnswer): Promise<T> {
  for (let step = run.next(); ; ) {
    if (step.done === true) return step.value;
    step = run.next(await answer(step.value));
  }
}
