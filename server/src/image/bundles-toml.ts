import { type BundleName, compareBytes, isBundleName, utf8ByteString } from '@swupd/shared';
import { parse, TomlError } from 'smol-toml';
import { z } from 'zod';
import { BuildError } from '../build-error.ts';
import type { ClassPatterns } from '../plan/path-classes.ts';

/** What `bundles.toml` says of one bundle; names are sorted, each once. */
export interface BundleSettings {
  /** UTF-8 as a byte string. */
  readonly description: string;
  readonly includes: readonly BundleName[];
  readonly alsoAdd: readonly BundleName[];
}

export interface ImageSettings {
  readonly bundles: ReadonlyMap<BundleName, BundleSettings>;
  readonly classes: ClassPatterns;
}

export const NO_SETTINGS: BundleSettings = { description: '', includes: [], alsoAdd: [] };

const names = z.array(z.string().refine(isBundleName, 'is no name of a bundle')).default([]);
const patterns = z.array(z.string().startsWith('/', 'must start with a slash')).default([]);

const FILE = z.strictObject({
  bundles: z
    .record(
      z.string(),
      z.strictObject({ description: z.string().default(''), includes: names, 'also-add': names }),
    )
    .default({}),
  classes: z
    .strictObject({ config: patterns, state: patterns, ghost: patterns, boot: patterns })
    .default({ config: [], state: [], ghost: [], boot: [] }),
});

/**
 * The settings in `text`, the content of `bundles.toml`.
 * @throws BuildError `bad-bundles-toml` with the line where that is known
 */
export function parseBundlesToml(text: string): ImageSettings {
  const result = FILE.safeParse(parseToml(text));
  if (!result.success) throw badSettings(text, result.error.issues[0]);
  const bundles = new Map<BundleName, BundleSettings>();
  for (const [name, settings] of Object.entries(result.data.bundles)) {
    if (!isBundleName(name)) throw badToml(`'${name}' is no name of a bundle`, lineOf(text, name));
    bundles.set(name, {
      description: utf8ByteString(settings.description),
      includes: sortedNames(settings.includes),
      alsoAdd: sortedNames(settings['also-add']),
    });
  }
  return { bundles, classes: result.data.classes };
}

function parseToml(text: string): unknown {
  try {
    return parse(text);
  } catch (cause) {
    if (!(cause instanceof TomlError)) throw cause;
    throw badToml(cause.message.split('\n')[0] ?? 'syntax error', cause.line, cause);
  }
}

function sortedNames(list: readonly string[]): BundleName[] {
  return ([...new Set(list)] as BundleName[]).sort(compareBytes);
}

function badSettings(text: string, issue: z.core.$ZodIssue | undefined): BuildError {
  const path = (issue?.path ?? []).map(String);
  if (issue?.code === 'unrecognized_keys') {
    const key = issue.keys[0] ?? '';
    return badToml(`the key '${[...path, key].join('.')}' is not known`, lineOf(text, key));
  }
  const key = path.filter((part) => !/^\d+$/.test(part)).at(-1) ?? '';
  return badToml(`'${path.join('.')}': ${issue?.message ?? 'is malformed'}`, lineOf(text, key));
}

/** The first line in which `key` is assigned or is part of a table's name; the parser keeps no places. */
function lineOf(text: string, key: string): number | undefined {
  const quoted = key.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  const place = new RegExp(`^\\s*(?:\\[.*["'.\\s[]?${quoted}["'\\].\\s]|["']?${quoted}["']?\\s*[.=])`);
  const index = text.split('\n').findIndex((line) => place.test(line));
  return index < 0 ? undefined : index + 1;
}

/** `bundles.toml` is malformed, or names something that the image does not have. */
export function badToml(why: string, line?: number, cause?: unknown): BuildError {
  return new BuildError(
    'bad-bundles-toml',
    `bundles.toml${line === undefined ? '' : `, line ${line}`}: ${why}`,
    {
      details: line === undefined ? {} : { line },
      hint: 'Correct bundles.toml; it knows [bundles.NAME] with description, includes, also-add, and [classes] with config, state, ghost, boot.',
      cause,
    },
  );
}
