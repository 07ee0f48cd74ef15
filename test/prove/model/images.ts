import type { CutState, Image } from './model-disk.ts';
import type { Nodes } from './node.ts';
import { type Below, type ImageOptions, randomVolumeImage, volumeImages } from './volume-images.ts';

/**
 * The disks that a cut may leave: all that are possible where they are few. Where several file systems were busy, each outcome
 * of one comes with an outcome of the others at random.
 */
export function* images({ volumes, mounts }: CutState, options: ImageOptions): Generator<Image> {
  const { max, below } = options;
  const busy = volumes.filter(({ pending }) => pending.length > 0).length;
  const share = Math.max(1, Math.floor(max / Math.max(1, busy)));
  const outcomes = volumes.map((volume) => [...volumeImages(volume, { ...options, max: share })]);
  const pick = (choices: readonly Nodes[]): Nodes | undefined => choices[below(choices.length)];
  for (const [own, choices] of outcomes.entries()) {
    const isQuiet = volumes[own]?.pending.length === 0;
    if (isQuiet && (busy > 0 || own > 0)) continue;
    for (const nodes of choices) {
      const all = volumes.map(({ durable, limits }, i) => ({
        limits,
        nodes: (i === own ? nodes : pick(outcomes[i] ?? [])) ?? durable,
      }));
      yield { volumes: all, mounts };
    }
  }
}

/** One of the disks that a cut may leave. */
export function randomImage({ volumes, mounts }: CutState, below: Below): Image {
  return {
    volumes: volumes.map((volume) => ({ limits: volume.limits, nodes: randomVolumeImage(volume, below) })),
    mounts,
  };
}
