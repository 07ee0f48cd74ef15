import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { tarballName } from './fetch-packages.ts';
import { BUNDLES_TOML, type Build, type DemoPackage, PACKAGES } from './packages.ts';
import { runProgram } from './run-program.ts';

/** Makes the image of `build` at `image`: a folder for each bundle, and `bundles.toml`. */
export async function layOutImage(image: string, build: Build, cache: string): Promise<void> {
  layOutCore(join(image, 'os-core'), build);
  for (const item of PACKAGES) await unpack(item, { image, version: item.versions[build], cache });
  writeFileSync(join(image, 'bundles.toml'), BUNDLES_TOML);
}

function layOutCore(core: string, build: Build): void {
  write(join(core, 'usr/lib/os-release'), `NAME="Demo OS"\nVERSION_ID=${build}\n`);
  write(join(core, 'etc/motd'), `Welcome to Demo OS ${build}\n`);
  mkdirSync(join(core, 'var/lib'), { recursive: true });
}

interface Place {
  readonly image: string;
  readonly version: string;
  readonly cache: string;
}

async function unpack(
  { name, bundle, folder, link }: DemoPackage,
  { image, version, cache }: Place,
): Promise<void> {
  const place = join(image, bundle, folder(version));
  mkdirSync(place, { recursive: true });
  const tarball = join(cache, tarballName(name, version));
  const args = ['-xzf', tarball, '-C', place, '--strip-components=1', '--no-same-owner'];
  const { exit, stderr } = await runProgram('tar', args, { cwd: image });
  if (exit !== 0)
    throw new Error(`tar could not unpack ${tarball} (remove it to fetch it again):\n${stderr}`);
  if (link === undefined) return;
  mkdirSync(join(image, bundle, 'usr/bin'), { recursive: true });
  symlinkSync(join('../..', folder(version), link.program), join(image, bundle, 'usr/bin', link.name));
}

function write(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}
