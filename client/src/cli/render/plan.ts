import { displayPath } from '@swupd/shared';
import type { ChangePlan, Step } from '../../plan/plan.ts';

const ACTIONS: Readonly<Record<Step['action'], string>> = {
  'make-directory': 'make directory',
  'put-file': 'put file',
  'put-link': 'link file',
  'put-symlink': 'put link',
  'set-metadata': 'set metadata',
};

/** Every path that a plan changes, a line each, in the order of the plan. */
export function planLines({ steps, removals }: ChangePlan): string[] {
  return [
    ...steps.map(({ action, entry }) => ` -> ${ACTIONS[action]} ${displayPath(entry.path)}`),
    ...removals.map(({ path }) => ` -> remove ${displayPath(path)}`),
  ];
}
