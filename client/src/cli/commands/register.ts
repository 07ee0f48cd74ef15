import type { Command } from 'commander';
import type { Action } from '../run-command.ts';

/** Runs the action of a command with the global options in effect for it. */
export type Run = (command: Command, action: Action) => Promise<void>;

/** Adds one command to the program. */
export type Register = (program: Command, run: Run) => void;

/** The part of a command's help that shows how it is used. */
export function examples(...lines: readonly string[]): string {
  return `\nExamples:\n${lines.map((line) => `  ${line}\n`).join('')}\nGlobal options: see 'swupd --help'.`;
}
