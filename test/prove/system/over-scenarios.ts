import { closeDeltaWorkers } from '@swupd/shared/delta';
import { makeScenarios } from '../cuts/scenarios.ts';
import type { Broken, ProofRequest } from '../proof.ts';
import type { Scenario } from './scenario.ts';

/** What has become of all scenarios. */
export interface Explored<R> {
  readonly reports: readonly R[];
  readonly tried: number;
  readonly broken: readonly Broken[];
  /** The sum of a figure over the reports. */
  sum(figure: (report: R) => number): number;
}

/** Explores one scenario after the other; `onTry` is to be called after each try. */
export async function overScenarios<R>(
  { progress }: Pick<ProofRequest, 'progress'>,
  explore: (scenario: Scenario, onTry: (isBroken: boolean) => void) => Promise<R>,
  brokenIn: (report: R, scenario: string) => readonly Broken[],
): Promise<Explored<R>> {
  const reports: R[] = [];
  const broken: Broken[] = [];
  let tried = 0;
  for (const scenario of await makeScenarios()) {
    const report = await explore(scenario, (isBroken) =>
      progress(++tried, broken.length + (isBroken ? 1 : 0)),
    );
    reports.push(report);
    broken.push(...brokenIn(report, scenario.name));
  }
  await closeDeltaWorkers();
  return {
    reports,
    tried,
    broken,
    sum: (figure) => reports.reduce((total, report) => total + figure(report), 0),
  };
}
