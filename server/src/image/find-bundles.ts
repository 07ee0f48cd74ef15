import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type BundleName, byteString, compareBytes, displayText, isBundleName, OS_CORE } from '@swupd/shared';
import { BuildError } from '../build-error.ts';
import type { ClassPatterns } from '../plan/path-classes.ts';
import { type BundleSettings, badToml, NO_SETTINGS, parseBundlesToml } from './bundles-toml.ts';

const SETTINGS_FILE = 'bundles.toml';

/** One bundle of the image. */
export interface ImageBundle extends BundleSettings {
  readonly name: BundleName;
  /** Its folder, or undefined for a bundle that only includes others. */
  readonly folder: string | undefined;
}

/** What is to be built. Bundles are sorted by name. */
export interface Image {
  readonly bundles: readonly ImageBundle[];
  readonly classes: ClassPatterns;
}

/**
 * The bundles below the folder `image`. No bundle's folder is read.
 * @throws BuildError `image-missing`, `no-os-core`, `bad-bundle-name`, `unexpected-file`, `bad-bundles-toml`
 */
export function findBundles(image: string): Image {
  const { folders, hasSettings } = listImage(image);
  const settings = parseBundlesToml(hasSettings ? readFileSync(join(image, SETTINGS_FILE), 'utf8') : '');
  if (!folders.has(OS_CORE)) {
    throw new BuildError('no-os-core', `the image ${image} has no folder ${OS_CORE}`, {
      hint: `Give every build a folder ${OS_CORE}: the bundle that each system has.`,
    });
  }
  const names = [...new Set([...folders, ...settings.bundles.keys()])].sort(compareBytes);
  const bundles = names.map(
    (name): ImageBundle => ({
      ...(settings.bundles.get(name) ?? NO_SETTINGS),
      name,
      folder: folders.has(name) ? join(image, name) : undefined,
    }),
  );
  checkLinks(bundles);
  return { bundles, classes: settings.classes };
}

function listImage(image: string): { folders: Set<BundleName>; hasSettings: boolean } {
  const folders = new Set<BundleName>();
  let hasSettings = false;
  for (const item of readImage(image)) {
    const name = byteString(item.name);
    if (name.startsWith('.')) continue;
    if (name === SETTINGS_FILE && item.isFile()) hasSettings = true;
    else if (!item.isDirectory()) {
      throw new BuildError('unexpected-file', `the image holds '${displayText(name)}', which is no folder`, {
        details: { name: displayText(name) },
        hint: `Only a folder for each bundle and ${SETTINGS_FILE} may be in the image; names that start with a dot are ignored.`,
      });
    } else if (isBundleName(name)) folders.add(name);
    else throw badName(name);
  }
  return { folders, hasSettings };
}

function readImage(image: string) {
  try {
    return readdirSync(image, { encoding: 'buffer', withFileTypes: true });
  } catch (cause) {
    throw new BuildError('image-missing', `the image folder ${image} can't be read`, {
      cause,
      hint: 'Pass the folder that holds a folder for each bundle with --image.',
    });
  }
}

function badName(name: string): BuildError {
  return new BuildError('bad-bundle-name', `'${displayText(name)}' can't be the name of a bundle`, {
    details: { name: displayText(name) },
    hint: "Use letters, digits and '. _ + -', starting with a letter or digit, at most 100; 'MoM' and 'full' are taken.",
  });
}

function checkLinks(bundles: readonly ImageBundle[]): void {
  const known = new Set(bundles.map(({ name }) => name));
  for (const { name, folder, includes, alsoAdd } of bundles) {
    const missing = [...includes, ...alsoAdd].find((other) => !known.has(other));
    if (missing !== undefined)
      throw badToml(`bundle ${name} names ${missing}, which the image does not have`);
    if (folder === undefined && includes.length === 0) {
      throw badToml(`bundle ${name} has neither a folder in the image nor includes`);
    }
  }
}
