import { parseRepoPath } from '@swupd/shared';
import { expect, test } from 'vitest';
import type { RepairResult } from '../../commands/repair.ts';
import type { Notice } from '../../plan/plan.ts';
import type { Session } from '../session.ts';
import { answerRepair, type RepairRequest } from './repair-command.ts';

const REQUEST: RepairRequest = {
  bundles: [],
  files: [],
  quick: false,
  picky: true,
  extraOnly: false,
  pickyTree: undefined,
  pickyWhitelist: /(?!)/,
  dryRun: false,
};

function resultWith(notices: readonly Notice[]): RepairResult {
  return {
    version: 10,
    findings: [],
    notices: [],
    inspected: 1,
    outcome: {
      dryRun: false,
      cost: {
        downloadBytes: 0,
        requests: 0,
        contentBytes: 0,
        space: [],
        changes: 0,
        removals: 0,
        keptBytes: 0,
      },
      plan: { steps: [], removals: [], notices: [] },
      notices,
      failures: [],
      transferred: { requests: 0, bytes: 0 },
    },
  };
}

/** A session whose device always gives this result. */
function sessionWith(result: RepairResult): Session {
  return {
    options: { verbose: false },
    change: async () => result,
    elapsed: () => 0,
  } as unknown as Session;
}

const path = parseRepoPath('usr/mine');

test.each([
  ['directory-not-empty', 35],
  ['not-removed', 35],
  ['config-kept', 0],
  ['kept-aside', 0],
] as const)('a repair that leaves %s ends with exit %i', async (reason, exit) => {
  const answer = await answerRepair(sessionWith(resultWith([{ path, reason }])), REQUEST);
  expect(answer.exit).toBe(exit);
  expect(answer.errors?.map(({ code, details }) => ({ code, details }))).toEqual(
    exit === 0 ? [] : [{ code: 'repair-incomplete', details: { paths: ['/usr/mine'] } }],
  );
});
