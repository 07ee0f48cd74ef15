import type { Ready } from './choose-scenario.ts';
import type { Course } from './moment.ts';
import { type Prepared, prepareScenario } from './prepare-scenario.ts';
import { measureCourse } from './run-disturbed.ts';
import type { Scenario } from './scenarios.ts';
import type { Servers, Workshop } from './workshop.ts';

/** A scenario whose command has been watched on this machine. */
export interface MeasuredScenario extends Prepared {
  readonly course: Course;
}

/** Runs that the course of a command is taken from. */
const MEASUREMENTS = 2;

/** Makes the device of each scenario, and measures what its command does there undisturbed. */
export async function measureScenarios(
  scenarios: Ready<Scenario>,
  workshop: Workshop,
  { urls }: Servers,
): Promise<Ready<MeasuredScenario>> {
  const measured: (MeasuredScenario | undefined)[] = [];
  for (const scenario of scenarios) {
    if (scenario === undefined) {
      measured.push(undefined);
      continue;
    }
    const origin = { url: urls[scenario.source], anchor: workshop.anchor };
    const prepared = await prepareScenario(scenario, workshop, origin);
    const courses: Course[] = [];
    for (let run = 0; run < MEASUREMENTS; run++) {
      const device = prepared.device.copyTo(workshop.folder('measured'));
      courses.push(await measureCourse(device, scenario.command, origin));
    }
    measured.push({ ...prepared, course: usualCourse(courses) });
  }
  return measured;
}

/** As long as the longest; no more changes than there are each time. */
function usualCourse(courses: readonly Course[]): Course {
  const journals = courses.flatMap(({ afterJournal }) => afterJournal ?? []);
  return {
    milliseconds: Math.max(...courses.map(({ milliseconds }) => milliseconds)),
    changes: Math.min(...courses.map(({ changes }) => changes)),
    afterJournal: journals.length === 0 ? undefined : Math.max(...journals),
  };
}
