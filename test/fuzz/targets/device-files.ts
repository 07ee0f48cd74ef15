import type { FileName } from '@swupd/shared';
import { kept } from '../../../client/src/device/kept-settings.ts';
import type { Directory, NodeStat } from '../../../client/src/disk/index.ts';
import { readInstalledRecord } from '../../../client/src/state/installed-record.ts';
import { parseBundlesToml } from '../../../server/src/image/bundles-toml.ts';
import { parserTarget, summary } from './parser-target.ts';

const RECORD = {
  format: 1,
  version: 20,
  mom: 'ab'.repeat(32),
  bundles: [{ name: 'os-core', tracked: false }],
  url: 'https://updates.example.org/os',
};

export const installedTarget = parserTarget({
  name: 'installed',
  isCanonical: false,
  parse: ({ payload }) => {
    const record = readInstalledRecord(folderWith(payload));
    return record === undefined ? undefined : summary(record);
  },
  seeds: () => [
    { name: 'record', payload: Buffer.from(JSON.stringify(RECORD, null, 2)) },
    { name: 'small', payload: Buffer.from(JSON.stringify({ ...RECORD, bundles: [] })) },
  ],
});

export const settingTarget = parserTarget({
  name: 'setting',
  isCanonical: false,
  parse: ({ payload }) => {
    const line = kept(folderWith(payload), 'contenturl');
    return line === undefined ? undefined : Buffer.from(line);
  },
  seeds: () => [
    { name: 'line', payload: Buffer.from('https://updates.example.org/os\n') },
    { name: 'lines', payload: Buffer.from('  file:///srv/os \r\nsecond line\n') },
  ],
});

export const bundlesTomlTarget = parserTarget({
  name: 'bundles-toml',
  isCanonical: false,
  parse: ({ payload }) => summary(parseBundlesToml(Buffer.from(payload).toString('utf8'))),
  seeds: () => [
    {
      name: 'settings',
      payload: Buffer.from(
        '[bundles.editors]\ndescription = "Text é"\nincludes = ["libs"]\nalso-add = []\n[classes]\nconfig = ["/etc/**"]\n',
      ),
    },
    { name: 'small', payload: Buffer.from('[bundles.x]\nincludes=["y"]\n') },
  ],
});

/** A directory in which every name is a file with these bytes, or a directory like itself, as is asked for. */
function folderWith(bytes: Uint8Array): Directory {
  const folder = {
    lookup: (name: FileName): Partial<NodeStat> => ({ type: FOLDERS.has(name) ? 'directory' : 'file' }),
    openDirectory: () => folder,
    openFile: () => ({
      size: bytes.length,
      descriptor: undefined,
      read(buffer: Uint8Array, position: number) {
        const part = bytes.subarray(position, position + buffer.length);
        buffer.set(part);
        return part.length;
      },
      close() {},
    }),
    close() {},
  };
  return folder as unknown as Directory;
}

const FOLDERS = new Set<string>(['etc', 'swupd', 'usr', 'share', 'defaults']);
