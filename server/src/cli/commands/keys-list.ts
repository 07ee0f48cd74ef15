import { existsSync } from 'node:fs';
import { formatTime } from '@swupd/manifests/trust';
import type { Command } from 'commander';
import { findKeys, keyWarnings, type RolePlaces } from '../../ceremony/key-places.ts';
import { KeyRing } from '../../keys/key-ring.ts';
import { publishedPolicy } from '../../metadata/working-policy.ts';
import { roleExpiries } from '../../publication/role-expiries.ts';
import { readMetadata } from '../../repository/read-metadata.ts';
import type { CliIo } from '../cli-io.ts';
import { addKeyOptions, type KeyFlags, keyOptions } from '../options/key-options.ts';
import { absolutePath, publicationTime } from '../options/parse-options.ts';
import { formatRows, type Row } from '../show/format-rows.ts';
import { expiryText } from '../show/show-publication.ts';
import { printResult } from './change-command.ts';

interface ListFlags extends KeyFlags {
  readonly json?: boolean;
}

export function registerKeysList(keys: Command, io: CliIo): void {
  const command = keys
    .command('list')
    .summary('show the keys of each role, where they are, and what expires')
    .description(
      'Show the keys that devices trust for each role, how many of them have to sign, which of them are in the folder of keys, ' +
        'and when what they have signed expires. Changes nothing.',
    )
    .argument('<REPO>', 'folder of the repository')
    .option('-j, --json', 'print the result as one JSON object, with whole key ids')
    .addHelpText('after', '\nExample:\n  swupd-server keys list /srv/os --keys /media/stick');
  addKeyOptions(command).action((repo: string, flags: ListFlags) => {
    const repository = absolutePath(io, repo);
    const state = readMetadata(repository);
    const options = keyOptions(repository, flags, io);
    const isThere = flags.keys !== undefined || existsSync(options.folder);
    const ring = isThere ? KeyRing.open(options) : new KeyRing([], options.signers, options.env);
    const roles = findKeys(publishedPolicy(state), ring);
    const now = publicationTime(io);
    const expiries = roleExpiries(state);
    const due = expiries.filter(({ renewFrom }) => renewFrom <= now).map((e) => expiryText(e, repository));
    const warnings = [...keyWarnings(roles), ...due];
    const metadata = expiries.map(({ role, expires }) => ({ role, expires: formatTime(expires) }));
    printResult(io, flags.json, {
      object: { type: 'keys', product: state.set.root.product, roles, metadata, warnings },
      text: formatRows([
        ...(state.set.root.product === undefined ? [] : [['product', state.set.root.product] as const]),
        ...roles.flatMap(keyRows),
        ...metadata.map(({ role, expires }): Row => [`${role}.json`, `expires ${expires}`]),
      ]),
    });
    if (flags.json !== true) for (const warning of warnings) io.stderr.write(`swupd-server: ${warning}\n`);
  });
}

function keyRows({ role, threshold, keys, signers }: RolePlaces): Row[] {
  return [
    ...keys.map(({ keyId, file }, i): Row => {
      const title = i === 0 ? `${role}, ${threshold} of ${keys.length}` : '';
      return [title, `${keyId.slice(0, 16)}  ${file ?? 'elsewhere'}`];
    }),
    ...signers.map((command): Row => ['', `a signer    ${command}`]),
  ];
}
