import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Narrator } from './narrator.ts';
import { Scene } from './scene.ts';
import { tellStory } from './story.ts';

const workspace = fileURLToPath(new URL('../..', import.meta.url));
const started = performance.now();
const folder = mkdtempSync(join(tmpdir(), 'swupd-demo-'));
process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
for (const [signal, exit] of [
  ['SIGINT', 130],
  ['SIGTERM', 143],
] as const) {
  process.once(signal, () => process.exit(exit));
}

const narrator = new Narrator(process.stdout);
const scene = new Scene({
  folder,
  programs: join(workspace, 'node_modules/.bin'),
  narrator,
  terminal: process.stderr.isTTY === true,
});
try {
  await tellStory(scene, join(workspace, '.cache/demo'));
  narrator.summary(performance.now() - started);
} catch (error) {
  narrator.failure(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
}
