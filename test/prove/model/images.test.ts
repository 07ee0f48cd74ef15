import { describe, expect, test } from 'vitest';
import { type Directory, ownName, replaceFile } from '../../../client/src/disk/index.ts';
import { images, listImage, ModelDisk } from './index.ts';

const n = ownName;

/** What a cut may leave after `work`, a line for each: names with sizes, and `0` for content of zeros. */
function leftBy(work: (top: Directory, disk: ModelDisk) => void, max = 1000): string[] {
  const disk = new ModelDisk();
  disk.makeRoot('/d', 0o755);
  const top = disk.openRoot('/');
  write(top, 'old', 'old');
  disk.settle();
  work(top, disk);
  const found = new Set<string>();
  for (const image of images(disk.cutState(), { max, corners: true, below: () => 0 })) {
    const [volume] = image.volumes;
    const names = [...listImage(image)].slice(1).map(([path, line]) => {
      const size = /^file \S+ \S+ (\d+)/.exec(line)?.[1];
      return size === undefined ? path : `${path}:${size}${line.includes('same as') ? '=' : ''}`;
    });
    expect(volume).toBeDefined();
    found.add(names.filter((name) => name !== '/d').join(' '));
  }
  return [...found].sort();
}

function write(directory: Directory, name: string, text: string, sync = false): void {
  const file = directory.createFile(n(name), 0o644);
  file.write(Buffer.from(text));
  if (sync) file.sync();
  file.close();
}

describe('what a cut may leave', () => {
  test('of a new file: nothing, its name alone, or all', () => {
    expect(leftBy((top) => write(top, 'new', 'abc'))).toEqual(['/new:0 /old:3', '/new:3 /old:3', '/old:3']);
  });

  test('of a synced file: its name may still be missing', () => {
    expect(leftBy((top) => write(top, 'new', 'abc', true))).toEqual(['/new:3 /old:3', '/old:3']);
  });

  test('of a name in a synced directory: its content may still be missing', () => {
    const left = leftBy((top) => {
      write(top, 'new', 'abc');
      top.sync();
    });
    expect(left).toEqual(['/new:0 /old:3', '/new:3 /old:3']);
  });

  test('of a file that replaces another without a sync: its name with none of its content', () => {
    const left = leftBy((top) => {
      write(top, 'new', 'abcd');
      top.rename(n('new'), top, n('old'));
    });
    expect(left).toEqual(['/new:0 /old:3', '/new:4 /old:3', '/old:0', '/old:3', '/old:4']);
  });

  test('of a file that is replaced as the client does it: the old one or the new one, at last the new one', () => {
    expect(leftBy((top) => replaceFile(top, 'old', Buffer.from('abcd')))).toEqual(['/old:4']);
  });

  test('of a rename between directories: one of the two names, never both or none', () => {
    const left = leftBy((top) => {
      const other = top.openDirectory(n('d'));
      top.rename(n('old'), other, n('moved'));
      other.close();
    });
    expect(left).toEqual(['/d/moved:3', '/old:3']);
  });

  test('of two changes in different directories: the later without the earlier', () => {
    const left = leftBy((top) => {
      const other = top.openDirectory(n('d'));
      top.makeLink(n('old'), other, n('second'));
      top.removeFile(n('old'));
      other.close();
    });
    expect(left).toEqual(['', '/d/second:3', '/d/second:3 /old:3=', '/old:3']);
  });

  test('after a sync of the file system: just what was there', () => {
    const left = leftBy((top, disk) => {
      write(top, 'new', 'abc');
      top.rename(n('new'), top, n('old'));
      disk.syncFileSystem(top);
    });
    expect(left).toEqual(['/old:3']);
  });
});

test('large contents are torn: a part of the sectors, zeros, size without data', () => {
  const disk = new ModelDisk();
  const top = disk.openRoot('/');
  write(top, 'f', 'x'.repeat(2000));
  const shapes = new Set<string>();
  for (const { volumes } of images(disk.cutState(), { max: 100, corners: true, below: () => 0 })) {
    for (const node of volumes[0]?.nodes.values() ?? [])
      if (node.type === 'file') shapes.add(node.data.toString());
  }
  const runs = [...shapes].map((text) =>
    text.replace(/x+/, ({ length }) => `x*${length} `).replace(/\0+/, ({ length }) => `0*${length}`),
  );
  expect(runs.sort()).toEqual(['', '0*2000', 'x*1024 ', 'x*1024 0*976', 'x*2000 ']);
});

test('more outcomes than can be tried give the corners and a choice of the others', () => {
  const many = (top: Directory): void => {
    for (let i = 0; i < 12; i++) write(top, `f${i + 10}`, 'text');
  };
  const left = leftBy(many, 200);
  expect(left.length).toBeGreaterThan(30);
  expect(left.length).toBeLessThanOrEqual(200);
  const everything = Array.from({ length: 12 }, (_, i) => `/f${i + 10}:4`);
  expect(left).toContain([...everything, '/old:3'].join(' '));
  expect(left).toContain('/old:3');
  for (const one of everything) {
    expect(left).toContain([...everything.filter((other) => other !== one), '/old:3'].join(' '));
    expect(left).toContain(`${one} /old:3`);
  }
});

test('no room is no room, and what was written stays', () => {
  const disk = new ModelDisk();
  disk.makeRoot('/small', 0o755);
  disk.mount('/small', { bytes: 3 * 4096, nodes: 4 });
  const top = disk.openRoot('/small');
  const file = top.createFile(n('f'), 0o644);
  expect(() => file.write(Buffer.alloc(10_000))).toThrow('ENOSPC');
  expect([file.size, top.space().freeBytes]).toEqual([8192, 0]);
  top.removeFile(n('f'));
  expect(top.space().freeBytes).toBe(0);
  file.close();
  expect(top.space().freeBytes).toBe(8192);
  for (const name of ['1', '2', '3']) top.createFile(n(name), 0o644).close();
  expect(() => top.createFile(n('4'), 0o644)).toThrow('ENOSPC');
  expect(() => top.rename(n('1'), disk.openRoot('/'), n('1'))).toThrow('EXDEV');
});
