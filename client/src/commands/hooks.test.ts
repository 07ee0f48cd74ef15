import { chmodSync, existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { SwupdError } from '@swupd/shared';
import { describe, expect, test } from 'vitest';
import { runProgram } from '../cli/run-program.ts';
import type { Ports } from '../device/ports.ts';
import { file, readTree, type Tree } from '../test-support.ts';
import { cuttingDisk } from '../transaction/test-cuts.ts';
import { history } from './history.ts';
import { info } from './info.ts';
import {
  BUNDLES_20,
  change,
  folder,
  install,
  QUICK,
  read,
  repository,
  root,
  UPDATE,
  useSystem,
} from './test-system.ts';
import { update } from './update.ts';

useSystem();

const failed: SwupdError[] = [];
const HOOKS: Partial<Ports> = { hooks: { run: runProgram, failed: (failure) => failed.push(failure) } };
const log = (): string => join(folder.path, 'log');
const logged = (): string[] => (existsSync(log()) ? readFileSync(log(), 'utf8').trimEnd().split('\n') : []);

/** A hook in a script of sh. */
function hook(path: string, script: string, mode = 0o755): void {
  const at = join(root, path);
  mkdirSync(join(at, '..'), { recursive: true });
  writeFileSync(at, `#!/bin/sh\n${script}\n`);
  chmodSync(at, mode);
}

const say = (what: string): string => `echo "${what}" >> ${log()}`;
const updateWithHooks = (ports: Partial<Ports> = {}) => {
  failed.length = 0;
  return change((device) => update(device, UPDATE), { ...HOOKS, ...ports });
};
const outcomes = async () =>
  (await read((device) => history(device, { count: 10 }))).map(({ outcome, code }) => [outcome, code]);

async function prepared(bundles = BUNDLES_20): Promise<void> {
  await install();
  await repository.publish({ version: 20, bundles });
}

describe('hooks', () => {
  test('run before and after a change, in the order of their names, with what they have to know', async () => {
    await prepared();
    hook(
      'usr/lib/swupd/hooks/pre-update/20',
      say('20 $SWUPD_HOOK $SWUPD_COMMAND $SWUPD_FROM $SWUPD_TO $SWUPD_ROOT'),
    );
    hook('etc/swupd/hooks/pre-update/10', say('10 $(env | grep -c ^HOME=)$SWUPD_OUTCOME'));
    hook('etc/swupd/hooks/post-update/10', say('after $SWUPD_OUTCOME $(cat $SWUPD_ROOT/usr/new/file)'));
    await updateWithHooks();
    expect(logged()).toEqual(['10 0', `20 pre-update update 10 20 ${root}`, 'after done comes']);
    expect(failed).toEqual([]);
  });

  test('of the administrator replace those of the build, and can mask them', async () => {
    await prepared();
    for (const name of ['1', '2', '3']) hook(`usr/lib/swupd/hooks/post-update/${name}`, say(`build ${name}`));
    hook('etc/swupd/hooks/post-update/2', say('mine 2'));
    symlinkSync('/dev/null', join(root, 'etc/swupd/hooks/post-update/3'));
    await updateWithHooks();
    expect(logged()).toEqual(['build 1', 'mine 2']);
  });

  test('do not run where nobody runs them, nor for a dry run or a download', async () => {
    await prepared();
    hook('etc/swupd/hooks/pre-update/a', say('no'));
    await change((device) => update(device, { ...UPDATE, dryRun: true }), HOOKS);
    await change((device) => update(device, { ...UPDATE, downloadOnly: true }), HOOKS);
    await change((device) => update(device, UPDATE));
    expect(logged()).toEqual([]);
  });

  test('boot hooks run where boot files change', async () => {
    const boot: Tree = { ...BUNDLES_20['os-core'].tree, kernel: file('k', { pathClass: 'boot' }) };
    await prepared({ ...BUNDLES_20, 'os-core': { tree: boot } });
    hook('etc/swupd/hooks/boot/a', say('boot'));
    hook('etc/swupd/hooks/post-update/a', say('after'));
    await updateWithHooks();
    expect(logged()).toEqual(['boot', 'after']);
    await repository.publish({ version: 30, bundles: { 'os-core': { tree: { ...boot, more: file('x') } } } });
    await updateWithHooks();
    expect(logged()).toEqual(['boot', 'after', 'after']);
  });
});

describe('a hook that fails', () => {
  test('before the change stops it, and those after it hear of that', async () => {
    await prepared();
    hook('etc/swupd/hooks/pre-update/a', 'echo not now >&2; exit 3');
    hook('etc/swupd/hooks/pre-update/b', say('b'));
    hook('etc/swupd/hooks/post-update/a', say('$SWUPD_OUTCOME'));
    const before = readTree(root);
    const error = await updateWithHooks().catch((cause: SwupdError) => cause);
    expect(error).toMatchObject({ code: 'hook-failed', exit: 28, details: { exit: 3, output: 'not now\n' } });
    expect(readTree(root)).toEqual(before);
    expect(logged()).toEqual(['failed']);
    expect((await outcomes()).slice(1)).toEqual([['failed', 'hook-failed']]);
    expect(await read(info)).toMatchObject({ version: 10 });
  });

  test('after it is an outcome, and the others run all the same', async () => {
    await prepared();
    hook('etc/swupd/hooks/post-update/a', 'kill -9 $$');
    hook('etc/swupd/hooks/post-update/b', say('b'));
    await updateWithHooks();
    expect(failed).toMatchObject([{ code: 'hook-failed-after', exit: 41, details: { reason: 'SIGKILL' } }]);
    expect(logged()).toEqual(['b']);
    expect((await outcomes()).slice(1)).toEqual([
      ['done', undefined],
      ['hook-failed', 'hook-failed-after'],
    ]);
    expect(await read(info)).toMatchObject({ version: 20 });
  });

  test.each([
    ['is not executable', (path: string) => hook(path, say('x'), 0o644), 'it is not executable'],
    [
      'can be written by others',
      (path: string) => hook(path, say('x'), 0o777),
      'it can be written by others',
    ],
    ['is a folder', (path: string) => mkdirSync(join(root, path), { recursive: true }), 'it is no file'],
    [
      'is a link',
      (path: string) => {
        hook(`${path}.real`, say('x'), 0o755);
        symlinkSync(join(root, `${path}.real`), join(root, path));
      },
      'it is a link, and no file',
    ],
    ['is for no program', (path: string) => writeHook(path, '#!/nowhere/sh'), 'ENOENT'],
    [
      'is for the shell',
      (path: string) => writeHook(path, 'x'),
      'it is no program, and no script that begins with #!',
    ],
  ])('because it %s', async (_, make, reason) => {
    await prepared();
    make('etc/swupd/hooks/pre-update/a');
    const error = await updateWithHooks().catch((cause: SwupdError) => cause);
    expect(error).toMatchObject({ code: 'hook-failed', details: { hook: 'pre-update/a', reason } });
    expect(logged()).toEqual([]);
  });

  test('because its time is over is stopped with all that it has started', async () => {
    await prepared();
    hook('etc/swupd/hooks/pre-update/a', `(sleep 3; ${say('late')}) & sleep 60`);
    writeFileSync(join(root, 'etc/swupd/hook-seconds'), '1\n');
    const started = performance.now();
    const error = await updateWithHooks().catch((cause: SwupdError) => cause);
    expect(error).toMatchObject({ code: 'hook-failed', details: { timedOut: true } });
    expect(performance.now() - started).toBeLessThan(3000);
    await new Promise((resolve) => setTimeout(resolve, 3000));
    expect(logged()).toEqual([]);
  });

  test('with endless output is bounded', async () => {
    await prepared();
    hook('etc/swupd/hooks/pre-update/a', 'head -c 1000000 /dev/zero; exit 1');
    const error = await updateWithHooks().catch((cause: SwupdError) => cause);
    expect(String((error as SwupdError).details.output)).toHaveLength(64 * 1024);
  });
});

test('hooks that are due after a cut run with the next command', async () => {
  await prepared();
  hook('etc/swupd/hooks/post-update/a', say('$SWUPD_OUTCOME'));
  for (let operations = 300; logged().length === 0; operations += 3) {
    const cutting = cuttingDisk();
    cutting.cutAfter(operations);
    await updateWithHooks({ disk: cutting.disk }).catch(() => {});
    await change(info, { ...HOOKS, disk: QUICK });
  }
  expect(new Set(logged()).size).toBe(1);
  expect(['done', 'failed', 'taken-back']).toContain(logged()[0]);
});

test('what a hook leaves running does not hold the command up', async () => {
  await prepared();
  hook('etc/swupd/hooks/post-update/a', 'sleep 20 &');
  const started = performance.now();
  await updateWithHooks();
  expect(performance.now() - started).toBeLessThan(5000);
  expect(failed).toEqual([]);
});

function writeHook(path: string, content: string): void {
  hook(path, '');
  writeFileSync(join(root, path), content);
}
