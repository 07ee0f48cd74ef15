import { BuildError } from '../build-error.ts';

/** `path`, as shown to people, is no longer the file that the scan saw. */
export function imageChanged(path: string): BuildError {
  return new BuildError('image-changed', `${path} changed while the build was reading it`, {
    details: { path },
    hint: 'Build from a folder that nobody writes to, and run the build again.',
  });
}
