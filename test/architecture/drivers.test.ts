import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { PACKAGES, readSources, type SourceFile, WORKSPACE } from './import-graph.ts';

const SOURCES = readSources();

/** Packages that describe rather than drive: any number of files may import them. Each with the rooms that do. */
const MANY_IMPORTERS: Readonly<Record<string, readonly string[]>> = {
  commander: ['cli'],
  zod: ['state', 'image', 'cli'],
};

describe.each(PACKAGES)('%s', (name) => {
  const { dependencies = {} } = JSON.parse(readFileSync(join(WORKSPACE, name, 'package.json'), 'utf8')) as {
    dependencies?: Record<string, string>;
  };
  const drivers = Object.keys(dependencies).filter((dependency) => !dependency.startsWith('@swupd/'));

  test.each(drivers.filter((driver) => !(driver in MANY_IMPORTERS)))(
    '%s has one importing file',
    (driver) => {
      expect(importersOf(name, driver).map(({ path }) => path)).toHaveLength(1);
    },
  );

  test('imports no package that it does not declare', () => {
    const undeclared = SOURCES.filter((source) => source.package === name).flatMap(({ path, imports }) =>
      imports
        .filter(({ package: other }) => other !== undefined && !other.startsWith('node:'))
        .filter(({ package: other }) => !((other ?? '') in dependencies))
        .map(({ specifier }) => `${path} -> ${specifier}`),
    );
    expect(undeclared).toEqual([]);
  });

  test('keeps the others in their rooms', () => {
    for (const [driver, rooms] of Object.entries(MANY_IMPORTERS)) {
      for (const { room, path } of importersOf(name, driver))
        expect({ path, rooms }).toEqual({ path, rooms: expect.arrayContaining([room]) });
    }
  });
});

function importersOf(name: string, driver: string): SourceFile[] {
  return SOURCES.filter(
    (source) => source.package === name && source.imports.some((item) => item.package === driver),
  );
}
