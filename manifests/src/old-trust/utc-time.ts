import type { Json } from './canonical-json.ts';

const UTC_TIME = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z$/;

/** `YYYY-MM-DDTHH:MM:SSZ` of a time in seconds since 1970. */
export function formatTime(seconds: number): string {
  return `${new Date(seconds * 1000).toISOString().slice(0, 19)}Z`;
}

/** Seconds since 1970 of a time in exactly that form; undefined for anything else, so that it can't mean "never". */
export function parseTime(value: Json | undefined): number | undefined {
  if (typeof value !== 'string' || !UTC_TIME.test(value)) return undefined;
  const seconds = Date.parse(value) / 1000;
  return Number.isSafeInteger(seconds) && formatTime(seconds) === value ? seconds : undefined;
}
