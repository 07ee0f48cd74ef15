import { bundleAdd, bundleRemove, clean, osInstall, repair, rollback, update } from '@swupd/client';
import { LOOK_AT_ALL } from '../../support/look-at-all.ts';
import type { Command } from './run-client.ts';

/** The bundle of the stories besides os-core. */
export const EXTRA = 'extra';

export const INSTALL: Command = (device) =>
  osInstall(device, { bundles: [], skipOptional: false, force: false, dryRun: false, downloadOnly: false });
export const DOWNLOAD: Command = (device) =>
  osInstall(device, {
    bundles: 'all',
    skipOptional: false,
    force: false,
    dryRun: false,
    downloadOnly: true,
  });
export const UPDATE: Command = (device) => update(device, { dryRun: false, downloadOnly: false });
export const ADD: Command = (device) =>
  bundleAdd(device, { names: [EXTRA], skipOptional: false, dryRun: false });
export const REMOVE: Command = (device) =>
  bundleRemove(device, {
    names: [EXTRA],
    force: false,
    recursive: false,
    orphans: false,
    dryRun: false,
  });
export const ROLLBACK: Command = (device) => rollback(device, { version: 10, dryRun: false });
export const REPAIR: Command = (device) => repair(device, { ...LOOK_AT_ALL, dryRun: false });
export const CLEAN: Command = (device) => clean(device, { all: true, kept: true, dryRun: false });
