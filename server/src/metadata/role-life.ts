const DAY = 86_400;

/** For how long what a role signs is good, seconds. */
export const ROLE_LIFE = {
  root: 365 * DAY,
  targets: 365 * DAY,
  channel: 180 * DAY,
  snapshot: 30 * DAY,
  timestamp: 7 * DAY,
} as const;

/** The life of what `role` signs; every role that has no name of its own here is a channel or a page of one. */
export function lifeOf(role: string): number {
  return Object.hasOwn(ROLE_LIFE, role) ? ROLE_LIFE[role as keyof typeof ROLE_LIFE] : ROLE_LIFE.channel;
}

/** Whether half of the life of what `role` signed is over; all times in seconds since 1970. */
export function isPastHalf(role: string, expires: number, now: number): boolean {
  return expires - now < lifeOf(role) / 2;
}
