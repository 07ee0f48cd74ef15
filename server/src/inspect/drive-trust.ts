import { LAYOUT } from '@swupd/manifests';
import type { TrustRequest, TrustRun } from '@swupd/manifests/trust';
import type { Inspection } from './inspection.ts';
import { readUpTo } from './published-source.ts';

/** What a run gave, with the file that it asked for last: the one to blame where it threw. */
export type Driven<T> =
  | { readonly value: T }
  /** Anything that the run, or the source, has thrown. */
  | { readonly error: unknown; readonly name: string };

/** Carries out a run of the client workflow as a stranger would who has nothing stored. */
export async function driveTrust<T>({ source, seen }: Inspection, run: TrustRun<T>): Promise<Driven<T>> {
  let name = '';
  const answer = async (request: TrustRequest): Promise<Uint8Array | undefined> => {
    if (request.kind !== 'fetch') return undefined;
    name = LAYOUT.metadata(request.name);
    const bytes = await readUpTo(source, name, request.limit);
    if (bytes !== undefined) seen.add(name);
    return bytes;
  };
  try {
    let step = run.next();
    while (step.done !== true) step = run.next(await answer(step.value));
    return { value: step.value };
  } catch (error) {
    return { error, name };
  }
}
