import { expect, test } from 'vitest';
import { isBetween, judgeDevice, judgeRecovered } from '../device/judge-device.ts';
import { prepareScenario } from '../device/prepare-scenario.ts';
import { measureCourse, runDisturbed } from '../device/run-disturbed.ts';
import { SCENARIOS } from '../device/scenarios.ts';
import { startServers, Workshop } from '../device/workshop.ts';
import { PROOF } from './index.ts';
import { killGroup } from './try-kill.ts';

const COUNT = 24;
const TIMEOUT = 400_000;

test(
  'a killed command leaves the old or the new system, and the next one finds its way',
  async () => {
    const { tried, broken, figures } = await PROOF.run({ count: COUNT, seed: 1, progress: () => {} });
    expect(broken).toEqual([]);
    expect(tried).toBe(COUNT);
    expect(figures.kills).toBeGreaterThanOrEqual(COUNT);
  },
  TIMEOUT,
);

/** Signals that may come before the first change or after the last. */
const ATTEMPTS = 60;

test(
  'without recovery a kill is found to have left neither',
  async () => {
    using workshop = await Workshop.open();
    await using servers = await startServers(workshop);
    const [scenario] = SCENARIOS.filter(({ name }) => name === 'update-fullfiles');
    if (scenario === undefined) throw new TypeError('no such scenario');
    const origin = { url: servers.urls[scenario.source], anchor: workshop.anchor };
    const prepared = await prepareScenario(scenario, workshop, origin);
    const folder = workshop.folder('victim');
    const course = await measureCourse(prepared.device.copyTo(folder), scenario.command, origin);
    let device = prepared.device.copyTo(folder);
    for (let attempt = 0; attempt < ATTEMPTS && !isBetween(device, prepared); attempt++) {
      device = prepared.device.copyTo(folder);
      const milliseconds = ((course.afterJournal ?? 0) * attempt) / ATTEMPTS;
      const moment = { kind: 'journal', milliseconds } as const;
      await runDisturbed(device, scenario.command, { origin, moment, disturb: killGroup });
    }
    const untouched = await judgeRecovered(device, prepared, { exit: 0, stdout: '', stderr: '' });
    expect(untouched.is).toBe('neither');
    expect(untouched.wrong).not.toEqual([]);
    expect(await judgeDevice(device, prepared)).toMatchObject({ recovery: 'finished', is: 'new', wrong: [] });
  },
  TIMEOUT,
);
