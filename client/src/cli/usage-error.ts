import { DeviceError } from '../device-error.ts';

/** An option or argument that does not fit. */
export function usageError(message: string, hint: string): DeviceError {
  return new DeviceError('usage', message, { hint });
}

/** @throws DeviceError `usage` where more than one of `options` was given */
export function refuseTogether(command: string, options: Readonly<Record<string, boolean>>): void {
  const given = Object.keys(options).filter((name) => options[name]);
  if (given.length < 2) return;
  throw usageError(`${given.join(' and ')} can't be used together`, `See 'swupd ${command} --help'.`);
}
