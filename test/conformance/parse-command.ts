import { parseArgs } from 'node:util';

/** What the suite asks for. Folders and URLs as they were given. */
export type ConformanceCommand =
  | { readonly kind: 'init'; readonly metadataDir: string; readonly rootFile: string }
  | ({ readonly kind: 'refresh' } & Source)
  | ({
      readonly kind: 'download';
      /** In this order. */
      readonly targetNames: readonly string[];
      readonly targetBaseUrl: string;
      readonly targetDir: string;
    } & Source);

interface Source {
  readonly metadataDir: string;
  readonly metadataUrl: string;
}

/** The command line of the public suite. @throws TypeError where it is none */
export function parseCommand(args: readonly string[]): ConformanceCommand {
  const { values, positionals } = parseArgs({ args: [...args], allowPositionals: true, options: OPTIONS });
  const [kind, rootFile] = positionals;
  const metadataDir = given('metadata-dir', values['metadata-dir']);
  if (kind === 'init') return { kind, metadataDir, rootFile: given('ROOT', rootFile) };
  const source = { metadataDir, metadataUrl: given('metadata-url', values['metadata-url']) };
  if (kind === 'refresh') return { kind, ...source };
  if (kind !== 'download') throw new TypeError(`'${kind ?? ''}' is none of init, refresh, download`);
  return {
    kind,
    ...source,
    targetNames: given('target-name', values['target-name']),
    targetBaseUrl: given('target-base-url', values['target-base-url']),
    targetDir: given('target-dir', values['target-dir']),
  };
}

const OPTIONS = {
  'metadata-dir': { type: 'string' },
  'metadata-url': { type: 'string' },
  'target-name': { type: 'string', multiple: true },
  'target-base-url': { type: 'string' },
  'target-dir': { type: 'string' },
} as const;

function given<T>(name: string, value: T | undefined): T {
  if (value === undefined) throw new TypeError(`${name} is missing`);
  return value;
}
