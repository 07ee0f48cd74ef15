import { resolve } from 'node:path';
import { BuildError } from '../../build-error.ts';
import type { CliIo } from '../cli-io.ts';

const INTEGER = /^(?:0|[1-9][0-9]{0,15})$/;

/** The integer `text` that the option `name` was given. @throws BuildError `bad-option` */
export function parseCount(name: string, text: string, { min, max }: { min: number; max: number }): number {
  const value = Number(text);
  if (INTEGER.test(text) && value >= min && value <= max) return value;
  throw new BuildError('bad-option', `${name} takes a whole number from ${min} to ${max}, not '${text}'`, {
    details: { option: name, value: text },
    hint: `Pass for example ${name} ${Math.min(Math.max(min, 10), max)}.`,
  });
}

/**
 * The size that the option `name` was given, in bytes: a whole number, of KiB, MiB, GiB or TiB with `K`, `M`, `G` or `T` behind it.
 * @throws BuildError `bad-option`
 */
export function parseSize(name: string, text: string, { min }: { min: number }): number {
  const [, digits = '', unit = ''] = SIZE.exec(text) ?? [];
  const value = Number(digits) * (UNITS[unit] ?? Number.NaN);
  if (digits !== '' && value >= min && value <= Number.MAX_SAFE_INTEGER) return value;
  const least = `${Math.ceil(min / 2 ** 20)}M`;
  throw new BuildError('bad-option', `${name} takes a size from ${least} on, such as 4G, not '${text}'`, {
    details: { option: name, value: text },
    hint: `Pass for example ${name} 4G.`,
  });
}

const SIZE = /^([1-9][0-9]{0,15})([KMGT]?)$/;
const UNITS: Readonly<Record<string, number>> = { '': 1, K: 2 ** 10, M: 2 ** 20, G: 2 ** 30, T: 2 ** 40 };

/** The name of a product: one line that can be read aloud. @throws BuildError `bad-option` */
export function parseProduct(text: string): string {
  if (PRODUCT.test(text)) return text;
  throw new BuildError('bad-option', `--product takes up to 64 letters, digits and ._+-, not '${text}'`, {
    details: { option: '--product', value: text },
    hint: 'Pass for example --product router-7.',
  });
}

const PRODUCT = /^[\w.+-]{1,64}$/;

/** Collects the texts of an option that may be given several times. */
export function collect(text: string, before: readonly string[] = []): readonly string[] {
  return [...before, text];
}

/** An absolute path out of one that the user has typed. */
export function absolutePath(io: CliIo, path: string): string {
  return resolve(io.cwd(), path);
}

/**
 * The time that goes into what is published, in seconds: `SOURCE_DATE_EPOCH` where it is set.
 * @throws BuildError `bad-option`
 */
export function publicationTime({ env, now }: CliIo): number {
  const text = env.SOURCE_DATE_EPOCH;
  if (text === undefined || text === '') return Math.floor(now() / 1000);
  // The latest second that metadata can say: the year 9999.
  return parseCount('SOURCE_DATE_EPOCH', text, { min: 0, max: 253_402_300_799 - 400 * 86_400 });
}
