import { expect, test } from 'vitest';
import { TRUST_ERRORS, TrustError } from './trust-error.ts';

/** What may be over the next time, without anybody changing anything on the device. */
const PASSING = [
  'metadata-rollback',
  'metadata-mismatch',
  'metadata-missing',
  'metadata-expired',
  'metadata-limit',
  'mom-mismatch',
];
/** swupd's exit code for a bad signature; what the original did not have has another one. */
const SIGNATURE = ['bad-mom-signature', 'mom-mismatch'];

test.each(Object.keys(TRUST_ERRORS) as (keyof typeof TRUST_ERRORS)[])('%s', (code) => {
  expect(code).toMatch(/^[a-z]+(?:-[a-z]+)+$/);
  const error = new TrustError(code, 'words', { details: { role: 'root' }, hint: 'Do this.' });
  expect(error).toMatchObject({
    area: 'trust',
    code,
    exit: SIGNATURE.includes(code) ? 4 : 21,
    retry: PASSING.includes(code),
    details: { role: 'root' },
    hint: 'Do this.',
  });
});
