import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { LAYOUT } from '@swupd/manifests';
import { SILENT } from '@swupd/shared';
import { expect, test } from 'vitest';
import { httpSource } from '../../server/src/inspect/http-source.ts';
import { inspectRepository } from '../../server/src/inspect/inspect-repository.ts';
import { AttackScene } from '../attacks/attack-scene.ts';
import { endless } from '../attacks/mirror.ts';
import { BUILD_TIME } from '../support/test-repository.ts';

const OPTIONS = { anchor: undefined, now: BUILD_TIME + 60, quick: false, lanes: 2, progress: SILENT };
/** Bytes that may be under way when a reader has had enough. */
const UNDER_WAY = 8 * 1024 * 1024;

function firstFile(attack: AttackScene, folder: string): string {
  const names = readdirSync(attack.path(folder), { recursive: true, encoding: 'utf8' }) as string[];
  const [name = ''] = names.filter((item) => statSync(join(attack.path(folder), item)).isFile()).sort();
  return `${folder}/${name}`;
}

test.each(['documents', 'blobs', 'deltas', 'packs', 'targets'])(
  'a body without end below %s is a finding, and not read any further',
  async (folder) => {
    await using attack = await AttackScene.prepare();
    await attack.release20();
    const name = firstFile(attack, folder);
    let sent = 0;
    attack.mirror.lies.set(
      name,
      endless((bytes) => {
        sent += bytes;
      }),
    );
    const { findings } = await inspectRepository(httpSource(attack.mirror.url), OPTIONS);
    const own = findings.filter((finding) => finding.name === name);
    expect(own).toMatchObject([
      { severity: 'problem', code: expect.toBeOneOf(['wrong-size', 'unreadable']) },
    ]);
    expect(sent).toBeLessThan(UNDER_WAY);
  },
);

test.each([LAYOUT.timestamp, LAYOUT.root(2)])('%s without end', async (name) => {
  await using attack = await AttackScene.prepare();
  attack.mirror.lies.set(
    name,
    endless(() => {}),
  );
  const { findings } = await inspectRepository(httpSource(attack.mirror.url), OPTIONS);
  expect(findings).toMatchObject([{ severity: 'problem', code: expect.any(String), name }]);
});

test('a redirect is not followed', async () => {
  await using attack = await AttackScene.prepare();
  const name = firstFile(attack, 'blobs');
  attack.mirror.lies.set(name, (response) =>
    response.writeHead(302, { location: `${attack.mirror.url}/${LAYOUT.timestamp}` }).end(),
  );
  const { findings } = await inspectRepository(httpSource(attack.mirror.url), OPTIONS);
  expect(findings).toMatchObject([{ severity: 'problem', code: 'unreadable', name }]);
});
