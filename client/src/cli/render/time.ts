import { plural } from '@swupd/shared/terminal';

/** `2027-01-31 12:00 UTC`, of seconds since 1970. */
export function timeText(seconds: number): string {
  return `${new Date(seconds * 1000).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}

const HOUR = 3600;
const DAY = 24 * HOUR;

/** `6 days`, `5 hours`, `20 minutes`, of seconds. */
export function spanText(seconds: number): string {
  if (seconds >= 2 * DAY) return plural(Math.floor(seconds / DAY), 'day');
  if (seconds >= 2 * HOUR) return plural(Math.floor(seconds / HOUR), 'hour');
  return plural(Math.floor(seconds / 60), 'minute');
}
