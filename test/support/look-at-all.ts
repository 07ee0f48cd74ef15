import type { DiagnoseOptions } from '@swupd/client';
import { parseRepoPath } from '@swupd/shared';

/** What `verify` looks at without options: each file of each bundle, whole. */
export const LOOK_AT_ALL: DiagnoseOptions = {
  bundles: [],
  files: [],
  quick: false,
  picky: false,
  extraOnly: false,
  pickyTree: parseRepoPath('usr'),
  pickyWhitelist: /^$/,
};
