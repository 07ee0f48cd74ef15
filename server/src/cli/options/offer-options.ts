import type { Command } from 'commander';
import { BuildError } from '../../build-error.ts';
import type { OfferRequest } from '../../stages/offer-change.ts';
import { parseCount } from './parse-options.ts';

export interface OfferFlags {
  readonly channel: string;
  /** False with --no-offer. */
  readonly offer: boolean;
  readonly barrier?: boolean;
  readonly urgent?: boolean;
  readonly minFrom?: string;
  readonly reason?: string;
}

/** Adds the options that say to whom a build is offered, and with which conditions. */
export function addOfferOptions(command: Command): Command {
  return command
    .option('--channel <NAME>', 'channel that offers the build', 'stable')
    .option('--no-offer', 'only build and sign it; swupd-server channel promote offers it later')
    .option('--barrier', 'no device may pass this build by: older ones go through it')
    .option('--min-from <N>', 'only devices on build N or later may go to it at once')
    .option('--urgent', 'tell devices that it should not wait')
    .option('--reason <TEXT>', 'tell devices in one line why it is offered');
}

/** How a build is to be offered; undefined for one that is not. @throws BuildError `bad-option` */
export function offerRequest({
  offer,
  channel,
  barrier = false,
  urgent = false,
  minFrom,
  reason,
}: OfferFlags): OfferRequest | undefined {
  if (!offer) {
    if (barrier || urgent || minFrom !== undefined || reason !== undefined) throw nothingOffered();
    return undefined;
  }
  const oldest =
    minFrom === undefined
      ? undefined
      : parseCount('--min-from', minFrom, { min: 1, max: Number.MAX_SAFE_INTEGER });
  return { channel, barrier, urgent, minFrom: oldest, reason };
}

function nothingOffered(): BuildError {
  return new BuildError('bad-option', '--no-offer leaves nothing to set conditions for', {
    details: { option: '--no-offer' },
    hint: 'Leave out --barrier, --urgent, --min-from and --reason, or offer the build on another channel first: --channel beta.',
  });
}
