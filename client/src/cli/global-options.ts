import { resolve } from 'node:path';
import type { Command, Option } from 'commander';
import { wholeNumber } from './parse-values.ts';

/** What the options say that every command takes. Paths are absolute. */
export interface GlobalOptions {
  readonly path: string;
  /** Whether it was said where the root is. */
  readonly pathGiven: boolean;
  readonly url: string | undefined;
  readonly channel: string | undefined;
  readonly statedir: string | undefined;
  readonly certpath: string | undefined;
  readonly cacert: string | undefined;
  readonly json: boolean;
  readonly quiet: boolean;
  readonly verbose: boolean;
  readonly debug: boolean;
  readonly time: boolean;
  readonly progress: boolean;
  /** The answer to questions, where the user has given one. */
  readonly assume: 'yes' | 'no' | undefined;
  readonly allowInsecureHttp: boolean;
  /** Whether hooks run on a root that is named with --path, or at all. */
  readonly hooks: 'always' | 'own-root' | 'never';
  readonly parallel: number;
  readonly maxRetries: number;
  /** Milliseconds. */
  readonly retryDelay: number;
}

interface GlobalFlags {
  readonly path?: string;
  readonly url?: string;
  readonly channel?: string;
  readonly statedir?: string;
  readonly certpath?: string;
  readonly cacert?: string;
  readonly jsonOutput?: boolean;
  readonly quiet?: boolean;
  readonly verbose?: boolean;
  readonly debug?: boolean;
  readonly time?: boolean;
  readonly progress?: boolean;
  readonly yes?: boolean;
  readonly assume?: 'yes' | 'no';
  readonly allowInsecureHttp?: boolean;
  readonly hooks?: boolean;
  readonly scripts?: boolean;
  readonly maxParallelDownloads?: number;
  readonly maxRetries?: number;
  readonly retryDelay?: number;
}

const DEFAULT_PARALLEL = 6;
const DEFAULT_RETRIES = 3;
const DEFAULT_RETRY_DELAY = 1;

/** Adds the options that are valid before and after the name of a command; `show` puts them into the command's help. */
export function addGlobalOptions(command: Command, show: boolean): void {
  for (const option of globalOptions(command)) command.addOption(show ? option : option.hideHelp());
}

function globalOptions(command: Command): Option[] {
  const option = (flags: string, text: string): Option => command.createOption(flags, text);
  return [
    option('-p, --path <ROOT>', 'work on the system below ROOT (default: /)'),
    option('-u, --url <URL>', 'address of the repository: https:, http:, file:, or a folder'),
    option('--channel <NAME>', 'channel of builds to follow (default: stable)'),
    option('-S, --statedir <DIR>', 'state directory (default: var/lib/swupd below the root)'),
    option('-C, --certpath <FILE>', "trust anchor: the repository's metadata/1.root.json"),
    option('-j, --json-output', 'print one JSON object a line'),
    option('-q, --quiet', 'print only the essential value'),
    option('-y, --yes', 'answer yes to all questions'),
    option('--assume <ANSWER>', 'answer all questions with yes or no').choices(['yes', 'no']),
    option('--no-progress', 'show no progress'),
    option('--verbose', 'print more'),
    option('--debug', 'print stack traces of errors'),
    option('-t, --time', 'print the time that each stage took'),
    option('-N, --no-scripts', 'run no hooks'),
    option('--hooks', 'run hooks of a root that is named with --path as well, on this machine'),
    option('--allow-insecure-http', 'allow http: to other machines'),
    option('--cacert <FILE>', 'PEM file with CA certificates to trust besides the default ones'),
    option(
      '-W, --max-parallel-downloads <N>',
      `downloads at a time (default: ${DEFAULT_PARALLEL})`,
    ).argParser(wholeNumber('--max-parallel-downloads', 1, 100)),
    option('-r, --max-retries <N>', `retries of a failed transfer (default: ${DEFAULT_RETRIES})`).argParser(
      wholeNumber('--max-retries', 0, 100),
    ),
    option(
      '-d, --retry-delay <SECONDS>',
      `before the first retry (default: ${DEFAULT_RETRY_DELAY})`,
    ).argParser(wholeNumber('--retry-delay', 0, 60)),
  ];
}

/** The global options in effect for `command`: what stands after its name goes before what stands in front of it. */
export function globalOptionsOf(command: Command, cwd: string): GlobalOptions {
  const flags: GlobalFlags = { ...givenOptions(command.parent), ...givenOptions(command) };
  const absolute = (path: string | undefined): string | undefined =>
    path === undefined ? undefined : resolve(cwd, path);
  return {
    path: resolve(cwd, flags.path ?? '/'),
    pathGiven: flags.path !== undefined,
    url: flags.url === undefined ? undefined : absoluteUrl(flags.url, cwd),
    channel: flags.channel,
    statedir: absolute(flags.statedir),
    certpath: absolute(flags.certpath),
    cacert: absolute(flags.cacert),
    json: flags.jsonOutput === true,
    quiet: flags.quiet === true,
    verbose: flags.verbose === true,
    debug: flags.debug === true,
    time: flags.time === true,
    progress: flags.progress !== false,
    assume: flags.assume ?? (flags.yes === true ? 'yes' : undefined),
    allowInsecureHttp: flags.allowInsecureHttp === true,
    hooks: flags.scripts === false ? 'never' : flags.hooks === true ? 'always' : 'own-root',
    parallel: flags.maxParallelDownloads ?? DEFAULT_PARALLEL,
    maxRetries: flags.maxRetries ?? DEFAULT_RETRIES,
    retryDelay: (flags.retryDelay ?? DEFAULT_RETRY_DELAY) * 1000,
  };
}

/** Only what the user has typed: defaults of one command must not hide what was said to its parent. */
function givenOptions(command: Command | null): GlobalFlags {
  if (command === null) return {};
  const given = Object.entries(command.opts()).filter(([key]) => command.getOptionValueSource(key) === 'cli');
  return Object.fromEntries(given);
}

/** `./repo` and `../repo` are folders; everything else is for the repository's own parser. */
function absoluteUrl(url: string, cwd: string): string {
  return /^\.{1,2}(?:\/|$)/.test(url) ? resolve(cwd, url) : url;
}
