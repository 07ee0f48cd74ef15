import { prepareScenario } from '../device/prepare-scenario.ts';
import { SCENARIOS } from '../device/scenarios.ts';
import type { Servers, Workshop } from '../device/workshop.ts';
import type { Course } from './moment.ts';
import { measureCourse } from './run-killed.ts';
import type { MeasuredScenario } from './try-kill.ts';

/** Runs that the course of a command is taken from. */
const MEASUREMENTS = 2;

/** Makes the device of each scenario, and measures what its command does there undisturbed. */
export async function measureScenarios(workshop: Workshop, { urls }: Servers): Promise<MeasuredScenario[]> {
  const measured: MeasuredScenario[] = [];
  for (const scenario of SCENARIOS) {
    const origin = { url: urls[scenario.source], anchor: workshop.anchor };
    const prepared = await prepareScenario(scenario, workshop, origin);
    const courses: Course[] = [];
    for (let run = 0; run < MEASUREMENTS; run++) {
      const device = prepared.device.copyTo(workshop.folder('measured'));
      courses.push(await measureCourse(device, scenario.command, origin));
    }
    const course = {
      milliseconds: Math.max(...courses.map(({ milliseconds }) => milliseconds)),
      changes: Math.min(...courses.map(({ changes }) => changes)),
    };
    // A recovery does at most what is left of the command.
    const recovery = { milliseconds: course.milliseconds, changes: Math.ceil(course.changes / 2) };
    measured.push({ ...prepared, course, recovery });
  }
  return measured;
}
