import { FORMAT_ERRORS } from '@swupd/manifests';
import { TRUST_ERRORS } from '@swupd/manifests/trust';
import { PATH_ERRORS } from '@swupd/shared';
import { DELTA_ERRORS } from '@swupd/shared/delta';
import { DEVICE_ERRORS } from '../device-error.ts';
import { REPOSITORY_ERRORS } from '../repository/index.ts';
import { CLI_ERRORS } from './cli-error.ts';
import type { ErrorArea } from './exit-code-document.ts';

/** The tables of all areas whose errors can end the client. */
export const CLIENT_ERRORS: readonly ErrorArea[] = [
  { area: 'cli', table: CLI_ERRORS },
  { area: 'device', table: DEVICE_ERRORS },
  { area: 'repository', table: REPOSITORY_ERRORS },
  { area: 'trust', table: TRUST_ERRORS },
  { area: 'format', table: FORMAT_ERRORS },
  { area: 'path', table: PATH_ERRORS },
  { area: 'delta', table: DELTA_ERRORS },
];
