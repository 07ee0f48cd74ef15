import { isKeyRole, type KeyRole } from './key-role.ts';

/** A key behind a command: a security module, a service, an agent. */
export interface Signer {
  /** What it signs; undefined for whatever lacks a signature. */
  readonly role: KeyRole | undefined;
  /** For `sh -c`. */
  readonly command: string;
  /** The file or the option that names it, for messages. */
  readonly origin: string;
}

const SIGNER_FILE = /^# swupd signer: ([a-z]+)\n([^\n]+)\n$/;
const OPTION = /^([a-z]+)=([\s\S]+)$/;

/** A signer file: a comment line with the role, and the command. Undefined where `text` is none. */
export function parseSignerFile(text: string, origin: string): Signer | undefined {
  const [, role = '', command] = SIGNER_FILE.exec(text) ?? [];
  return command === undefined || !isKeyRole(role) ? undefined : { role, command, origin };
}

/** The signer of an option `[ROLE=]COMMAND`. What is before the first `=` counts only where it is a role. */
export function parseSignerOption(text: string): Signer {
  const [, role = '', command = ''] = OPTION.exec(text) ?? [];
  return isKeyRole(role)
    ? { role, command, origin: `--signer ${role}` }
    : { role: undefined, command: text, origin: '--signer' };
}
