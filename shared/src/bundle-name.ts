/** A bundle's name: letters, digits and `. _ + -`, starting with a letter or digit, at most 100 characters. */
export type BundleName = string & { readonly __brand: 'BundleName' };

/** The bundle that every system has and that every other bundle includes. */
export const OS_CORE = 'os-core' as BundleName;

const BUNDLE_NAME = /^[A-Za-z0-9][A-Za-z0-9._+-]{0,99}$/;

export function isBundleName(text: string): text is BundleName {
  return BUNDLE_NAME.test(text) && text !== 'MoM' && text !== 'full';
}
