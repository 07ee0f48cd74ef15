import { spawnSync } from 'node:child_process';
import { fromHex } from '@swupd/shared';
import { KeyError } from './key-error.ts';
import type { KeyRole } from './key-role.ts';
import type { Signer } from './signer.ts';

/** Variables of the environment, as commands get them. */
export type Environment = Readonly<Record<string, string | undefined>>;

export interface SignerRequest {
  /** The role whose key is wanted: `SWUPD_SIGN_ROLE` for the command. */
  readonly role: KeyRole;
  readonly message: Uint8Array;
  readonly env: Environment;
}

/** Somebody may have to touch a device; nobody waits for a hanging one for ever. Milliseconds. */
const TIME_LIMIT = 120_000;
const OUTPUT_LIMIT = 64 * 1024;

/**
 * The 64 bytes that the signer's command gives for `message`, which it gets on stdin. It answers with the bytes or with 128
 * hexadecimal digits. Whether they are a signature is for the caller to check.
 * @throws KeyError `signer-failed`, `bad-signature`
 */
export function runSigner({ command, origin }: Signer, { role, message, env }: SignerRequest): Uint8Array {
  const { status, signal, error, stdout, stderr } = spawnSync('sh', ['-c', command], {
    input: message,
    env: { ...env, SWUPD_SIGN_ROLE: role },
    timeout: TIME_LIMIT,
    killSignal: 'SIGKILL',
    maxBuffer: OUTPUT_LIMIT,
  });
  // A command that doesn't read its input to the end may still have signed: only how it ended counts.
  const broken = error !== undefined && (error as NodeJS.ErrnoException).code !== 'EPIPE';
  if (broken || status !== 0) {
    const why = broken ? error.message : signal === null ? `exit code ${status}` : `killed by ${signal}`;
    const said = stderr?.toString('utf8').trim().slice(-1000) ?? '';
    throw new KeyError('signer-failed', `the signer of ${origin} failed (${why})${said && `: ${said}`}`, {
      details: { origin, role, status, stderr: said },
      hint: 'Try the command by hand: the bytes to sign come on stdin, the signature goes to stdout.',
    });
  }
  const signature = readSignature(stdout);
  if (signature !== undefined) return signature;
  throw badSignature(origin, role, `gave ${stdout.length} bytes that are no signature`);
}

export function badSignature(origin: string, role: string, what: string): KeyError {
  return new KeyError('bad-signature', `the signer of ${origin} ${what}`, {
    details: { origin, role },
    hint: `It has to give an Ed25519 signature of its input by a key of the role ${role}: 64 bytes, or 128 hexadecimal digits.`,
  });
}

function readSignature(output: Buffer): Uint8Array | undefined {
  if (output.length === 64) return output;
  const bytes = fromHex(output.toString('latin1').trim().toLowerCase());
  return bytes?.length === 64 ? bytes : undefined;
}
