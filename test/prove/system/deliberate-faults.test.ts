import { closeDeltaWorkers } from '@swupd/shared/delta';
import { afterAll, describe, expect, test } from 'vitest';
import { Random } from '../../fuzz/random.ts';
import { makeScenarios } from '../cuts/scenarios.ts';
import { DELIBERATE_FAULTS, lateJournal } from './deliberate-faults.ts';
import { type CutReport, exploreCuts } from './explore-cuts.ts';
import { exploreErrors } from './explore-errors.ts';
import type { Scenario } from './scenario.ts';

afterAll(() => closeDeltaWorkers());

type Meddle = NonNullable<Scenario['meddle']>;

async function scenarioWith(name: string, meddle: Meddle): Promise<Scenario> {
  const [scenario] = await makeScenarios(`${name}, one file system`);
  if (scenario === undefined) throw new TypeError(`no scenario ${name}`);
  return { ...scenario, meddle };
}

async function cut(meddle: Meddle): Promise<CutReport> {
  const random = new Random(1);
  const below = (limit: number): number => random.below(limit);
  return exploreCuts(await scenarioWith('bundle-add', meddle), {
    max: 1,
    corners: true,
    laterMax: 1,
    depth: 1,
    below,
    enough: 1,
  });
}

describe('the proofs find', () => {
  test.each([
    'no directory sync',
    'rename before data sync',
    'no sync of the file system',
    'commit before apply',
    'journal without checksum',
  ] as const)('%s, by a cut', async (name) => {
    const { broken } = await cut(DELIBERATE_FAULTS[name]);
    expect(broken.length).toBeGreaterThan(0);
  });

  test('delete before commit, by an error', async () => {
    const scenario = await scenarioWith('bundle-remove', DELIBERATE_FAULTS['delete before commit']);
    const { broken } = await exploreErrors(scenario, { stride: 1, only: 'rename' });
    expect(broken.length).toBeGreaterThan(0);
  });
});

describe('they find nothing in', () => {
  test('a client that makes none of these mistakes', async () => {
    expect((await cut((disk) => disk)).broken).toEqual([]);
  });

  test('a journal that becomes durable late, because of its checksum', async () => {
    expect((await cut(lateJournal)).broken).toEqual([]);
  });

  test('renames that fail', async () => {
    const scenario = await scenarioWith('bundle-remove', (disk) => disk);
    const { broken, tried } = await exploreErrors(scenario, { stride: 1, only: 'rename' });
    expect(broken).toEqual([]);
    expect(tried).toBeGreaterThan(10);
  });
});
