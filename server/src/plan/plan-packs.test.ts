import { type LooseDelta, memberBlobs } from '@swupd/manifests';
import type { Digest } from '@swupd/shared';
import { describe, expect, test } from 'vitest';
import type { Programs } from './choose-filters.ts';
import { COMPRESSION } from './compression-plan.ts';
import { planPack } from './plan-packs.ts';
import { digestOf, file, manifest } from './test-entries.ts';

const NONE: ReadonlyMap<Digest, LooseDelta> = new Map();
const MIB = 1024 * 1024;

/** The frames of a plan: each a list of `kind digest-of`. */
function frames(plan: ReturnType<typeof planPack>, names: Readonly<Record<string, string>>) {
  const nameOf = new Map(Object.entries(names).map(([path, content]) => [digestOf(content), path]));
  return plan.frames.map(({ kind, members }) => [
    kind,
    ...members.map(({ member }) =>
      [member.kind, ...memberBlobs(member).map(({ digest }) => nameOf.get(digest))].join(' '),
    ),
  ]);
}

describe('planPack', () => {
  test('a zero pack has each blob once; alike files stand together, machine code last', () => {
    const files = { 'b.js': '1', 'a/lib.so.1': '2', 'z/a.js': '3', 'c.css': '4' };
    const entries = Object.entries(files).map(([path, content]) => file(path, content));
    const plan = planPack({
      to: manifest(10, ...entries, file('again.js', '1')),
      from: undefined,
      deltas: NONE,
      joints: [],
      programs: new Map(),
    });
    expect(plan).toMatchObject({ from: 0, to: 10, bundle: 'os-core' });
    expect(frames(plan, files)).toEqual([
      ['group', 'full c.css', 'full z/a.js', 'full b.js', 'full a/lib.so.1'],
    ]);
  });

  test('brings what the other manifest has under no path, as delta where there is one', () => {
    const files = { a: 'a2', b: 'b2', kept: 'k', moved: 'm' };
    const from = manifest(10, file('a', 'a1'), file('kept', 'k'), file('old', 'm'));
    const to = manifest(20, ...Object.entries(files).map(([path, content]) => file(path, content)));
    const delta = { to: digestOf('a2'), from: digestOf('a1'), length: 9, storedSize: 5 };
    const plan = planPack({
      to,
      from,
      deltas: new Map([[delta.to, delta]]),
      joints: [],
      programs: new Map(),
    });
    expect(frames(plan, files)).toEqual([
      ['group', 'delta a'],
      ['group', 'full b'],
    ]);
    expect(plan.replaces).toBe(2);
    expect(plan.blobs.from.map(({ digest }) => digest)).toEqual(['a1', 'k', 'm'].map(digestOf));
  });

  test('cuts groups at their limit; large files are alone', () => {
    const large = COMPRESSION.largeMember;
    const small = Object.fromEntries([...'abcdefghi'].map((name) => [name, large - MIB]));
    const sizes = { ...small, y: large, z: large };
    const entries = Object.entries(sizes).map(([path, size]) => file(path, path, { size }));
    const plan = planPack({
      to: manifest(10, ...entries),
      from: undefined,
      deltas: NONE,
      joints: [],
      programs: new Map(),
    });
    const names = Object.fromEntries(Object.keys(sizes).map((name) => [name, name]));
    expect(frames(plan, names)).toEqual([
      ['group', ...[...'abcdefgh'].map((name) => `full ${name}`)],
      ['group', 'full i'],
      ['group', 'full y'],
      ['group', 'full z'],
    ]);
  });

  const LARGE = COMPRESSION.largeMember;
  const HUGE = COMPRESSION.streamFrom;
  test.each([
    ['large', { size: LARGE, storedSize: LARGE - 1 }, 'group none', 'group x86'],
    ['large, and compresses in vain', { size: LARGE, storedSize: LARGE }, 'copy none', 'group x86'],
    ['huge', { size: HUGE, storedSize: HUGE - 1 }, 'copy none', 'copy none'],
  ])('a file that is %s', (_, sizes, plain, program) => {
    const to = manifest(10, file('a', 'a', sizes));
    const isProgram = new Map([[digestOf('a'), { plain: [], filtered: [] }]]);
    const frame = (programs: Programs): string | undefined => {
      const [first] = planPack({ to, from: undefined, deltas: NONE, joints: [], programs }).frames;
      const member = first?.members[0]?.member;
      return member?.kind === 'full' ? `${first?.kind} ${member.filter}` : undefined;
    };
    expect([frame(new Map()), frame(isProgram)]).toEqual([plain, program]);
  });

  test('programs are filtered, but not their deltas', () => {
    const programs = new Map(['a2', 'b2'].map((content) => [digestOf(content), { plain: [], filtered: [] }]));
    const from = manifest(10, file('a', 'a1'));
    const to = manifest(20, file('a', 'a2'), file('b', 'b2'), file('c', 'c2'));
    const delta = { to: digestOf('a2'), from: digestOf('a1'), length: 9, storedSize: 5 };
    const plan = planPack({ to, from, deltas: new Map([[delta.to, delta]]), joints: [], programs });
    const members = plan.frames.flatMap((frame) => frame.members.map(({ member }) => member));
    expect(members.map((member) => (member.kind === 'full' ? member.filter : 'delta'))).toEqual([
      'delta',
      'x86',
      'none',
    ]);
  });

  test('joint deltas stand alone, and what they bring comes with nothing else', () => {
    const files = { a: 'a2', b: 'b2', c: 'c2' };
    const from = manifest(10, file('a', 'a1'), file('b', 'b1'));
    const to = manifest(20, ...Object.entries(files).map(([path, content]) => file(path, content)));
    const blob = (content: string) => ({ digest: digestOf(content), size: content.length });
    const joint = {
      targets: ['a2', 'c2'].map(blob),
      sources: ['a1', 'b1'].map(blob),
      length: 9,
      storedSize: 5,
      codec: 'zstd-patch',
    };
    const delta = { to: digestOf('a2'), from: digestOf('a1'), length: 9, storedSize: 5 };
    const deltas = new Map([[delta.to, delta]]);
    const plan = planPack({ to, from, deltas, joints: [joint], programs: new Map() });
    expect(frames(plan, files)).toEqual([
      ['group', 'full b'],
      ['group', 'joint a c'],
    ]);
    expect(plan.replaces).toBe(3);
  });

  test('deltas that are compressed already are apart from the others', () => {
    const files = { a: 'a2', b: 'b2', c: 'c2' };
    const from = manifest(10, file('a', 'a1'), file('b', 'b1'), file('c', 'c1'));
    const to = manifest(20, ...Object.entries(files).map(([path, content]) => file(path, content)));
    const delta = (name: string, storedSize: number) => ({
      to: digestOf(`${name}2`),
      from: digestOf(`${name}1`),
      length: 9,
      storedSize,
    });
    const deltas = new Map([delta('a', 9), delta('b', 8), delta('c', 9)].map((one) => [one.to, one]));
    const plan = planPack({ to, from, deltas, joints: [], programs: new Map() });
    expect(frames(plan, files)).toEqual([
      ['group', 'delta b'],
      ['group', 'delta a', 'delta c'],
    ]);
  });

  test('an update that needs no content has no frames', () => {
    const plan = planPack({
      to: manifest(20, file('b', '1')),
      from: manifest(10, file('a', '1')),
      deltas: NONE,
      joints: [],
      programs: new Map(),
    });
    expect(plan).toMatchObject({ frames: [], replaces: 0 });
  });
});
