import { cpSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect } from 'vitest';
import { type ImageLiteral, writeImage } from '../support/image.ts';
import { noise } from '../support/noise.ts';
import { expectBuild, Scene } from '../support/scene.ts';
import { snapshotTree, type TreeSnapshot } from '../support/snapshot-tree.ts';
import type { TestDevice } from '../support/test-device.ts';
import type { TestRepository } from '../support/test-repository.ts';
import { file, hardLink } from '../support/tree.ts';
import { Mirror } from './mirror.ts';

export const DAY = 86_400;

/** Enough changes from build to build for packs and deltas. */
export function image(version: number): ImageLiteral {
  const text = Buffer.concat([noise(7, 30_000), Buffer.from(`${version}`)]);
  return {
    bundles: {
      'os-core': {
        'usr/a': file(`a ${version}`),
        'usr/b': hardLink('usr/a'),
        'usr/text': file(text),
      },
      more: { 'usr/m': file(`m ${version}`) },
    },
  };
}

const BUILDS = [10, 20];
/** All scenes have the same keys, so that they can share what is published. */
const SEED = 5_000_000;
let published: Promise<Scene> | undefined;
afterAll(async () => (await published)?.[Symbol.dispose]());

/** The repository as it is after a build, made once for all tests of a file: building takes most of their time. */
async function publishedOnce(version: number): Promise<string> {
  published ??= publishBuilds();
  return join((await published).folder, `published-${version}`);
}

async function publishBuilds(): Promise<Scene> {
  const scene = new Scene({ seed: SEED });
  for (const version of BUILDS) {
    await scene.repository.build(version, image(version));
    cpSync(scene.repository.path, join(scene.folder, `published-${version}`), { recursive: true });
  }
  return scene;
}

/** The lock has another name each time. */
const LOCK = /^lock\.[0-9]+$/;

export interface RefusalOptions {
  /** Roles whose good metadata the device may have kept before it came to the bad ones. */
  readonly learns?: readonly string[];
  /** Places below its state where it may have put what it has verified. */
  readonly keeps?: readonly string[];
  /** What it is told to do. */
  readonly command?: () => Promise<unknown>;
}

/** A device with build 10, installed over HTTP from a mirror that turns bad. */
export class AttackScene implements AsyncDisposable {
  readonly repository: TestRepository;
  readonly mirror: Mirror;
  readonly device: TestDevice;
  readonly #scene: Scene;

  private constructor(scene: Scene, mirror: Mirror) {
    this.#scene = scene;
    this.repository = scene.repository;
    this.mirror = mirror;
    this.device = scene.device({ url: mirror.url });
  }

  static async prepare(): Promise<AttackScene> {
    const scene = new Scene({ seed: SEED });
    const { path } = scene.repository;
    for (const version of BUILDS) writeImage(scene.repository.imageFolder(version), image(version));
    rmSync(path, { recursive: true });
    cpSync(await publishedOnce(10), path, { recursive: true });
    const attack = new AttackScene(scene, await Mirror.start(scene.repository.path));
    await attack.device.install();
    return attack;
  }

  get folder(): string {
    return this.#scene.folder;
  }

  /** Publishes build 20, as it was built once; nothing else must have been published since build 10. */
  async release20(): Promise<void> {
    cpSync(await publishedOnce(20), this.repository.path, { recursive: true });
  }

  /** Builds one more, whatever has been published. */
  async build(version: number): Promise<void> {
    await this.repository.build(version, image(version));
  }

  /** An update ends with this error, and all of the device is as it was, to the last byte of its state. */
  async expectRefused(
    error: object,
    { learns = [], keeps = [], command }: RefusalOptions = {},
  ): Promise<void> {
    const kept = [...keeps, ...learns.map((role) => `metadata/${role}.json`)];
    const look = (): [TreeSnapshot, TreeSnapshot] => [
      this.device.snapshot(),
      new Map([...snapshotTree(this.device.state, { except: kept })].filter(([path]) => !LOCK.test(path))),
    ];
    const before = look();
    await expect(command?.() ?? this.device.update()).rejects.toMatchObject(error);
    expect(look()).toEqual(before);
  }

  /** An update finds nothing that it could take. */
  async expectNothingNew(version: number): Promise<void> {
    expect(await this.device.update()).toMatchObject({ kind: 'up-to-date', version });
  }

  /** What becomes of the device when the mirror is honest again. */
  async expectRecovers(version: number): Promise<void> {
    this.mirror.lies.clear();
    await this.device.update();
    await this.expectBuild(version);
  }

  async expectBuild(version: number): Promise<void> {
    await expectBuild(this.#scene, this.device, { version, bundles: ['os-core'] });
  }

  path(name: string): string {
    return join(this.repository.path, name);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.mirror[Symbol.asyncDispose]();
    this.#scene[Symbol.dispose]();
  }
}
