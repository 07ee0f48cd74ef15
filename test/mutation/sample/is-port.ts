/** A source to be mutated: whether `text` is the number of a port. */
export function isPort(text: string): boolean {
  return /^[0-9]+$/.test(text) && Number(text) < 65_536;
}
