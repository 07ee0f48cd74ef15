/** `2027-01-31 12:00 UTC`, of seconds since 1970. */
export function timeText(seconds: number): string {
  return `${new Date(seconds * 1000).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}
