/** An entity tag that promises equal bytes, or undefined. Also for tags that were kept in a file. */
export function strongEtag(text: string | undefined): string | undefined {
  return text !== undefined && /^"[\x21\x23-\x7e]{0,256}"$/.test(text) ? text : undefined;
}
