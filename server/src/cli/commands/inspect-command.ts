import { readFileSync } from 'node:fs';
import { barProgress, plainProgress, plural } from '@swupd/shared/terminal';
import type { Command } from 'commander';
import { BuildError } from '../../build-error.ts';
import { folderSource } from '../../inspect/folder-source.ts';
import { httpSource } from '../../inspect/http-source.ts';
import { inspectRepository } from '../../inspect/inspect-repository.ts';
import type { PublishedSource } from '../../inspect/published-source.ts';
import type { CliIo } from '../cli-io.ts';
import { absolutePath, parseCount } from '../options/parse-options.ts';
import { formatInspection } from '../show/format-inspection.ts';

interface InspectFlags {
  readonly certificate?: string;
  readonly quick?: boolean;
  readonly parallel: string;
  readonly json?: boolean;
}

export function registerInspect(program: Command, io: CliIo): void {
  program
    .command('inspect')
    .summary('check a published repository, from the root to the last blob')
    .description(
      'Check the repository REPO, a folder or a URL, as a stranger would who knows nothing but its first root: ' +
        'signatures, versions and expiry of all metadata, each offered build and the ways to it, and every document, pack, ' +
        'blob and delta that it names.\n' +
        'Nothing is changed. Ends with 1 where a problem was found; warnings and notes are only said.',
    )
    .argument('<REPO>', 'folder of the repository, or its URL with http: or https:')
    .option(
      '-C, --certificate <ROOT.json>',
      "the root that devices trust (default: the repository's own 1.root.json)",
    )
    .option('--quick', 'of packs, blobs and deltas look only whether they are there, with the right size')
    .option('--parallel <N>', 'files to read at a time', '8')
    .option('-j, --json', 'print one JSON object a line: each finding, then the summary')
    .addHelpText('after', '\nExample:\n  swupd-server inspect https://updates.example.com/os -C root.json')
    .action(async (repo: string, flags: InspectFlags) => {
      const lanes = parseCount('--parallel', flags.parallel, { min: 1, max: 256 });
      const anchor =
        flags.certificate === undefined ? undefined : readAnchor(absolutePath(io, flags.certificate));
      const { stderr, now } = io;
      const result = await inspectRepository(openSource(repo, io), {
        anchor,
        now: Math.floor(now() / 1000),
        quick: flags.quick === true,
        lanes,
        progress: stderr.isTTY ? barProgress(stderr, now) : plainProgress(stderr, now),
      });
      io.stdout.write(
        formatInspection(result, { json: flags.json === true, ownAnchor: anchor === undefined }),
      );
      const problems = result.findings.filter(({ severity }) => severity === 'problem').length;
      if (problems > 0) throw hasProblems(repo, problems);
    });
}

function openSource(repo: string, io: CliIo): PublishedSource {
  return /^https?:\/\//i.test(repo) ? httpSource(repo) : folderSource(absolutePath(io, repo));
}

function readAnchor(path: string): Uint8Array {
  try {
    return readFileSync(path);
  } catch (cause) {
    throw new BuildError('bad-option', `--certificate: ${path} can't be read`, {
      cause,
      details: { option: '--certificate', value: path },
      hint: 'Pass the root.json that devices are installed with.',
    });
  }
}

function hasProblems(repository: string, problems: number): BuildError {
  return new BuildError('repository-problems', `${repository} has ${plural(problems, 'problem')}`, {
    details: { repository, problems },
    hint: 'Each problem above says what to do.',
  });
}
