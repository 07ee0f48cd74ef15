import type { Workshop } from '../workshop.ts';
import type { Check } from './check.ts';

/** What a device fetches for the update of all bundles from build 10 to 20, from a repository that is made now. */
export async function wireCheck(workshop: Workshop): Promise<Check> {
  await workshop.build(10, { fresh: true });
  await workshop.build(20);
  await using server = await workshop.serve();
  const root = workshop.freshRoot('wire');
  await workshop.swupd(root, server, ['os-install', '--all', '-V', '10']);
  server.take();
  await workshop.swupd(root, server, ['update', '-V', '20']);
  const { requests, bytes } = server.take();
  const figure = `on the wire, update of all bundles 10 → 20, ${requests} requests`;
  return { figure, measured: bytes / 1e6, unit: 'MB', bar: 8.0, goal: 6.5 };
}
