import { kept } from '../../../client/src/device/kept-settings.ts';
import { parseBundlesToml } from '../../../server/src/image/bundles-toml.ts';
import { folderWith } from './folder-with.ts';
import { parserTarget, summary } from './parser-target.ts';

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
