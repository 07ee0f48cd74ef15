import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TlsFiles } from './test-server.ts';

export interface TestAuthority {
  /** PEM file of the CA's own certificate. */
  readonly caFile: string;
  /** A server certificate that the CA has signed. */
  issue(subjectAltName: string, days?: number): TlsFiles;
}

/** A CA made by `openssl` in `folder`, for tests. */
export function createTestAuthority(folder: string): TestAuthority {
  const at = (name: string): string => join(folder, name);
  const openssl = (...args: readonly string[]): void => {
    execFileSync('openssl', args, { stdio: ['ignore', 'ignore', 'pipe'] });
  };
  const newKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
  openssl('req', '-x509', ...newKey, '-keyout', at('ca.key'), '-out', at('ca.pem'), '-subj', '/CN=test CA');
  let issued = 0;
  return {
    caFile: at('ca.pem'),
    issue(subjectAltName, days = 1) {
      const server = at(`server${issued++}`);
      const [key, request, cert, extensions] = [
        `${server}.key`,
        `${server}.csr`,
        `${server}.pem`,
        `${server}.ext`,
      ];
      writeFileSync(extensions, `subjectAltName=${subjectAltName}\n`);
      openssl('req', ...newKey, '-keyout', key, '-out', request, '-subj', '/CN=test server');
      openssl(
        ...['x509', '-req', '-in', request, '-CA', at('ca.pem'), '-CAkey', at('ca.key'), '-CAcreateserial'],
        ...['-extfile', extensions, '-days', String(days), '-out', cert],
      );
      return { key: readFileSync(key, 'utf8'), cert: readFileSync(cert, 'utf8') };
    },
  };
}
