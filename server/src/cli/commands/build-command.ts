import { writeFileSync } from 'node:fs';
import type { Progress } from '@swupd/shared';
import { barProgress, plainProgress } from '@swupd/shared/terminal';
import type { Command } from 'commander';
import { asBuildError } from '../../build-error.ts';
import { type BuildOptions, generateRelease } from '../../generate-release.ts';
import { defaultMemory, MEMORY } from '../../plan/memory-budget.ts';
import type { DeltaReport } from '../../plan/report-deltas.ts';
import type { JointReport } from '../../plan/report-joints.ts';
import type { Publication } from '../../publication/publish-change.ts';
import { roleExpiries } from '../../publication/role-expiries.ts';
import type { CliIo } from '../cli-io.ts';
import { addKeyOptions, type KeyFlags, keyOptions } from '../options/key-options.ts';
import { addOfferOptions, type OfferFlags, offerRequest } from '../options/offer-options.ts';
import { absolutePath, parseCount, parseSize, publicationTime } from '../options/parse-options.ts';
import { formatRows } from '../show/format-rows.ts';
import { expiryText, publicationFields, publicationRows } from '../show/show-publication.ts';
import { summaryRows } from '../show/summary-rows.ts';

interface BuildFlags extends KeyFlags, OfferFlags {
  readonly image: string;
  readonly version: string;
  readonly deltas: string;
  readonly jobs?: string;
  readonly memory?: string;
  readonly work?: string;
  readonly expires: string;
  readonly rehash?: boolean;
  readonly report?: string;
  readonly json?: boolean;
}

export function registerBuild(program: Command, io: CliIo): void {
  const command = program
    .command('build')
    .summary('build, sign and publish a version')
    .description(
      'Build version N of the OS out of the folder --image, sign it, and publish it in the repository REPO.\n' +
        'The image has a folder for each bundle, and may have bundles.toml with includes and path classes.\n' +
        'With enough release keys at hand it is offered on a channel at once; otherwise the metadata that offer it wait in ' +
        "REPO.prepared for signatures: see 'swupd-server release --help'.\n" +
        'A build that fails or dies leaves the repository as it was, and can be run again.\n' +
        'SOURCE_DATE_EPOCH is honoured: equal inputs give an equal repository.',
    )
    .argument('<REPO>', "folder of the repository, made by 'swupd-server init'")
    .requiredOption('--image <DIR>', 'folder with a folder for each bundle')
    .requiredOption('--version <N>', 'number of the new build, above all that are published')
    .option('--deltas <N>', 'make updates cheap from the N builds before', '4')
    .option('--jobs <N>', 'worker threads (default: one for each processor)')
    .option('--memory <SIZE>', 'memory to stay below, such as 4G (default: half of the machine, at least 3G)')
    .option('--work <DIR>', 'folder for cache and staging, on the file system of REPO (default: REPO.work)')
    .option('--expires <DAYS>', 'how long devices may trust timestamp.json', '7')
    .option('--rehash', 'read all files again, also those that look unchanged')
    .option(
      '--report <FILE>',
      'write what became of each pair of files, and the joint deltas, one JSON object a line',
    )
    .option('-j, --json', 'print the result as one JSON object')
    .addHelpText('after', '\nExample:\n  swupd-server build /srv/os --image out/image --version 20');
  addKeyOptions(addOfferOptions(command)).action(async (repo: string, flags: BuildFlags) => {
    const options = buildOptions(repo, flags, io);
    const report = flags.report === undefined ? undefined : openReport(absolutePath(io, flags.report));
    const { summary, deltas, joints, publication, times } = await generateRelease(options);
    report?.([...deltas, ...joints]);
    warnIfExpired(publication, options, io);
    const peakMemory = io.peakMemory();
    io.stdout.write(
      flags.json
        ? `${JSON.stringify({ type: 'build', ...summary, ...publicationFields(publication), times, peakMemory })}\n`
        : formatRows([
            ...summaryRows(summary, { times, peakMemory }),
            ...publicationRows(publication, options),
          ]),
    );
  });
}

/** With an early SOURCE_DATE_EPOCH what is published may be over already. */
function warnIfExpired(publication: Publication | undefined, { repository }: BuildOptions, io: CliIo): void {
  const state = publication?.kind === 'published' ? publication.state : undefined;
  const over = (state === undefined ? [] : roleExpiries(state)).filter(
    ({ expires }) => expires * 1000 <= io.now(),
  );
  for (const expiry of over)
    io.stderr.write(`swupd-server: devices refuse it: ${expiryText(expiry, repository)}\n`);
}

function buildOptions(repo: string, flags: BuildFlags, io: CliIo): BuildOptions {
  const repository = absolutePath(io, repo);
  const { folder, signers, env } = keyOptions(repository, flags, io);
  return {
    repository,
    image: absolutePath(io, flags.image),
    version: parseCount('--version', flags.version, { min: 1, max: Number.MAX_SAFE_INTEGER }),
    keys: folder,
    signers,
    env,
    offer: offerRequest(flags),
    work: flags.work === undefined ? `${repository}.work` : absolutePath(io, flags.work),
    deltas: parseCount('--deltas', flags.deltas, { min: 0, max: 1000 }),
    jobs: parseCount('--jobs', flags.jobs ?? String(io.processors), { min: 1, max: 1024 }),
    memory:
      flags.memory === undefined
        ? defaultMemory(io.memory)
        : parseSize('--memory', flags.memory, { min: MEMORY.min }),
    rehash: flags.rehash === true,
    time: publicationTime(io),
    expiresDays: parseCount('--expires', flags.expires, { min: 1, max: 365 }),
    now: io.now,
    pid: io.pid,
    progress: progressFor(io),
  };
}

/** Opens the report before the build starts: a bad path is better known before something is published. */
function openReport(path: string): (lines: readonly (DeltaReport | JointReport)[]) => void {
  try {
    writeFileSync(path, '');
  } catch (error) {
    throw asBuildError(error);
  }
  return (lines) => writeFileSync(path, lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
}

function progressFor({ stderr, now }: CliIo): Progress {
  return stderr.isTTY ? barProgress(stderr, now) : plainProgress(stderr, now);
}
