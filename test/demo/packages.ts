/** A published npm package that plays a part of the OS, with one version for each build. */
export interface DemoPackage {
  readonly name: string;
  readonly versions: Readonly<Record<Build, string>>;
  /** The bundle that it is in, and its folder there. */
  readonly bundle: string;
  readonly folder: (version: string) => string;
  /** A link in `usr/bin` to a program of the package. */
  readonly link?: { readonly name: string; readonly program: string };
}

export const BUILDS = [10, 20, 30] as const;
export type Build = (typeof BUILDS)[number];

/** Text, code and one large ELF program whose path has its version in it, as the paths of many libraries have. */
export const PACKAGES: readonly DemoPackage[] = [
  {
    name: 'tzdata',
    versions: { 10: '1.0.44', 20: '1.0.46', 30: '1.0.47' },
    bundle: 'os-core',
    folder: () => 'usr/share/tzdata',
  },
  {
    name: '@esbuild/linux-x64',
    versions: { 10: '0.25.9', 20: '0.25.10', 30: '0.25.11' },
    bundle: 'bundler',
    folder: (version) => `usr/lib/esbuild-${version}`,
    link: { name: 'esbuild', program: 'bin/esbuild' },
  },
  {
    name: 'prettier',
    versions: { 10: '3.6.0', 20: '3.6.1', 30: '3.6.2' },
    bundle: 'formatter',
    folder: () => 'usr/lib/prettier',
    link: { name: 'prettier', program: 'bin/prettier.cjs' },
  },
  {
    name: 'eslint',
    versions: { 10: '9.35.0', 20: '9.36.0', 30: '9.37.0' },
    bundle: 'linter',
    folder: () => 'usr/lib/eslint',
    link: { name: 'eslint', program: 'bin/eslint.js' },
  },
  {
    name: '@types/node',
    versions: { 10: '24.5.0', 20: '24.5.2', 30: '24.6.0' },
    bundle: 'types',
    folder: () => 'usr/share/types/node',
  },
];

/** `bundles.toml` of every build: a bundle that has no files, and a file that belongs to the device once it is installed. */
export const BUNDLES_TOML = `\
[bundles.os-core]
description = "What every device has"

[bundles.bundler]
description = "esbuild, one program of 10 MB"

[bundles.formatter]
description = "prettier"

[bundles.linter]
description = "eslint"
also-add = ["formatter"]

[bundles.types]
description = "Types of Node.js"

[bundles.devtools]
description = "Everything for work on the device"
includes = ["linter", "types"]

[classes]
config = ["/etc/**"]
state = ["/var/**"]
`;
