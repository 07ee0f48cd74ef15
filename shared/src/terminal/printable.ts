/** `text` without what could steer a terminal: names in messages of the system may come from an attacker. Newlines stay. */
export function printable(text: string): string {
  return text.replace(/[^\P{C}\n]|[\p{Zl}\p{Zp}]/gu, escapeCharacter);
}

/** The same for what has to be one line: a newline in it could pass for a line of the program's own. */
export function printableLine(text: string): string {
  return printable(text).replaceAll('\n', escapeCharacter);
}

function escapeCharacter(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  return code < 0x100 ? `\\x${code.toString(16).padStart(2, '0')}` : `\\u{${code.toString(16)}}`;
}
